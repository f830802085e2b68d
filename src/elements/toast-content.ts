/** What a toast says about each event that the kit knows. */
import type { RealtimeEventMap } from '../protocol.js';
import type { ToastContent } from './toast-queue.js';
import type { Words } from './words.js';

type Describe<E extends keyof RealtimeEventMap> = (
  payload: RealtimeEventMap[E],
  words: Words,
) => ToastContent | undefined;

const describeBot: Describe<'bot-created' | 'bot-updated'> = ({ botUUID, botName, status }, words) =>
  status === 'ERROR'
    ? { level: 'error', title: words.botFailed(botName || botUUID), lasting: true }
    : undefined;

const descriptions: { [E in keyof RealtimeEventMap]?: Describe<E> } = {
  notification: (payload) => payload,
  'user.notification': (payload) => payload,
  'user.achievement': (payload) => ({ ...payload, level: 'achievement' }),
  'content.generated': ({ contentType, downloadUrl }, words) => ({
    level: 'success',
    title: words.contentReady,
    message: words.contentGenerated(contentType),
    url: downloadUrl,
  }),
  'trade-executed': ({ symbol, profitIsWin }, words) => ({
    level: profitIsWin ? 'success' : 'error',
    title: profitIsWin ? words.tradeWon(symbol) : words.tradeLost(symbol),
  }),
  'bot-created': describeBot,
  'bot-updated': describeBot,
  'strategy-modified': ({ title }, words) => ({ level: 'success', title: words.strategyUpdated(title) }),
};

/** The events that become toasts by themselves. */
export const toastEvents = Object.keys(descriptions);

/** The toast for an event's payload, as `readPayload` has read it; `undefined` where there is nothing to say. */
export function describeEvent(event: string, payload: unknown, words: Words): ToastContent | undefined {
  const describe = descriptions[event as keyof RealtimeEventMap] ?? descriptions.notification;
  return (describe as (payload: unknown, words: Words) => ToastContent | undefined)(payload, words);
}
