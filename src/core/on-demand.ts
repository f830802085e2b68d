/** The parts of a controller whose code is loaded at their first use: most pages never send anything. */
import type { Channels } from './channels.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import type { Timer } from './environment.js';
import type { RealtimeError } from './errors.js';
import type { Identity } from './identity.js';
import { Lazy } from './lazy.js';
import type { Listeners } from './listeners.js';
import type { MessageStep, SendOptions } from './message.js';
import { Observable, type Undo } from './observable.js';
import type { TabWord } from './own-presence.js';
import type { Roster } from './roster.js';
import type { Sending } from './sending.js';

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
   * The code to send with. On a device without a network it is not even asked for, because a browser may keep
   * a module that failed as failed: what may be queued waits for the network as long as it would in the queue.
   * @throws RealtimeError (rejects) when there is no network, or when the code cannot be loaded.
   */
  async codeToSend({ queue = true, ttl }: SendOptions): Promise<Sending> {
    const { config, connection } = this.#parts;
    const { environment: world, timing } = config;
    const isCutOff = () => connection.status === 'offline' && !this.sending.value;
    if (queue && isCutOff()) {
      let undo = () => {};
      let timer: Timer | undefined;
      await new Promise<void>((resolve) => {
        undo = connection.changes.subscribe(() => isCutOff() || resolve());
        timer = world.setTimeout(resolve, ttl ?? timing.ttlMs);
      });
      undo();
      world.clearTimeout(timer);
    }
    if (isCutOff()) throw connection.error;
    return this.sending.get();
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
    const undos = [world.onVisibility(load), connection.opened.subscribe(load)];
    this.#undoWatch = () => {
      world.clearTimeout(timer);
      for (const undo of undos) undo();
    };
    if (!world.visible) load();
  }

  /** The page is on no presence channel any more. */
  unwatchOwnPresence(): void {
    this.#undoWatch?.();
    this.#undoWatch = undefined;
  }

  #lazily<T>(load: () => Promise<T>): Lazy<T> {
    return new Lazy(load, (error) => this.errors.emit(error));
  }
}
