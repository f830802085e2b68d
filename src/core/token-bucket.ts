/** How many more may go now: each turn that is taken comes back a window later. */
import type { Environment } from './environment.js';

export class TokenBucket {
  readonly #world: Environment;
  readonly #size: number;
  readonly #windowMs: number;
  /** When each turn that was taken comes back, in order. */
  #returns: number[] = [];

  /** @param size Turns in any window of `windowMs` milliseconds. */
  constructor(world: Environment, size: number, windowMs: number) {
    this.#world = world;
    this.#size = size;
    this.#windowMs = windowMs;
  }

  /** Turns that are left now. */
  get remaining(): number {
    const now = this.#world.now();
    // A turn further away than a window was taken before the clock was set back.
    this.#returns = this.#returns.filter((at) => at > now && at <= now + this.#windowMs);
    return this.#size - this.#returns.length;
  }

  /** Milliseconds until there is a turn; 0 when there is one now. */
  get retryAfter(): number {
    return this.remaining > 0 ? 0 : (this.#returns[0] ?? 0) - this.#world.now();
  }

  /** Takes a turn; false when there is none. */
  take(): boolean {
    if (this.remaining === 0) return false;
    this.#returns.push(this.#world.now() + this.#windowMs);
    return true;
  }

  /** Takes every turn: somebody who counts otherwise said that it is enough. */
  drain(): void {
    this.#returns = Array(this.#size).fill(this.#world.now() + this.#windowMs);
  }
}
