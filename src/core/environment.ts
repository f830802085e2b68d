/**
 * The world outside: clock, chance, network, visibility. Everything that the core wants of `window`
 * passes here, so that a test, a story or a server can hand in another world. Globals are looked up
 * at the time of the call: a test may install fake timers after the controller was made.
 */
import { type Undo, undoAll } from './observable.js';

/** A timer as its environment knows it. */
export type Timer = ReturnType<typeof setTimeout>;

/** What a browser's timers can count, some 25 days: what is set for later goes off at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Why a sleeping or waiting page should look at its connection now. */
export type WakeReason = 'focus' | 'visible' | 'online' | 'restored' | 'slept';

export interface Environment {
  /** Milliseconds since 1970. */
  now(): number;
  /** At least 0 and less than 1. */
  random(): number;
  setTimeout(callback: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
  /** Whether the device believes that it has a network. */
  readonly online: boolean;
  /** Whether somebody can see the page. */
  readonly visible: boolean;
  /** The page became visible, focused, online, was restored from the back/forward cache, or woke from sleep. */
  onWake(listener: (reason: WakeReason) => void): Undo;
  /** The device lost its network. */
  onOffline(listener: () => void): Undo;
  /** The page is being put into the back/forward cache. */
  onFreeze(listener: () => void): Undo;
  /** A line to the other tabs of this site; messages do not come back to their sender. */
  joinTabs(name: string, listener: (message: unknown) => void): TabLine;
  /** Somebody moved, typed, touched or scrolled. */
  onInput(listener: () => void): Undo;
  /** The page came to be seen, or is not seen any more. */
  onVisibility(listener: () => void): Undo;
  /** A room of the browser's storage. Nothing is stored unless the page asked for it. */
  openStore(name: string): Promise<ValueStore>;
  /** Takes a name for this tab until the undo is called; `undefined` when another tab has it, or on a page without https. */
  lock(name: string): Promise<Undo | undefined>;
}

/** Values under keys, kept by the browser for this site. */
export interface ValueStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<string[]>;
}

/** A line between the tabs of one site. */
export interface TabLine {
  post(message: unknown): void;
  close: Undo;
}

/** A check of the clock this often tells a sleep; a gap of twice as much is one. Cheap, and soon enough to notice. */
const SLEEP_CHECK_MS = 5_000;

/** The environment of a browser's page. */
export const pageEnvironment: Environment = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer),
  get online() {
    return navigator.onLine !== false;
  },
  get visible() {
    return document.visibilityState !== 'hidden';
  },
  onWake(listener) {
    const undos = [
      on(window, 'focus', () => listener('focus')),
      on(window, 'online', () => listener('online')),
      on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && listener('restored')),
      on(document, 'visibilitychange', () => document.visibilityState === 'visible' && listener('visible')),
      // Chromium freezes background tabs; `resume` is the end of that.
      on(document, 'resume', () => listener('slept')),
      onClockGap(() => listener('slept')),
    ];
    return undoAll(undos);
  },
  onOffline: (listener) => on(window, 'offline', listener),
  onFreeze: (listener) =>
    on(window, 'pagehide', (event) => (event as PageTransitionEvent).persisted && listener()),
  joinTabs(name, listener) {
    let line: BroadcastChannel | undefined;
    try {
      line = new BroadcastChannel(name);
      line.onmessage = ({ data }) => listener(data);
    } catch {
      // Where a browser keeps sites from storing anything, each tab is alone.
    }
    return { post: (message) => line?.postMessage(message), close: () => line?.close() };
  },
  onInput(listener) {
    // Before the page's own listeners: a page that stops its events is no empty page.
    const options = { capture: true, passive: true };
    for (const type of inputEvents) window.addEventListener(type, listener, options);
    return () => {
      for (const type of inputEvents) window.removeEventListener(type, listener, options);
    };
  },
  onVisibility: (listener) => on(document, 'visibilitychange', listener),
  async openStore(name) {
    const { createStore, del, get, keys, set } = await import('idb-keyval');
    const store = createStore(`realtime-elements ${name}`, 'values');
    return {
      get: (key) => get(key, store),
      set: (key, value) => set(key, value, store),
      delete: (key) => del(key, store),
      keys: () => keys<string>(store),
    };
  },
  lock: (name) =>
    new Promise((resolve, reject) => {
      if (!navigator.locks) resolve(undefined);
      else {
        // The lock is held until the promise that its holder answers is settled.
        const hold = (lock: Lock | null) =>
          new Promise<void>((release) => {
            resolve(lock ? release : undefined);
            if (!lock) release();
          });
        navigator.locks.request(name, { ifAvailable: true }, hold).catch(reject);
      }
    }),
};

/** What is answered, or the error for what takes too long: code of the page's own may never come to an end. */
export async function inTime<T>(
  world: Environment,
  withinMs: number,
  answer: T | Promise<T>,
  makeError: () => Error,
): Promise<T> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = world.setTimeout(() => reject(makeError()), withinMs);
  });
  return await Promise.race([answer, late]).finally(() => world.clearTimeout(timer));
}

/** What a person does that somebody who is away does not. */
const inputEvents = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

function on(target: EventTarget, type: string, listener: (event: Event) => void): Undo {
  target.addEventListener(type, listener);
  return () => target.removeEventListener(type, listener);
}

/** Timers stand still while a laptop sleeps, the clock does not: a large gap between two ticks is a sleep. */
function onClockGap(listener: () => void): Undo {
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    // Hidden tabs are throttled to one tick a minute; only a longer gap is a sleep there.
    const expected = document.visibilityState === 'hidden' ? 60_000 + SLEEP_CHECK_MS : SLEEP_CHECK_MS;
    if (now - last > expected * 2) listener();
    last = now;
  }, SLEEP_CHECK_MS);
  return () => clearInterval(timer);
}
