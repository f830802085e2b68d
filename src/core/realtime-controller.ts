/**
 * The one object behind every element of a page: it composes connection, channels, listeners, rosters
 * and identity, and does nothing itself. `RealtimeController.for(config)` answers the one for a page
 * and an app.
 */
import { limits, type PayloadOf, readEnvelope } from '../protocol.js';
import { feedAnalytics } from './analytics.js';
import { Authorizer } from './authorizer.js';
import { type ChannelState, Channels } from './channels.js';
import {
  haveSameDetails,
  type RealtimeConfig,
  type ResolvedConfig,
  resolveConfig,
  type TokenSource,
} from './config.js';
import { Connection, type ConnectionStatus } from './connection.js';
import type { ContentListenOptions, ContentRequest, ContentTask, ContentUpdate } from './content.js';
import { Endpoint } from './endpoint.js';
import type { TabLine } from './environment.js';
import { type RealtimeError, RealtimeErrorEvent } from './errors.js';
import { History } from './history.js';
import { Identity, type IdentitySnapshot } from './identity.js';
import {
  type ListenerSelector,
  type ListenerState,
  Listeners,
  type ListenOptions,
  type RealtimeEvent,
} from './listeners.js';
import type { Fate, MessageStep, SendOptions } from './message.js';
import { Observable, type Undo, undoOnAbort } from './observable.js';
import { OnDemand } from './on-demand.js';
import { OVERLAY_EVENT, type Overlay } from './overlay.js';
import type { OwnPresenceChange } from './own-presence.js';
import type { Frame } from './pusher.js';
import { Receipts } from './receipts.js';
import { isAmongStrangers, registry } from './registry.js';
import type { Roster } from './roster.js';
import { Rosters } from './rosters.js';
import { SignIn, USER_CHANNEL } from './sign-in.js';
import { type ConnectionStats, Stats } from './stats.js';

/** The controller at one moment, for any store; a new object whenever something in it changed. */
export interface RealtimeSnapshot {
  readonly status: ConnectionStatus;
  readonly lost: boolean;
  /** Why there is no connection, as one sentence. */
  readonly reason: string | undefined;
  readonly error: RealtimeError | undefined;
  /** When the status became what it is, in milliseconds since 1970. */
  readonly since: number;
  readonly attempts: number;
  /** When the next attempt is due, in milliseconds since 1970. */
  readonly retryAt: number | undefined;
  readonly identity: IdentitySnapshot;
  readonly channels: readonly ChannelState[];
}

export class RealtimeController {
  /** The controller for a configuration: one per page, app, service and identity, however many ask. */
  static for(config: RealtimeConfig): RealtimeController {
    const resolved = resolveConfig(globalThis.document ? config : { ...config, enabled: false });
    // On a server nothing may be shared between requests, and nothing may connect.
    if (!globalThis.document) return new RealtimeController(resolved);
    const controller = registry().get(resolved, (wanted) => {
      if (isAmongStrangers())
        warn(
          'A copy of the kit that speaks another protocol is on this page; this one runs on a connection of its own.',
        );
      return new RealtimeController(wanted);
    });
    // It may be another version's.
    controller.compare?.(resolved);
    return controller;
  }

  readonly history: History;
  readonly #config: ResolvedConfig;
  readonly #changes = new Observable();
  readonly #connection: Connection;
  readonly #channels: Channels;
  readonly #listeners: Listeners;
  readonly #identity: Identity;
  readonly #signIn: SignIn;
  readonly #stats: Stats;
  readonly #rosters: Rosters;
  readonly #receipts = new Receipts((event, id, channel, author) =>
    this.#onDemand.send(event, { id }, { channel, ttl: this.#config.timing.acknowledgeMs }, author),
  );
  readonly #onDemand: OnDemand;
  #tabs: TabLine | undefined;
  #isCompared = false;
  #snapshot: RealtimeSnapshot | undefined;

  private constructor(config: ResolvedConfig) {
    this.#config = config;
    this.history = new History(config.historySize);
    this.#identity = new Identity(config.environment, config.token, config.timing.authorizeMs);
    const endpoint = new Endpoint(config, this.#identity);
    this.#connection = new Connection(config, {
      authorize: (...question) => this.#channels.authorize(...question),
      authenticate: (...question) => this.#signIn.authenticate(...question),
    });
    this.#signIn = new SignIn(config, this.#connection, endpoint);
    this.#channels = new Channels(config, this.#connection, new Authorizer(config, endpoint));
    this.#rosters = new Rosters(config, this.#channels);
    this.#listeners = new Listeners((channel) => this.hold(channel), config.environment.now);
    this.#stats = new Stats(config.environment, this.#connection);
    this.#onDemand = new OnDemand({
      config,
      connection: this.#connection,
      channels: this.#channels,
      endpoint,
      identity: this.#identity,
      listeners: this.#listeners,
      roster: (channel) => this.presence(channel),
      tell: (presence) => this.#joinTabs().post({ presence }),
    });
    this.#wire();
  }

  get status(): ConnectionStatus {
    return this.#connection.status;
  }
  /** No connection for five seconds although one is wanted. */
  get lost(): boolean {
    return this.#connection.lost;
  }
  /** Why there is no connection, as one sentence. */
  get reason(): string | undefined {
    return this.#connection.error?.message;
  }
  get error(): RealtimeError | undefined {
    return this.#connection.error;
  }
  get identity(): IdentitySnapshot {
    return this.#identity.snapshot;
  }
  /** The channels that the page holds, `#user` among them. */
  get channels(): readonly ChannelState[] {
    return this.getSnapshot().channels;
  }
  get stats(): ConnectionStats {
    return this.#stats.snapshot;
  }

  connect(): void {
    this.#connection.connect();
  }
  /** Closes until `connect()` or `retry()`. */
  disconnect(): void {
    this.#connection.disconnect();
  }
  /** Tries at once, whatever the backoff says. */
  retry(): void {
    this.#connection.retry();
  }

  /** Keeps the connection open until the undo is called. */
  need(): Undo {
    return this.#connection.need();
  }
  /**
   * Keeps a channel joined until the undo is called; it is left a grace after the last hold. The name
   * `#user` stands for what a backend sends to the signed-in user, and signs in.
   */
  hold(channel: string, signal?: AbortSignal): Undo {
    if (signal?.aborted) return () => {};
    const held = channel === USER_CHANNEL ? this.#signIn.hold() : this.#channels.hold(channel);
    return undoOnAbort(held, signal);
  }

  /**
   * Login, logout (`null`), or another user: a token, or a function that gets one. What belonged to
   * another user is dropped at once, and in the other tabs of this site as soon as a token has named
   * the new one; what was refused is asked for again.
   */
  identify(source: TokenSource | null): void {
    // Open, the line would keep a server's process alive.
    if (this.#config.enabled) this.#joinTabs();
    this.#identity.identify(source);
    this.#channels.retryFailed();
    this.#signIn.retry();
  }

  /** Hears events until the undo is called. Holds the channel meanwhile, unless `subscribe` is false. */
  listen<E extends string>(options: ListenOptions<PayloadOf<E>> & { event: E }): Undo {
    return this.#listeners.add(options);
  }
  /** Removes listeners; answers how many. */
  unlisten(selector: ListenerSelector): number {
    return this.#listeners.remove(selector);
  }
  listeners(): ListenerState[] {
    return this.#listeners.list();
  }

  /** Who is on a presence channel. Look at it while the channel is held. */
  presence(channel: string): Roster {
    return this.#rosters.of(channel);
  }

  /**
   * Sends to everybody on a channel: through the page's server, or directly (`client-…`) where the page
   * is on a private or presence channel, which it joins for that. Resolves with what became of the
   * message in the end, good or bad; never rejects.
   */
  send<E extends string>(event: E, data: PayloadOf<E>, options: SendOptions): Promise<Fate> {
    return this.#onDemand.send(event, data, options);
  }
  /** Hears each step of every message, also of those that an earlier page could not send (`remember`). */
  onFate(listener: (step: MessageStep) => void, signal?: AbortSignal): Undo {
    return undoOnAbort(this.#onDemand.steps.subscribe(listener), signal);
  }
  /** Whether what is sent now leaves now: there is a connection, and a client event would not wait for its turn. */
  get canSend(): boolean {
    return this.status === 'connected' && this.retryAfter === 0;
  }
  /** Client events that may leave at this moment. */
  get remaining(): number {
    return this.#onDemand.sending.value?.remaining ?? limits.clientEventsPerSecond;
  }
  /** Milliseconds until the next client event may leave; 0 when one may now. */
  get retryAfter(): number {
    return this.#onDemand.sending.value?.retryAfter ?? 0;
  }

  /** How this page's user is, as the others on presence channels see it. */
  get ownPresence(): Overlay {
    const now = this.#config.environment.now();
    return (
      this.#onDemand.ownPresence.value?.overlay ?? {
        status: 'online',
        activity: undefined,
        lastActiveAt: now,
      }
    );
  }
  /** Busy or not, and what the user does. Whether they are away the page sees by itself. */
  setPresence(change: OwnPresenceChange): void {
    const { author } = this.#identity;
    this.#onDemand.ownPresence.use((own) => {
      if (author === this.#identity.author) own.change(change);
    });
  }

  /** Asks the page's server to generate something. Resolves with its task or with an error; never rejects. */
  async requestContent(request: ContentRequest): Promise<ContentTask> {
    try {
      const { author } = this.#identity;
      return await (await this.#onDemand.content.get()).request(request, author);
    } catch (cause) {
      return { requestId: request.requestId ?? '', status: 'failed', error: cause as RealtimeError };
    }
  }
  /** Hears of the user's generated content, on the way and at the end, until the undo is called. */
  onContent(callback: (update: ContentUpdate) => unknown, options: ContentListenOptions = {}): Undo {
    let undo: Undo | undefined;
    let isWanted = true;
    this.#onDemand.content.use((content) => {
      if (isWanted) undo = content.listen(callback, options);
    });
    return () => {
      isWanted = false;
      undo?.();
    };
  }

  /** Asks the service for a sign of life; the answer comes into `stats`. False without a connection. */
  measureLatency(): boolean {
    return this.#connection.ping();
  }

  /** Hears of every change of `getSnapshot()`, until the undo is called. */
  subscribe(listener: () => void): Undo {
    return this.#changes.subscribe(listener);
  }
  getSnapshot(): RealtimeSnapshot {
    const { status, lost, error, since, attempts, retryAt } = this.#connection;
    this.#snapshot ??= {
      status,
      lost,
      reason: error?.message,
      error,
      since,
      attempts,
      retryAt,
      identity: this.#identity.snapshot,
      channels: [...this.#channels.list(), ...this.#signIn.list()],
    };
    return this.#snapshot;
  }

  /** @internal Says once that somebody wants this connection configured in another way. */
  compare(config: ResolvedConfig): void {
    if (this.#isCompared || haveSameDetails(config, this.#config)) return;
    this.#isCompared = true;
    warn(
      'This app is already configured on this page, with other details; the first configuration holds. Set a scope to keep them apart.',
    );
  }

  #wire(): void {
    const changed = () => this.#changed();
    this.#connection.changes.subscribe(changed);
    this.#connection.pongs.subscribe(changed);
    this.#onDemand.changes.subscribe(changed);
    this.#connection.opened.subscribe(() => this.#joinTabs());
    this.#identity.changes.subscribe(changed);
    this.#identity.switches.subscribe(() => this.#switchUser());
    this.#identity.news.subscribe((userId) => this.#tabs?.post({ userId }));
    this.#channels.changes.subscribe(changed);
    this.#signIn.changes.subscribe(changed);
    this.#rosters.presence.subscribe((isPresent) => {
      if (isPresent) this.#onDemand.watchOwnPresence();
      else this.#onDemand.unwatchOwnPresence();
    });
    this.#connection.frames.subscribe((frame) => this.#onFrame(frame));
    for (const errors of [
      this.#connection.errors,
      this.#channels.errors,
      this.#signIn.errors,
      this.#listeners.errors,
      this.#onDemand.errors,
    ]) {
      errors.subscribe((error) => this.#report(error));
    }
    this.#onDemand.steps.subscribe(({ fate }) => {
      if (fate.fate === 'sent') this.#stats.countSent();
    });
    if (this.#config.remember && this.#config.enabled) this.#onDemand.sending.use(() => {});
    feedAnalytics(this.#config, this.#listeners);
    if (this.#config.debug) void this.#log();
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#changes.emit();
  }

  /** The line to the other tabs, from the first connection on. */
  #joinTabs(): TabLine {
    const { environment, key, scope, authEndpoint } = this.#config;
    this.#tabs ??= environment.joinTabs(`realtime-elements ${key} ${scope} ${authEndpoint}`, (message) => {
      const { userId, presence } = (message ?? {}) as { userId?: unknown; presence?: unknown };
      if (presence && !this.#rosters.isEmpty) this.#onDemand.ownPresence.use((own) => own.hear(presence));
      if (typeof userId === 'string' || userId === null) this.#identity.follow(userId);
    });
    return this.#tabs;
  }

  /** Nothing that the last user saw, sent or was let into stays. */
  #switchUser(): void {
    this.history.clear();
    this.#receipts.reset();
    this.#onDemand.sending.value?.reset();
    this.#onDemand.ownPresence.value?.reset();
    this.#rosters.reset();
    // The service knows the user of a signed-in socket, and cannot forget.
    if (this.#signIn.mayBeSignedIn) this.#connection.restart();
    this.#channels.rejoinGuarded();
  }

  #onFrame(frame: Frame): void {
    if (!frame.channel) return;
    const channel = this.#signIn.channelOf(frame.channel);
    const isHeard = channel === USER_CHANNEL ? this.#signIn.isWanted : this.#channels.isSubscribed(channel);
    if (!isHeard) return;
    const { author } = this.#identity;
    this.#rosters.read(channel, frame);
    // Perhaps the same user, on another device.
    if (frame.event === OVERLAY_EVENT) this.#onDemand.ownPresence.use((own) => own.read(frame));
    if (frame.event.startsWith('pusher_internal:')) return;
    const heard: RealtimeEvent = {
      channel,
      event: frame.event,
      data: frame.data,
      receivedAt: this.#config.environment.now(),
      ...(frame.user_id === undefined ? {} : { userId: frame.user_id }),
      ...idOf(frame),
    };
    const isOwn = heard.id !== undefined && this.#onDemand.sending.value?.has(heard.id) === true;
    const event = this.#receipts.admit(heard, isOwn, author);
    // Whoever heard of the roster's change may have changed the user.
    if (!event || author !== this.#identity.author) return;
    if (!frame.event.startsWith('pusher:')) this.history.add(event);
    this.#listeners.dispatch(event);
  }

  async #log(): Promise<void> {
    const { startDebugLog } = await import('./debug-log.js');
    startDebugLog({
      environment: this.#config.environment,
      connection: this.#connection,
      channels: this.#channels,
      listeners: this.#listeners,
    });
  }

  #report(error: RealtimeError): void {
    // A full presence channel shows a number of people in place of an error.
    const isCrowd = ({ type, error: reason }: ChannelState) => type === 'presence' && reason === error;
    if (error.code === 'subscription/full' && this.#channels.list().some(isCrowd)) return;
    const { debug, problem } = this.#config;
    // Whoever wrote the configuration looks into the console first.
    if (debug || error === problem)
      console.error('[realtime-elements]', error.code, error.message, error.hint, error.docs);
    globalThis.document?.dispatchEvent(new RealtimeErrorEvent(error));
  }
}

function warn(text: string): void {
  console.warn(`[realtime-elements] ${text}`);
}

/** The id of a message in an envelope; bare payloads have none. */
function idOf({ event, data }: Frame): { id?: string } {
  const { id } = readEnvelope(event, data);
  return id === undefined ? {} : { id };
}
