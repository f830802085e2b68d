/**
 * The words of the elements: which there are, English itself, and where other languages come from. A
 * language is a module of its own, loaded when an element stands under its `lang`.
 */
import type { ConnectionStatus } from '../core/connection.js';
import type { MemberStatus } from '../core/roster.js';
import type { TaskStatus } from '../protocol.js';

/** Every word and sentence that an element shows. Functions take what differs from case to case. */
export interface Words {
  /** A connection status in one or two words. */
  status: Record<ConnectionStatus, string>;
  /** Sentences for the bar and for screen readers, by status. */
  explanation: Record<ConnectionStatus, string>;
  connection: string;
  backOnline: string;
  retry: string;
  close: string;
  presence: Record<MemberStatus, string>;
  people: string;
  nobody: string;
  you: string;
  more: (count: number) => string;
  notifications: string;
  newNotifications: (count: number) => string;
  tasks: string;
  taskStatus: Record<TaskStatus, string>;
  tryAgain: string;
  /** How long something will take yet, from milliseconds. */
  timeLeft: (leftMs: number) => string;
  open: string;
  contentReady: string;
  contentGenerated: (contentType: string) => string;
  contentFailed: string;
  tradeWon: (symbol: string) => string;
  tradeLost: (symbol: string) => string;
  botFailed: (name: string) => string;
  strategyUpdated: (title: string) => string;
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
    connecting: 'Connecting… this takes longer than usual.',
    connected: 'Everything here is up to date.',
    reconnecting: 'Reconnecting… your work is safe.',
    offline: 'Your device is offline. It reconnects by itself.',
    refused: 'Live updates are not available right now.',
    disconnected: 'Live updates are switched off.',
    disabled: 'This page has no live updates.',
  },
  connection: 'Connection',
  backOnline: 'Back online',
  retry: 'Retry now',
  close: 'Close',
  presence: { online: 'online', away: 'away', busy: 'busy', offline: 'gone' },
  people: 'People here',
  nobody: 'Nobody else is here',
  you: 'you',
  more: (count) => `${count} more`,
  notifications: 'Notifications',
  newNotifications: (count) => `${count} new`,
  tasks: 'Progress',
  taskStatus: {
    pending: 'Waiting',
    running: 'In progress',
    completed: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  tryAgain: 'Try again',
  timeLeft: (leftMs) =>
    leftMs < 60_000
      ? `about ${Math.max(5, Math.ceil(leftMs / 5_000) * 5)} s left`
      : `about ${Math.ceil(leftMs / 60_000)} min left`,
  open: 'Open',
  contentReady: 'Content ready',
  contentGenerated: (contentType) => `Your ${contentType} has been generated`,
  contentFailed: 'Content could not be generated',
  tradeWon: (symbol) => `Win! ${symbol}`,
  tradeLost: (symbol) => `Loss: ${symbol}`,
  botFailed: (name) => `${name} has stopped with an error`,
  strategyUpdated: (title) => `Strategy “${title}” updated`,
};
