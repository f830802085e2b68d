/**
 * Connections of one person. The server sees a connection's socket id when it asks for something, and
 * never its end: a visitor who opens page after page shows many ids and holds one connection. So many ids
 * are only a suspicion, and the engine, which knows, is asked; where it cannot say, the ids of the last
 * minute decide.
 */
import { channelNames } from '../protocol.js';
import type { Engine } from './engine.js';
import { countOrPass, type LimitParts, refuse, untilItFits } from './limits.js';

const minuteMs = 60_000;
/** The longest life of most tokens: whoever holds connections shows up again within it. */
const hourMs = 60 * minuteMs;

/** Lets new connections in. */
export class ConnectionLimiter {
  readonly #parts: LimitParts;
  readonly #live: (userId: string) => Promise<number | undefined>;

  /** `live` answers how many connections a person holds now, or `undefined` when the engine does not say. */
  constructor(parts: LimitParts, live: (userId: string) => Promise<number | undefined>) {
    this.#parts = parts;
    this.#live = live;
  }

  /** @throws RealtimeServerError (429) when the person holds too many. */
  async admit(userId: string, socketId: string): Promise<void> {
    const { limits, store, clock, logger } = this.#parts;
    const limit = limits.connectionsPerUser;
    const now = clock();
    const minute = Math.floor(now / minuteMs);
    const key = (window: string | number) => `limit:connections:${userId}:${window}`;

    const waitMs = await countOrPass(logger, async () => {
      const inHour = await store.add(key(`h${Math.floor(now / hourMs)}`), socketId, hourMs);
      const taken = await store.add(key(minute), socketId, 2 * minuteMs);
      const before = (await store.members([key(minute - 1)])).length;
      const wait = untilItFits({ before, taken, amount: 1, limit, elapsed: (now % minuteMs) / minuteMs });
      if (inHour <= limit && wait === 0) return 0;
      const live = await this.#live(userId);
      if (live === undefined) return wait * minuteMs;
      return live < limit ? 0 : minuteMs;
    });
    if (waitMs) refuse(this.#parts, { kind: 'connections', userId, limit }, waitMs);
  }
}

/** Counts the subscribers of a person's own channel, which every page of theirs holds. */
export async function liveConnections(
  engine: Engine | undefined,
  userId: string,
): Promise<number | undefined> {
  const { subscription_count: count } =
    (await engine
      ?.get(`/channels/${channelNames.user(userId)}`, { info: 'subscription_count' })
      .catch(() => undefined)) ?? {};
  return typeof count === 'number' ? count : undefined;
}
