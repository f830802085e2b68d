import { byteLength } from '../protocol.js';

/** Why a connection is closed, with the codes that Pusher documents and the reason that clients are told. */
export interface CloseReason {
  code: number;
  reason: string;
}

/** 4000 to 4099: do not connect again unchanged. 4100 to 4199: wait a second. 4200 to 4299: at once. */
export const closeReasons = {
  appNotFound: { code: 4001, reason: 'Application does not exist' },
  appDisabled: { code: 4003, reason: 'Application disabled' },
  overQuota: { code: 4004, reason: 'Application is over connection quota' },
  pathNotFound: { code: 4005, reason: 'Path not found' },
  invalidVersion: { code: 4006, reason: 'Invalid version string format' },
  unsupportedVersion: { code: 4007, reason: 'Unsupported protocol version' },
  noVersion: { code: 4008, reason: 'No protocol version supplied' },
  unauthorized: { code: 4009, reason: 'Connection not authorized within timeout' },
  terminated: { code: 4009, reason: 'The connections of this user were terminated by the app' },
  shuttingDown: { code: 4100, reason: 'The emulator is shutting down' },
  noPong: { code: 4201, reason: 'Pong reply not received' },
  notText: { code: 1003, reason: 'Text frames only' },
  tooLarge: { code: 1009, reason: 'Frame too large' },
} as const satisfies Record<string, CloseReason>;

/** What is wrong with closing a socket so, as a sentence, or `undefined`. */
export function closeProblem({ code, reason }: CloseReason): string | undefined {
  const isSent = (code >= 1000 && code <= 1014 && !(code >= 1004 && code <= 1006)) || code >= 3000;
  if (!Number.isInteger(code) || !isSent || code > 4999) {
    return `A socket is closed with a code from 3000 to 4999, 1000 to 1003 or 1007 to 1014, not with ${code}; drop() is what clients see as 1006.`;
  }
  if (byteLength(reason) > 123) return 'The reason of a close has at most 123 bytes.';
  return undefined;
}
