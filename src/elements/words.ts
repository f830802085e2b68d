/**
 * The words of the elements, and English itself. Another language is a module with the same keys,
 * loaded when an element stands under its `lang`.
 */
import type { ConnectionStatus } from '../core/connection.js';
import type { MemberStatus } from '../core/roster.js';
import type { TaskStatus } from '../protocol.js';

/** Every word and sentence that an element shows. Functions take what differs; texts in them are formatted already. */
export interface Words {
  /** A connection status in one or two words. */
  status: Record<ConnectionStatus, string>;
  /** Sentences for the bar, the details and screen readers, by status. */
  explanation: Record<ConnectionStatus, string>;
  connection: string;
  backOnline: string;
  retry: string;
  /** How long the status has been what it is. */
  since: (duration: string) => string;
  latency: string;
  uptime: string;
  received: string;
  sent: string;
  reconnections: string;
  channels: string;
  /** How many attempts there were, and when the next one is. */
  attempts: (count: number) => string;
  nextAttempt: (duration: string) => string;

  people: string;
  presence: Record<MemberStatus, string>;
  you: string;
  nobody: string;
  /** The search of the list finds no one. */
  nobodyFound: string;
  /** There are more people than the service names. */
  crowded: string;
  /** Instead of who is here, where the service does not say. */
  unavailable: string;
  more: (count: number) => string;
  search: string;

  notifications: string;
  newNotifications: (count: number) => string;
  close: string;
  open: string;
  contentReady: string;
  contentGenerated: (contentType: string) => string;
  tradeWon: (symbol: string) => string;
  tradeLost: (symbol: string) => string;
  botFailed: (name: string) => string;
  strategyUpdated: (title: string) => string;

  tasks: string;
  taskStatus: Record<TaskStatus, string>;
  timeLeft: (duration: string) => string;
  tryAgain: string;

  live: string;
  unread: (count: string) => string;
  viewers: (count: string) => string;
}

export const english: Words = {
  status: {
    idle: 'Ready',
    connecting: 'Connecting…',
    connected: 'Live',
    reconnecting: 'Reconnecting…',
    offline: 'No network',
    refused: 'Not available',
    disconnected: 'Disconnected',
    disabled: 'Off',
  },
  explanation: {
    idle: 'Connects as soon as something needs it.',
    connecting: 'Connecting… the service cannot be reached yet.',
    connected: 'Everything here is up to date.',
    reconnecting: 'Reconnecting… your work is safe.',
    offline: 'Your device is offline. It reconnects by itself.',
    refused: 'The live service does not let this page in.',
    disconnected: 'Live updates are switched off.',
    disabled: 'This page has no live updates.',
  },
  connection: 'Connection',
  backOnline: 'Back online',
  retry: 'Retry now',
  since: (duration) => `for ${duration}`,
  latency: 'Latency',
  uptime: 'Time online',
  received: 'Received',
  sent: 'Sent',
  reconnections: 'Reconnections',
  channels: 'Channels',
  attempts: (count) => `${count} ${count === 1 ? 'attempt' : 'attempts'}`,
  nextAttempt: (duration) => `next in ${duration}`,

  people: 'People here',
  presence: { online: 'online', away: 'away', busy: 'busy', offline: 'gone' },
  you: 'you',
  nobody: 'Nobody else is here',
  nobodyFound: 'No one by that name',
  crowded: 'More people are here than can be named',
  unavailable: 'Who is here is not known',
  more: (count) => `${count} more`,
  search: 'Search people',

  notifications: 'Notifications',
  newNotifications: (count) => `${count} new`,
  close: 'Close',
  open: 'Open',
  contentReady: 'Content ready',
  contentGenerated: (contentType) => `Your ${contentType} has been generated`,
  tradeWon: (symbol) => `Win! ${symbol}`,
  tradeLost: (symbol) => `Loss: ${symbol}`,
  botFailed: (name) => `${name} has stopped with an error`,
  strategyUpdated: (title) => `Strategy “${title}” updated`,

  tasks: 'Progress',
  taskStatus: {
    pending: 'Waiting',
    running: 'In progress',
    completed: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  timeLeft: (duration) => `about ${duration} left`,
  tryAgain: 'Try again',

  live: 'Live',
  unread: (count) => `${count} unread`,
  viewers: (count) => `${count} watching`,
};
