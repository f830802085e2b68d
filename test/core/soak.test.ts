import { expect } from '@open-wc/testing';
import Pusher from 'pusher-js/worker/index.js';
import { BadDay } from '../helpers/bad-day.js';
import { endAll } from '../helpers/kit.js';
import { stopTime } from '../helpers/virtual-time.js';

const STEPS = 3_000;

const seed = Number(await (await fetch('/test-seed')).text());

/** Sockets that pusher-js made on its own, past the kit. */
const strays: string[] = [];
const runtime = Pusher.Runtime as unknown as { createWebSocket(url: string): WebSocket };
runtime.createWebSocket = (url) => {
  strays.push(url);
  throw new Error('The kit knows nothing of this socket.');
};

describe('a long and bad day', () => {
  afterEach(endAll);

  it(`of ${STEPS} steps leaves exactly what the page holds, and in the end nothing (TEST_SEED=${seed})`, async function () {
    this.timeout(60_000);
    const time = stopTime();
    try {
      const live = (ms: number) => time.tickAsync(ms);
      // Compiled code is memory too: a day before, after which the engine knows its way.
      const dayBefore = new BadDay(seed + 1, live);
      await dayBefore.walk(STEPS);
      await dayBefore.windUp();

      const day = new BadDay(seed, live);
      await day.walk(STEPS / 10);
      await day.windUp();
      const heap = await heapAfterCollection();
      await day.walk(STEPS - STEPS / 10);
      await day.windUp();

      expect(day.leaks).to.deep.equal([]);
      expect(strays).to.deep.equal([]);
      expect(Pusher.instances.length).to.be.at.most(dayBefore.parts.length + day.parts.length);
      // Firefox does not tell a page what it weighs.
      if (heap !== undefined) expect(((await heapAfterCollection()) ?? 0) / heap).to.be.at.most(1.05);
    } finally {
      time.uninstall();
    }
  });
});

/** Chromium weighs its memory anew after 50 ms, in real time. */
const MEMORY_CACHE_MS = 50;
const setRealTimeout = globalThis.setTimeout;

/** Bytes in use after a collection; `undefined` where the browser does not tell. */
async function heapAfterCollection(): Promise<number | undefined> {
  const page = globalThis as unknown as {
    performance: { memory?: { usedJSHeapSize: number } };
    gc(options: object): Promise<void>;
  };
  if (!page.performance.memory) return undefined;
  // In tasks of their own, where no stack holds on to anything; what one collection frees may free more.
  for (let round = 0; round < 3; round += 1) {
    await page.gc({ type: 'major', execution: 'async' });
    await new Promise((resolve) => setRealTimeout(resolve, 2 * MEMORY_CACHE_MS));
  }
  return page.performance.memory.usedJSHeapSize;
}
