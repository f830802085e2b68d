/** Analytics collector: counts what happens and sends the counts now and then. No payload is ever in it. */
import type { RealtimeConfig } from 'realtime-elements';

/** How often an event happened on a channel. */
export interface EventCount {
  channel: string;
  event: string;
  count: number;
}

/** Give its `analytics` to the configuration: `RealtimeController.for({…, analytics: collector.analytics})`. */
export class AnalyticsCollector {
  readonly #send: (counts: EventCount[]) => void;
  readonly #counts = new Map<string, EventCount>();

  /** @param send For instance `(counts) => navigator.sendBeacon('/analytics', JSON.stringify(counts))`. */
  constructor(send: (counts: EventCount[]) => void) {
    this.#send = send;
  }

  /** Hears of each event after all its listeners. */
  readonly analytics: NonNullable<RealtimeConfig['analytics']> = ({ channel, event }) => {
    const key = `${channel}\n${event}`;
    const entry = this.#counts.get(key) ?? { channel, event, count: 0 };
    entry.count += 1;
    this.#counts.set(key, entry);
  };

  /** Sends what has been counted since the last time. */
  flush(): void {
    if (this.#counts.size === 0) return;
    const counts = [...this.#counts.values()];
    this.#counts.clear();
    this.#send(counts);
  }

  /** Sends every minute, and when the page is hidden: a phone may never show it again. */
  start(everyMs = 60_000): () => void {
    const timer = setInterval(() => this.flush(), everyMs);
    const onHide = () => {
      if (document.visibilityState === 'hidden') this.flush();
    };
    document.addEventListener('visibilitychange', onHide);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onHide);
      this.flush();
    };
  }
}
