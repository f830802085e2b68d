/**
 * The one connection: when it is wanted, what it says of itself, and when it tries again. Its status
 * is made from the socket, the codes of the service, the network and a watch over silence, and flips
 * at the moment of the event.
 */
import type { ResolvedConfig } from './config.js';
import type { Environment, Timer, WakeReason } from './environment.js';
import { RealtimeError } from './errors.js';
import { Observable, type Undo } from './observable.js';
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

/** Close codes by what the protocol asks of a client. */
type CloseAction = 'refused' | 'backoff' | 'immediate';

/** A timer this late was held back by a sleeping or throttled tab: its verdict is worth nothing. */
const LATE_TIMER_MS = 2_000;
/** After a wake the answer to a ping is expected sooner: the person is looking. */
const WAKE_PONG_MS = 4_000;
/** A wake is no reason to ask a server that spoke a moment ago. */
const FRESH_MS = 5_000;
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
  /** Milliseconds from a ping to its pong. */
  readonly pongs = new Observable<number>();
  /** What the page should hear of, once per kind of trouble. */
  readonly errors = new Observable<RealtimeError>();

  readonly #config: ResolvedConfig;
  readonly #world: Environment;
  readonly #guard: Guard;
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
  #pingSentAt: number | undefined;
  #lastFrameAt = 0;
  #connectedAt = 0;
  #idleTimer: Timer | undefined;
  #attemptTimer: Timer | undefined;
  #retryTimer: Timer | undefined;
  #lostTimer: Timer | undefined;
  #watchTimer: Timer | undefined;
  #undoWorld: Undo | undefined;

  constructor(config: ResolvedConfig, guard: Guard) {
    this.#config = config;
    this.#world = config.environment;
    this.#guard = guard;
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
    if (this.#byHand === 'closed') this.#byHand = undefined;
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
    const sent = this.#socketId !== '' && (this.#link?.send('pusher:ping', {}) ?? false);
    if (sent) this.#pingSentAt = this.#world.now();
    return sent;
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
    this.#undoWorld ??= this.#watchWorld();
    this.#attempt();
  }

  #closeWhenIdle(): void {
    if (this.#wanted || this.#status === 'disabled' || this.#status === 'disconnected') return;
    this.#world.clearTimeout(this.#idleTimer);
    this.#idleTimer = this.#world.setTimeout(() => {
      if (!this.#wanted) this.#close('idle');
    }, this.#config.timing.idleMs);
  }

  #close(status: 'idle' | 'disconnected'): void {
    this.#leaveAttempt();
    this.#undoWorld?.();
    this.#undoWorld = undefined;
    this.#attempts = 0;
    this.#everConnected = false;
    this.#setStatus(status, undefined);
  }

  /** Ends whatever attempt or connection there is, and every timer that belongs to it. */
  #leaveAttempt(): void {
    this.#generation += 1;
    for (const timer of [this.#attemptTimer, this.#retryTimer, this.#watchTimer, this.#idleTimer]) {
      this.#world.clearTimeout(timer);
    }
    this.#retryAt = undefined;
    this.#pingSentAt = undefined;
    const wasConnected = this.#socketId !== '';
    this.#socketId = '';
    this.#link?.disconnect();
    if (wasConnected) this.closed.emit();
  }

  #attempt(): void {
    this.#leaveAttempt();
    const generation = this.#generation;
    // A refusal stays on show until the service has changed its mind.
    this.#setStatus(this.#status === 'refused' ? 'refused' : this.#waitingStatus, this.#error);
    this.#attemptTimer = this.#world.setTimeout(() => {
      const error = new RealtimeError('timeout/connection', 'The service did not answer in time.', {
        hint: 'Check host and port, and whether a firewall or proxy blocks WebSockets.',
        retryable: true,
      });
      this.#fail(error, 'backoff');
    }, this.#config.timing.attemptMs);
    this.#loading ??= this.#makeLink();
    this.#loading.then(
      (link) => {
        if (generation === this.#generation) link.connect();
      },
      (cause: unknown) => {
        this.#loading = undefined;
        if (generation !== this.#generation) return;
        const error = new RealtimeError(
          'connection/code-not-loaded',
          'The code for the connection could not be loaded.',
          {
            hint: 'Check that the kit’s files can be reached and that the page’s security policy allows them.',
            retryable: true,
            cause,
          },
        );
        this.#fail(error, 'backoff');
      },
    );
  }

  async #makeLink(): Promise<PusherLink> {
    this.#link = await openLink(this.#config, this.#guard, {
      socket: (socket) => this.#watchSocket(socket),
      connected: (socketId) => this.#onConnected(socketId),
      frame: (frame) => this.#onFrame(frame),
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
    this.#lastFrameAt = this.#connectedAt;
    this.#setStatus('connected', undefined);
    this.#watchSilence();
    this.opened.emit(socketId);
  }

  #onFrame(frame: Frame): void {
    this.#lastFrameAt = this.#world.now();
    if (frame.event === 'pusher:pong' && this.#pingSentAt !== undefined) {
      this.pongs.emit(this.#lastFrameAt - this.#pingSentAt);
      this.#pingSentAt = undefined;
    }
    // The device said that it has no network, and yet it hears: what it hears counts.
    if (this.#status === 'offline' && this.#socketId) this.#setStatus('connected', undefined);
    this.frames.emit(frame);
  }

  #failWithCode(code: number, message: string): void {
    const action = closeAction(code);
    this.#fail(action === 'refused' ? refusedError(code, message) : droppedError(code, message), action);
  }

  /** An attempt failed or the connection was lost: says so, and plans the next attempt. */
  #fail(error: RealtimeError, action: CloseAction): void {
    const stable = this.#socketId !== '' && this.#world.now() - this.#connectedAt >= STABLE_MS;
    this.#leaveAttempt();
    if (stable) this.#attempts = 0;
    const first = this.#error?.code !== error.code;
    this.#setStatus(action === 'refused' ? 'refused' : this.#waitingStatus, error);
    this.#planRetry(action);
    if (first) this.errors.emit(error);
  }

  #planRetry(action: CloseAction): void {
    const { backoffBaseMs, backoffCapMs, refusedMs } = this.#config.timing;
    const window = Math.min(backoffCapMs, backoffBaseMs * 2 ** this.#attempts);
    // Full jitter: those who were dropped together must not come back together.
    let delayMs = this.#world.random() * window;
    if (action === 'refused') delayMs = refusedMs * (0.5 + this.#world.random());
    if (action === 'immediate' && this.#attempts === 0) delayMs = 0;
    this.#attempts += 1;
    this.#retryAt = this.#world.now() + delayMs;
    this.#retryTimer = this.#world.setTimeout(() => this.#attempt(), delayMs);
    this.changes.emit();
  }

  /** What is true while there is no connection and one is wanted. */
  get #waitingStatus(): ConnectionStatus {
    if (!this.#world.online) return 'offline';
    return this.#everConnected ? 'reconnecting' : 'connecting';
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

  /** Asks for a sign of life from time to time: for the latency while somebody looks, else only when it is silent. */
  #watchSilence(): void {
    const { silenceMs, pongMs } = this.#config.timing;
    this.#watchTimer = this.#world.setTimeout(() => {
      const silent = this.#world.now() - this.#lastFrameAt >= silenceMs;
      if (silent || this.#world.visible) this.#askForLife(pongMs, false);
      else this.#watchSilence();
    }, silenceMs);
  }

  #askForLife(pongMs: number, again: boolean): void {
    this.#world.clearTimeout(this.#watchTimer);
    const askedAt = this.#world.now();
    this.ping();
    this.#watchTimer = this.#world.setTimeout(() => {
      if (this.#lastFrameAt >= askedAt && this.#lastFrameAt > 0 && this.#pingSentAt === undefined) {
        this.#watchSilence();
        return;
      }
      // A tab that slept hears its timer before the answer that waits behind it: one more question.
      const late = this.#world.now() - askedAt > pongMs + LATE_TIMER_MS;
      if (late && !again) this.#askForLife(WAKE_PONG_MS, true);
      else this.#fail(silentError(), 'backoff');
    }, pongMs);
  }

  #watchWorld(): Undo {
    const undos = [
      this.#world.onWake((reason) => this.#onWake(reason)),
      this.#world.onOffline(() => this.#onOffline()),
      this.#world.onFreeze(() => this.#onFreeze()),
    ];
    return () => {
      for (const undo of undos) undo();
    };
  }

  #onWake(reason: WakeReason): void {
    if (this.#socketId) {
      if (this.#status === 'offline') this.#setStatus('connected', undefined);
      const fresh = this.#world.now() - this.#lastFrameAt < FRESH_MS;
      if (this.#pingSentAt === undefined && (!fresh || reason === 'online'))
        this.#askForLife(WAKE_PONG_MS, false);
      return;
    }
    // A refusal rarely passes because somebody looks at the page.
    const refused = this.#status === 'refused' && reason !== 'online' && reason !== 'restored';
    if (this.#wanted && !refused && (this.#retryAt !== undefined || reason === 'restored')) this.#attempt();
  }

  #onOffline(): void {
    if (this.#status === 'connected' || this.#status === 'reconnecting' || this.#status === 'connecting') {
      this.#setStatus('offline', offlineError());
      if (this.#socketId) this.#askForLife(WAKE_PONG_MS, false);
    }
  }

  /** Into the back/forward cache: a page with an open socket may be evicted, and its timers stand still. */
  #onFreeze(): void {
    if (!this.#wanted || this.#config.problem) return;
    this.#leaveAttempt();
    this.#world.clearTimeout(this.#lostTimer);
    this.#lostTimer = undefined;
    this.#status = this.#everConnected ? 'reconnecting' : 'connecting';
    this.changes.emit();
  }
}

function closeAction(code: number): CloseAction {
  if (code < 4100) return 'refused';
  if (code < 4200) return 'backoff';
  if (code < 4300) return 'immediate';
  return 'refused';
}

function droppedError(code: number, message = ''): RealtimeError {
  return new RealtimeError(
    'connection/dropped',
    `The connection was closed (${code}${message && `: ${message}`}).`,
    {
      hint: 'It is being made again; nothing needs to be done.',
      retryable: true,
    },
  );
}

function unreachableError(): RealtimeError {
  return new RealtimeError('connection/unreachable', 'The service cannot be reached.', {
    hint: 'Check host and port, and whether a firewall or proxy blocks WebSockets.',
    retryable: true,
  });
}

function silentError(): RealtimeError {
  return new RealtimeError('connection/silent', 'The connection was open, but nothing answered.', {
    hint: 'The network was probably cut without notice; the connection is being made again.',
    retryable: true,
  });
}

function offlineError(): RealtimeError {
  return new RealtimeError('connection/offline', 'The device has no network.', {
    hint: 'Check Wi-Fi or cable; the connection comes back by itself.',
    retryable: true,
  });
}

function refusedError(code: number, message: string): RealtimeError {
  const [name, explanation, hint] = refusals[code] ?? [
    'refused',
    'The service refused the connection',
    'Check the app’s settings.',
  ];
  return new RealtimeError(`connection/${name}`, `${explanation} (${code}${message && `: ${message}`}).`, {
    hint,
    retryable: true,
  });
}

const refusals: Record<number, [name: string, explanation: string, hint: string]> = {
  4000: ['tls-only', 'The app accepts encrypted connections only', 'Remove data-tls="false".'],
  4001: [
    'unknown-key',
    'The service knows no app with this key',
    'Check data-key and data-cluster: a key belongs to one cluster.',
  ],
  4003: ['app-disabled', 'The app is disabled', 'Enable it in the service’s dashboard.'],
  4004: [
    'over-quota',
    'The app has reached its limit of connections',
    'It is tried again every minute; raise the plan’s limit.',
  ],
  4005: ['wrong-path', 'The service does not know this path', 'Check data-path and data-host.'],
  4009: ['unauthorized', 'The service ended the connection of this user', 'Sign in again.'],
};
