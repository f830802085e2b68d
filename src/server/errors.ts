/** What went wrong, in one word that a program can branch on. */
export type RealtimeServerErrorCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'in_progress'
  | 'disabled'
  | 'not_configured'
  | 'identity_unavailable'
  | 'engine_failed'
  | 'internal';

const statuses: Record<RealtimeServerErrorCode, number> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  in_progress: 503,
  disabled: 503,
  not_configured: 503,
  identity_unavailable: 503,
  engine_failed: 502,
  internal: 500,
};

/** How an error is told to a client: nothing but its code and its sentence. */
export interface ErrorBody {
  error: { code: string; message: string };
}

/**
 * A refusal or a failure that a client may be told about. Hono renders it by itself, also in the
 * routes of the host application; elsewhere `getResponse()` gives the answer.
 */
export class RealtimeServerError extends Error {
  override readonly name = 'RealtimeServerError';
  readonly code: RealtimeServerErrorCode;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** Headers that the answer carries, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  /** `cause` is for a log, without secrets: no answer holds it. */
  constructor(
    code: RealtimeServerErrorCode,
    message: string,
    headers: Record<string, string> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.status = statuses[code];
    this.headers = headers;
  }

  /** What stands in the answer's body. */
  toJSON(): ErrorBody {
    return { error: { code: this.code, message: this.message } };
  }

  /** The whole answer: JSON with a real status. */
  getResponse(): Response {
    return Response.json(this.toJSON(), { status: this.status, headers: this.headers });
  }
}

/** Thrown at the start, by options or environment variables that cannot work; lists every mistake with its remedy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** One sentence for each mistake. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The realtime server cannot start:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}
