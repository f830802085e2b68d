/** The way of an event through the page's server, and what the server's answer means for the message. */
import { type Endpoint, EndpointError } from './endpoint.js';
import { RealtimeError } from './errors.js';
import type { BadEnd, Draft } from './message.js';

/** What became of one attempt. */
export type Outcome =
  | { readonly accepted: true; readonly eventId: string | undefined }
  | {
      readonly accepted: false;
      /** The message's end, if this was the last attempt. */
      readonly fate: BadEnd;
      readonly error: RealtimeError;
      /** Whether to try again: never a second time what may have got through, unless receivers can tell. */
      readonly again: 'yes' | 'if-acknowledged' | 'no';
      /** How long the server asked to wait, in milliseconds. */
      readonly afterMs: number | undefined;
    };

/** The server has not taken it, and may later. */
const NOT_NOW_STATUSES = [425, 429, 503];
/** Said by those in between: the server itself may have taken it. */
const NO_ANSWER_STATUSES = [408, 502, 504];

/** Posts an event; never rejects. */
export async function postDraft(
  endpoint: Endpoint,
  url: string,
  { channel, event, data }: Draft,
): Promise<Outcome> {
  try {
    const { body } = await endpoint.post(url, JSON.stringify({ channel, event, data }), 'trigger');
    const eventId = (body as { result?: { event_id?: unknown } } | null)?.result?.event_id;
    return { accepted: true, eventId: typeof eventId === 'string' ? eventId : undefined };
  } catch (cause) {
    return refusal(cause instanceof RealtimeError ? cause : notAsked(cause));
  }
}

function refusal(error: RealtimeError): Outcome {
  const status = error instanceof EndpointError ? error.status : undefined;
  const afterMs = error instanceof EndpointError ? error.retryAfterMs : undefined;
  const said = { accepted: false, error, afterMs } as const;
  if (error.code === 'auth/token-failed')
    return { ...said, fate: 'failed', again: error.retryable ? 'yes' : 'no' };
  // Thrown by the page's own function: nothing has left.
  if (error.code === 'auth/headers-failed') return { ...said, fate: 'failed', again: 'no' };
  if (status === undefined) {
    // A request that broke off may have arrived; an answer that cannot be read is none.
    return error.retryable
      ? { ...said, fate: 'unknown', again: 'if-acknowledged' }
      : { ...said, fate: 'failed', again: 'no' };
  }
  if (NOT_NOW_STATUSES.includes(status)) return { ...said, fate: 'failed', again: 'yes' };
  if (NO_ANSWER_STATUSES.includes(status)) return { ...said, fate: 'unknown', again: 'if-acknowledged' };
  return status >= 500
    ? { ...said, fate: 'failed', again: 'if-acknowledged' }
    : { ...said, fate: 'rejected', again: 'no' };
}

/** Before the request there is the page's own code, which gets the token. */
function notAsked(cause: unknown): RealtimeError {
  return new RealtimeError('auth/token-failed', 'The token for the trigger endpoint could not be had.', {
    hint: 'The cause is what the page’s token provider threw.',
    cause,
  });
}
