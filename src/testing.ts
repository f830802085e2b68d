/**
 * The door for people's own tests and stories: a realtime controller fixed in any state. No socket, no
 * timer; it changes when the test says so, and what the page sends is kept to be looked at.
 *
 * ```ts
 * const controller = fixedController({ status: 'connected', members: { 'presence-class-1': [{ id: '1', name: 'Ada' }] } });
 * provider.controller = controller;
 * controller.emit('private-user-1', 'notification', { message: 'Saved' });
 * controller.set({ status: 'offline', lost: true });
 * ```
 */
import type { ChannelState } from './core/channels.js';
import type { ConnectionStatus } from './core/connection.js';
import {
  Content,
  type ContentListenOptions,
  type ContentParts,
  type ContentRequest,
  type ContentTask,
  type ContentUpdate,
} from './core/content.js';
import type { RealtimeError } from './core/errors.js';
import { History } from './core/history.js';
import type { IdentitySnapshot } from './core/identity.js';
import { type ListenerSelector, Listeners, type ListenOptions } from './core/listeners.js';
import type { Fate, MessageStep, SendOptions } from './core/message.js';
import { Observable, type Undo, undoOnAbort } from './core/observable.js';
import type { Overlay } from './core/overlay.js';
import type { OwnPresenceChange } from './core/own-presence.js';
import type { RealtimeController, RealtimeSnapshot } from './core/realtime-controller.js';
import type { Roster } from './core/roster.js';
import type { ConnectionStats } from './core/stats.js';
import { describeChannel, limits, type PayloadOf, randomId, readEnvelope } from './protocol.js';
import { type FixedMember, FixedRoster } from './testing/fixed-roster.js';

export type { FixedMember };

/** A state to be in. What is left out keeps its value, at first that of a live connection. */
export interface FixedState {
  status?: ConnectionStatus;
  lost?: boolean;
  error?: RealtimeError;
  /** Milliseconds since 1970. */
  since?: number;
  attempts?: number;
  /** Milliseconds since 1970. */
  retryAt?: number;
  identity?: IdentitySnapshot;
  stats?: Partial<ConnectionStats>;
  /** Channels that are not as the status says: by default those held are joined when it is `connected`. */
  channels?: Readonly<Record<string, Partial<Pick<ChannelState, 'status' | 'error' | 'subscriptionCount'>>>>;
  /** Who is on which presence channel. */
  members?: Readonly<Record<string, readonly FixedMember[]>>;
}

/** Something that the page sent. */
export interface SentMessage {
  readonly event: string;
  readonly data: unknown;
  readonly options: SendOptions;
}

/** A realtime controller that does what a test says. */
export interface FixedController extends RealtimeController {
  /** Goes to another state. */
  set(state: FixedState): void;
  /** Lets an event arrive. */
  emit(channel: string, event: string, data: unknown, options?: { userId?: string; id?: string }): void;
  /** What the page sent, oldest first. */
  readonly sent: readonly SentMessage[];
  /** Which of `connect`, `disconnect` and `retry` were called, in order. */
  readonly calls: readonly ('connect' | 'disconnect' | 'retry')[];
  /** How many hold the channel; without one, how many need the connection. */
  holders(channel?: string): number;
}

/** Makes a controller that is in a state, at first a live one. */
export function fixedController(state: FixedState = {}): FixedController {
  // The class has no private parts of a `RealtimeController`, which no caller can see.
  return new Fixed(state) as unknown as FixedController;
}

const quietStats: ConnectionStats = {
  connectedAt: undefined,
  uptimeMs: 0,
  reconnections: 0,
  messagesReceived: 0,
  messagesSent: 0,
  lastActivityAt: undefined,
  latency: { last: undefined, mean: undefined, jitter: undefined, samples: [] },
  eventsPerSecond: {},
};

/** Everything that a controller has in public, and that is not the kit's own. */
type Surface = Pick<RealtimeController, Exclude<keyof RealtimeController, 'compare'>>;

class Fixed implements Surface {
  readonly history = new History(100);
  readonly sent: SentMessage[] = [];
  readonly calls: ('connect' | 'disconnect' | 'retry')[] = [];
  readonly #changes = new Observable();
  readonly #steps = new Observable<MessageStep>();
  readonly #listeners = new Listeners(
    (channel) => this.hold(channel),
    () => Date.now(),
  );
  readonly #identities = new Observable<IdentitySnapshot>();
  readonly #content: Content;
  readonly #rosters = new Map<string, FixedRoster>();
  readonly #holders = new Map<string, number>();
  #needs = 0;
  #overlay: Overlay = { status: 'online', activity: undefined, lastActiveAt: Date.now() };
  #state: FixedState & Required<Pick<FixedState, 'status' | 'identity' | 'since'>>;
  #snapshot: RealtimeSnapshot | undefined;

  constructor(state: FixedState) {
    this.#state = {
      status: 'connected',
      since: Date.now(),
      identity: { state: 'anonymous', userId: undefined },
      ...state,
    };
    const now = () => this.identity;
    const identity = {
      changes: this.#identities,
      token: async () => undefined,
      get snapshot() {
        return now();
      },
    };
    // Of the rest it needs nothing to listen.
    this.#content = new Content({ listeners: this.#listeners, identity } as unknown as ContentParts);
  }

  get status() {
    return this.#state.status;
  }
  get lost() {
    return this.#state.lost ?? false;
  }
  get reason() {
    return this.#state.error?.message;
  }
  get error() {
    return this.#state.error;
  }
  get identity() {
    return this.#state.identity;
  }
  get channels() {
    return this.getSnapshot().channels;
  }
  get stats() {
    return { ...quietStats, ...this.#state.stats };
  }

  set(state: FixedState): void {
    const { userId } = this.identity;
    this.#state = { ...this.#state, ...state };
    this.#snapshot = undefined;
    if (this.identity.userId !== userId) this.history.clear();
    this.#identities.emit(this.identity);
    for (const [channel, roster] of this.#rosters) this.#fill(channel, roster);
    this.#changed();
  }

  emit(channel: string, event: string, data: unknown, { userId, id }: { userId?: string; id?: string } = {}) {
    const received = {
      channel,
      event,
      data,
      receivedAt: Date.now(),
      ...(userId === undefined ? {} : { userId }),
      ...(id === undefined ? {} : { id }),
    };
    this.history.add(received);
    this.#listeners.dispatch(received);
  }

  holders(channel?: string): number {
    return channel === undefined ? this.#needs : (this.#holders.get(channel) ?? 0);
  }

  connect(): void {
    this.calls.push('connect');
  }
  disconnect(): void {
    this.calls.push('disconnect');
  }
  retry(): void {
    this.calls.push('retry');
  }

  need(): Undo {
    this.#needs += 1;
    return once(() => {
      this.#needs -= 1;
    });
  }

  hold(channel: string, signal?: AbortSignal): Undo {
    if (signal?.aborted) return () => {};
    const count = (change: number) => {
      const holders = this.holders(channel) + change;
      if (holders > 0) this.#holders.set(channel, holders);
      else this.#holders.delete(channel);
      this.#changed();
    };
    count(1);
    return undoOnAbort(
      once(() => count(-1)),
      signal,
    );
  }

  identify(): void {}

  listen<E extends string>(options: ListenOptions<PayloadOf<E>> & { event: E }): Undo {
    return this.#listeners.add(options);
  }
  unlisten(selector: ListenerSelector): number {
    return this.#listeners.remove(selector);
  }
  listeners() {
    return this.#listeners.list();
  }

  presence(channel: string): Roster {
    const roster = this.#rosters.get(channel) ?? new FixedRoster();
    if (!this.#rosters.has(channel)) {
      this.#rosters.set(channel, roster);
      this.#fill(channel, roster);
    }
    return roster as unknown as Roster;
  }

  async send<E extends string>(event: E, data: PayloadOf<E>, options: SendOptions): Promise<Fate> {
    this.sent.push({ event, data, options });
    const { channel, onFate } = { ...options };
    const id = readEnvelope(event, data).id ?? options?.id ?? randomId();
    const fate: Fate = event.startsWith('client-')
      ? { id, fate: 'sent' }
      : { id, fate: 'accepted', eventId: undefined };
    const steps = new Observable<Fate>();
    steps.subscribe(() => this.#steps.emit({ event, channel, fate }));
    if (onFate) steps.subscribe(onFate);
    // Nobody hears of it before the call has returned.
    await undefined;
    steps.emit(fate);
    return fate;
  }
  onFate(listener: (step: MessageStep) => void, signal?: AbortSignal): Undo {
    return undoOnAbort(this.#steps.subscribe(listener), signal);
  }
  get canSend() {
    return this.status === 'connected';
  }
  get remaining() {
    return limits.clientEventsPerSecond;
  }
  get retryAfter() {
    return 0;
  }

  get ownPresence() {
    return this.#overlay;
  }
  setPresence({ busy, activity }: OwnPresenceChange): void {
    const status = busy === undefined ? this.#overlay.status : busy ? 'busy' : 'online';
    const said = activity === undefined ? this.#overlay.activity : (activity ?? undefined);
    this.#overlay = { ...this.#overlay, status, activity: said };
    this.#changed();
  }

  async requestContent(request: ContentRequest): Promise<ContentTask> {
    const requestId = request.requestId ?? randomId();
    return { requestId, taskId: `task-${requestId}`, status: 'processing' };
  }
  onContent(callback: (update: ContentUpdate) => unknown, options: ContentListenOptions = {}): Undo {
    return this.#content.listen(callback, options);
  }

  measureLatency(): boolean {
    return this.status === 'connected';
  }

  subscribe(listener: () => void): Undo {
    return this.#changes.subscribe(listener);
  }
  getSnapshot(): RealtimeSnapshot {
    const { status, since, error, attempts = 0, retryAt, identity } = this.#state;
    const { lost, reason } = this;
    const channels = [...this.#holders.keys()].map((name) => this.#channelState(name));
    this.#snapshot ??= { status, lost, reason, error, since, attempts, retryAt, identity, channels };
    return this.#snapshot;
  }

  #channelState(name: string): ChannelState {
    return {
      name,
      type: describeChannel(name).type,
      status: this.status === 'connected' ? 'subscribed' : 'pending',
      error: undefined,
      holders: this.holders(name),
      since: this.#state.since,
      subscriptionCount: undefined,
      ...this.#state.channels?.[name],
    };
  }

  #fill(channel: string, roster: FixedRoster): void {
    const isJoined = this.#channelState(channel).status === 'subscribed';
    roster.fill(this.#state.members?.[channel] ?? [], isJoined);
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#changes.emit();
  }
}

/** An undo that counts once. */
function once(undo: Undo): Undo {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    undo();
  };
}
