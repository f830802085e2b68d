/**
 * Connections of one person. The server sees a connection's socket id when it asks for something, and
 * never its end: a visitor who opens page after page shows many ids and holds one connection. So it counts
 * how fast new ids come, and where many came the engine is asked how many of them are there; where it
 * cannot say, the pace decides. Nobody is asked about an id that was let in before.
 */
import { channelNames } from '../protocol.js';
import { within } from './deadline.js';
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
    const hour = Math.floor(clock() / hourMs);
    const letIn = (index: number) => `limit:connections:${userId}:h${index}`;

    const waitMs = await countOrPass(logger, async () => {
      const known = await store.members([letIn(hour), letIn(hour - 1)]);
      if (!known.includes(socketId)) {
        const wait = await this.#untilThereIsRoom(userId, socketId);
        if (wait > 0 || known.length >= limit) {
          // The engine counts who holds the person's own channel, and nobody who is still on the way there or
          // follows other channels: some are a number to believe, none says nothing.
          const live = await this.#live(userId);
          if (live ? live >= limit : wait > 0) return live ? minuteMs : wait;
        }
      }
      await store.add(letIn(hour), socketId, 2 * hourMs);
      return 0;
    });
    if (waitMs) refuse(this.#parts, { kind: 'connections', userId, limit }, waitMs);
  }

  /** Milliseconds until one more new connection fits into the sliding minute; 0 when it does now. */
  async #untilThereIsRoom(userId: string, socketId: string): Promise<number> {
    const { limits, store, clock } = this.#parts;
    const now = clock();
    const minute = Math.floor(now / minuteMs);
    const asked = (index: number) => `limit:connections:${userId}:${index}`;
    const taken = await store.add(asked(minute), socketId, 2 * minuteMs);
    const [last, current] = await Promise.all([
      store.members([asked(minute - 1)]),
      store.members([asked(minute)]),
    ]);
    const counted = new Set(current);
    const wait = untilItFits({
      before: last.filter((id) => !counted.has(id)).length,
      taken,
      amount: 1,
      limit: limits.connectionsPerUser,
      elapsed: (now % minuteMs) / minuteMs,
    });
    return wait * minuteMs;
  }
}

/** How long the engine may think about it: a page gives an authorization up after ten seconds. */
const answerTimeoutMs = 2_000;

/** Counts the subscribers of a person's own channel, which every page of theirs holds. */
export async function liveConnections(
  engine: Engine | undefined,
  userId: string,
): Promise<number | undefined> {
  if (!engine) return undefined;
  const asked = engine.get(`/channels/${channelNames.user(userId)}`, { info: 'subscription_count' });
  const count = (await within(answerTimeoutMs, asked).catch(() => undefined))?.subscription_count;
  return typeof count === 'number' ? count : undefined;
}
