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
 * The clock of the machine. Looked up at each call, so that fake timers installed later are obeyed. A
 * timer of the emulator never keeps a Node process alive.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => {
    const handle: unknown = globalThis.setTimeout(callback, delayMs);
    if (typeof handle === 'object' && handle !== null && 'unref' in handle) {
      (handle as { unref(): void }).unref();
    }
    return handle;
  },
  clearTimeout: (handle) => globalThis.clearTimeout(handle as number | undefined),
  random: () => Math.random(),
};
