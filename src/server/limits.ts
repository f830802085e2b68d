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
  /** Connections that one person may hold. Default 10. */
  connectionsPerUser: number;
}

/** Who is counted. */
export type LimitSubject = { userId: string } | { address: string };

/** Somebody who went over a limit. */
export interface AbuseReport {
  kind: 'authorizations' | 'events' | 'connections';
  userId?: string;
  address?: string;
  limit: number;
}

/** What everything that limits is made of. */
export interface LimitParts {
  limits: ServerLimits;
  store: Store;
  clock: () => number;
  onAbuse: (report: AbuseReport) => unknown;
  logger: Logger;
}

const minuteMs = 60_000;

/**
 * Counts requests and events in a sliding minute, by two counters: this minute's, and of the last one's the
 * share that the sixty seconds behind us still cover. What is refused is not counted.
 */
export class Limiter {
  readonly #parts: LimitParts;

  constructor(parts: LimitParts) {
    this.#parts = parts;
  }

  /** @throws RealtimeServerError: 429 with the seconds to wait in `Retry-After`, 400 for what never fits. */
  async take(kind: 'authorizations' | 'events', subject: LimitSubject, amount = 1): Promise<void> {
    const { limits, store, clock } = this.#parts;
    const limit = limits[`${kind}PerMinute${'address' in subject ? 'PerAddress' : ''}`];
    if (amount > limit) {
      throw new RealtimeServerError('invalid_request', `This server takes at most ${limit} ${kind} at once.`);
    }
    const who = 'address' in subject ? `address:${subject.address}` : `user:${subject.userId}`;
    const now = clock();
    const minute = Math.floor(now / minuteMs);
    const key = (index: number) => `limit:${kind}:${who}:${index}`;

    const waitMs = await countOrPass(this.#parts.logger, async () => {
      const taken = await store.increment(key(minute), amount, 2 * minuteMs);
      const before = await store.count([key(minute - 1)]);
      const wait = untilItFits({ before, taken, amount, limit, elapsed: (now % minuteMs) / minuteMs });
      if (wait > 0) await store.increment(key(minute), -amount, 2 * minuteMs);
      return wait * minuteMs;
    });
    if (waitMs) refuse(this.#parts, { kind, ...subject, limit }, waitMs);
  }
}

/** Minutes until `amount` more, which is no more than the limit, fit under it; 0 when they do now. */
export function untilItFits(window: {
  /** Taken in the last minute of the clock. */
  before: number;
  /** Taken in this one, `amount` included. */
  taken: number;
  amount: number;
  limit: number;
  /** How much of this minute has passed, 0 to 1. */
  elapsed: number;
}): number {
  const { before, taken, amount, limit, elapsed } = window;
  if (Math.floor(before * (1 - elapsed)) + taken <= limit) return 0;
  // The last minute's share shrinks until there is room, or this minute must become the last one first.
  if (taken <= limit) return 1 - (limit - taken) / before - elapsed;
  return 1 - elapsed + Math.max(0, 1 - (limit - amount) / (taken - amount));
}

/** A store that is away must not lock everybody out: what guards the channels is the rules. */
export async function countOrPass<T>(logger: Logger, count: () => Promise<T>): Promise<T | undefined> {
  try {
    return await count();
  } catch (error) {
    logger.error('The store of the limits failed; a request was not counted.', error);
    return undefined;
  }
}

/** Tells `onAbuse`, and throws the 429. */
export function refuse(
  { onAbuse, logger }: Pick<LimitParts, 'onAbuse' | 'logger'>,
  report: AbuseReport,
  waitMs: number,
): never {
  void Promise.resolve(report)
    .then(onAbuse)
    .catch((error: unknown) => logger.error('onAbuse failed.', error));
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  throw new RealtimeServerError('rate_limited', `Too many ${report.kind}; try again in ${seconds} s.`, {
    'Retry-After': String(seconds),
  });
}
