/**
 * Keeps what waits to be sent over a reload, for its user alone, where the page asked for it
 * (`remember`). A lock for each message says which tab has it: two tabs never send the same one, and
 * what a closed tab left behind is taken over by the next.
 */
import type { ResolvedConfig } from './config.js';
import type { ValueStore } from './environment.js';
import type { Identity } from './identity.js';
import type { Draft } from './message.js';
import type { Undo } from './observable.js';

/** A message in the store, under a lock that says that it is this tab's. */
interface Kept {
  /** Takes it out, and gives up the lock. */
  forget(): Promise<void>;
  /** Gives up the lock alone. */
  readonly unlock: Undo;
}

export class OutboxStore {
  readonly #config: ResolvedConfig;
  readonly #identity: Identity;
  /** The messages that this tab has in the store. */
  readonly #held = new Map<string, Promise<Kept | undefined>>();
  #opening: Promise<ValueStore> | undefined;

  constructor(config: ResolvedConfig, identity: Identity) {
    this.#config = config;
    this.#identity = identity;
  }

  holds({ id }: Draft): boolean {
    return this.#held.has(id);
  }

  /**
   * Stores a message. Where the browser stores nothing it stays in memory, as without the store. What failed is
   * tried again at the next call: the browser may have room by then, or the token provider an answer.
   */
  keep(draft: Draft): void {
    if (this.holds(draft)) return;
    const held = this.#write(draft).catch(() => undefined);
    this.#held.set(draft.id, held);
    void held.then((kept) => {
      if (!kept && this.#held.get(draft.id) === held) this.#held.delete(draft.id);
    });
  }

  /** Forgets a message; resolves when it cannot come back any more. */
  async drop(draft: Draft): Promise<void> {
    await (await this.#letGo(draft))?.forget();
  }

  /** Leaves a message to whoever takes it up next. */
  async giveBack(draft: Draft): Promise<void> {
    (await this.#letGo(draft))?.unlock();
  }

  /** What earlier pages of this user left behind, oldest first. From now on it belongs to this tab. */
  async claim(): Promise<Draft[]> {
    const prefix = await this.#prefix();
    if (prefix === undefined) return [];
    const store = await this.#open();
    const keys = (await store.keys()).filter((key) => key.startsWith(prefix));
    const drafts = await Promise.all(keys.map((key) => this.#take(store, key)));
    return drafts.filter((draft) => draft !== undefined).sort((a, b) => a.queuedAt - b.queuedAt);
  }

  #letGo({ id }: Draft): Promise<Kept | undefined> | undefined {
    const held = this.#held.get(id);
    this.#held.delete(id);
    return held;
  }

  async #write(draft: Draft): Promise<Kept | undefined> {
    const prefix = await this.#prefix();
    // Meanwhile it may have come to its end, with its user.
    if (prefix === undefined || !this.holds(draft)) return undefined;
    const key = prefix + draft.id;
    const store = await this.#open();
    const unlock = await this.#config.environment.lock(key);
    if (!unlock) return undefined;
    try {
      await store.set(key, draft);
    } catch {
      unlock();
      return undefined;
    }
    return keptAs(store, key, unlock);
  }

  async #take(store: ValueStore, key: string): Promise<Draft | undefined> {
    const unlock = await this.#config.environment.lock(key);
    if (!unlock) return undefined;
    const kept = keptAs(store, key, unlock);
    try {
      // Only now: the tab that had it may have sent it while this one waited.
      const draft = await store.get(key);
      if (isDraft(draft)) {
        this.#held.set(draft.id, Promise.resolve(kept));
        return draft;
      }
      await kept.forget();
    } catch {
      // The browser may be able to read it later; the others can be sent now.
      unlock();
    }
    return undefined;
  }

  /** The beginning of the keys of this page's user; `undefined` when nobody knows who that is. */
  async #prefix(): Promise<string | undefined> {
    // A provider may not have said yet for whom it speaks.
    await this.#identity.token();
    const { state, userId } = this.#identity.snapshot;
    if (userId === undefined && state !== 'anonymous') return undefined;
    const { key, host, scope } = this.#config;
    return `${JSON.stringify([key, host, scope, userId ?? null])} `;
  }

  #open(): Promise<ValueStore> {
    this.#opening ??= this.#config.environment.openStore('outbox').catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }
}

function keptAs(store: ValueStore, key: string, unlock: Undo): Kept {
  return { unlock, forget: () => store.delete(key).finally(unlock) };
}

/** What is stored may come from another version of the kit. */
function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { id, event, channel, queuedAt, expiresAt } = value as Partial<Draft>;
  const texts = [id, event, channel].every((text) => typeof text === 'string');
  return texts && typeof queuedAt === 'number' && typeof expiresAt === 'number' && 'data' in value;
}
