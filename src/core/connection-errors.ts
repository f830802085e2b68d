/**
 * Why there is no connection, in words: what happened, what to do, and what the protocol asks of a
 * client that was closed with a code.
 */
import { RealtimeError } from './errors.js';

/** What a close code asks for: never, after at least a second, at once, or as the client likes. */
export type CloseAction = 'refused' | 'wait' | 'immediate' | 'backoff';

/** What a close code of the protocol (4000 and above) asks for. */
export function closeAction(code: number): CloseAction {
  if (code < 4100) return 'refused';
  if (code < 4200) return 'wait';
  if (code < 4300) return 'immediate';
  return 'refused';
}

export function droppedError(code: number, message = ''): RealtimeError {
  return new RealtimeError(
    'connection/dropped',
    `The connection was closed (${code}${message && `: ${message}`}).`,
    {
      hint: 'It is being made again; nothing needs to be done.',
      retryable: true,
    },
  );
}

export function unreachableError(): RealtimeError {
  return new RealtimeError('connection/unreachable', 'The service cannot be reached.', {
    hint: 'Check host and port, and whether a firewall or proxy blocks WebSockets.',
    retryable: true,
  });
}

export function silentError(): RealtimeError {
  return new RealtimeError('connection/silent', 'The connection was open, but nothing answered.', {
    hint: 'The network was probably cut without notice; the connection is being made again.',
    retryable: true,
  });
}

export function unreadableError(cause: unknown): RealtimeError {
  return new RealtimeError('message/unreadable', 'An event of the service could not be read.', {
    hint: 'The cause says why. Encrypted events need the secret that your server authorizes with.',
    cause,
  });
}

export function offlineError(): RealtimeError {
  return new RealtimeError('connection/offline', 'The device has no network.', {
    hint: 'Check Wi-Fi or cable; the connection comes back by itself.',
    retryable: true,
  });
}

export function refusedError(code: number, message: string): RealtimeError {
  const [name, explanation, hint] = refusals[code] ?? [
    'refused',
    'The service refused the connection',
    'Check the app’s settings.',
  ];
  return new RealtimeError(`connection/${name}`, `${explanation} (${code}${message && `: ${message}`}).`, {
    hint,
    retryable: true,
  });
}

const refusals: Record<number, [name: string, explanation: string, hint: string]> = {
  4000: ['tls-only', 'The app accepts encrypted connections only', 'Remove data-tls="false".'],
  4001: [
    'unknown-key',
    'The service knows no app with this key',
    'Check data-key and data-cluster: a key belongs to one cluster.',
  ],
  4003: ['app-disabled', 'The app is disabled', 'Enable it in the service’s dashboard.'],
  4004: [
    'over-quota',
    'The app has reached its limit of connections',
    'It is tried again every minute; raise the plan’s limit.',
  ],
  4005: ['wrong-path', 'The service does not know this path', 'Check data-path and data-host.'],
  4009: ['unauthorized', 'The service ended the connection of this user', 'Sign in again.'],
};

export function unansweredError(): RealtimeError {
  return new RealtimeError('timeout/connection', 'The service did not answer in time.', {
    hint: 'Check host and port, and whether a firewall or proxy blocks WebSockets.',
    retryable: true,
  });
}
