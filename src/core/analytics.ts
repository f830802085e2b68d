/** Tells a page's analytics of every event, without its payload unless that is wanted. */
import { randomId } from '../protocol.js';
import type { ResolvedConfig } from './config.js';
import type { Listeners } from './listeners.js';

export function feedAnalytics({ analytics, analyticsPayload }: ResolvedConfig, listeners: Listeners): void {
  if (!analytics) return;
  const sessionId = randomId();
  listeners.dispatched.subscribe(({ event: { receivedAt, channel, event, userId, data } }) => {
    const entry = {
      timestamp: receivedAt,
      channel,
      event,
      ...(userId === undefined ? {} : { userId }),
      sessionId,
    };
    analytics(analyticsPayload ? { ...entry, data } : entry);
  });
}
