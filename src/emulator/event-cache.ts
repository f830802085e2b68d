import type { Clock } from './clock.js';

/** The last event of a cache channel. */
export interface CachedEvent {
  name: string;
  data: string;
}

/** The last event of each cache channel, for a time. Bounded: the one written longest ago goes first. */
export class EventCache {
  readonly #events = new Map<string, { event: CachedEvent; expiresAt: number }>();
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #capacity: number;

  constructor(clock: Clock, ttlMs: number, capacity: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#capacity = capacity;
  }

  set(channel: string, event: CachedEvent): void {
    // Deleted first, so that the map's order is the order of writing.
    this.#events.delete(channel);
    this.#events.set(channel, { event, expiresAt: this.#clock.now() + this.#ttlMs });
    for (const [oldest, { expiresAt }] of this.#events) {
      if (expiresAt > this.#clock.now() && this.#events.size <= this.#capacity) break;
      this.#events.delete(oldest);
    }
  }

  /** The event that is still fresh, with the whole seconds it has left. */
  get(channel: string): (CachedEvent & { ttl: number }) | undefined {
    const entry = this.#events.get(channel);
    if (!entry) return undefined;
    const leftMs = entry.expiresAt - this.#clock.now();
    if (leftMs <= 0) {
      this.#events.delete(channel);
      return undefined;
    }
    return { ...entry.event, ttl: Math.ceil(leftMs / 1000) };
  }

  clear(): void {
    this.#events.clear();
  }
}
