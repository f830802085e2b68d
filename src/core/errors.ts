/** What an error is about; the part of its code before the slash. */
export type RealtimeErrorKind =
  | 'connection'
  | 'auth'
  | 'subscription'
  | 'message'
  | 'rate-limit'
  | 'timeout'
  | 'configuration';

/** `kind/what-happened`, for instance `auth/forbidden`. */
export type RealtimeErrorCode = `${RealtimeErrorKind}/${string}`;

/** What went wrong, what to do about it, and whether trying again can help. */
export class RealtimeError extends Error {
  override readonly name = 'RealtimeError';
  readonly code: RealtimeErrorCode;
  /** What a developer or a person can do, as one sentence. */
  readonly hint: string;
  /** Whether the same thing may succeed later without any change. */
  readonly retryable: boolean;

  constructor(
    code: RealtimeErrorCode,
    message: string,
    options: { hint: string; retryable?: boolean; cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    // Until somebody reads it, Chromium keeps what stood on the stack, elements too; some errors are kept for long.
    void this.stack;
  }

  /** Where the kit's documentation tells what to check: a path in its repository. */
  get docs(): string {
    return `docs/troubleshooting.md#${this.code.replace('/', '-')}`;
  }
}

/** Code that is fetched when it is needed did not come. */
export function codeNotLoaded(what: string, cause: unknown): RealtimeError {
  return new RealtimeError('connection/code-not-loaded', `The code for ${what} could not be loaded.`, {
    hint: 'Check that the kit’s files can be reached and that the page’s security policy allows them.',
    retryable: true,
    cause,
  });
}

/** A message waited longer than it may; the cause is what stood in its way. */
export function messageExpired(cause: RealtimeError | undefined): RealtimeError {
  return new RealtimeError('message/expired', 'The message could not be sent within its time to live.', {
    hint: 'Send it again if it still matters; ttl sets how long a message may wait.',
    retryable: true,
    cause,
  });
}

/** Dispatched on the document, or on an element, when something went wrong that the page may want to know. */
export class RealtimeErrorEvent extends Event {
  static readonly eventName = 'realtime-error';
  readonly error: RealtimeError;

  constructor(error: RealtimeError) {
    super(RealtimeErrorEvent.eventName, { bubbles: true, composed: true });
    this.error = error;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'realtime-error': RealtimeErrorEvent;
  }
}
