import { describeChannel, limits, needsAuthorization } from '../protocol.js';
import type { AuthorizationControl } from './authorization-control.js';
import type { EmulatorEngine } from './engine.js';
import { PageTrigger } from './page-trigger.js';
import { asEntry, asRefusal, Refusal } from './refusal.js';
import { channelAuth, channelSharedSecret, userAuth } from './signature.js';

/** A visitor, as the backend knows them. */
export interface PageUser {
  id: string;
  /** What the other members of a presence channel see: `{name, avatar?, role?}`. */
  info?: Record<string, unknown>;
  /** Ids of the users whose coming and going this one hears of after signing in. */
  watchlist?: string[];
}

/** What an `authorize` hook is asked. */
export interface AuthorizationRequest {
  channel: string;
  socketId: string;
  user: PageUser | undefined;
  headers: Headers;
  /** The whole form that was sent. */
  body: URLSearchParams;
}

/** Decides about one channel: `false` refuses with 403, a number with that status, anything else allows. */
export type Authorize = (
  request: AuthorizationRequest,
) => boolean | number | undefined | Promise<boolean | number | undefined>;

interface BackendOptions {
  engine: EmulatorEngine;
  authorization: AuthorizationControl;
  origin: string;
  batch: boolean;
  encryptionMasterKey: string;
  user: PageUser | undefined;
  authorize: Authorize | undefined;
}

interface Incoming {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
}

interface Outcome {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** The backend of one visitor: authorization, user authentication, triggering, and the HTTP API, behind a `fetch`. */
export class PageBackend {
  readonly authEndpoint: string;
  readonly userAuthEndpoint: string;
  readonly triggerEndpoint: string;
  readonly #options: BackendOptions;
  readonly #trigger: PageTrigger;

  constructor(options: BackendOptions) {
    this.#options = options;
    const { engine, encryptionMasterKey, user } = options;
    this.#trigger = new PageTrigger({ app: engine.app(), encryptionMasterKey, userId: user?.id });
    this.authEndpoint = `${options.origin}/pusher/auth`;
    this.userAuthEndpoint = `${options.origin}/pusher/user-auth`;
    this.triggerEndpoint = `${options.origin}/realtime/trigger`;
  }

  /** As the global `fetch`, for the addresses of this backend; others are answered with 404. */
  readonly fetch: typeof fetch = async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const incoming = await readIncoming(input, init);
    signal?.throwIfAborted();
    return await untilAborted(this.#answer(incoming), signal);
  };

  async #answer(incoming: Incoming): Promise<Response> {
    try {
      return respond(await this.#route(incoming));
    } catch (error) {
      const { status, code, message } = asRefusal(error);
      return respond({ status, body: { error: { code, message } } });
    }
  }

  async #route(incoming: Incoming): Promise<Outcome> {
    const { method, url, body } = incoming;
    const address = url.origin + url.pathname;
    if (url.pathname.startsWith('/apps/')) {
      const { engine } = this.#options;
      const answer = engine.handle({ method, target: url.pathname + url.search, body });
      return { status: answer.status, body: answer.body, headers: { 'content-type': answer.contentType } };
    }
    const route = {
      [this.authEndpoint]: () => this.#authorizeChannels(incoming),
      [this.userAuthEndpoint]: () => this.#authenticateUser(incoming),
      [this.triggerEndpoint]: () => ({ status: 200, body: this.#trigger.answer(body) }),
    }[address];
    if (!route) throw new Refusal(404, 'not_found', 'The emulator has no such address.');
    if (method !== 'POST') throw new Refusal(405, 'method_not_allowed', 'This address takes POST.');
    return await route();
  }

  async #authorizeChannels({ headers, body }: Incoming): Promise<Outcome> {
    await this.#admit();
    const form = new URLSearchParams(body);
    const socketId = readSocketId(form);
    const batch = this.#options.batch ? form.getAll('channel_name[]') : [];
    if (batch.length > limits.channelsPerAuthorization) {
      throw new Refusal(
        400,
        'invalid_request',
        `At most ${limits.channelsPerAuthorization} channels at once.`,
      );
    }
    const authorize = (channel: string) => this.#authorize({ channel, socketId, headers, body: form });
    if (batch.length === 0) {
      const channel = form.get('channel_name') ?? '';
      const offer = { 'X-Realtime-Batch': String(limits.channelsPerAuthorization) };
      return { status: 200, body: await authorize(channel), headers: this.#options.batch ? offer : {} };
    }
    const answers = batch.map(async (channel) => [channel, await authorize(channel).catch(asEntry)] as const);
    return { status: 200, body: Object.fromEntries(await Promise.all(answers)) };
  }

  async #authorize(asked: Omit<AuthorizationRequest, 'user'>): Promise<Record<string, string>> {
    const { engine, user, authorize, encryptionMasterKey } = this.#options;
    const { channel, socketId } = asked;
    const { type } = describeChannel(channel);
    if (!needsAuthorization(channel))
      throw new Refusal(400, 'invalid_request', 'This channel needs no authorization.');
    const verdict = await authorize?.({ ...asked, user });
    if (verdict === false || typeof verdict === 'number') {
      throw new Refusal(verdict || 403, 'forbidden', 'You may not join this channel.');
    }
    if (type === 'presence' && !user) throw new Refusal(403, 'forbidden', 'A presence channel needs a user.');
    const channelData =
      type === 'presence' && user
        ? JSON.stringify({ user_id: user.id, ...(user.info ? { user_info: user.info } : {}) })
        : undefined;
    return {
      auth: channelAuth(engine.app().settings, socketId, channel, channelData),
      ...(channelData === undefined ? {} : { channel_data: channelData }),
      ...(type === 'encrypted' ? { shared_secret: channelSharedSecret(channel, encryptionMasterKey) } : {}),
    };
  }

  async #authenticateUser({ body }: Incoming): Promise<Outcome> {
    await this.#admit();
    const { engine, user } = this.#options;
    const socketId = readSocketId(new URLSearchParams(body));
    if (!user) throw new Refusal(401, 'unauthenticated', 'Nobody is logged in.');
    const userData = JSON.stringify({
      id: user.id,
      ...(user.info ? { user_info: user.info } : {}),
      ...(user.watchlist ? { watchlist: user.watchlist } : {}),
    });
    return {
      status: 200,
      body: { auth: userAuth(engine.app().settings, socketId, userData), user_data: userData },
    };
  }

  /** Waits, hangs or fails as the test's driver wants it. */
  async #admit(): Promise<void> {
    const status = await this.#options.authorization.admit();
    if (status === 0) throw new TypeError('Failed to fetch');
    if (status !== undefined) throw new Refusal(status, 'failed', 'The test makes this request fail.');
  }
}

function readSocketId(form: URLSearchParams): string {
  const socketId = form.get('socket_id') ?? '';
  if (!/^\d+\.\d+$/.test(socketId))
    throw new Refusal(400, 'invalid_request', 'socket_id is a text like 123.456.');
  return socketId;
}

async function readIncoming(input: RequestInfo | URL, init: RequestInit = {}): Promise<Incoming> {
  const request = input instanceof Request ? input : undefined;
  const body = init.body ?? (request ? await request.text() : '');
  if (typeof body !== 'string' && !(body instanceof URLSearchParams)) {
    throw new TypeError('The emulator reads bodies that are texts or URLSearchParams.');
  }
  return {
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    url: new URL(request?.url ?? String(input)),
    headers: new Headers(init.headers ?? request?.headers),
    body: String(body),
  };
}

function respond({ status, body, headers }: Outcome): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** A promise that rejects when the caller aborts, as a `fetch` does. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
