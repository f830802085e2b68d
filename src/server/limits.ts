import { RealtimeServerError } from './errors.js';
import type { Logger } from './log.js';
import type { Store } from './store.js';

/** How much a person, and an address, may do. */
export interface ServerLimits {
  /** Authorization requests in a minute; a batch of channels is one request. Default 60. */
  authorizationsPerMinute: number;
  /** Events in a minute, counted once for each channel that they go to. Default 120. */
  eventsPerMinute: number;
  /** Authorization requests in a minute from one address. Default as for a person; raise it where many share one, as schools do. */
  authorizationsPerMinutePerAddress: number;
  /** Events in a minute from one address. Default as for a person. */
  eventsPerMinutePerAddress: number;
  /** Connections that one person may authorize within five minutes. Default 10. */
  connectionsPerUser: number;
}

/** Who is counted. */
export type LimitSubject = { userId: string } | { address: string };

/** Somebody who went over a limit. */
export interface AbuseReport {
  kind: 'authorizations' | 'events' | 'connections';
  userId?: string;
  address?: string;
  /** What the limit is, and what was reached. */
  limit: number;
  count: number;
}

const minuteMs = 60_000;
/** A socket id says nothing about its connection's end, so one counts for a while after it was first seen. */
const connectionWindowMs = 5 * minuteMs;

/** Counts in windows of fixed length. Over the limit it throws the 429 that names the seconds to wait. */
export class Limiter {
  readonly #limits: ServerLimits;
  readonly #store: Store;
  readonly #clock: () => number;
  readonly #onAbuse: (report: AbuseReport) => unknown;
  readonly #logger: Logger;

  constructor(options: {
    limits: ServerLimits;
    store: Store;
    clock: () => number;
    onAbuse: (report: AbuseReport) => unknown;
    logger: Logger;
  }) {
    this.#limits = options.limits;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#onAbuse = options.onAbuse;
    this.#logger = options.logger;
  }

  /** Counts authorization requests or events of one subject. */
  async take(kind: 'authorizations' | 'events', subject: LimitSubject, amount = 1): Promise<void> {
    const limit = this.#limits[`${kind}PerMinute${'address' in subject ? 'PerAddress' : ''}`];
    await this.#check(kind, subject, limit, minuteMs, (key, ttlMs) =>
      this.#store.increment(key, amount, ttlMs),
    );
  }

  /** Counts a person's connections: the different socket ids of a window. */
  async connection(userId: string, socketId: string): Promise<void> {
    await this.#check(
      'connections',
      { userId },
      this.#limits.connectionsPerUser,
      connectionWindowMs,
      (key, ttlMs) => this.#store.add(key, socketId, ttlMs),
    );
  }

  async #check(
    kind: AbuseReport['kind'],
    subject: LimitSubject,
    limit: number,
    windowMs: number,
    count: (key: string, ttlMs: number) => Promise<number>,
  ): Promise<void> {
    const now = this.#clock();
    const window = Math.floor(now / windowMs);
    const who = 'address' in subject ? `address:${subject.address}` : `user:${subject.userId}`;
    let reached: number;
    try {
      reached = await count(`limit:${kind}:${who}:${window}`, windowMs);
    } catch (error) {
      // A store that is away must not lock everybody out; what guards the channels is the rules.
      this.#logger.error('The store of the limits failed; this request was not counted.', error);
      return;
    }
    if (reached <= limit) return;
    void Promise.resolve({ kind, ...subject, limit, count: reached })
      .then(this.#onAbuse)
      .catch((error: unknown) => this.#logger.error('onAbuse failed.', error));
    const seconds = Math.max(1, Math.ceil(((window + 1) * windowMs - now) / 1000));
    throw new RealtimeServerError('rate_limited', `Too many ${kind}; try again in ${seconds} seconds.`, {
      'Retry-After': String(seconds),
    });
  }
}
