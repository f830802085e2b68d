/** What happened on the connection, in numbers. */
import type { Connection } from './connection.js';
import { isProtocolEvent } from './direct-frames.js';
import type { Environment } from './environment.js';

/** A connection's numbers at one moment; times in milliseconds. */
export interface ConnectionStats {
  /** When the present connection was made, since 1970. */
  readonly connectedAt: number | undefined;
  /** How long the page has been connected in all. */
  readonly uptimeMs: number;
  /** Connections made after the first. */
  readonly reconnections: number;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  /** When something was last heard, since 1970. */
  readonly lastActivityAt: number | undefined;
  readonly latency: LatencyStats;
  /** Events per second by channel, over the last ten seconds. */
  readonly eventsPerSecond: Readonly<Record<string, number>>;
}

/** Round trips to the service, in milliseconds. */
export interface LatencyStats {
  readonly last: number | undefined;
  readonly mean: number | undefined;
  /** Mean difference between neighbouring samples. */
  readonly jitter: number | undefined;
  /** The last twenty, oldest first. */
  readonly samples: readonly number[];
}

const SAMPLES = 20;
const RATE_SECONDS = 10;

export class Stats {
  readonly #world: Environment;
  #connectedAt: number | undefined;
  #connectedMs = 0;
  #connections = 0;
  #received = 0;
  #sent = 0;
  #lastActivityAt: number | undefined;
  #samples: readonly number[] = [];
  /** Events by channel and second, the last ten of each. */
  readonly #seconds = new Map<string, { second: number; count: number }[]>();

  constructor(world: Environment, connection: Connection) {
    this.#world = world;
    // Whoever hears of a new status may look at the numbers at once.
    connection.changes.subscribe(() => {
      if (!connection.socketId || this.#connectedAt !== undefined) return;
      this.#connectedAt = world.now();
      this.#connections += 1;
    });
    connection.closed.subscribe(() => {
      if (this.#connectedAt !== undefined) this.#connectedMs += world.now() - this.#connectedAt;
      this.#connectedAt = undefined;
    });
    connection.frames.subscribe(({ event, channel }) => {
      this.#lastActivityAt = world.now();
      if (isProtocolEvent(event)) return;
      this.#received += 1;
      if (channel) this.#countEvent(channel, Math.floor(this.#lastActivityAt / 1000));
    });
    connection.pongs.subscribe((latency) => {
      this.#samples = [...this.#samples, latency].slice(-SAMPLES);
    });
  }

  /** One more message went out. */
  countSent(): void {
    this.#sent += 1;
  }

  get snapshot(): ConnectionStats {
    const running = this.#connectedAt === undefined ? 0 : this.#world.now() - this.#connectedAt;
    return {
      connectedAt: this.#connectedAt,
      uptimeMs: this.#connectedMs + running,
      reconnections: Math.max(0, this.#connections - 1),
      messagesReceived: this.#received,
      messagesSent: this.#sent,
      lastActivityAt: this.#lastActivityAt,
      latency: latencyOf(this.#samples),
      eventsPerSecond: this.#rates(),
    };
  }

  #countEvent(channel: string, second: number): void {
    const seconds = this.#seconds.get(channel) ?? [];
    this.#seconds.set(channel, seconds);
    const current = seconds.at(-1);
    if (current?.second === second) current.count += 1;
    else seconds.push({ second, count: 1 });
    if (seconds.length > RATE_SECONDS) seconds.shift();
  }

  #rates(): Record<string, number> {
    const oldest = Math.floor(this.#world.now() / 1000) - RATE_SECONDS;
    const rates = new Map<string, number>();
    for (const [channel, seconds] of this.#seconds) {
      const count = seconds.reduce((sum, entry) => sum + (entry.second > oldest ? entry.count : 0), 0);
      // A channel that has fallen silent, or was left, is not kept.
      if (count > 0) rates.set(channel, count / RATE_SECONDS);
      else this.#seconds.delete(channel);
    }
    return Object.fromEntries(rates);
  }
}

function latencyOf(samples: readonly number[]): LatencyStats {
  const steps = samples.slice(1).map((sample, index) => Math.abs(sample - (samples[index] as number)));
  return { last: samples.at(-1), mean: mean(samples), jitter: mean(steps), samples };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
