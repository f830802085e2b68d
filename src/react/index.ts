/** The door for React 18 and 19: each element as a component, its events as props. Generated from custom-elements.json by `npm run manifest`. */
export { ConnectionStatus } from './connection-status.js';
export { NotificationToast } from './notification-toast.js';
export { PresenceAvatars } from './presence-avatars.js';
export { ProgressTracker } from './progress-tracker.js';
export { RealtimeBadge } from './realtime-badge.js';
export { RealtimeProvider } from './realtime-provider.js';
