import { describeChannel, limits, needsAuthorization } from '../protocol.js';
import type { AuthorizationControl } from './authorization-control.js';
import type { EmulatorEngine } from './engine.js';
import { isRecord, parseJson } from './frame.js';
import { HttpError } from './http-signature.js';
import { readPublication } from './publication.js';
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

/** Throws inside this file alone; becomes an answer. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The backend of one visitor: authorization, user authentication, triggering, and the HTTP API, behind a `fetch`. */
export class PageBackend {
  readonly authEndpoint: string;
  readonly userAuthEndpoint: string;
  readonly triggerEndpoint: string;
  readonly #options: BackendOptions;
  #events = 0;

  constructor(options: BackendOptions) {
    this.#options = options;
    this.authEndpoint = `${options.origin}/pusher/auth`;
    this.userAuthEndpoint = `${options.origin}/pusher/user-auth`;
    this.triggerEndpoint = `${options.origin}/realtime/trigger`;
  }

  /** As the global `fetch`, for the addresses of this backend; others are answered with 404. */
  readonly fetch: typeof fetch = async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const incoming = await readIncoming(input, init);
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
      [this.triggerEndpoint]: () => this.#trigger(incoming),
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
        'too_many_channels',
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
      throw new Refusal(400, 'bad_channel', 'This channel needs no authorization.');
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
    if (!user) throw new Refusal(401, 'unauthorized', 'Nobody is logged in.');
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

  async #trigger({ body }: Incoming): Promise<Outcome> {
    const request = parseJson(body);
    if (!isRecord(request)) throw new Refusal(400, 'bad_json', 'The body is a JSON object.');
    if (!Array.isArray(request.batch)) {
      return { status: 200, body: { ok: true, result: this.#publish(request) } };
    }
    const results = request.batch.map((event) => {
      try {
        return { ok: true, result: this.#publish(event) };
      } catch (error) {
        return { ok: false, ...asEntry(error) };
      }
    });
    return { status: 200, body: { ok: results.every(({ ok }) => ok), results } };
  }

  #publish(event: unknown): { channels: string[]; event_id: string } {
    if (!isRecord(event)) throw new Refusal(400, 'bad_event', 'An event is a JSON object.');
    const { channel, event: eventName, name = eventName, data = null, socket_id: socketId } = event;
    const app = this.#options.engine.app();
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    const fields = { name, channel, channels: event.channels, data: text, socket_id: socketId };
    const publication = readPublication(app, fields);
    app.publish(publication.event);
    this.#events += 1;
    return { channels: publication.event.channels, event_id: `emulator-${this.#events}` };
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
    throw new Refusal(400, 'bad_socket_id', 'socket_id is a text like 123.456.');
  return socketId;
}

/** A refused channel, as one entry of a batch. */
function asEntry(error: unknown): { error: { code: string; message: string; status: number } } {
  const { status, code, message } = asRefusal(error);
  return { error: { code, message, status } };
}

/** What is thrown to be answered; anything else goes on. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof HttpError) return new Refusal(error.status, 'bad_event', error.message);
  throw error;
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
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
