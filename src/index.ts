/**
 * The door for bundlers: classes, controllers and the protocol. Importing it defines no tag and
 * connects nothing.
 */

export type { ChannelState, ChannelStatus } from './core/channels.js';
export type { AnalyticsEntry, RealtimeConfig, Timing, TokenSource } from './core/config.js';
export { configFromEnvironment, configFromJson } from './core/config-sources.js';
export type { ConnectionStatus } from './core/connection.js';
export type { ContentListenOptions, ContentRequest, ContentTask, ContentUpdate } from './core/content.js';
export type { Environment, WakeReason } from './core/environment.js';
export {
  RealtimeError,
  type RealtimeErrorCode,
  RealtimeErrorEvent,
  type RealtimeErrorKind,
} from './core/errors.js';
export type { HistoryQuery } from './core/history.js';
export type { IdentitySnapshot, IdentityState } from './core/identity.js';
export type { ListenerSelector, ListenerState, ListenOptions, RealtimeEvent } from './core/listeners.js';
export { countByRole, selectMembers } from './core/member-selection.js';
export type { Fate, MessageStep, SendOptions } from './core/message.js';
export type { Undo } from './core/observable.js';
export { RealtimeController, type RealtimeSnapshot } from './core/realtime-controller.js';
export type { Member, MemberStatus, Roster, RosterChange, RosterSnapshot } from './core/roster.js';
export type { ConnectionStats, LatencyStats } from './core/stats.js';
export { describeStatus, type Severity, type StatusDescription } from './core/status.js';
export { ConnectionStatusElement } from './elements/connection-status.js';
export { defineElement } from './elements/define.js';
export { addWords, setPageLanguage } from './elements/localizer.js';
export { NotificationToastElement } from './elements/notification-toast.js';
export { PresenceAvatarsElement } from './elements/presence-avatars.js';
export { ProgressTrackerElement } from './elements/progress-tracker.js';
export { RealtimeBadgeElement } from './elements/realtime-badge.js';
export { RealtimeProviderElement } from './elements/realtime-provider.js';
export type { Words } from './elements/words.js';
export * from './protocol.js';
export {
  ChannelController,
  type ChannelControllerOptions,
  type ChannelHandlers,
} from './reactive/channel-controller.js';
export type { ChannelSource, FollowStatus } from './reactive/channel-follower.js';
export { ConnectionController, type ConnectionControllerOptions } from './reactive/connection-controller.js';
export { provideToPage, realtimeContext } from './reactive/context.js';
export { EventController, type EventControllerOptions } from './reactive/event-controller.js';
export {
  NotificationController,
  type NotificationControllerOptions,
  type NotificationItem,
} from './reactive/notification-controller.js';
export { PresenceController, type PresenceControllerOptions } from './reactive/presence-controller.js';
export type { RealtimeHost } from './reactive/realtime-consumer.js';
export { SendController, type SendControllerOptions } from './reactive/send-controller.js';
export { TaskController, type TaskControllerOptions, type TaskProgress } from './reactive/task-controller.js';
export { TypingController, type TypingControllerOptions } from './reactive/typing-controller.js';
