/** What each status means for people: words for a page's own UI, and what can be done. */
import type { ConnectionStatus } from './connection.js';

/** How much a status should worry somebody. */
export type Severity = 'good' | 'neutral' | 'waiting' | 'trouble';

/** A status in words. */
export interface StatusDescription {
  /** One or two words. */
  readonly label: string;
  /** A sentence for a person. */
  readonly explanation: string;
  readonly severity: Severity;
  /** Name of a mark that goes with it; shape and colour both. */
  readonly icon: 'solid' | 'hollow' | 'pulse' | 'crossed';
  readonly canSend: boolean;
  /** Whether "retry now" makes sense. */
  readonly canRetry: boolean;
  /** Whether something is under way. */
  readonly isBusy: boolean;
}

const quiet = { canSend: false, canRetry: false, isBusy: false } as const;

const descriptions: Readonly<Record<ConnectionStatus, StatusDescription>> = {
  idle: {
    ...quiet,
    label: 'Ready',
    explanation: 'Connects as soon as something needs it.',
    severity: 'neutral',
    icon: 'hollow',
  },
  connecting: {
    ...quiet,
    label: 'Connecting…',
    explanation: 'The connection is being made.',
    severity: 'waiting',
    icon: 'pulse',
    canRetry: true,
    isBusy: true,
  },
  connected: {
    ...quiet,
    label: 'Live',
    explanation: 'Everything on this page is up to date.',
    severity: 'good',
    icon: 'solid',
    canSend: true,
  },
  reconnecting: {
    ...quiet,
    label: 'Reconnecting…',
    explanation: 'The connection was lost and is being made again.',
    severity: 'waiting',
    icon: 'pulse',
    canRetry: true,
    isBusy: true,
  },
  offline: {
    ...quiet,
    label: 'No network',
    explanation: 'Your device is offline. It reconnects by itself.',
    severity: 'waiting',
    icon: 'crossed',
    canRetry: true,
  },
  refused: {
    ...quiet,
    label: 'Not available',
    explanation: 'The live service refused the connection.',
    severity: 'trouble',
    icon: 'crossed',
    canRetry: true,
  },
  disconnected: {
    ...quiet,
    label: 'Disconnected',
    explanation: 'Live updates are switched off.',
    severity: 'neutral',
    icon: 'hollow',
    canRetry: true,
  },
  disabled: {
    ...quiet,
    label: 'Off',
    explanation: 'Live updates are not part of this page.',
    severity: 'neutral',
    icon: 'hollow',
  },
};

/** Words, severity and possible actions of a status, for a page's own UI. */
export function describeStatus(status: ConnectionStatus): StatusDescription {
  return descriptions[status];
}
