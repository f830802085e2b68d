/**
 * Which channels the page is on. Everyone who needs a channel holds it; it is asked for once, and
 * left a grace after the last hold ends. What fails is asked for again where that can help.
 */
import { type ChannelType, describeChannel, needsAuthorization } from '../protocol.js';
import { type Authorizer, unreadableAnswer } from './authorizer.js';
import { nameProblem, rejectedError, unansweredError, warnOfOpenName } from './channel-errors.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import { retryDelayMs } from './endpoint.js';
import type { Timer } from './environment.js';
import { codeNotLoaded, type RealtimeError } from './errors.js';
import { asRealtimeError } from './identity.js';
import { Observable, type Undo } from './observable.js';
import type { ChannelAuthorization, Frame } from './pusher.js';
import { memberId } from './roster.js';

/** Where a channel stands: asked for, joined, or refused (with a retry ahead where that can help). */
export type ChannelStatus = 'pending' | 'subscribed' | 'failed';

/** What is known of one channel that the page holds. */
export interface ChannelState {
  readonly name: string;
  readonly type: ChannelType;
  readonly status: ChannelStatus;
  readonly error: RealtimeError | undefined;
  /** How many hold it. */
  readonly holders: number;
  /** When the status became what it is, in milliseconds since 1970. */
  readonly since: number;
  /** How many connections are on it, where the service tells. */
  readonly subscriptionCount: number | undefined;
}

interface Entry {
  name: string;
  status: ChannelStatus;
  error: RealtimeError | undefined;
  holders: number;
  since: number;
  subscriptionCount: number | undefined;
  failures: number;
  /** Grows whenever the channel is asked for or left: what was answered to an older question is void. */
  question: number;
  /** Whether the service has the question: a confirmation before that belongs to an older one. */
  asked: boolean;
  releaseTimer: Timer | undefined;
  /** Waits for the service's answer, or for the next try. */
  answerTimer: Timer | undefined;
}

export class Channels {
  /** A channel's state changed; the value is its name. */
  readonly changes = new Observable<string>();
  /** A presence channel was entered with this member's id, or (undefined) its old id was dropped. */
  readonly entered = new Observable<{ channel: string; userId: string | undefined }>();
  readonly errors = new Observable<RealtimeError>();

  readonly #config: ResolvedConfig;
  readonly #connection: Connection;
  readonly #authorizer: Authorizer;
  readonly #entries = new Map<string, Entry>();

  constructor(config: ResolvedConfig, connection: Connection, authorizer: Authorizer) {
    this.#config = config;
    this.#connection = connection;
    this.#authorizer = authorizer;
    connection.opened.subscribe(() => this.#subscribeAll());
    connection.closed.subscribe(() => this.#suspendAll());
    connection.frames.subscribe((frame) => this.#onFrame(frame));
    connection.errorFrames.subscribe(({ code, message }) => this.#onErrorFrame(code, message));
  }

  /** Holds a channel, and the connection with it, until the undo is called. */
  hold(given: string): Undo {
    // What is no text is a wrong name like others.
    const name = typeof given === 'string' ? given : '';
    const entry = this.#entries.get(name) ?? this.#add(name);
    entry.holders += 1;
    this.#config.environment.clearTimeout(entry.releaseTimer);
    const releaseConnection = this.#connection.need();
    this.changes.emit(name);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      entry.holders -= 1;
      releaseConnection();
      if (entry.holders === 0) {
        entry.releaseTimer = this.#config.environment.setTimeout(
          () => this.#release(entry),
          this.#config.timing.releaseMs,
        );
      }
      // Last: whoever hears of it may let go or hold in turn.
      this.changes.emit(name);
    };
  }

  /** The state of one channel, or `undefined` when nobody holds it. */
  get(name: string): ChannelState | undefined {
    const entry = this.#entries.get(name);
    return entry && stateOf(entry);
  }

  /** Whether events of a channel are meant for this page now: it is held, and its entry was confirmed. */
  isSubscribed(name: string): boolean {
    return this.#entries.get(name)?.status === 'subscribed';
  }

  /** All channels that the page holds. */
  list(): ChannelState[] {
    return [...this.#entries.values()].map(stateOf);
  }

  /** Asks again for what has failed: a new token may be let in. */
  retryFailed(): void {
    for (const entry of this.#entries.values()) {
      if (entry.status === 'failed') this.#retry(entry);
    }
  }

  /** Leaves every guarded channel and asks for it again, as somebody else. Late answers for the old user are void. */
  rejoinGuarded(): void {
    for (const entry of this.#entries.values()) {
      if (!needsAuthorization(entry.name)) continue;
      entry.failures = 0;
      this.#leave(entry);
      this.#subscribe(entry);
    }
  }

  /**
   * What pusher-js asks for each guarded channel at each connect. It hears only an answer that still counts, and at
   * once: whoever leaves the channel in between would not keep it from sending the signature.
   */
  async authorize(
    name: string,
    socketId: string,
    pass: (answer: ChannelAuthorization) => void,
  ): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) return;
    // On a channel that is joined, pusher-js wants the key of an encrypted event: the service is not asked.
    const isJoining = entry.status !== 'subscribed';
    if (isJoining) entry.question += 1;
    const { question } = entry;
    const isVoid = () => this.#connection.socketId !== socketId || entry.question !== question;
    try {
      const answer = await this.#authorizer.authorize(name, socketId);
      if (isVoid()) return;
      const isPresence = describeChannel(name).type === 'presence';
      const signedIn = isPresence && !answer.channel_data && this.#connection.link?.signedIn;
      // pusher-js would ask for no entry, and say so to nobody. The page may sign in yet.
      if (isPresence && !answer.channel_data && !signedIn) throw unreadableAnswer(name, true);
      if (isJoining) this.#expectAnswer(entry);
      if (isPresence) this.entered.emit({ channel: name, userId: userIdIn(answer) });
      await signedIn;
      if (!isVoid()) pass(answer);
    } catch (error) {
      // pusher-js would do nothing with the error, and the next question is a new one to it.
      if (!isVoid()) this.#fail(entry, asRealtimeError(error));
    }
  }

  #add(name: string): Entry {
    const entry: Entry = {
      name,
      status: 'pending',
      error: undefined,
      holders: 0,
      since: this.#config.environment.now(),
      subscriptionCount: undefined,
      failures: 0,
      question: 0,
      asked: false,
      releaseTimer: undefined,
      answerTimer: undefined,
    };
    const problem = nameProblem(name);
    if (problem) {
      entry.status = 'failed';
      entry.error = problem;
      this.errors.emit(problem);
    }
    warnOfOpenName(name);
    this.#entries.set(name, entry);
    this.#subscribe(entry);
    return entry;
  }

  #release(entry: Entry): void {
    this.#entries.delete(entry.name);
    this.#leave(entry);
    this.changes.emit(entry.name);
  }

  /** Takes back whatever was asked; an answer under way is void. */
  #leave(entry: Entry): void {
    this.#forget(entry);
    entry.question += 1;
    this.#authorizer.forget(entry.name);
    this.#connection.link?.leave(entry.name);
  }

  /** Waits for nothing any more. */
  #forget(entry: Entry): void {
    this.#config.environment.clearTimeout(entry.answerTimer);
    entry.answerTimer = undefined;
    entry.asked = false;
  }

  #subscribeAll(): void {
    for (const entry of this.#entries.values()) {
      entry.failures = 0;
      this.#subscribe(entry);
    }
  }

  #subscribe(entry: Entry): void {
    if (entry.error?.code === 'subscription/wrong-name') return;
    this.#set(entry, 'pending', undefined);
    this.#ask(entry);
  }

  #ask(entry: Entry): void {
    const { link, socketId } = this.#connection;
    if (socketId && !needsAuthorization(entry.name)) this.#expectAnswer(entry);
    link
      ?.subscribe(entry.name)
      .catch((cause: unknown) => this.#fail(entry, codeNotLoaded('encrypted channels', cause)));
  }

  #suspendAll(): void {
    for (const entry of this.#entries.values()) {
      this.#forget(entry);
      if (entry.status === 'subscribed') this.#set(entry, 'pending', undefined);
    }
  }

  #onFrame({ event, channel, data }: Frame): void {
    if (!channel || !event.startsWith('pusher')) return;
    const entry = this.#entries.get(channel);
    if (entry?.asked && event === 'pusher_internal:subscription_succeeded') {
      this.#onSubscribed(entry);
    } else if (entry?.asked && event === 'pusher:subscription_error') {
      this.#fail(entry, rejectedError(entry.name, data));
    } else if (entry && event === 'pusher_internal:subscription_count') {
      const count = (data as { subscription_count?: unknown } | null)?.subscription_count;
      if (typeof count !== 'number') return;
      entry.subscriptionCount = count;
      this.changes.emit(channel);
    }
  }

  /** Some services refuse a subscription without naming it; with one open question it can only be that. */
  #onErrorFrame(code: number | undefined, message: string): void {
    if (code !== undefined && code !== 4009) return;
    const open = [...this.#entries.values()].filter(({ status, asked }) => status === 'pending' && asked);
    const [only] = open;
    if (only && open.length === 1) this.#fail(only, rejectedError(only.name, { error: message }));
  }

  #onSubscribed(entry: Entry): void {
    this.#config.environment.clearTimeout(entry.answerTimer);
    entry.answerTimer = undefined;
    entry.failures = 0;
    this.#set(entry, 'subscribed', undefined);
  }

  #expectAnswer(entry: Entry): void {
    const { environment: world, timing } = this.#config;
    world.clearTimeout(entry.answerTimer);
    entry.asked = true;
    entry.answerTimer = world.setTimeout(() => {
      this.#fail(entry, unansweredError(entry.name));
    }, timing.subscribeMs);
  }

  #fail(entry: Entry, error: RealtimeError): void {
    const { environment: world } = this.#config;
    world.clearTimeout(entry.answerTimer);
    entry.answerTimer = undefined;
    if (error.retryable && this.#entries.get(entry.name) === entry) {
      const delayMs = retryDelayMs(error, entry.failures, this.#config);
      entry.failures += 1;
      entry.answerTimer = world.setTimeout(() => this.#retry(entry), delayMs);
    }
    const first = entry.error?.code !== error.code;
    // Last: whoever hears of it may ask again, or leave, at once.
    this.#set(entry, 'failed', error);
    if (first) this.errors.emit(error);
  }

  /** Asks again; the error stays on show until the answer. */
  #retry(entry: Entry): void {
    if (!this.#connection.socketId || entry.error?.code === 'subscription/wrong-name') return;
    // The service may hold what it never confirmed; a second subscription would be an error to it.
    this.#leave(entry);
    this.#ask(entry);
  }

  #set(entry: Entry, status: ChannelStatus, error: RealtimeError | undefined): void {
    if (entry.status !== status) entry.since = this.#config.environment.now();
    entry.status = status;
    entry.error = error;
    this.changes.emit(entry.name);
  }
}

function stateOf({ name, status, error, holders, since, subscriptionCount }: Entry): ChannelState {
  return { name, type: describeChannel(name).type, status, error, holders, since, subscriptionCount };
}

/** The member id inside an authorization; the signature covers it, so the service will use the same. */
function userIdIn(answer: ChannelAuthorization): string | undefined {
  if (!answer.channel_data) return undefined;
  const { user_id: id } = JSON.parse(answer.channel_data) as { user_id?: unknown };
  return memberId(id);
}
