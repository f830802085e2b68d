/**
 * The watch over silence: a socket can be open and dead. It asks for a sign of life from time to time
 * and judges the answer with a sleeping tab in mind.
 */
import type { ResolvedConfig } from './config.js';
import type { Timer } from './environment.js';
import { Observable } from './observable.js';

/** A timer this late was held back by a sleeping or throttled tab: its verdict is worth nothing. */
const LATE_TIMER_MS = 2_000;
/** After a wake the answer is expected sooner: the person is looking. */
const WAKE_PONG_MS = 4_000;
/** A wake is no reason to ask a server that spoke a moment ago. */
const FRESH_MS = 5_000;

export class Heartbeat {
  /** Milliseconds from a ping to its pong. */
  readonly pongs = new Observable<number>();

  readonly #config: ResolvedConfig;
  readonly #send: () => boolean;
  readonly #onDead: () => void;
  /** For the latency. */
  #pingSentAt: number | undefined;
  /** Whether a verdict is due, and nothing has been heard since the question. */
  #isAsking = false;
  #heardAt = 0;
  #timer: Timer | undefined;

  /**
   * @param send Sends a ping; false when there is nothing to send on.
   * @param onDead Called when the socket is open and nobody answers.
   */
  constructor(config: ResolvedConfig, send: () => boolean, onDead: () => void) {
    this.#config = config;
    this.#send = send;
    this.#onDead = onDead;
  }

  /** A connection was made. */
  start(): void {
    this.#heardAt = this.#config.environment.now();
    this.#wait();
  }

  /** The connection is gone. */
  stop(): void {
    this.#config.environment.clearTimeout(this.#timer);
    this.#pingSentAt = undefined;
    this.#isAsking = false;
  }

  /** A frame has come; any frame is a sign of life, not only the pong. */
  hear(event: string): void {
    this.#isAsking = false;
    this.#heardAt = this.#config.environment.now();
    if (event !== 'pusher:pong' || this.#pingSentAt === undefined) return;
    this.pongs.emit(this.#heardAt - this.#pingSentAt);
    this.#pingSentAt = undefined;
  }

  /** Asks for a sign of life; `pongs` has the answer. False when there is nothing to ask on. */
  ping(): boolean {
    const sent = this.#send();
    if (sent) this.#pingSentAt = this.#config.environment.now();
    return sent;
  }

  /** Something happened to the page or its network: asks at once, unless the service spoke a moment ago. */
  check(evenWhenFresh: boolean): void {
    if (!this.#isAsking && (evenWhenFresh || this.#silentMs >= FRESH_MS)) this.#ask(WAKE_PONG_MS, false);
  }

  /** Whoever sets the clock back by an hour has not heard anything since. */
  get #silentMs(): number {
    return Math.abs(this.#config.environment.now() - this.#heardAt);
  }

  /** Until the next question: for the latency while somebody looks, else only when it has been silent. */
  #wait(): void {
    const { environment: world, timing } = this.#config;
    this.#timer = world.setTimeout(() => {
      if (this.#silentMs >= timing.silenceMs || world.visible) this.#ask(timing.pongMs, false);
      else this.#wait();
    }, timing.silenceMs);
  }

  #ask(pongMs: number, again: boolean): void {
    const world = this.#config.environment;
    world.clearTimeout(this.#timer);
    const askedAt = world.now();
    this.#isAsking = this.ping();
    this.#timer = world.setTimeout(() => {
      if (!this.#isAsking) {
        this.#wait();
        return;
      }
      // A tab that slept hears its timer before the answer that waits behind it: one more question.
      const late = world.now() - askedAt > pongMs + LATE_TIMER_MS;
      if (late && !again) this.#ask(WAKE_PONG_MS, true);
      else this.#onDead();
    }, pongMs);
  }
}
