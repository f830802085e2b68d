/** The clients that the emulator is judged by, set up for one emulator and cleaned up after each test. */
import { afterEach } from 'node:test';
import Pusher from 'pusher';
import PusherClient, { type Channel, type Options } from 'pusher-js';
import { WebSocket } from 'ws';
import type { Emulator } from '../../src/emulator/node.js';
import { signedQuery } from './signed-query.js';

// A closed pusher-js leaves timers of up to 30 seconds behind; they must not hold the process.
const startTimer = globalThis.setTimeout;
const timers: NodeJS.Timeout[] = [];
globalThis.setTimeout = Object.assign((...timer: Parameters<typeof startTimer>) => {
  const handle = startTimer(...timer);
  timers.push(handle);
  return handle;
}, startTimer);

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanups.splice(0)) cleanUp();
  for (const timer of timers.splice(0)) timer.unref();
});

/** Somebody for whom a page's backend authorizes and authenticates. */
export interface Person {
  id: string | number;
  info?: Record<string, unknown>;
  watchlist?: string[];
}

/** Where an emulator is, and what it believes. */
export type Address = Pick<Emulator, 'appId' | 'host' | 'key' | 'port' | 'secret'>;

/** 32 bytes in base64, for encrypted channels. */
export const encryptionMasterKeyBase64 = Buffer.alloc(32, 7).toString('base64');

/** The official SDK of backends, for an emulator. */
export function sdkFor({ appId, host, key, port, secret }: Address): Pusher {
  return new Pusher({
    appId,
    key,
    secret,
    host,
    port: String(port),
    useTLS: false,
    encryptionMasterKeyBase64,
  });
}

/** Options with which pusher-js talks to an emulator, authorized by the SDK as `person`. */
export function clientOptions(emulator: Address, person?: Person): Options {
  const sdk = sdkFor(emulator);
  return {
    cluster: 'emulator',
    wsHost: emulator.host,
    wsPort: emulator.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '/pusher/auth',
      customHandler: ({ socketId, channelName }, callback) => {
        const member = { user_id: person?.id as string, user_info: person?.info };
        const isPresence = channelName.startsWith('presence-') && person !== undefined;
        callback(null, sdk.authorizeChannel(socketId, channelName, isPresence ? member : undefined));
      },
    },
    userAuthentication: {
      transport: 'ajax',
      endpoint: '/pusher/user-auth',
      customHandler: ({ socketId }, callback) => {
        const { id, info, watchlist } = person ?? { id: '' };
        callback(
          null,
          sdk.authenticateUser(socketId, { id: String(id), user_info: info, watchlist } as never),
        );
      },
    },
  };
}

/** The official client, connecting to an emulator; disconnected after the test. */
export function pusherClient(
  emulator: Address,
  person?: Person,
  options: Partial<Options> = {},
): PusherClient {
  const client = new PusherClient(emulator.key, { ...clientOptions(emulator, person), ...options });
  cleanups.push(() => client.disconnect());
  return client;
}

/** Resolves with the data of the next event of this name. */
export function next<T = unknown>(
  source: {
    bind(event: string, callback: (data: T) => void): unknown;
    unbind(event: string, callback: (data: T) => void): unknown;
  },
  event: string,
): Promise<T> {
  return new Promise((resolve) => {
    const callback = (data: T) => {
      source.unbind(event, callback);
      resolve(data);
    };
    source.bind(event, callback);
  });
}

/** Resolves when a client is connected. */
export async function connected(client: PusherClient): Promise<PusherClient> {
  if (client.connection.state !== 'connected') await next(client.connection, 'connected');
  return client;
}

/** Subscribes and resolves with the channel once the subscription has succeeded. */
export async function joined<T extends Channel = Channel>(client: PusherClient, name: string): Promise<T> {
  const channel = client.subscribe(name) as T;
  if (!channel.subscribed) await next(channel, 'pusher:subscription_succeeded');
  return channel;
}

/** A frame as it came over the wire. */
export interface WireFrame {
  event: string;
  channel?: string;
  data?: unknown;
  user_id?: unknown;
}

/** A plain socket to an emulator that speaks the protocol by hand; closed after the test. */
export class RawClient {
  /** All frames that came, in order. */
  readonly frames: WireFrame[] = [];
  readonly socket: WebSocket;
  /** Resolves with code and reason when the socket is closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waiting = new Set<() => void>();

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as WireFrame);
      for (const look of [...this.#waiting]) look();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    this.socket.on('error', () => {});
    cleanups.push(() => this.socket.terminate());
  }

  /** Opens a socket as pusher-js does, and waits until it has a socket id. */
  static async connect({ host, port, key }: Address, query = 'protocol=7'): Promise<RawClient> {
    const client = new RawClient(`ws://${host}:${port}/app/${key}?${query}`);
    await client.frame('pusher:connection_established');
    return client;
  }

  get socketId(): string {
    const hello = this.frames.find(({ event }) => event === 'pusher:connection_established');
    return (JSON.parse(String(hello?.data)) as { socket_id: string }).socket_id;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  subscribe(channel: string, more: { auth?: string; channel_data?: string } = {}): void {
    this.send({ event: 'pusher:subscribe', data: { channel, ...more } });
  }

  /** Resolves with the first frame of this event (and channel) that has come or will come. */
  frame(event: string, channel?: string): Promise<WireFrame> {
    return this.#until(() =>
      this.frames.find(
        (frame) => frame.event === event && (channel === undefined || frame.channel === channel),
      ),
    );
  }

  /** Resolves when everything that was sent before has been answered. */
  async settled(): Promise<void> {
    const pongs = () => this.frames.filter(({ event }) => event === 'pusher:pong').length;
    const before = pongs();
    this.send({ event: 'pusher:ping', data: {} });
    await this.#until(() => pongs() > before || undefined);
  }

  #until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** Calls the HTTP API as the documentation says, with nothing but fetch and a hash. */
export async function signedFetch(
  { appId, host, key, port, secret }: Address,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  params: Record<string, string> = {},
): Promise<Response> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const whole = `/apps/${appId}${path}`;
  const query = signedQuery({ key, secret, method, path: whole, params, body: text });
  const url = `http://${host}:${port}${whole}?${query}`;
  return await fetch(url, { method, ...(text === '' ? {} : { body: text }) });
}
