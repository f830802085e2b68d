import type { Channel } from './channel.js';
import { type Clock, startBackgroundTimer, type TimerHandle } from './clock.js';

/** Subscribers above which a channel hears its count only now and then, as the service does it. */
const crowdSize = 100;

/** Tells the subscribers of a channel how many they are: at each change, or in a crowd at an interval. */
export class SubscriptionCounts {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #announced: (channel: string, count: number) => void;
  readonly #timers = new Map<string, TimerHandle>();

  constructor(clock: Clock, intervalMs: number, announced: (channel: string, count: number) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#announced = announced;
  }

  /** Notes that a channel has one subscriber more or less. */
  changed(channel: Channel): void {
    const { name, subscribers } = channel;
    if (subscribers.size === 0) {
      this.#clock.clearTimeout(this.#timers.get(name));
      this.#timers.delete(name);
    } else if (subscribers.size <= crowdSize) {
      this.#announce(channel);
    } else if (!this.#timers.has(name)) {
      const announceLater = () => {
        this.#timers.delete(name);
        this.#announce(channel);
      };
      this.#timers.set(name, startBackgroundTimer(this.#clock, announceLater, this.#intervalMs));
    }
  }

  clear(): void {
    for (const timer of this.#timers.values()) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }

  #announce(channel: Channel): void {
    const count = channel.subscribers.size;
    channel.broadcast({
      event: 'pusher_internal:subscription_count',
      channel: channel.name,
      data: JSON.stringify({ subscription_count: count }),
    });
    this.#announced(channel.name, count);
  }
}
