/**
 * Who listens to what. Every event of the page passes one dispatch: by priority, then in the order
 * of adding, and what one listener does wrong stops nobody else.
 */
import { RealtimeError } from './errors.js';
import type { Fate } from './message.js';
import { Observable, type Undo, undoOnAbort } from './observable.js';

/** One event as listeners get it. */
export interface RealtimeEvent<T = unknown> {
  readonly channel: string;
  readonly event: string;
  readonly data: T;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The author of a client event, as the service says, never as the payload says. */
  readonly userId?: string;
  readonly id?: string;
  readonly sequence?: number;
  /** Tells the sender that the message has come: on messages with an id. Resolves with the answer's own fate. */
  readonly acknowledge?: () => Promise<Fate>;
}

/** What to listen to, and how. */
export interface ListenOptions<T = unknown> {
  /** A name of your own: the same id on the same channel and event replaces. */
  id?: string;
  /** A channel's name, or `*` for every channel that the page holds. */
  channel: string;
  /** An event's name, or `*` for every event that is not the protocol's own. */
  event: string;
  callback: (event: RealtimeEvent<T>) => unknown;
  /** Higher runs earlier; default 0. */
  priority?: number;
  /** Removed before its first run. */
  once?: boolean;
  /** Runs the callback only for events for which it answers true. */
  filter?: (event: RealtimeEvent<T>) => boolean;
  signal?: AbortSignal | undefined;
  /** Whether the channel is held as long as the listener stands; default true. */
  subscribe?: boolean;
}

/** A listener as `listeners()` shows it. */
export interface ListenerState {
  readonly id: string;
  readonly channel: string;
  readonly event: string;
  readonly priority: number;
  readonly once: boolean;
}

/** Which listeners to remove: those of an id, of a channel and event, or of a channel. */
export type ListenerSelector = { id: string } | { channel: string; event?: string };

interface Listener extends ListenerState {
  callback: (event: RealtimeEvent) => unknown;
  filter: ((event: RealtimeEvent) => boolean) | undefined;
  order: number;
  undo: Undo;
}

/** One event has been through all its listeners. */
export interface Dispatched {
  readonly event: RealtimeEvent;
  readonly listenerCount: number;
  /** Milliseconds in the listeners, without what they do later. */
  readonly tookMs: number;
}

/** Pairs of channel and event that are remembered; a listener to everything hears any number of names. */
const MOST_FOUND = 1_000;

export class Listeners {
  readonly errors = new Observable<RealtimeError>();
  /** After the last listener of each event; for the log and for analytics. */
  readonly dispatched = new Observable<Dispatched>();
  /** By `channel event`; lists are replaced, never changed, so that a dispatch under way keeps its own. */
  readonly #lists = new Map<string, readonly Listener[]>();
  /** What was found for events, by the same key, until a listener comes or goes. */
  readonly #found = new Map<string, readonly Listener[]>();
  readonly #hold: (channel: string) => Undo;
  readonly #now: () => number;
  #added = 0;

  constructor(hold: (channel: string) => Undo, now: () => number) {
    this.#hold = hold;
    this.#now = now;
  }

  add<T>(options: ListenOptions<T>): Undo {
    if (options.signal?.aborted) return () => {};
    const order = this.#added++;
    const id = options.id ?? `listener-${order}`;
    const key = keyOf(options.channel, options.event);
    const release =
      options.subscribe !== false && options.channel !== '*' ? this.#hold(options.channel) : undefined;
    const listener: Listener = {
      id,
      channel: options.channel,
      event: options.event,
      priority: options.priority ?? 0,
      once: options.once ?? false,
      callback: options.callback as Listener['callback'],
      filter: options.filter as Listener['filter'],
      order,
      undo: () => {
        const list = this.#lists.get(key) ?? [];
        if (!list.includes(listener)) return;
        this.#setList(
          key,
          list.filter((other) => other !== listener),
        );
        release?.();
      },
    };
    const list = this.#lists.get(key) ?? [];
    const replaced = options.id === undefined ? undefined : list.find((other) => other.id === id);
    this.#setList(key, [...list, listener].sort(byPriority));
    // However it goes, the signal forgets it.
    listener.undo = undoOnAbort(listener.undo, options.signal);
    replaced?.undo();
    return listener.undo;
  }

  /** Removes what the selector names; answers how many that were. */
  remove(selector: ListenerSelector): number {
    const selected = this.#all().filter((listener) =>
      'id' in selector
        ? listener.id === selector.id
        : listener.channel === selector.channel &&
          (selector.event === undefined || listener.event === selector.event),
    );
    for (const { undo } of selected) undo();
    return selected.length;
  }

  list(): ListenerState[] {
    return this.#all().map(({ id, channel, event, priority, once }) => ({
      id,
      channel,
      event,
      priority,
      once,
    }));
  }

  dispatch(event: RealtimeEvent): void {
    const listeners = this.#matching(event);
    const startedAt = this.#now();
    for (const listener of listeners) {
      try {
        if (listener.filter && !listener.filter(event)) continue;
        if (listener.once) listener.undo();
        const result = listener.callback(event);
        if (result instanceof Promise) result.catch((error: unknown) => this.#report(listener, error));
      } catch (error) {
        this.#report(listener, error);
      }
    }
    if (this.dispatched.size > 0) {
      this.dispatched.emit({ event, listenerCount: listeners.length, tookMs: this.#now() - startedAt });
    }
  }

  #matching({ channel, event }: RealtimeEvent): readonly Listener[] {
    const key = keyOf(channel, event);
    const known = this.#found.get(key);
    if (known) return known;
    const keys = [key, keyOf(channel, '*'), keyOf('*', event), keyOf('*', '*')];
    const found = keys.flatMap((each) => this.#lists.get(each) ?? []).sort(byPriority);
    // Names come from outside: what nobody listens to is not remembered.
    if (found.length > 0 && this.#found.size < MOST_FOUND) this.#found.set(key, found);
    return found;
  }

  /** Replaces a list, or removes it when it is empty. */
  #setList(key: string, list: readonly Listener[]): void {
    if (list.length > 0) this.#lists.set(key, list);
    else this.#lists.delete(key);
    this.#found.clear();
  }

  #all(): Listener[] {
    return [...this.#lists.values()].flat();
  }

  #report({ id, channel, event }: Listener, cause: unknown): void {
    const error = new RealtimeError(
      'message/listener-failed',
      `The listener ${id} of ${event} on ${channel} failed.`,
      {
        hint: 'The cause is the error that it threw; the other listeners ran.',
        cause,
      },
    );
    this.errors.emit(error);
  }
}

/** Neither a channel nor an event name holds a line break. */
function keyOf(channel: string, event: string): string {
  return `${channel}\n${event}`;
}

function byPriority(a: Listener, b: Listener): number {
  return b.priority - a.priority || a.order - b.order;
}
