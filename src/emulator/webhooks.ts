import { startBackgroundTimer, type TimerHandle } from './clock.js';
import type { EngineContext } from './context.js';
import type { AppSettings, WebhookOptions } from './options.js';
import { sign } from './signature.js';

/** One event of a webhook, as the app's backend gets it. */
export interface WebhookEvent {
  name: string;
  channel: string;
  [field: string]: unknown;
}

/** How long a backend may take to answer. */
const answerTimeoutMs = 10_000;
/** A failed delivery is tried again after this, then after twice as long each time. */
const firstRetryMs = 1_000;
/** A delivery is given up this long after its first attempt. */
const giveUpAfterMs = 300_000;
/** How long events are collected when batching is on, and how many at most. */
const batchDelayMs = 1_000;
const batchSize = 50;
/** Deliveries that may wait at one endpoint; more are dropped, oldest first, so that a dead backend costs no memory. */
const queueSize = 1_000;

/** Tells an app's backend what happens on its channels, signed and with retries. */
export class Webhooks {
  readonly #context: EngineContext;
  readonly #endpoints: Endpoint[];
  readonly #leaveGraceMs: number;
  /** What is about to be said to have left, unless it comes back in time. */
  readonly #leaving = new Map<string, TimerHandle>();

  constructor(context: EngineContext, settings: AppSettings) {
    this.#context = context;
    this.#leaveGraceMs = settings.leaveGraceMs;
    this.#endpoints = settings.webhooks.map((options) => new Endpoint(context, settings, options));
  }

  add(event: WebhookEvent): void {
    for (const endpoint of this.#endpoints) endpoint.add(event);
  }

  occupied(channel: string): void {
    this.#arrive(`channel ${channel}`, { name: 'channel_occupied', channel });
  }

  vacated(channel: string): void {
    this.#leave(`channel ${channel}`, { name: 'channel_vacated', channel });
  }

  memberAdded(channel: string, userId: string): void {
    this.#arrive(`member ${channel} ${userId}`, { name: 'member_added', channel, user_id: userId });
  }

  memberRemoved(channel: string, userId: string): void {
    this.#leave(`member ${channel} ${userId}`, { name: 'member_removed', channel, user_id: userId });
  }

  /** Drops what still waits, and aborts what is on its way. */
  stop(): void {
    for (const timer of this.#leaving.values()) this.#context.clock.clearTimeout(timer);
    this.#leaving.clear();
    for (const endpoint of this.#endpoints) endpoint.stop();
  }

  /** Somebody who returns within the grace has never left: neither event is sent. */
  #arrive(key: string, event: WebhookEvent): void {
    const timer = this.#leaving.get(key);
    this.#context.clock.clearTimeout(timer);
    if (!this.#leaving.delete(key)) this.add(event);
  }

  #leave(key: string, event: WebhookEvent): void {
    if (this.#endpoints.length === 0) return;
    const leave = () => {
      this.#leaving.delete(key);
      this.add(event);
    };
    this.#leaving.set(key, startBackgroundTimer(this.#context.clock, leave, this.#leaveGraceMs));
  }
}

interface Delivery {
  body: string;
  names: string[];
  firstAttemptAt: number;
  attempt: number;
}

/** One address that webhooks go to. First attempts go out in order; a failed one is repeated beside the others. */
class Endpoint {
  readonly #context: EngineContext;
  readonly #settings: AppSettings;
  readonly #options: WebhookOptions;
  readonly #queue: Delivery[] = [];
  readonly #timers = new Set<TimerHandle>();
  readonly #abort = new AbortController();
  #batch: WebhookEvent[] = [];
  #batchTimer: TimerHandle;
  #isSending = false;

  constructor(context: EngineContext, settings: AppSettings, options: WebhookOptions) {
    this.#context = context;
    this.#settings = settings;
    this.#options = options;
  }

  add(event: WebhookEvent): void {
    const { events, batch } = this.#options;
    if (events && !events.includes(event.name)) return;
    if (!batch) {
      this.#enqueue([event]);
      return;
    }
    this.#batch.push(event);
    if (this.#batch.length === 1) this.#batchTimer = this.#after(batchDelayMs, () => this.#flush());
    else if (this.#batch.length >= batchSize) this.#flush();
  }

  stop(): void {
    this.#abort.abort();
    for (const timer of this.#timers) this.#context.clock.clearTimeout(timer);
    this.#timers.clear();
    this.#queue.length = 0;
    this.#batch = [];
  }

  #flush(): void {
    this.#cancel(this.#batchTimer);
    const events = this.#batch;
    this.#batch = [];
    this.#enqueue(events);
  }

  #enqueue(events: WebhookEvent[]): void {
    const now = this.#context.clock.now();
    const body = JSON.stringify({ time_ms: now, events });
    if (this.#queue.length >= queueSize) this.#queue.shift();
    this.#queue.push({ body, names: events.map(({ name }) => name), firstAttemptAt: now, attempt: 0 });
    if (!this.#isSending) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isSending = true;
    for (let delivery = this.#queue.shift(); delivery; delivery = this.#queue.shift()) {
      await this.#deliver(delivery);
    }
    this.#isSending = false;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    delivery.attempt += 1;
    const status = await this.#send(delivery.body);
    if (this.#abort.signal.aborted) return;
    const { names, attempt, firstAttemptAt } = delivery;
    this.#context.report({
      type: 'webhook',
      appId: this.#settings.id,
      url: this.#options.url,
      names,
      attempt,
      status,
    });
    if (typeof status === 'number' && status >= 200 && status < 300) return;
    const delayMs = firstRetryMs * 2 ** (attempt - 1);
    const isLate = this.#context.clock.now() + delayMs - firstAttemptAt > giveUpAfterMs;
    if (isLate || this.#timers.size >= queueSize) return;
    this.#after(delayMs, () => void this.#deliver(delivery));
  }

  async #send(body: string): Promise<number | 'failed'> {
    const { settings } = this.#context;
    const timeout = new AbortController();
    const abort = () => timeout.abort();
    const timer = this.#after(answerTimeoutMs, abort);
    this.#abort.signal.addEventListener('abort', abort);
    try {
      const response = await settings.fetch(this.#options.url, {
        method: 'POST',
        // Exactly this content type: the official SDK compares it with ===.
        headers: {
          'content-type': 'application/json',
          'x-pusher-key': this.#settings.key,
          'x-pusher-signature': sign(this.#settings.secret, body),
        },
        body,
        signal: timeout.signal,
      });
      return response.status;
    } catch {
      return 'failed';
    } finally {
      // The status is all that counts: a body that goes on would hold its connection, and a process that wants to end.
      abort();
      this.#cancel(timer);
      this.#abort.signal.removeEventListener('abort', abort);
    }
  }

  #after(delayMs: number, callback: () => void): TimerHandle {
    const timer = startBackgroundTimer(
      this.#context.clock,
      () => {
        this.#timers.delete(timer);
        callback();
      },
      delayMs,
    );
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: TimerHandle): void {
    this.#context.clock.clearTimeout(timer);
    this.#timers.delete(timer);
  }
}
