/** A world that a test plays: network, sleep, freeze, sight and other tabs, with a count of all that the core holds of it. */
import type { Environment, TabLine, Timer, ValueStore, WakeReason } from '../../src/core/environment.js';
import { Observable, type Undo } from '../../src/core/observable.js';

export class CountingEnvironment implements Environment {
  online = true;
  readonly random: () => number;
  readonly #timers = new Set<Timer>();
  readonly #wakes = new Observable<WakeReason>();
  readonly #networkLosses = new Observable();
  readonly #freezes = new Observable();
  readonly #inputs = new Observable();
  readonly #sights = new Observable();
  readonly #tabMessages = new Observable<unknown>();
  readonly #stores = new Map<string, Map<string, unknown>>();
  readonly #locks = new Set<string>();
  #visible = true;
  #sleptMs = 0;

  /** @param random Chance; without it, none: each draw is the middle one. */
  constructor(random: () => number = () => 0.5) {
    this.random = random;
  }

  /** Timers that run. */
  get timers(): number {
    return this.#timers.size;
  }
  /** Who listens to the network, the person and the page's life. */
  get listeners(): number {
    const { size: wakes } = this.#wakes;
    return wakes + this.#networkLosses.size + this.#freezes.size + this.#inputs.size + this.#sights.size;
  }
  /** Open lines to other tabs. */
  get tabLines(): number {
    return this.#tabMessages.size;
  }
  /** Names that are taken. */
  get locks(): number {
    return this.#locks.size;
  }

  get visible(): boolean {
    return this.#visible;
  }

  now = (): number => Date.now() + this.#sleptMs;

  setTimeout(callback: () => void, delayMs: number): Timer {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: Timer | undefined): void {
    if (timer !== undefined) this.#timers.delete(timer);
    clearTimeout(timer);
  }

  onWake(listener: (reason: WakeReason) => void): Undo {
    return this.#wakes.subscribe(listener);
  }

  onOffline(listener: () => void): Undo {
    return this.#networkLosses.subscribe(listener);
  }

  onFreeze(listener: () => void): Undo {
    return this.#freezes.subscribe(listener);
  }

  onInput(listener: () => void): Undo {
    return this.#inputs.subscribe(listener);
  }

  onVisibility(listener: () => void): Undo {
    return this.#sights.subscribe(listener);
  }

  joinTabs(_name: string, listener: (message: unknown) => void): TabLine {
    return { post: () => {}, close: this.#tabMessages.subscribe(listener) };
  }

  async openStore(name: string): Promise<ValueStore> {
    const values = this.#stores.get(name) ?? new Map<string, unknown>();
    this.#stores.set(name, values);
    return {
      get: async (key) => values.get(key),
      set: async (key, value) => void values.set(key, value),
      delete: async (key) => void values.delete(key),
      keys: async () => [...values.keys()],
    };
  }

  async lock(name: string): Promise<Undo | undefined> {
    if (this.#locks.has(name)) return undefined;
    this.#locks.add(name);
    return () => this.#locks.delete(name);
  }

  /** The person comes back, in one of the ways that a page hears of. */
  wake(reason: WakeReason): void {
    this.#wakes.emit(reason);
  }

  loseNetwork(): void {
    this.online = false;
    this.#networkLosses.emit();
  }

  regainNetwork(): void {
    this.online = true;
    this.wake('online');
  }

  hide(): void {
    this.#visible = false;
    this.#sights.emit();
  }

  show(): void {
    this.#visible = true;
    this.#sights.emit();
    this.wake('visible');
  }

  /** The person moves or types. */
  touch(): void {
    this.#inputs.emit();
  }

  /** Into the back/forward cache. */
  freeze(): void {
    this.#freezes.emit();
  }

  /** The clock goes on while the timers stand still; the page hears of it with `wake('slept')`, or not at all. */
  sleep(ms: number): void {
    this.#sleptMs += ms;
  }

  /** Another tab of this site speaks. */
  hearFromTab(message: unknown): void {
    this.#tabMessages.emit(message);
  }
}
