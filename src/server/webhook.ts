/** Webhooks of the engine: believed by their signature alone, told to the host once each. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { RealtimeServerError } from './errors.js';
import type { Logger } from './log.js';
import type { Store } from './store.js';

const channel = z.string();
/** Some engines keep the number that a page's token held. */
const userId = z.union([z.string(), z.number().transform(String)]);
const knownEvent = z.discriminatedUnion('name', [
  z.looseObject({ name: z.literal('channel_occupied'), channel }),
  z.looseObject({ name: z.literal('channel_vacated'), channel }),
  z.looseObject({ name: z.literal('member_added'), channel, user_id: userId }),
  z.looseObject({ name: z.literal('member_removed'), channel, user_id: userId }),
  z.looseObject({
    name: z.literal('client_event'),
    channel,
    event: z.string(),
    /** As it was sent, mostly JSON. */
    data: z.string(),
    socket_id: z.string(),
    /** On presence channels. */
    user_id: userId.optional(),
  }),
  z.looseObject({ name: z.literal('cache_miss'), channel }),
  z.looseObject({ name: z.literal('subscription_count'), channel, subscription_count: z.number() }),
]);

/** The events that Pusher Channels sends. */
export type KnownWebhookEvent = z.infer<typeof knownEvent>;

/** An event that this version does not know, as it came. */
export interface UnknownWebhookEvent {
  name: 'unknown';
  received: { name: string; [field: string]: unknown };
}

/** One event of a webhook; branch on `name`. */
export type WebhookEvent = KnownWebhookEvent | UnknownWebhookEvent;

/** Hears of one event. `time` is when the engine wrote the webhook. */
export type WebhookHandler = (event: WebhookEvent, time: Date) => unknown;

const rememberedMs = 10 * 60_000;
/** How long one attempt may take before another one may try: longer than an engine waits for an answer. */
const claimMs = 60_000;

/** A webhook that was checked: its events, and how to handle each once. */
export class WebhookReceiver {
  readonly #key: string;
  readonly #secret: string;
  readonly #store: Store;
  readonly #handlers: readonly WebhookHandler[];
  readonly #logger: Logger;

  constructor(parts: {
    key: string;
    secret: string;
    store: Store;
    handlers: readonly WebhookHandler[];
    logger: Logger;
  }) {
    this.#key = parts.key;
    this.#secret = parts.secret;
    this.#store = parts.store;
    this.#handlers = parts.handlers;
    this.#logger = parts.logger;
  }

  /**
   * Handles every event of a webhook that was not handled before.
   *
   * @throws RealtimeServerError: 401 for a wrong signature, 400 for a body that is none, 500 when a
   * handler failed and 503 while another request handles the same event; after both the engine tries again.
   */
  async receive(headers: Headers, body: Uint8Array): Promise<void> {
    this.#checkSignature(headers.get('x-pusher-key'), headers.get('x-pusher-signature'), body);
    const { timeMs, events } = readBody(body);
    const outcomes = new Set<'done' | 'failed' | 'in_progress'>();
    for (const [index, event] of events.entries()) {
      const id = createHash('sha256')
        .update(JSON.stringify([timeMs, index, event]))
        .digest('base64url');
      outcomes.add(await this.#handleOnce(id, readEvent(event), new Date(timeMs)));
    }
    if (outcomes.has('failed')) {
      throw new RealtimeServerError('internal', 'An event of this webhook could not be handled.');
    }
    if (outcomes.has('in_progress')) {
      throw new RealtimeServerError('in_progress', 'An event of this webhook is being handled.', {
        'Retry-After': '1',
      });
    }
  }

  #checkSignature(key: string | null, signature: string | null, body: Uint8Array): void {
    const expected = createHmac('sha256', this.#secret).update(body).digest();
    const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature ?? '') ? signature! : '', 'hex');
    const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
    if (key !== this.#key || !isSigned) {
      throw new RealtimeServerError('unauthenticated', 'This webhook is not signed with our key.');
    }
  }

  async #handleOnce(id: string, event: WebhookEvent, time: Date): Promise<'done' | 'failed' | 'in_progress'> {
    const claim = `webhook:claim:${id}`;
    const done = `webhook:done:${id}`;
    if ((await this.#store.increment(claim, 1, claimMs)) > 1) return 'in_progress';
    try {
      if ((await this.#store.count([done])) > 0) return 'done';
      for (const handler of this.#handlers) await handler(event, time);
      await this.#store.increment(done, 1, rememberedMs);
      return 'done';
    } catch (error) {
      this.#logger.error(`The webhook event ${event.name} could not be handled.`, error);
      return 'failed';
    } finally {
      await this.#store.delete(claim);
    }
  }
}

type ReceivedEvent = UnknownWebhookEvent['received'];

function readEvent(received: ReceivedEvent): WebhookEvent {
  return knownEvent.safeParse(received).data ?? { name: 'unknown', received };
}

function readBody(body: Uint8Array): { timeMs: number; events: ReceivedEvent[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new RealtimeServerError('invalid_request', 'The body of a webhook should be JSON.');
  }
  const { time_ms: timeMs, events } = (parsed ?? {}) as { time_ms?: unknown; events?: unknown };
  const areEvents = (list: unknown): list is ReceivedEvent[] =>
    Array.isArray(list) && list.every((event) => typeof (event as ReceivedEvent | null)?.name === 'string');
  if (typeof timeMs !== 'number' || Number.isNaN(new Date(timeMs).getTime()) || !areEvents(events)) {
    throw new RealtimeServerError('invalid_request', 'A webhook should hold time_ms and a list of events.');
  }
  return { timeMs, events };
}
