/** Why a page is not on a channel, in words, and whether asking again can help. */
import { channelNameProblem } from '../protocol.js';
import { RealtimeError } from './errors.js';

export function nameProblem(name: string): RealtimeError | undefined {
  // pusher-js keeps channels in a plain object, where these names are already taken.
  const problem = name in {} ? 'This channel name is reserved.' : channelNameProblem(name);
  if (!problem) return undefined;
  return new RealtimeError('subscription/wrong-name', `“${name.slice(0, 80)}” is no channel name.`, {
    hint: problem,
  });
}

let isWarned = false;

/** Older backends address people on channels that anybody can join; the page is told once. */
export function warnOfOpenName(name: string): void {
  if (isWarned || !name.startsWith('user-updates-')) return;
  isWarned = true;
  console.warn(`[realtime-elements] ${name} is public; use private-user-{id}.`);
}

export function rejectedError(name: string, data: unknown): RealtimeError {
  const { error, type, status } = (data ?? {}) as { error?: unknown; type?: unknown; status?: unknown };
  const reason = typeof error === 'string' && error ? ` (${error})` : '';
  const code = typeof status === 'number' ? ` [${status}]` : '';
  const [what, hint] = rejections[type === 'LimitReached' ? (status === 4301 ? 'size' : 'limit') : 'other'];
  return new RealtimeError(what, `The service did not let this page into ${name}${reason}${code}.`, {
    hint,
    // Somebody may leave; neither a size nor a signature changes by itself.
    retryable: what === 'subscription/full',
  });
}

const rejections = {
  limit: ['subscription/full', 'The channel has reached its limit; it is asked for again.'],
  size: [
    'subscription/too-large',
    'What your server says of this member is too large: 128 characters of id and 1 kB of info at most.',
  ],
  other: [
    'subscription/rejected',
    'The signature was not accepted: check that server and page use the same app.',
  ],
} as const;

export function unansweredError(name: string): RealtimeError {
  return new RealtimeError('timeout/subscription', `Nothing was answered to the subscription of ${name}.`, {
    hint: 'It is asked for again.',
    retryable: true,
  });
}
