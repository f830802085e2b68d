/** What keeps a message from leaving at this moment. */
import type { Channels } from './channels.js';
import type { ClientEventRoute } from './client-event-route.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import type { RealtimeError } from './errors.js';
import type { Message } from './message.js';
import { notConnected, notJoined, notYet, rateLimited } from './message-errors.js';

/** Why a message cannot leave now. */
export interface Obstacle {
  readonly error: RealtimeError;
  /** Waiting does not help. */
  readonly isFinal?: boolean;
  /** When to look again, where nothing else will say so, in milliseconds from now. */
  readonly afterMs?: number;
}

interface Surroundings {
  readonly config: ResolvedConfig;
  readonly connection: Connection;
  readonly channels: Channels;
}

/** The first obstacle in the message's way, or `undefined` when it may go. */
export function findObstacle(
  message: Message,
  { config, connection, channels }: Surroundings,
  members: ClientEventRoute,
  now: number,
): Obstacle | undefined {
  const { isClientEvent, needsChannel, notBefore, draft } = message;
  const { status, error } = connection;
  if (notBefore > now) return { error: notYet(), afterMs: notBefore - now };
  // The server can be reached where the socket cannot: what may not wait is tried.
  if (!isClientEvent && !draft.queue)
    return status === 'offline' ? { error: notConnected(error) } : undefined;
  if (isClientEvent && config.problem) return { error: config.problem, isFinal: true };
  const channel = needsChannel ? channels.get(draft.channel) : undefined;
  const refusal = channel?.status === 'failed' && !channel.error?.retryable ? channel.error : undefined;
  if (isClientEvent && refusal) return { error: refusal, isFinal: true };
  // A refusal by the service says nothing about the page's server.
  if (status !== 'connected' && (needsChannel || status !== 'refused')) return { error: notConnected(error) };
  if (channel && channel.status !== 'subscribed' && !refusal)
    return { error: notJoined(draft.channel, channel.error) };
  const { retryAfter } = members;
  if (isClientEvent && retryAfter > 0) return { error: rateLimited(retryAfter), afterMs: retryAfter };
  return undefined;
}
