/**
 * Time that passes only when a test lets it. An hour takes as long as its timers, each of which runs in
 * a task of its own, after all that the one before it has set going, as in a browser at leisure.
 */
import FakeTimers, { type Clock } from '@sinonjs/fake-timers';

/** Timers that are set inside timers wait 4 ms in a browser; the tasks between virtual ones need not. */
const tasks = new MessageChannel();
const waiting: (() => void)[] = [];
tasks.port1.onmessage = () => waiting.shift()?.();
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
