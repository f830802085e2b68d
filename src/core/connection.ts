/**
 * The one connection: when it is wanted, what it says of itself, and when it tries again. Its status
 * is made from the socket, the codes of the service, the network and a watch over silence, and flips
 * at the moment of the event.
 */
import type { ResolvedConfig } from './config.js';
import {
  type CloseAction,
  closeAction,
  droppedError,
  offlineError,
  refusedError,
  silentError,
  unansweredError,
  unreachableError,
  unreadableError,
} from './connection-errors.js';
import type { Environment, Timer, WakeReason } from './environment.js';
import { codeNotLoaded, type RealtimeError } from './errors.js';
import { Heartbeat } from './heartbeat.js';
import { Observable, type Undo, undoAll } from './observable.js';
import { type Frame, type Guard, openLink, type PusherLink } from './pusher.js';

/** Where the connection stands. */
export type ConnectionStatus =
  /** Nothing on the page needs a connection. */
  | 'idle'
  /** The first connection is being made. */
  | 'connecting'
  | 'connected'
  /** There was a connection, and it is being made again. */
  | 'reconnecting'
  /** The device has no network. */
  | 'offline'
  /** The service, or the configuration, says no; `error` has the reason. */
  | 'refused'
  /** Closed by `disconnect()`. */
  | 'disconnected'
  /** Switched off by configuration. */
  | 'disabled';

/** What the protocol asks for after a close with 4100 to 4199. */
const LEAST_WAIT_MS = 1_000;
/** A connection that lasted this long starts the backoff anew; a shorter one was part of the trouble. */
const STABLE_MS = 10_000;

export class Connection {
  /** Status, reason, `lost` or the time of the next attempt changed. */
  readonly changes = new Observable();
  /** A new connection was made: channels are to be asked for. */
  readonly opened = new Observable<string>();
  /** The connection is gone. */
  readonly closed = new Observable();
  readonly frames = new Observable<Frame>();
  /** An error frame that leaves the connection open. */
  readonly errorFrames = new Observable<{ code: number | undefined; message: string }>();
  /** What the page should hear of, once per kind of trouble. */
  readonly errors = new Observable<RealtimeError>();

  readonly #config: ResolvedConfig;
  readonly #world: Environment;
  readonly #guard: Guard;
  readonly #heartbeat: Heartbeat;
  #loading: Promise<PusherLink> | undefined;
  #link: PusherLink | undefined;
  #status: ConnectionStatus;
  #error: RealtimeError | undefined;
  #lost = false;
  #since: number;
  #socketId = '';
  #attempts = 0;
  #retryAt: number | undefined;
  #everConnected = false;
  #needs = 0;
  /** What a person or a script asked for by hand; wins over needs. */
  #byHand: 'open' | 'closed' | undefined;
  /** Grows with every attempt: what belongs to an older one is ignored. */
  #generation = 0;
  #connectedAt = 0;
  #idleTimer: Timer | undefined;
  #attemptTimer: Timer | undefined;
  #retryTimer: Timer | undefined;
  #lostTimer: Timer | undefined;
  #undoWorld: Undo | undefined;

  constructor(config: ResolvedConfig, guard: Guard) {
    this.#config = config;
    this.#world = config.environment;
    this.#guard = guard;
    const ping = () => this.#socketId !== '' && (this.#link?.send('pusher:ping', {}) ?? false);
    this.#heartbeat = new Heartbeat(config, ping, () => this.#fail(silentError(), 'backoff'));
    this.#status = config.enabled ? 'idle' : 'disabled';
    this.#since = this.#world.now();
  }

  get status(): ConnectionStatus {
    return this.#status;
  }
  /** When the status became what it is, in milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }
  /** No connection for five seconds although one is wanted. What interrupts people waits for this. */
  get lost(): boolean {
    return this.#lost;
  }
  /** Why there is no connection. */
  get error(): RealtimeError | undefined {
    return this.#error;
  }
  /** Milliseconds from a ping to its pong. */
  get pongs(): Observable<number> {
    return this.#heartbeat.pongs;
  }
  /** Empty while there is no connection. */
  get socketId(): string {
    return this.#socketId;
  }
  /** Attempts since the last connection that lasted. */
  get attempts(): number {
    return this.#attempts;
  }
  /** When the next attempt is due, in milliseconds since 1970. */
  get retryAt(): number | undefined {
    return this.#retryAt;
  }
  /** pusher-js, once its code has come. */
  get link(): PusherLink | undefined {
    return this.#link;
  }

  /** Keeps the connection open until the undo is called; it closes a grace after the last. */
  need(): Undo {
    this.#needs += 1;
    this.#world.clearTimeout(this.#idleTimer);
    this.#openIfWanted();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#needs -= 1;
      this.#closeWhenIdle();
    };
  }

  /** Opens, and keeps open whether or not something needs it. */
  connect(): void {
    this.#byHand = 'open';
    this.#openIfWanted();
  }

  /** Closes until `connect()` or `retry()`. */
  disconnect(): void {
    if (this.#status === 'disabled') return;
    this.#byHand = 'closed';
    this.#close('disconnected');
  }

  /** Tries at once, whatever the backoff says. */
  retry(): void {
    // Who asks by hand means it, also when nothing on the page needs a connection.
    if (this.#byHand === 'closed') this.#byHand = this.#needs > 0 ? undefined : 'open';
    if (this.#status === 'connected' || this.#status === 'disabled' || !this.#wanted || this.#config.problem)
      return;
    this.#attempt();
  }

  /** Closes and opens again at once: what the service knows of this socket belongs to somebody else. */
  restart(): void {
    if (this.#socketId) this.#attempt();
  }

  /** Asks the service for a sign of life; `pongs` has the answer. False when there is no connection. */
  ping(): boolean {
    return this.#heartbeat.ping();
  }

  get #wanted(): boolean {
    return this.#byHand === undefined ? this.#needs > 0 : this.#byHand === 'open';
  }

  #openIfWanted(): void {
    if (!this.#wanted || (this.#status !== 'idle' && this.#status !== 'disconnected')) return;
    if (this.#config.problem) {
      this.#setStatus('refused', this.#config.problem);
      this.errors.emit(this.#config.problem);
      return;
    }
    this.#attempt();
  }

  #closeWhenIdle(): void {
    // Closed by hand is closed already, also while those who hear of it let go.
    if (this.#wanted || this.#byHand === 'closed') return;
    if (this.#status === 'disabled' || this.#status === 'disconnected') return;
    this.#world.clearTimeout(this.#idleTimer);
    this.#idleTimer = this.#world.setTimeout(() => {
      if (!this.#wanted) this.#close('idle');
    }, this.#config.timing.idleMs);
  }

  #close(status: 'idle' | 'disconnected'): void {
    if (!this.#leaveAttempt()) return;
    this.#undoWorld?.();
    this.#undoWorld = undefined;
    this.#attempts = 0;
    this.#everConnected = false;
    this.#setStatus(status, undefined);
    // Somebody may have come while it closed.
    this.#openIfWanted();
  }

  /**
   * Ends whatever attempt or connection there is, and every timer that belongs to it. False when
   * somebody who heard of that has begun or ended something in turn: then theirs counts.
   */
  #leaveAttempt(): boolean {
    this.#generation += 1;
    const generation = this.#generation;
    for (const timer of [this.#attemptTimer, this.#retryTimer, this.#idleTimer]) {
      this.#world.clearTimeout(timer);
    }
    this.#retryAt = undefined;
    this.#heartbeat.stop();
    const wasConnected = this.#socketId !== '';
    this.#socketId = '';
    this.#link?.disconnect();
    if (wasConnected) this.closed.emit();
    return generation === this.#generation;
  }

  #attempt(): void {
    if (!this.#leaveAttempt()) return;
    const generation = this.#generation;
    this.#undoWorld ??= this.#watchWorld();
    this.#attemptTimer = this.#world.setTimeout(() => {
      this.#fail(unansweredError(), 'backoff');
    }, this.#config.timing.attemptMs);
    this.#showWaiting();
    if (generation !== this.#generation) return;
    this.#loading ??= this.#makeLink();
    this.#loading.then(
      (link) => {
        if (generation === this.#generation) link.connect();
      },
      (cause: unknown) => {
        this.#loading = undefined;
        if (generation !== this.#generation) return;
        this.#fail(codeNotLoaded('the connection', cause), 'backoff');
      },
    );
  }

  async #makeLink(): Promise<PusherLink> {
    this.#link = await openLink(this.#config, this.#guard, {
      socket: (socket) => this.#watchSocket(socket),
      connected: (socketId) => this.#onConnected(socketId),
      frame: (frame) => this.#onFrame(frame),
      unreadable: (cause) => this.errors.emit(unreadableError(cause)),
      error: (code, message) => {
        if (this.#socketId) this.errorFrames.emit({ code, message });
        else if (code !== undefined && code >= 4000) this.#failWithCode(code, message);
      },
    });
    return this.#link;
  }

  #watchSocket(socket: WebSocket): void {
    const generation = this.#generation;
    // A socket that was opened early may be open by now.
    let opened = socket.readyState === WebSocket.OPEN;
    socket.addEventListener('open', () => {
      opened = true;
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (generation !== this.#generation) return;
      if (code >= 4000) this.#failWithCode(code, reason);
      else this.#fail(opened ? droppedError(code) : unreachableError(), 'backoff');
    });
  }

  #onConnected(socketId: string): void {
    this.#world.clearTimeout(this.#attemptTimer);
    this.#everConnected = true;
    this.#socketId = socketId;
    this.#connectedAt = this.#world.now();
    this.#heartbeat.start();
    this.#setStatus('connected', undefined);
    if (this.#socketId === socketId) this.opened.emit(socketId);
  }

  #onFrame(frame: Frame): void {
    this.#heartbeat.hear(frame.event);
    const socketId = this.#socketId;
    // The device said that it has no network, and yet it hears: what it hears counts.
    if (this.#status === 'offline' && socketId) this.#setStatus('connected', undefined);
    // Whoever hears of that may switch the user: then the frame is nobody's any more.
    if (socketId === this.#socketId) this.frames.emit(frame);
  }

  #failWithCode(code: number, message: string): void {
    const action = closeAction(code);
    this.#fail(action === 'refused' ? refusedError(code, message) : droppedError(code, message), action);
  }

  /** An attempt failed or the connection was lost: says so, and plans the next attempt. */
  #fail(error: RealtimeError, action: CloseAction): void {
    const stable = this.#socketId !== '' && this.#world.now() - this.#connectedAt >= STABLE_MS;
    if (!this.#leaveAttempt()) return;
    if (stable) this.#attempts = 0;
    const isRefused = action === 'refused';
    const reason = isRefused || this.#world.online ? error : offlineError();
    const first = this.#error?.code !== reason.code;
    this.#planRetry(action);
    this.#setStatus(isRefused ? 'refused' : this.#waitingStatus, reason);
    if (first) this.errors.emit(reason);
  }

  #planRetry(action: CloseAction): void {
    const { backoffBaseMs, backoffCapMs, refusedMs } = this.#config.timing;
    const window = Math.min(backoffCapMs, backoffBaseMs * 2 ** this.#attempts);
    // Full jitter: those who were dropped together must not come back together.
    let delayMs = this.#world.random() * window + (action === 'wait' ? LEAST_WAIT_MS : 0);
    if (action === 'refused') delayMs = refusedMs * (0.5 + this.#world.random());
    if (action === 'immediate' && this.#attempts === 0) delayMs = 0;
    this.#attempts += 1;
    this.#retryAt = this.#world.now() + delayMs;
    this.#retryTimer = this.#world.setTimeout(() => this.#attempt(), delayMs);
  }

  /** What is true while there is no connection and one is wanted. */
  get #waitingStatus(): ConnectionStatus {
    if (!this.#world.online) return 'offline';
    return this.#everConnected ? 'reconnecting' : 'connecting';
  }

  /** An attempt begins, or waits for the page: what is true now, and the reason as far as it still holds. */
  #showWaiting(): void {
    // A refusal stays on show until the service has changed its mind.
    const status = this.#status === 'refused' ? 'refused' : this.#waitingStatus;
    if (status === 'offline') this.#setStatus(status, offlineError());
    else this.#setStatus(status, this.#status === 'offline' ? undefined : this.#error);
  }

  #setStatus(status: ConnectionStatus, error: RealtimeError | undefined): void {
    const changed = this.#status !== status;
    this.#error = error;
    this.#status = status;
    if (changed) this.#since = this.#world.now();
    this.#updateLost();
    this.changes.emit();
  }

  /** Starts or ends the five seconds after which people are told. */
  #updateLost(): void {
    const calm =
      this.#status === 'connected' ||
      this.#status === 'idle' ||
      this.#status === 'disconnected' ||
      this.#status === 'disabled';
    if (calm) {
      this.#world.clearTimeout(this.#lostTimer);
      this.#lostTimer = undefined;
      this.#lost = false;
      return;
    }
    if (this.#lost) return;
    this.#lostTimer ??= this.#world.setTimeout(() => {
      this.#lost = true;
      this.changes.emit();
    }, this.#config.timing.lostMs);
  }

  #watchWorld(): Undo {
    const undos = [
      this.#world.onWake((reason) => this.#onWake(reason)),
      this.#world.onOffline(() => this.#onOffline()),
      this.#world.onFreeze(() => this.#onFreeze()),
    ];
    return undoAll(undos);
  }

  #onWake(reason: WakeReason): void {
    if (this.#socketId) {
      this.#heartbeat.check(reason === 'online');
      if (this.#status === 'offline' && this.#world.online) this.#setStatus('connected', undefined);
      return;
    }
    // What an attempt began without a network hangs; a refusal rarely passes because somebody looks at the page.
    const isNew = reason === 'online' || reason === 'restored';
    const isDue = this.#retryAt !== undefined && this.#status !== 'refused';
    if (this.#wanted && (isNew || isDue)) this.#attempt();
  }

  #onOffline(): void {
    if (this.#status === 'connected' || this.#status === 'reconnecting' || this.#status === 'connecting') {
      if (this.#socketId) this.#heartbeat.check(true);
      this.#setStatus('offline', offlineError());
    }
  }

  /** Into the back/forward cache: a page with an open socket may be evicted, and its timers stand still. */
  #onFreeze(): void {
    // It was to be closed in a moment, which would not come.
    if (!this.#wanted) this.#close('idle');
    if (!this.#wanted || this.#config.problem || !this.#leaveAttempt()) return;
    this.#showWaiting();
    this.#world.clearTimeout(this.#lostTimer);
    this.#lostTimer = undefined;
  }
}
