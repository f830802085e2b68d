/**
 * Where the server keeps what it counts: limits, webhooks already handled, metrics. One instance keeps
 * it in memory; several behind a balancer share a store that speaks to Redis or a database
 * (docs/server.md shows one).
 */
import { within } from './deadline.js';

/** Counters and sets that are forgotten after a while. */
export interface Store {
  /** Adds to a counter and answers what it then holds. A new one starts at 0, and is forgotten `ttlMs` later. */
  increment(key: string, by: number, ttlMs: number): Promise<number>;
  /** The sum of these counters; one that does not exist counts 0. */
  count(keys: readonly string[]): Promise<number>;
  /** Puts a text into a set and answers how many it then holds. A set is kept for `ttlMs` at least. */
  add(key: string, member: string, ttlMs: number): Promise<number>;
  /** Every text that stands in at least one of these sets, once. */
  members(keys: readonly string[]): Promise<string[]>;
  /** Forgets a counter or a set. */
  delete(key: string): Promise<void>;
}

/** How long a store may take: the next machine answers in a few milliseconds. */
const answerTimeoutMs = 500;

/** The store as one that answers in time or fails: a client that has lost its server may leave its callers waiting. */
export function punctual(store: Store): Store {
  return {
    increment: (key, by, ttlMs) => within(answerTimeoutMs, store.increment(key, by, ttlMs)),
    count: (keys) => within(answerTimeoutMs, store.count(keys)),
    add: (key, member, ttlMs) => within(answerTimeoutMs, store.add(key, member, ttlMs)),
    members: (keys) => within(answerTimeoutMs, store.members(keys)),
    delete: (key) => within(answerTimeoutMs, store.delete(key)),
  };
}

interface Entry {
  expiresAt: number;
  count: number;
  members: Set<string>;
}

const sweepIntervalMs = 60_000;

/** The store of a single instance. Its memory is bounded: above `maxEntries` the oldest keys are forgotten. */
export class MemoryStore implements Store {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #clock: () => number;
  #size = 0;
  #nextSweepAt = 0;

  /** `maxEntries` counts keys and the members of sets together. `clock` answers milliseconds. */
  constructor({
    maxEntries = 200_000,
    clock = Date.now,
  }: { maxEntries?: number; clock?: () => number } = {}) {
    this.#maxEntries = maxEntries;
    this.#clock = clock;
  }

  /** How many keys and members are held now. */
  get size(): number {
    return this.#size;
  }

  async increment(key: string, by: number, ttlMs: number): Promise<number> {
    const entry = this.#open(key, ttlMs);
    entry.count += by;
    return entry.count;
  }

  async count(keys: readonly string[]): Promise<number> {
    return keys.reduce((sum, key) => sum + (this.#find(key)?.count ?? 0), 0);
  }

  async add(key: string, member: string, ttlMs: number): Promise<number> {
    const { members } = this.#open(key, ttlMs);
    if (!members.has(member) && this.#makeRoom(key)) {
      members.add(member);
      this.#size += 1;
    }
    return members.size;
  }

  async members(keys: readonly string[]): Promise<string[]> {
    return [...new Set(keys.flatMap((key) => [...(this.#find(key)?.members ?? [])]))];
  }

  async delete(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#size -= 1 + entry.members.size;
  }

  #find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.expiresAt <= this.#clock()) {
      void this.delete(key);
      return undefined;
    }
    return entry;
  }

  #open(key: string, ttlMs: number): Entry {
    this.#sweep();
    const found = this.#find(key);
    if (found) return found;
    this.#makeRoom(key);
    const entry: Entry = { expiresAt: this.#clock() + ttlMs, count: 0, members: new Set() };
    this.#entries.set(key, entry);
    this.#size += 1;
    return entry;
  }

  /** Forgets, once a minute, what has expired and is never asked for again. */
  #sweep(): void {
    const now = this.#clock();
    if (now < this.#nextSweepAt) return;
    this.#nextSweepAt = now + sweepIntervalMs;
    for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) void this.delete(key);
  }

  /**
   * Makes room for one more and says whether there is any. Keys stand in the order of their first write,
   * so the first are the oldest; a tenth goes at once, or every write to a full store would search it.
   */
  #makeRoom(inUse: string): boolean {
    if (this.#size < this.#maxEntries) return true;
    for (const key of this.#entries.keys()) {
      if (this.#size <= this.#maxEntries * 0.9) break;
      if (key !== inUse) void this.delete(key);
    }
    return this.#size < this.#maxEntries;
  }
}
