/** Requests to the page's own server: identity, CSRF token, time-out, and errors that say what to do. */
import type { ResolvedConfig } from './config.js';
import { inTime, LONGEST_TIMER_MS } from './environment.js';
import { RealtimeError } from './errors.js';
import type { Identity } from './identity.js';

/** Statuses that say "not now": the same request may succeed later. */
const RETRYABLE_STATUSES = [408, 425, 429];

/** An endpoint's refusal, with what the caller needs for its next step. */
export class EndpointError extends RealtimeError {
  readonly status: number;
  /** How long the server asked to wait, in milliseconds; no longer than a timer can. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, what: string, retryAfterMs?: number) {
    super(codeOf(status), `The ${what} endpoint answered ${status}.`, {
      hint: hintOf(status),
      retryable: status >= 500 || RETRYABLE_STATUSES.includes(status),
    });
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

function codeOf(status: number) {
  if (status === 401 || status === 419) return 'auth/unauthorized';
  if (status === 403) return 'auth/forbidden';
  if (status === 429) return 'rate-limit/endpoint';
  return status >= 500 ? 'auth/server-failed' : 'auth/rejected';
}

/** What to check. Whether it is asked again, only who has asked can say. */
function hintOf(status: number): string {
  if (status === 401)
    return 'The token is missing or has expired: sign in again, or configure a token provider.';
  if (status === 419) return 'The CSRF token is missing or has expired: check data-csrf-meta and reload.';
  if (status === 403) return 'This user may not do that; check the rules of your server.';
  if (status === 404) return 'There is no such route: check the endpoint’s URL.';
  if (status === 429) return 'Too many requests: wait a moment.';
  return 'Check what your server’s log says about this request.';
}

/** When to ask again: after what the server said, or at random within a window that grows. */
export function retryDelayMs(
  error: RealtimeError,
  failures: number,
  { environment, timing }: ResolvedConfig,
): number {
  const window = Math.min(timing.backoffCapMs, timing.backoffBaseMs * 2 ** failures);
  const asked = error instanceof EndpointError ? error.retryAfterMs : undefined;
  return asked ?? environment.random() * window;
}

/** An answer that was understood: its JSON and its headers. */
export interface EndpointAnswer {
  body: unknown;
  headers: Headers;
}

export class Endpoint {
  readonly #config: ResolvedConfig;
  readonly #identity: Identity;

  constructor(config: ResolvedConfig, identity: Identity) {
    this.#config = config;
    this.#identity = identity;
  }

  /**
   * Posts and reads JSON. A token that is refused (401, 419) is refreshed and the request sent once more;
   * never in the name of another user than the one who was there at the call.
   * @param what Names the endpoint in errors: `authorization`, `trigger`.
   * @param author Who began what is asked for, where that was before this call.
   * @throws EndpointError for any status but 2xx, RealtimeError for a network failure, a time-out or an answer that is no JSON.
   */
  async post(
    url: string,
    body: URLSearchParams | string,
    what: string,
    author = this.#identity.author,
  ): Promise<EndpointAnswer> {
    const postAs = async (token: string | undefined) => {
      if (author !== this.#identity.author) throw userChanged(what);
      const answer = await this.#postOnce(url, body, what, token);
      this.#identity.judge(token, 'authenticated');
      return answer;
    };
    const token = await this.#identity.token();
    try {
      return await postAs(token);
    } catch (error) {
      if (!(error instanceof EndpointError) || error.code !== 'auth/unauthorized') throw error;
      const fresh = await this.#identity.replace(token);
      if (fresh === undefined && error.status === 401) throw error;
      return await postAs(fresh).catch((again: Partial<EndpointError>) => {
        if (again.status === 401) this.#identity.judge(fresh, 'refused');
        throw again;
      });
    }
  }

  async #postOnce(
    url: string,
    body: URLSearchParams | string,
    what: string,
    token: string | undefined,
  ): Promise<EndpointAnswer> {
    const { environment: world, timing } = this.#config;
    const headers = this.#headers(body, token);
    const abort = new AbortController();
    const ask = async () => {
      const response = await this.#config.fetch(url, {
        method: 'POST',
        body,
        headers,
        credentials: this.#config.credentials,
        signal: abort.signal,
      });
      if (!response.ok)
        throw new EndpointError(
          response.status,
          what,
          retryAfterMs(response.headers.get('Retry-After'), world.now()),
        );
      return { body: await readJson(response, what), headers: response.headers };
    };
    const late = () => {
      abort.abort();
      return timedOut(what);
    };
    try {
      return await inTime(world, timing.authorizeMs, ask(), late);
    } catch (error) {
      throw error instanceof RealtimeError ? error : unreachable(what, error);
    }
  }

  #headers(body: URLSearchParams | string, token: string | undefined): Headers {
    const { headers, csrfMeta } = this.#config;
    const csrf =
      csrfMeta &&
      globalThis.document?.querySelector<HTMLMetaElement>(`meta[name="${CSS.escape(csrfMeta)}"]`)?.content;
    const own = typeof headers === 'function' ? call(headers) : headers;
    try {
      return new Headers({
        Accept: 'application/json',
        'Content-Type': typeof body === 'string' ? 'application/json' : 'application/x-www-form-urlencoded',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(csrf ? { 'X-CSRF-Token': csrf } : {}),
        ...own,
      });
    } catch {
      // Firefox’s own error quotes the token.
      throw headersFailed();
    }
  }
}

function call<T>(headers: () => T): T {
  try {
    return headers();
  } catch (cause) {
    throw headersFailed(cause);
  }
}

function headersFailed(cause?: unknown): RealtimeError {
  return new RealtimeError('auth/headers-failed', 'The request’s headers could not be made.', {
    hint: 'The page’s headers function threw, or the token or a header holds what none may, such as a line break.',
    retryable: true,
    cause,
  });
}

async function readJson(response: Response, what: string): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new RealtimeError('auth/unreadable', `The ${what} endpoint did not answer JSON.`, {
      hint: 'A login page in place of an answer is a usual reason: check the endpoint’s URL and its session.',
      cause,
    });
  }
}

function userChanged(what: string): RealtimeError {
  return new RealtimeError('auth/user-changed', `The user changed before the ${what} endpoint was asked.`, {
    hint: 'Whatever the new user needs is asked for again.',
    retryable: true,
  });
}

function timedOut(what: string): RealtimeError {
  return new RealtimeError(`timeout/${what}`, `The ${what} endpoint did not answer in time.`, {
    hint: 'Check that your server is up.',
    retryable: true,
  });
}

function unreachable(what: string, cause: unknown): RealtimeError {
  return new RealtimeError('auth/unreachable', `The ${what} endpoint cannot be reached.`, {
    hint: 'Check its URL, that it allows this page’s origin (CORS), and that connect-src allows it (CSP).',
    retryable: true,
    cause,
  });
}

/** `Retry-After` is seconds or a date. */
function retryAfterMs(header: string | null, now: number): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return ms > 0 ? Math.min(ms, LONGEST_TIMER_MS) : undefined;
}
