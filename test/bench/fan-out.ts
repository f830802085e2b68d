/**
 * How the emulator carries many clients: 1,000 connections, each on the same 200 channels. Emulator and
 * clients share one process, so the figures include what the clients cost.
 */
import { WebSocket } from 'ws';
import { startEmulator } from '../../src/emulator/node.js';

/** What a run found. Times are in milliseconds. */
export interface FanOutFigures {
  connections: number;
  channels: number;
  subscriptions: number;
  /** From the first connection to the last socket id. */
  connectMs: number;
  /** From the first subscription to the last answer. */
  subscribeMs: number;
  subscriptionsPerSecond: number;
  /** One event to one channel, from its trigger to the last of all connections. */
  fanOutMedianMs: number;
  fanOutWorstMs: number;
  /** Frames that arrived in a second while every channel was triggered, one after the other. */
  framesPerSecond: number;
  /** Memory of the process with everything open, clients included. */
  residentMegabytes: number;
}

const rounds = 50;

/** Runs the bench; resolves once everything is closed again. */
export async function fanOut({ connections = 1_000, channels = 200 } = {}): Promise<FanOutFigures> {
  // Without subscription counts: they would be a fan-out of their own while the channels fill.
  const emulator = await startEmulator({ subscriptionCount: false });
  const arrivals = new Counter();
  const names = Array.from({ length: channels }, (_, index) => `channel-${index}`);
  const url = `ws://${emulator.host}:${emulator.port}/app/${emulator.key}?protocol=7`;

  const connecting = performance.now();
  const sockets: WebSocket[] = [];
  for (let index = 0; index < connections; index += 1) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.on('message', () => arrivals.add());
    sockets.push(socket);
  }
  await arrivals.reach(connections);
  const connectMs = performance.now() - connecting;

  const subscribing = performance.now();
  for (const name of names) {
    for (const socket of sockets) {
      socket.send(`{"event":"pusher:subscribe","data":{"channel":"${name}"}}`);
    }
    // One channel after the other, so that no queue grows without end.
    await arrivals.reach(connections);
  }
  const subscribeMs = performance.now() - subscribing;

  const data = JSON.stringify({ text: 'x'.repeat(200) });
  const trigger = (channel: string) => emulator.driver.trigger(channel, 'event', data);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    trigger(names[round % channels]!);
    await arrivals.reach(connections);
    times.push(performance.now() - start);
  }
  times.sort((left, right) => left - right);

  const streaming = performance.now();
  for (const name of names) {
    trigger(name);
    await arrivals.reach(connections);
  }
  const streamMs = performance.now() - streaming;
  const residentMegabytes = Math.round(process.memoryUsage().rss / 1_048_576);
  await emulator.stop();

  return {
    connections,
    channels,
    subscriptions: connections * channels,
    connectMs: Math.round(connectMs),
    subscribeMs: Math.round(subscribeMs),
    subscriptionsPerSecond: Math.round((connections * channels * 1000) / subscribeMs),
    fanOutMedianMs: Number(times[Math.floor(rounds / 2)]!.toFixed(1)),
    fanOutWorstMs: Number(times.at(-1)!.toFixed(1)),
    framesPerSecond: Math.round((connections * channels * 1000) / streamMs),
    residentMegabytes,
  };
}

/** Counts what arrives, and tells when so many more have. */
class Counter {
  #count = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #reached: () => void = () => {};

  add(): void {
    this.#count += 1;
    if (this.#count < this.#wanted) return;
    this.#count -= this.#wanted;
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#reached();
  }

  reach(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wanted = count;
      this.#reached = resolve;
      if (this.#count < count) return;
      this.#count -= count;
      this.#wanted = Number.POSITIVE_INFINITY;
      resolve();
    });
  }
}
