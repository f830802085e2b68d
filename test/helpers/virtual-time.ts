/**
 * Time that passes only when a test lets it. An hour takes as long as its timers, each of which runs in
 * a task of its own, after all that the one before it has set going, as in a browser at leisure.
 */
import FakeTimers, { type Clock } from '@sinonjs/fake-timers';
// Fetched before time stops: the kit loads these at their first use.
import 'idb-keyval';
import 'pusher-js/worker/index.js';
import 'tweetnacl';
import '../../src/core/content.js';
import '../../src/core/own-presence.js';
import '../../src/core/sending.js';

/** Bodies that are being read. Browsers do that beside the page's tasks, in real time, for which the virtual one waits. */
const readings = new Set<Promise<unknown>>();
/** Some bodies never end, and shall be timed out in virtual time. */
const LONGEST_READING_MS = 500;
const setRealTimeout = globalThis.setTimeout;
for (const { prototype } of [Request, Response]) {
  for (const way of ['arrayBuffer', 'json', 'text'] as const) {
    const read = prototype[way];
    prototype[way] = function (this: Body) {
      const result = read.call(this);
      const endless = new Promise((resolve) => setRealTimeout(resolve, LONGEST_READING_MS));
      const reading: Promise<unknown> = Promise.race([result.catch(() => {}), endless]).then(() =>
        readings.delete(reading),
      );
      readings.add(reading);
      return result;
    };
  }
}

/** Timers that are set inside timers wait 4 ms in a browser; the tasks between virtual ones need not. */
const tasks = new MessageChannel();
const waiting: (() => void)[] = [];
tasks.port1.onmessage = async () => {
  while (readings.size > 0) await Promise.race(readings);
  waiting.shift()?.();
};
const runSoon = (task: () => void) => {
  waiting.push(task);
  tasks.port2.postMessage(undefined);
};

const page = globalThis as { setImmediate?: typeof runSoon };
page.setImmediate = runSoon;
const fakeTimers = FakeTimers.withGlobal(globalThis);
delete page.setImmediate;

/** Stops the page's clock, and moves it on `tickAsync(ms)`, until `uninstall()`. */
export function stopTime(): Clock {
  const time = fakeTimers.install({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  const { setTimeout: setFakeTimeout } = globalThis;
  // A timer of 0 ms set by a timer would fall behind one that is set after it; in a browser it does not.
  globalThis.setTimeout = ((callback: () => void, delayMs = 0) =>
    setFakeTimeout(callback, Math.max(1, delayMs))) as typeof setTimeout;
  return time;
}

/** Lets time pass until something is true; `withinMs` bounds it. */
export async function passUntil(time: Clock, isTrue: () => boolean, withinMs = 60_000): Promise<void> {
  const end = time.now + withinMs;
  while (!isTrue()) {
    if (time.now >= end) throw new Error(`It did not come true within ${withinMs} ms.`);
    await time.tickAsync(10);
  }
}
