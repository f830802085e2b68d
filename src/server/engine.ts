/**
 * The only place that holds the `pusher` SDK. Its errors carry the signed URL of the request, so none of
 * them leaves this file: callers get an error of ours with the engine's status, and what the engine said as
 * its cause, without secrets.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Pusher from 'pusher';
import { within } from './deadline.js';
import { RealtimeServerError } from './errors.js';
import { redact } from './log.js';

/** Which engine carries the events: hosted Pusher Channels by `cluster`, or a compatible one by `host`. */
export interface EngineOptions {
  /** `false` runs the application without realtime: nothing is sent, nobody is authorized. Default `true`. */
  enabled?: boolean;
  appId?: string;
  key?: string;
  secret?: string;
  /** Cluster of hosted Pusher Channels, such as `eu`. Not read when there is a `host`. */
  cluster?: string;
  /** Host name of a compatible engine's HTTP API. */
  host?: string;
  port?: number;
  /** Default `https`. */
  scheme?: 'http' | 'https';
  /** 32 random bytes in base64; needed for encrypted channels alone. */
  encryptionMasterKeyBase64?: string;
  /** How long a call to the engine may take, in milliseconds. Default 10 000. */
  timeoutMs?: number;
}

/** One event on its way to the engine; `data` is JSON already. */
export interface EngineEvent {
  channels: readonly string[];
  event: string;
  data: string;
  socketId?: string;
}

/** What the engine is asked for. Undefined in `RealtimeServer` when realtime is disabled. */
export interface Engine {
  readonly encrypts: boolean;
  sign(socketId: string, channel: string, member?: Pusher.PresenceChannelData): Pusher.ChannelAuthResponse;
  signUser(socketId: string, user: Pusher.UserChannelData): Pusher.UserAuthResponse;
  publish(event: EngineEvent): Promise<void>;
  /** At most ten events, each on one channel. */
  publishBatch(events: readonly EngineEvent[]): Promise<void>;
  publishToUser(userId: string, event: string, data: string): Promise<void>;
  terminate(userId: string): Promise<void>;
  get(path: string, params?: Record<string, string>): Promise<Record<string, unknown>>;
}

/** Idle connections to the engine are closed before its own side, five seconds in Node, may close them. */
const idleConnectionMs = 4000;

/** Makes an engine of options that were validated and are enabled. */
export function createEngine(options: EngineOptions): Engine {
  const { timeoutMs = 10_000 } = options;
  const useTLS = options.scheme !== 'http';
  const agentOptions = { keepAlive: true, timeout: idleConnectionMs };
  const pusher = new Pusher({
    appId: options.appId!,
    key: options.key!,
    secret: options.secret!,
    useTLS,
    agent: useTLS ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions),
    timeout: timeoutMs,
    ...(options.host
      ? { host: options.host, port: options.port === undefined ? undefined : String(options.port) }
      : { cluster: options.cluster! }),
    encryptionMasterKeyBase64: options.encryptionMasterKeyBase64,
  });
  const ask = asker(timeoutMs, [options.secret, options.encryptionMasterKeyBase64]);

  return {
    encrypts: options.encryptionMasterKeyBase64 !== undefined,
    sign: (socketId, channel, member) => pusher.authorizeChannel(socketId, channel, member),
    signUser: (socketId, user) => pusher.authenticateUser(socketId, user),
    async publish({ channels, event, data, socketId }) {
      const isEncrypted = channels[0]?.startsWith('private-encrypted-');
      await ask(() =>
        pusher.trigger(
          [...channels],
          event,
          isEncrypted ? JSON.parse(data) : data,
          socketId === undefined ? {} : { socket_id: socketId },
        ),
      );
    },
    async publishBatch(events) {
      const batch = events.map(({ channels: [channel], event, data, socketId }) => ({
        channel: channel!,
        name: event,
        data: channel!.startsWith('private-encrypted-') ? JSON.parse(data) : data,
        ...(socketId === undefined ? {} : { socket_id: socketId }),
      }));
      await ask(() => pusher.triggerBatch(batch));
    },
    async publishToUser(userId, event, data) {
      await ask(() => pusher.sendToUser(userId, event, data));
    },
    async terminate(userId) {
      await ask(() => pusher.terminateUserConnections(userId));
    },
    get: (path, params) => ask(() => pusher.get({ path, params })),
  };
}

/** Makes the function that answers the engine's JSON. Some engines say an error with the status 200, and its real one in the body. */
function asker(timeoutMs: number, secrets: readonly (string | undefined)[]) {
  return async (call: () => Promise<Pusher.Response>): Promise<Record<string, unknown>> => {
    let body: Record<string, unknown>;
    try {
      // The SDK's own timeout ends with the headers of an answer.
      const text = call().then((response) => response.text());
      body = readObject(await within(timeoutMs, text));
    } catch (error) {
      const { status } = error as { status?: unknown };
      throw engineError(status, quote(wordsOf(error), secrets));
    }
    if (typeof body.error === 'string' && typeof body.code === 'number' && body.code >= 400) {
      throw engineError(body.code, quote(body.error, secrets));
    }
    return body;
  };
}

/** What the engine said, or why nothing was heard of it, from an error of the SDK. */
function wordsOf(failure: unknown): string {
  const { status, body, error = failure } = failure as { status?: unknown; body?: unknown; error?: unknown };
  if (status !== undefined) return String(body);
  const { name, message } = error as Error;
  return name === 'AbortError' ? 'No answer in time.' : message;
}

/** Characters of the engine's words that are kept. */
const quotedLength = 300;

/** The engine's words for a log: one line, no secret, no query of the signed URL. */
function quote(words: string, secrets: readonly (string | undefined)[]): string {
  const line = words.replace(/\?\S+/g, '').replace(/[\s\p{Cc}]+/gu, ' ');
  return redact(line, secrets).trim().slice(0, quotedLength);
}

function readObject(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  } catch {
    // Engines answer success with more than one kind of body; only an object says something.
  }
  return {};
}

function engineError(status: unknown, cause: string): RealtimeServerError {
  if (status === 413) {
    return new RealtimeServerError('payload_too_large', 'The engine refused the event as too large.');
  }
  if (typeof status !== 'number') {
    return new RealtimeServerError(
      'engine_failed',
      'The realtime engine could not be reached.',
      {},
      { cause },
    );
  }
  const remedy =
    status === 401 || status === 403
      ? " Check PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET and the machine's clock."
      : '';
  const message = `The realtime engine answered ${status}.${remedy}`;
  return new RealtimeServerError('engine_failed', message, {}, { cause });
}
