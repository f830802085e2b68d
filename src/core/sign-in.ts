/**
 * Signing in: the service then knows the user behind the socket, and a backend can send to the user
 * instead of to a channel. It happens when somebody listens to the channel `#user`.
 */
import type { ChannelState, ChannelStatus } from './channels.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import { type Endpoint, retryDelayMs } from './endpoint.js';
import type { Timer } from './environment.js';
import { RealtimeError } from './errors.js';
import { asRealtimeError } from './identity.js';
import { Observable, type Undo } from './observable.js';
import type { UserAuthentication } from './pusher.js';

/** The name under which listeners hear what was sent to the user; pusher-js' own name has the user's id in it. */
export const USER_CHANNEL = '#user';

const serverToUser = '#server-to-user-';

export class SignIn {
  /** The list is another one. */
  readonly changes = new Observable();
  readonly errors = new Observable<RealtimeError>();

  readonly #config: ResolvedConfig;
  readonly #connection: Connection;
  readonly #endpoint: Endpoint;
  #holders = 0;
  #state: Pick<ChannelState, 'status' | 'error' | 'since'>;
  #mayBeSignedIn = false;
  /** Waits for the service's answer, or for the next try. */
  #timer: Timer | undefined;
  /** Ends the wait for the next try. */
  #wake: (() => void) | undefined;

  constructor(config: ResolvedConfig, connection: Connection, endpoint: Endpoint) {
    this.#config = config;
    this.#connection = connection;
    this.#endpoint = endpoint;
    this.#state = { status: 'pending', error: undefined, since: config.environment.now() };
    connection.opened.subscribe(() => {
      if (this.#holders > 0) connection.link?.signIn();
    });
    connection.closed.subscribe(() => {
      config.environment.clearTimeout(this.#timer);
      this.#wake = undefined;
      this.#mayBeSignedIn = false;
      this.#set('pending');
    });
    connection.frames.subscribe(({ event }) => {
      if (event !== 'pusher:signin_success') return;
      config.environment.clearTimeout(this.#timer);
      this.#set('subscribed');
    });
  }

  /** Whether anybody listens to the user. */
  get isWanted(): boolean {
    return this.#holders > 0;
  }
  /** Whether the service may know this socket's user: it cannot forget, also when nobody listens any more. */
  get mayBeSignedIn(): boolean {
    return this.#mayBeSignedIn;
  }

  /** As one of the channels that the page holds. */
  list(): ChannelState[] {
    const held = { name: USER_CHANNEL, type: 'private', subscriptionCount: undefined } as const;
    return this.isWanted ? [{ ...held, holders: this.#holders, ...this.#state }] : [];
  }

  /** Signs in, and stays so, until the undo is called. */
  hold(): Undo {
    const release = this.#connection.need();
    this.#holders += 1;
    if (this.#connection.socketId) this.#connection.link?.signIn();
    if (this.#holders === 1) this.retry();
    this.changes.emit();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      release();
      this.changes.emit();
    };
  }

  /** Asks at once for what was refused, or has to wait: a new token may be let in. */
  retry(): void {
    this.#wake?.();
  }

  /** The listeners' name for a frame's channel. */
  channelOf(frameChannel: string): string {
    return frameChannel.startsWith(serverToUser) ? USER_CHANNEL : frameChannel;
  }

  /** What pusher-js asks for at each connect. It hears of an answer alone, and of none for a socket that is gone. */
  async authenticate(socketId: string, pass: (answer: UserAuthentication) => void): Promise<void> {
    let told: string | undefined;
    for (let failures = 0; ; failures += 1) {
      // Once asked to sign in, pusher-js does so at each connect.
      while (!this.isWanted) await this.#wait();
      this.#mayBeSignedIn = true;
      try {
        const { body } = await this.#endpoint.post(
          this.#config.userAuthEndpoint,
          new URLSearchParams({ socket_id: socketId }),
          'sign-in',
        );
        if (this.#connection.socketId !== socketId) return;
        const answer = readAnswer(body);
        this.#expectSuccess();
        pass(answer);
        return;
      } catch (cause) {
        if (this.#connection.socketId !== socketId) return;
        const error = asRealtimeError(cause);
        const wait = this.#wait(error.retryable ? retryDelayMs(error, failures, this.#config) : undefined);
        this.#set('failed', error);
        if (this.isWanted && error.code !== told) {
          told = error.code;
          // Whoever hears of it may have another token at once.
          this.errors.emit(error);
        }
        await wait;
      }
    }
  }

  #set(status: ChannelStatus, error?: RealtimeError): void {
    const since = status === this.#state.status ? this.#state.since : this.#config.environment.now();
    this.#state = { status, error, since };
    this.changes.emit();
  }

  /** Until the time has passed, or `retry`. */
  async #wait(delayMs?: number): Promise<void> {
    const { environment: world } = this.#config;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (delayMs !== undefined) this.#timer = world.setTimeout(resolve, delayMs);
    });
    world.clearTimeout(this.#timer);
  }

  /** Some services know no sign-in and answer nothing. */
  #expectSuccess(): void {
    const { environment: world, timing } = this.#config;
    world.clearTimeout(this.#timer);
    this.#timer = world.setTimeout(() => {
      const error = new RealtimeError('timeout/sign-in', 'The service did not answer to the sign-in.', {
        hint: 'Enable user authentication for the app, or use a private channel of the user where the service has no sign-in.',
      });
      this.#set('failed', error);
      if (this.isWanted) this.errors.emit(error);
    }, timing.subscribeMs);
  }
}

function readAnswer(body: unknown): UserAuthentication {
  const { auth, user_data } = (body ?? {}) as Partial<UserAuthentication>;
  if (typeof auth === 'string' && typeof user_data === 'string') return { auth, user_data };
  throw new RealtimeError('auth/unreadable', 'The sign-in endpoint’s answer is not what pusher-js expects.', {
    hint: 'Answer {"auth": "key:signature", "user_data": "{\\"id\\": …}"}.',
  });
}
