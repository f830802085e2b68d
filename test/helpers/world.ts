/** A world in the test's hands: network, visibility and sleep of a page, with the real clock and timers. */
import { type Environment, pageEnvironment, type WakeReason } from '../../src/core/environment.js';
import { Observable } from '../../src/core/observable.js';

export class TestWorld implements Environment {
  online = true;
  visible = true;
  /** Added to the clock: a sleep is a jump. */
  clockOffsetMs = 0;
  /** What `random` answers; undefined for real chance. */
  chance: number | undefined;
  readonly #wakes = new Observable<WakeReason>();
  readonly #offline = new Observable();
  readonly #freezes = new Observable();

  now = () => pageEnvironment.now() + this.clockOffsetMs;
  random = () => this.chance ?? pageEnvironment.random();
  setTimeout = pageEnvironment.setTimeout;
  clearTimeout = pageEnvironment.clearTimeout;
  joinTabs = pageEnvironment.joinTabs;
  onInput = pageEnvironment.onInput;
  onVisibility = pageEnvironment.onVisibility;
  openStore = pageEnvironment.openStore;
  lock = pageEnvironment.lock;
  onWake = (listener: (reason: WakeReason) => void) => this.#wakes.subscribe(listener);
  onOffline = (listener: () => void) => this.#offline.subscribe(listener);
  onFreeze = (listener: () => void) => this.#freezes.subscribe(listener);

  wake(reason: WakeReason): void {
    this.#wakes.emit(reason);
  }
  /** The device loses its network. */
  goOffline(): void {
    this.online = false;
    this.#offline.emit();
  }
  goOnline(): void {
    this.online = true;
    this.#wakes.emit('online');
  }
  /** Into the back/forward cache. */
  freeze(): void {
    this.#freezes.emit();
  }
  /** How many of the connection's listeners stand. */
  get listeners(): number {
    return this.#wakes.size + this.#offline.size + this.#freezes.size;
  }
}
