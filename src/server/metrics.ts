/**
 * How often each event was sent and by how many people. Counted by the minute and by the hour and kept
 * for seven days, so that a range is read from whole hours with minutes at its ends.
 */
import { RealtimeServerError } from './errors.js';
import type { Store } from './store.js';

/** Ranges that end now. */
export type MetricsRange = '15m' | '1h' | '24h' | '7d';

/** One event in a range of time. */
export interface EventMetrics {
  event: string;
  count: number;
  /** Different people who sent it; events without a sender count no one. */
  uniqueUsers: number;
}

/** The answer to a question about metrics; `from` is rounded down to the minute. */
export interface MetricsReport {
  /** ISO 8601. */
  from: string;
  /** ISO 8601. */
  to: string;
  /** The most frequent first. */
  events: EventMetrics[];
}

/** What to ask about: a range that ends now (default `1h`), or a time from `from` to `to` (ISO 8601). */
export interface MetricsQuery {
  range?: string;
  from?: string;
  to?: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const keptMs = 7 * 24 * hourMs;
const rangesMs: Record<MetricsRange, number> = {
  '15m': 15 * minuteMs,
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': keptMs,
};

/** Counts events, and answers how many there were. */
export class Metrics {
  readonly #store: Store;
  readonly #clock: () => number;

  constructor(store: Store, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Counts one event, and the person who sent it. */
  async track(event: string, userId?: string): Promise<void> {
    const now = this.#clock();
    const buckets = [`m${Math.floor(now / minuteMs)}`, `h${Math.floor(now / hourMs)}`];
    const ttlMs = keptMs + 2 * hourMs;
    await Promise.all(
      buckets.flatMap((bucket) => [
        this.#store.add(`metrics:events:${bucket}`, event, ttlMs),
        this.#store.increment(`metrics:count:${bucket}:${event}`, 1, ttlMs),
        ...(userId === undefined ? [] : [this.#store.add(`metrics:users:${bucket}:${event}`, userId, ttlMs)]),
      ]),
    );
  }

  /** @throws RealtimeServerError (400) when the question cannot be read. */
  async query(query: MetricsQuery = {}): Promise<MetricsReport> {
    const { from, to } = this.#span(query);
    const buckets = bucketsBetween(from, to);
    const events = await this.#store.members(buckets.map((bucket) => `metrics:events:${bucket}`));
    const rows = await Promise.all(
      events.map(async (event): Promise<EventMetrics> => {
        const [count, users] = await Promise.all([
          this.#store.count(buckets.map((bucket) => `metrics:count:${bucket}:${event}`)),
          this.#store.members(buckets.map((bucket) => `metrics:users:${bucket}:${event}`)),
        ]);
        return { event, count, uniqueUsers: users.length };
      }),
    );
    rows.sort((a, b) => b.count - a.count || (a.event < b.event ? -1 : 1));
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), events: rows };
  }

  #span({ range, from, to }: MetricsQuery): { from: number; to: number } {
    const now = this.#clock();
    if (from === undefined && to === undefined) {
      const length = rangesMs[(range ?? '1h') as MetricsRange];
      if (!Object.hasOwn(rangesMs, range ?? '1h'))
        throw invalid('range should be one of 15m, 1h, 24h and 7d.');
      return { from: startOfMinute(now - length), to: now };
    }
    if (range !== undefined) throw invalid('Give range, or from and to, not both.');
    const start = from === undefined ? now - keptMs : readTime('from', from);
    const end = Math.min(to === undefined ? now : readTime('to', to), now);
    if (start > end) throw invalid('from should lie before to, and before now.');
    return { from: startOfMinute(Math.max(start, now - keptMs)), to: Math.max(end, now - keptMs) };
  }
}

function bucketsBetween(from: number, to: number): string[] {
  const buckets: string[] = [];
  for (let time = from; time <= to; ) {
    const isWholeHour = time % hourMs === 0 && time + hourMs <= to;
    buckets.push(isWholeHour ? `h${time / hourMs}` : `m${time / minuteMs}`);
    time += isWholeHour ? hourMs : minuteMs;
  }
  return buckets;
}

function startOfMinute(time: number): number {
  return Math.floor(time / minuteMs) * minuteMs;
}

function readTime(name: string, text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(`${name} should be a time such as 2026-01-31T12:00:00Z.`);
  return time;
}

function invalid(message: string): RealtimeServerError {
  return new RealtimeServerError('invalid_request', message);
}
