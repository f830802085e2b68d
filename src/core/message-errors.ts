/** What can go wrong with a message that is fit to be sent, each with what to do about it. */
import { RealtimeError } from './errors.js';

export function notConnected(cause: RealtimeError | undefined): RealtimeError {
  return new RealtimeError('message/not-connected', 'There is no connection to send on.', {
    hint: 'Wait for the status connected, or let the message wait (queue).',
    retryable: true,
    cause,
  });
}

export function notJoined(channel: string, cause: RealtimeError | undefined): RealtimeError {
  return new RealtimeError('message/not-joined', `This page is not on ${channel} yet.`, {
    hint: 'Wait until the channel is joined, or let the message wait (queue).',
    retryable: true,
    cause,
  });
}

export function rateLimited(retryAfterMs: number): RealtimeError {
  return new RealtimeError('rate-limit/client-events', 'Too many client events in this second.', {
    hint: `The next may leave in ${Math.ceil(retryAfterMs)} ms; let messages wait (queue), or only the latest of them (coalesce).`,
    retryable: true,
  });
}

/** The service counts, and says no to one that it does not name. */
export function refusedByService(reason: string): RealtimeError {
  return new RealtimeError(
    'rate-limit/refused',
    `The service refused a client event${reason && ` (${reason})`}.`,
    {
      hint: 'Check that the app allows client events, and that no other script sends on this connection.',
      retryable: true,
    },
  );
}

export function notYet(): RealtimeError {
  return new RealtimeError('message/retry-planned', 'The message is sent again in a moment.', {
    hint: 'Nothing needs to be done.',
    retryable: true,
  });
}

export function brokenOff(): RealtimeError {
  return new RealtimeError('message/broken-off', 'The connection broke before anybody answered.', {
    hint: 'It may have arrived: send it again under its id, and receivers drop the repeat.',
    retryable: true,
  });
}

export function unanswered(): RealtimeError {
  return new RealtimeError('timeout/acknowledgement', 'Nobody acknowledged the message in time.', {
    hint: 'It may have arrived: send it again under its id. Receivers call acknowledge() on the event.',
    retryable: true,
  });
}

export function superseded(): RealtimeError {
  return new RealtimeError('message/superseded', 'A later message under the same key took its place.', {
    hint: 'Nothing needs to be done: this is what coalesce is for.',
  });
}

export function outboxFull(size: number): RealtimeError {
  return new RealtimeError('message/outbox-full', `${size} messages wait already.`, {
    hint: 'Wait until some have left; coalesce those of which only the latest matters.',
    retryable: true,
  });
}

export function switchedOff(): RealtimeError {
  return new RealtimeError('configuration/disabled', 'Realtime is switched off on this page.', {
    hint: 'Nothing is sent while enabled is false.',
  });
}

export function userChanged(): RealtimeError {
  return new RealtimeError('message/user-changed', 'Whoever wrote the message is not signed in any more.', {
    hint: 'Nothing of one user is sent as another.',
  });
}
