/**
 * The one door to pusher-js. Everything that the kit leans on inside it stands here, and a canary
 * test names each of these internals. The real pusher-js keeps the protocol; the kit keeps the
 * timing: it decides when to connect and when to try again, and watches the socket itself, because
 * pusher-js reports a drop a second late.
 */
import { describeChannel } from '../protocol.js';
import type { ResolvedConfig } from './config.js';
import { guardMessages, isProtocolEvent, readDirectly } from './direct-frames.js';
import { socketAddress } from './early-sockets.js';
import { registry } from './registry.js';

/** One frame as pusher-js decoded it. */
export interface Frame {
  event: string;
  channel?: string;
  data: unknown;
  user_id?: string;
}

/** What an authorization endpoint answers for a channel. */
export interface ChannelAuthorization {
  auth: string;
  channel_data?: string;
  shared_secret?: string;
}

/** What an authentication endpoint answers for a user. */
export interface UserAuthentication {
  auth: string;
  /** JSON with the user's `id`. */
  user_data: string;
}

/** Asks the page's server. An answer is passed on at once, as long as it counts, or never. */
export interface Guard {
  authorize(channel: string, socketId: string, pass: (answer: ChannelAuthorization) => void): Promise<void>;
  authenticate(socketId: string, pass: (answer: UserAuthentication) => void): Promise<void>;
}

/** What pusher-js reports to the connection. */
export interface LinkEvents {
  /** The socket as soon as it is made, before it is open. */
  socket(socket: WebSocket): void;
  connected(socketId: string): void;
  frame(frame: Frame): void;
  /** Something came that pusher-js cannot read or decrypt; told once for each socket. */
  unreadable(cause: unknown): void;
  /** An error frame on the connection, or in place of a handshake. */
  error(code: number | undefined, message: string): void;
}

/** One pusher-js instance, without its own ideas about time. */
export interface PusherLink {
  connect(): void;
  /** Closes the socket, if any. */
  disconnect(): void;
  /** False when there is no connection to send on. */
  send(event: string, data: unknown, channel?: string): boolean;
  /** Rejects when the code of the encryption, which some channels need, cannot be loaded. */
  subscribe(channel: string): Promise<void>;
  /** Leaves at once, also while the answer is under way: what comes of it later is nobody's. */
  leave(channel: string): void;
  /** Signs the user in, now and at every connect. */
  signIn(): void;
  /** Where it was told to: settles with the sign-in, from which a presence channel may take the member. */
  readonly signedIn: Promise<unknown> | null | undefined;
}

interface InternalChannel {
  bind_global(callback: (event: string, data: unknown) => void): void;
}

interface PusherInternals {
  connection: {
    state: string;
    bind(event: string, callback: (data: never) => void): void;
    retryIn(delayMs: number): void;
    send_event(event: string, data: unknown, channel?: string): boolean;
  };
  channels: {
    channels: Record<string, InternalChannel>;
    remove(name: string): unknown;
  };
  config: { nacl?: unknown };
  user: { signinDonePromise: Promise<unknown> | null };
  connect(): void;
  disconnect(): void;
  signin(): void;
  subscribe(name: string): InternalChannel;
}

interface PusherConstructor {
  new (key: string, options: object): PusherInternals;
  Runtime: { createWebSocket(url: string): WebSocket };
}

type AuthorizationCallback<T> = (error: null, answer: T) => void;

/** An error frame as `connection.bind('error')` hands it out: bare, or wrapped after a close or a failed handshake. */
interface PusherErrorReport {
  data?: { code?: number | null; message?: string };
  error?: { data?: { code?: number | null; message?: string } };
}

interface HandOver {
  address: string;
  make: (url: string) => WebSocket;
}

/** Attempts under way: the socket that pusher-js makes for one of these addresses is made by its `make`. */
const handOvers = new Set<HandOver>();

let loading: Promise<PusherConstructor> | undefined;

/** Loads pusher-js when the first need appears; a failed load is tried again at the next call. */
function loadPusher(): Promise<PusherConstructor> {
  // The file, not the folder: Node, webpack and Rspack look into none for a module.
  loading ??= import('pusher-js/worker/index.js').then(
    (module) => {
      const Pusher = module.default as unknown as PusherConstructor;
      const runtime = Pusher.Runtime;
      const makePlainSocket = runtime.createWebSocket.bind(runtime);
      runtime.createWebSocket = (url) => {
        const address = socketAddress(url);
        const handOver = [...handOvers].reverse().find((candidate) => candidate.address === address);
        return handOver ? handOver.make(url) : makePlainSocket(url);
      };
      return Pusher;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Makes a link that is not connected yet. Rejects when the code of pusher-js cannot be loaded. */
export async function openLink(
  config: ResolvedConfig,
  guard: Guard,
  events: LinkEvents,
): Promise<PusherLink> {
  const Pusher = await loadPusher();
  const scheme = config.tls ? 'wss' : 'ws';
  const handOver: HandOver = {
    address: socketAddress(`${scheme}://${config.host}:${config.port}${config.path}/app/${config.key}`),
    make: (url) => {
      let made: WebSocket | undefined;
      // pusher-js sets its handlers right after this; what an early socket has heard comes to them later still.
      queueMicrotask(() => made && guardMessages(made, events.unreadable));
      made = config.createSocket?.(url) ?? registry().early.claim(url) ?? new WebSocket(url);
      socket = made;
      events.socket(made);
      return made;
    },
  };
  let pusher: PusherInternals | undefined;
  /** Of the last attempt. */
  let socket: WebSocket | undefined;
  let socketId = '';
  /** Encrypted channels that are wanted as soon as the code of the encryption has come. */
  const waiting = new Set<string>();

  /** pusher-js makes its socket inside the call; the hand-over stands no longer than the attempt. */
  const withHandOver = (attempt: () => void) => {
    handOvers.delete(handOver);
    handOvers.add(handOver);
    attempt();
  };

  const start = (): PusherInternals => {
    const instance = new Pusher(config.key, {
      cluster: config.cluster ?? '',
      wsHost: config.host,
      wsPort: config.port,
      wssPort: config.port,
      wsPath: config.path,
      forceTLS: config.tls,
      // Anything else falls back to a host of somebody else's.
      enabledTransports: config.tls ? ['ws', 'wss'] : ['ws'],
      // The kit asks for a sign of life itself, and judges the answer with a sleeping tab in mind.
      activityTimeout: 1_000_000_000,
      pongTimeout: 1_000_000_000,
      unavailableTimeout: 1_000_000_000,
      channelAuthorization: {
        transport: 'ajax',
        endpoint: config.authEndpoint,
        customHandler: (
          { socketId, channelName }: { socketId: string; channelName: string },
          callback: AuthorizationCallback<ChannelAuthorization>,
        ) => {
          void guard.authorize(channelName, socketId, (answer) => callback(null, answer));
        },
      },
      userAuthentication: {
        transport: 'ajax',
        endpoint: config.userAuthEndpoint,
        customHandler: (
          { socketId }: { socketId: string },
          callback: AuthorizationCallback<UserAuthentication>,
        ) => {
          void guard.authenticate(socketId, (answer) => callback(null, answer));
        },
      },
    });
    // The kit alone says when to try again. On a close with 42xx pusher-js would set two timers and forget one.
    instance.connection.retryIn = () => {};
    instance.connection.bind('connected', (data: { socket_id: string }) => {
      // Whoever heard of it before may have ended it; pusher-js tells the others all the same.
      if (instance.connection.state !== 'connected') return;
      handOvers.delete(handOver);
      socketId = data.socket_id;
      if (socket) readDirectly(socket, events.frame);
      events.connected(socketId);
    });
    instance.connection.bind('message', (frame: Frame) => {
      // pusher-js decrypts later, and hands the readable event to its channel alone.
      if (frame.channel?.startsWith('private-encrypted-') && !isProtocolEvent(frame.event)) return;
      events.frame(frame);
    });
    instance.connection.bind('error', (report: PusherErrorReport) => {
      const data = report.error?.data ?? report.data;
      if (data) events.error(data.code ?? undefined, data.message ?? '');
    });
    return instance;
  };

  return {
    connect() {
      withHandOver(() => {
        // The constructor connects by itself.
        if (pusher) pusher.connect();
        else pusher = start();
      });
    },
    disconnect() {
      handOvers.delete(handOver);
      pusher?.disconnect();
      // After a handshake that it could not read, pusher-js knows of none.
      socket?.close();
    },
    send: (event, data, channel) => pusher?.connection.send_event(event, data, channel) ?? false,
    async subscribe(name) {
      if (!pusher) return;
      if (describeChannel(name).type !== 'encrypted') {
        pusher.subscribe(name);
        return;
      }
      waiting.add(name);
      pusher.config.nacl ??= (await import('tweetnacl')).default;
      if (waiting.delete(name)) subscribeEncrypted(pusher, name, events);
    },
    leave(name) {
      waiting.delete(name);
      if (!pusher?.channels.channels[name]) return;
      // To unsubscribe in pusher-js' own way would leave a ghost as long as an answer is under way.
      pusher.channels.remove(name);
      pusher.connection.send_event('pusher:unsubscribe', { channel: name });
    },
    signIn() {
      pusher?.signin();
    },
    get signedIn() {
      return pusher?.user.signinDonePromise;
    },
  };
}

/** The events of an encrypted channel are readable on the channel alone. */
function subscribeEncrypted(pusher: PusherInternals, name: string, events: LinkEvents): void {
  const known = pusher.channels.channels[name];
  const channel = pusher.subscribe(name);
  if (known) return;
  channel.bind_global((event, data) => {
    if (!isProtocolEvent(event)) events.frame({ event, channel: name, data });
  });
}
