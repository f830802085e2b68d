/** An engine under a clock that the test moves, and clients that speak to it with nothing between. */
import FakeTimers, { type Clock as FakeClock } from '@sinonjs/fake-timers';
import Pusher from 'pusher';
import type { Clock } from '../../src/emulator/clock.js';
import { EmulatorEngine, type Session } from '../../src/emulator/engine.js';
import type { EngineOptions } from '../../src/emulator/options.js';
import type { WireFrame } from './clients.js';

/** A clock that stands still until the test ticks it. */
export function manualClock(): { clock: Clock; time: FakeClock } {
  const time = FakeTimers.createClock(1_700_000_000_000);
  const clock: Clock = {
    now: () => time.now,
    setTimeout: (callback, delayMs) => time.setTimeout(callback, delayMs),
    clearTimeout: (handle) => time.clearTimeout(handle as number),
    random: Math.random,
  };
  return { clock, time };
}

/** An engine and the clock that moves it. */
export function engineWithClock(options: EngineOptions = {}): { engine: EmulatorEngine; time: FakeClock } {
  const { clock, time } = manualClock();
  return { engine: new EmulatorEngine({ clock, ...options }), time };
}

/** The official SDK, here for its signatures alone. */
export function signerOf(engine: EmulatorEngine, appId?: string): Pusher {
  const { id, key, secret } = engine.app(appId).settings;
  const encryptionMasterKeyBase64 = Buffer.alloc(32, 7).toString('base64');
  return new Pusher({ appId: id, key, secret, host: 'localhost', encryptionMasterKeyBase64 });
}

/** One client of an engine. Everything that it is sent stands in `frames`. */
export class EngineClient {
  readonly frames: WireFrame[] = [];
  readonly session: Session;
  /** Empty when the connection was refused. */
  readonly socketId: string;
  /** How the connection ended, once it has. */
  ending: { code: number; reason: string } | undefined;
  /** Bytes that this client is behind; a test may set it. */
  bufferedBytes = 0;
  readonly #signer: Pusher;

  constructor(engine: EmulatorEngine, target?: string) {
    this.#signer = signerOf(engine);
    const { key } = engine.app().settings;
    const client = this;
    this.session = engine.connect(target ?? `/app/${key}?protocol=7&client=js&version=8.6.0`, {
      get bufferedBytes() {
        return client.bufferedBytes;
      },
      send: (text) => this.frames.push(JSON.parse(text) as WireFrame),
      close: (code, reason) => {
        this.ending = { code, reason };
      },
      terminate: () => {
        this.ending = { code: 1006, reason: '' };
        // As a socket does: its end is heard later.
        queueMicrotask(() => this.session.disconnected(1006));
      },
    });
    const hello = (this.lastData ?? {}) as { socket_id?: string };
    this.socketId = hello.socket_id ?? '';
  }

  get closeCode(): number | undefined {
    return this.ending?.code;
  }

  get isOpen(): boolean {
    return this.ending === undefined;
  }

  send(frame: unknown): void {
    this.session.receive(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Subscribes, authorized where the channel needs it. */
  subscribe(channel: string, member?: { user_id: string | number; user_info?: unknown }): void {
    const isPublic = !/^(private|presence)-/.test(channel);
    const { auth, channel_data } = isPublic
      ? { auth: '', channel_data: undefined }
      : this.#signer.authorizeChannel(this.socketId, channel, member as never);
    this.send({ event: 'pusher:subscribe', data: { channel, auth, channel_data } });
  }

  unsubscribe(channel: string): void {
    this.send({ event: 'pusher:unsubscribe', data: { channel } });
  }

  signIn(user: { id: string; user_info?: unknown; watchlist?: string[] }): void {
    this.send({
      event: 'pusher:signin',
      data: this.#signer.authenticateUser(this.socketId, user as never),
    });
  }

  /** The frames of an event that came so far, and forgets all frames. */
  take(event: string): WireFrame[] {
    const found = this.frames.filter((frame) => frame.event === event);
    this.frames.length = 0;
    return found;
  }

  /** The last frame that came. */
  get last(): WireFrame | undefined {
    return this.frames.at(-1);
  }

  /** The data of the last frame, read as JSON where it is a text. */
  get lastData(): unknown {
    const data = this.last?.data;
    return typeof data === 'string' ? JSON.parse(data) : data;
  }
}
