/**
 * What page, server and emulator agree on: channel names, event names, payloads and Pusher's limits.
 * Imports nothing from the rest of the kit, so that a backend can use it alone.
 */
import type {
  AchievementPayload,
  AcknowledgementPayload,
  AgentStatusPayload,
  AssessmentPayload,
  BotPayload,
  ContentFailedPayload,
  ContentGeneratedPayload,
  NotificationPayload,
  ProgressPayload,
  SessionPayload,
  StrategyPayload,
  TradePayload,
  TypingPayload,
} from './protocol/payloads.js';

export * from './protocol/channel-names.js';
export * from './protocol/envelope.js';
export * from './protocol/event-names.js';
export * from './protocol/limits.js';
export * from './protocol/member-info.js';
export * from './protocol/payloads.js';

/**
 * Payload types by event name. Add your own by declaration merging:
 *
 * ```ts
 * declare module 'realtime-elements/protocol' {
 *   interface RealtimeEventMap { 'order.shipped': { orderId: string } }
 * }
 * ```
 */
export interface RealtimeEventMap {
  notification: NotificationPayload;
  'user.notification': NotificationPayload;
  'user.achievement': AchievementPayload;
  'progress.updated': ProgressPayload;
  'content.progress': ProgressPayload;
  'content.generated': ContentGeneratedPayload;
  'content.failed': ContentFailedPayload;
  'agent.status': AgentStatusPayload;
  'session.started': SessionPayload;
  'session.ended': SessionPayload;
  'assessment.completed': AssessmentPayload;
  'trade-executed': TradePayload;
  'bot-created': BotPayload;
  'bot-updated': BotPayload;
  'strategy-modified': StrategyPayload;
  'client-typing': TypingPayload;
  'message.ack': AcknowledgementPayload;
}

/** The payload type of an event: from the map where it is known, else `unknown`. */
export type PayloadOf<E extends string> = E extends keyof RealtimeEventMap ? RealtimeEventMap[E] : unknown;
