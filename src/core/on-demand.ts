/** The parts of a controller whose code is loaded at their first use: most pages never send anything. */
import { randomId, readEnvelope } from '../protocol.js';
import type { Channels } from './channels.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import { LONGEST_TIMER_MS, type Timer } from './environment.js';
import { messageExpired, type RealtimeError } from './errors.js';
import type { Identity } from './identity.js';
import { Lazy } from './lazy.js';
import type { Listeners } from './listeners.js';
import type { Fate, MessageStep, SendOptions } from './message.js';
import { Observable, type Undo, undoAll } from './observable.js';
import type { TabWord } from './own-presence.js';
import type { Roster } from './roster.js';

/** What these parts lean on. */
export interface OnDemandParts {
  readonly config: ResolvedConfig;
  readonly connection: Connection;
  readonly channels: Channels;
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  readonly listeners: Listeners;
  roster(channel: string): Roster;
  /** Tells the other tabs of this site. */
  tell(word: TabWord): void;
}

export class OnDemand {
  /** What a part can answer has changed. */
  readonly changes = new Observable();
  readonly errors = new Observable<RealtimeError>();
  /** Every step of every message. */
  readonly steps = new Observable<MessageStep>();
  readonly #parts: OnDemandParts;
  #undoWatch: Undo | undefined;

  readonly sending = this.#lazily(async () => {
    const { Sending } = await import('./sending.js');
    const sending = new Sending(this.#parts);
    sending.steps.subscribe((step) => this.steps.emit(step));
    sending.changes.subscribe(() => this.changes.emit());
    sending.errors.subscribe((error) => this.errors.emit(error));
    return sending;
  });

  readonly ownPresence = this.#lazily(async () => {
    const { OwnPresence } = await import('./own-presence.js');
    const own = new OwnPresence(this.#parts, this.sending);
    own.changes.subscribe(() => this.changes.emit());
    return own;
  });

  readonly content = this.#lazily(async () => {
    const { Content } = await import('./content.js');
    const content = new Content(this.#parts);
    content.errors.subscribe((error) => this.errors.emit(error));
    return content;
  });

  constructor(parts: OnDemandParts) {
    this.#parts = parts;
  }

  /**
   * Sends, with code that the first message fetches. On a device without a network it is not even asked for, because
   * a browser may keep a module that failed as failed: what may be queued waits for the network as long as it would in
   * the queue. Resolves with what became of the message in the end; never rejects.
   * @param author Whose message it is: as another it is not sent.
   */
  async send(
    event: string,
    data: unknown,
    given: SendOptions,
    author = this.#parts.identity.author,
  ): Promise<Fate> {
    const { config, connection, identity } = this.#parts;
    const { environment: world, timing } = config;
    // Without options it has no channel, and is rejected like any other that is written wrongly.
    const options = { ...given };
    const { channel, queue = true, ttl = timing.ttlMs, onFate } = options;
    const id = readEnvelope(event, data).id ?? options.id ?? randomId();
    const steps = new Observable<Fate>();
    let isQueued = false;
    steps.subscribe((fate) => {
      // The queue says again what was said before there was one.
      const isRepeat = isQueued && fate.fate === 'queued';
      isQueued = false;
      if (isRepeat) return;
      this.steps.emit({ event, channel, fate });
      onFate?.(fate);
    });
    const expiresAt = world.now() + ttl;
    const leftMs = () => expiresAt - world.now();
    const isCutOff = () => connection.status === 'offline' && !this.sending.value;
    const release = connection.need();
    try {
      if (queue && isCutOff()) {
        steps.emit({ id, fate: 'queued' });
        isQueued = true;
      }
      while (queue && isCutOff() && leftMs() > 0) await this.#news(leftMs());
      if (isCutOff()) throw queue ? messageExpired(connection.error) : connection.error;
      const sending = await this.sending.get();
      const isOrphan = author !== identity.author;
      return sending.send(event, data, { ...options, ttl: leftMs() }, { id, steps, isOrphan });
    } catch (cause) {
      const error = cause as RealtimeError;
      const fate: Fate = { id, fate: error.code === 'message/expired' ? 'expired' : 'failed', error };
      if (options.coalesce === undefined) this.errors.emit(error);
      steps.emit(fate);
      return fate;
    } finally {
      release();
    }
  }

  /**
   * The page is on a presence channel. Whoever has just come is online, of which nobody needs to be told: what
   * follows whether they still are is loaded when the page is not seen, or after a while.
   */
  watchOwnPresence(): void {
    const { config, connection } = this.#parts;
    const { environment: world, timing } = config;
    if (this.#undoWatch || this.ownPresence.value) return;
    // Cut off it could not be fetched, and nobody could be told.
    const load = () => {
      if (connection.socketId) this.ownPresence.use(() => this.unwatchOwnPresence());
    };
    const timer = world.setTimeout(load, timing.lookMs);
    this.#undoWatch = undoAll([
      world.onVisibility(load),
      connection.opened.subscribe(load),
      () => world.clearTimeout(timer),
    ]);
    if (!world.visible) load();
  }

  /** The page is on no presence channel any more. */
  unwatchOwnPresence(): void {
    this.#undoWatch?.();
    this.#undoWatch = undefined;
  }

  /** Resolves when the connection has changed, or after a while. */
  async #news(withinMs: number): Promise<void> {
    const { config, connection } = this.#parts;
    const { environment: world } = config;
    let undo: Undo | undefined;
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      undo = connection.changes.subscribe(resolve);
      timer = world.setTimeout(resolve, Math.min(withinMs, LONGEST_TIMER_MS));
    });
    undo?.();
    world.clearTimeout(timer);
  }

  #lazily<T>(load: () => Promise<T>): Lazy<T> {
    return new Lazy(load, (error) => this.errors.emit(error));
  }
}
