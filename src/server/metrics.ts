/**
 * How often each event was sent and by how many people. The last hour is counted by the minute, and all of
 * seven days by the hour: minutes of a whole week would fill a store that keeps a week of hours easily.
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

/**
 * The answer to a question about metrics. Within the last hour it is true to the minute, before that to the
 * hour: an older `from` is rounded down to its hour, an older `to` up to the end of its own.
 */
export interface MetricsReport {
  /** What was counted from, after rounding; ISO 8601. */
  from: string;
  /** What was counted to, after rounding; ISO 8601. */
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
/** How far back minutes are read by themselves: the longest range that begins at a minute. */
const byMinuteMs = hourMs;
/** The hour in which a span begins may be read by the minute when the span ends before that hour does. */
const minuteLifeMs = byMinuteMs + hourMs + minuteMs;
const hourLifeMs = keptMs + 2 * hourMs;
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
    const buckets = [
      [`m${Math.floor(now / minuteMs)}`, minuteLifeMs],
      [`h${Math.floor(now / hourMs)}`, hourLifeMs],
    ] as const;
    await Promise.all(
      buckets.flatMap(([bucket, ttlMs]) => [
        this.#store.add(`metrics:events:${bucket}`, event, ttlMs),
        this.#store.increment(`metrics:count:${bucket}:${event}`, 1, ttlMs),
        ...(userId === undefined ? [] : [this.#store.add(`metrics:users:${bucket}:${event}`, userId, ttlMs)]),
      ]),
    );
  }

  /** @throws RealtimeServerError (400) when the question cannot be read. */
  async query(query: MetricsQuery = {}): Promise<MetricsReport> {
    const { from, to, end } = this.#span(query);
    const buckets = bucketsBetween(from, end);
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

  /** `end` is where the last bucket ends: the minute of a `to` within the last hour counts whole. */
  #span({ range, from, to }: MetricsQuery): { from: number; to: number; end: number } {
    const now = this.#clock();
    const byMinuteSince = now - byMinuteMs;
    const startingAt = (time: number) => floor(time, time < byMinuteSince ? hourMs : minuteMs);
    if (from === undefined && to === undefined) {
      const length = rangesMs[(range ?? '1h') as MetricsRange];
      if (!Object.hasOwn(rangesMs, range ?? '1h'))
        throw invalid('range should be one of 15m, 1h, 24h and 7d.');
      return { from: startingAt(now - length), to: now, end: floor(now, minuteMs) + minuteMs };
    }
    if (range !== undefined) throw invalid('Give range, or from and to, not both.');
    const oldest = now - keptMs;
    const start = from === undefined ? oldest : readTime('from', from);
    const until = Math.min(to === undefined ? now : readTime('to', to), now);
    if (start > until) throw invalid('from should lie before to, and before now.');
    const span = { from: startingAt(Math.max(start, oldest)), to: Math.max(until, oldest) };
    if (span.to >= byMinuteSince) return { ...span, end: floor(span.to, minuteMs) + minuteMs };
    const end = floor(span.to + hourMs - 1, hourMs);
    return { ...span, to: end, end };
  }
}

/** Whole hours, and minutes where the span begins or ends within one. */
function bucketsBetween(from: number, end: number): string[] {
  const buckets: string[] = [];
  for (let time = from; time < end; ) {
    const isWholeHour = time % hourMs === 0 && time + hourMs <= end;
    buckets.push(isWholeHour ? `h${time / hourMs}` : `m${time / minuteMs}`);
    time += isWholeHour ? hourMs : minuteMs;
  }
  return buckets;
}

function floor(time: number, unitMs: number): number {
  return Math.floor(time / unitMs) * unitMs;
}

function readTime(name: string, text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(`${name} should be a time such as 2026-01-31T12:00:00Z.`);
  return time;
}

function invalid(message: string): RealtimeServerError {
  return new RealtimeServerError('invalid_request', message);
}
