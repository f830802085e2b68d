/** A running timer of a `Clock`. */
export type TimerHandle = unknown;

/** Where the emulator takes time and chance from. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs a callback after so many milliseconds. */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
  /** A number from 0 up to, but not including, 1. */
  random(): number;
}

/**
 * The clock of the machine, looked up at each call, so that fake timers installed later are obeyed.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => globalThis.setTimeout(callback, delayMs),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as number | undefined),
  random: () => Math.random(),
};

/** Starts a timer that nobody waits for: it does not keep a Node process alive. */
export function startBackgroundTimer(clock: Clock, callback: () => void, delayMs: number): TimerHandle {
  const handle = clock.setTimeout(callback, delayMs);
  if (typeof handle === 'object' && handle !== null && 'unref' in handle) {
    (handle as { unref(): void }).unref();
  }
  return handle;
}
