/** The door `realtime-elements/server`: what a backend mounts and calls. Never import it in a page. */
export type { ChannelAuthorization, UserAuthentication } from './authorize.js';
export type {
  BatchItem,
  BatchResult,
  Broadcast,
  BroadcastHook,
  TriggerOptions,
  TriggerRequest,
  TriggerResult,
  TriggerRule,
} from './broadcast.js';
export type { EngineOptions } from './engine.js';
export { type Environment, type EnvironmentOptions, readServerEnvironment } from './environment.js';
export {
  ConfigurationError,
  type ErrorBody,
  RealtimeServerError,
  type RealtimeServerErrorCode,
} from './errors.js';
export type { Identity, IdentityInput } from './identity.js';
export type { JwtOptions } from './jwt.js';
export type { AbuseReport, ServerLimits } from './limits.js';
export type { Logger } from './log.js';
export type { EventMetrics, MetricsQuery, MetricsRange, MetricsReport } from './metrics.js';
export type { RealtimeServerOptions } from './options.js';
export { type ChannelsQuery, createRealtimeServer, type RealtimeServer } from './realtime-server.js';
export type { ChannelRule, Membership, Memberships, RuleContext } from './rules.js';
export { MemoryStore, type Store } from './store.js';
export type { KnownWebhookEvent, UnknownWebhookEvent, WebhookEvent, WebhookHandler } from './webhook.js';
