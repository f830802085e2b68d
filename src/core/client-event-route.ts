/**
 * The way of a client event to the other members of its channel, within what the service allows: ten
 * in a second. Beyond that the service drops events, and says so of none in particular.
 */
import { limits } from '../protocol.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import type { Draft } from './message.js';
import { Observable } from './observable.js';
import { TokenBucket } from './token-bucket.js';

/** A second, and what a network may shorten it by: the service counts arrivals. */
const WINDOW_MS = 1_100;
const REFUSED_CODE = 4301;

/** The service refused a client event. It names the channel, or nothing. */
export interface ClientEventRefusal {
  readonly channel: string | undefined;
  readonly reason: string;
  /** Whether there was another within this second. */
  readonly isRepeat: boolean;
}

export class ClientEventRoute {
  readonly refusals = new Observable<ClientEventRefusal>();
  readonly #world: Environment;
  readonly #connection: Connection;
  readonly #bucket: TokenBucket;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(world: Environment, connection: Connection) {
    this.#world = world;
    this.#connection = connection;
    this.#bucket = new TokenBucket(world, limits.clientEventsPerSecond, WINDOW_MS);
    connection.frames.subscribe(({ event, channel, data }) => {
      const { code, message } = (data ?? {}) as { code?: unknown; message?: unknown };
      if (event === 'pusher:error' && code === REFUSED_CODE)
        this.#onRefused(channel, typeof message === 'string' ? message : '');
    });
  }

  /** Client events that may leave now. */
  get remaining(): number {
    return this.#bucket.remaining;
  }
  /** Milliseconds until the next may leave; 0 when one may now. */
  get retryAfter(): number {
    return this.#bucket.retryAfter;
  }

  /**
   * Resolves with whether the event has reached the socket. pusher-js gives it to the socket in a task
   * of its own: with the connection gone before that task it has not left, with the connection gone
   * around that task nobody knows.
   */
  send({ event, data, channel }: Draft): Promise<'left' | 'stayed' | 'unknown'> {
    const { link, socketId } = this.#connection;
    const isOpen = () => this.#connection.socketId === socketId;
    // Timers of one length run in their order: this one, that of pusher-js, the one below.
    let wasOpen = false;
    this.#world.setTimeout(() => {
      wasOpen = isOpen();
    }, 0);
    if (!link?.send(event, data, channel)) return Promise.resolve('stayed');
    this.#bucket.take();
    return new Promise((resolve) => {
      this.#world.setTimeout(() => {
        if (isOpen()) resolve('left');
        else resolve(wasOpen ? 'unknown' : 'stayed');
      }, 0);
    });
  }

  #onRefused(channel: string | undefined, reason: string): void {
    const now = this.#world.now();
    const isRepeat = now - this.#refusedAt < WINDOW_MS;
    this.#refusedAt = now;
    this.#bucket.drain();
    this.refusals.emit({ channel, reason, isRepeat });
  }
}
