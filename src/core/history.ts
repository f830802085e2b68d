/** The last events of the page, bounded; a debugging aid and the source for late comers on the page. */
import type { RealtimeEvent } from './listeners.js';

/** Which events to look for; each part narrows. */
export interface HistoryQuery {
  channel?: string;
  event?: string;
  /** Milliseconds since 1970. */
  since?: number;
  /** No more than this many, the newest. */
  last?: number;
}

export class History {
  readonly #size: number;
  #events: RealtimeEvent[] = [];

  /** @param size How many events are kept; 0, and what is no number, keeps none. */
  constructor(size: number) {
    this.#size = Math.max(0, Math.trunc(size) || 0);
  }

  add(event: RealtimeEvent): void {
    // What was encrypted on the wire is not kept readable in memory.
    if (this.#size === 0 || event.channel.startsWith('private-encrypted-')) return;
    this.#events.push(event);
    // Cutting at twice the size keeps the cost of an event constant.
    if (this.#events.length >= this.#size * 2) this.#events = this.#events.slice(-this.#size);
  }

  /** A copy of what matches, oldest first. */
  query({ channel, event, since, last }: HistoryQuery = {}): RealtimeEvent[] {
    const found = this.#events
      .slice(-this.#size)
      .filter(
        (entry) =>
          (channel === undefined || entry.channel === channel) &&
          (event === undefined || entry.event === event) &&
          (since === undefined || entry.receivedAt >= since),
      );
    return last === undefined ? found : found.slice(Math.max(0, found.length - last));
  }

  clear(): void {
    this.#events = [];
  }
}
