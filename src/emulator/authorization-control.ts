import type { Clock } from './clock.js';

/**
 * How authorization endpoints behave in a test: late, failing or hanging. The page door's own endpoint
 * obeys it; an endpoint in Node asks `admit` before it answers.
 */
export class AuthorizationControl {
  /** How long each answer waits, in ms. */
  delayMs = 0;
  readonly #clock: Clock;
  #failure: { status: number; times: number } | undefined;
  #hanging: (() => void)[] | undefined;
  #requests = 0;
  #failed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Requests that arrived. A batch counts as one. */
  get requests(): number {
    return this.#requests;
  }

  /** Requests that were made to fail. */
  get failed(): number {
    return this.#failed;
  }

  /** Requests that hang at this moment. */
  get pending(): number {
    return this.#hanging?.length ?? 0;
  }

  /** Answers with this status, so many times or until `clear`; status 0 is a network failure. */
  fail(status: number, times = Number.POSITIVE_INFINITY): void {
    this.#failure = { status, times };
  }

  /** `true` leaves each request unanswered; `false` lets those that hang go on. */
  hang(isHanging: boolean): void {
    if (isHanging) {
      this.#hanging ??= [];
      return;
    }
    const hanging = this.#hanging ?? [];
    this.#hanging = undefined;
    for (const goOn of hanging) goOn();
  }

  /** Takes back every fault and counts from zero. */
  clear(): void {
    this.delayMs = 0;
    this.#failure = undefined;
    this.#requests = 0;
    this.#failed = 0;
    this.hang(false);
  }

  /**
   * Called by an endpoint for each request: resolves when it may be answered, with the status that it
   * should fail with (0 is a network failure), or `undefined` when all is well.
   */
  async admit(): Promise<number | undefined> {
    this.#requests += 1;
    const { delayMs } = this;
    if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, delayMs));
    const hanging = this.#hanging;
    if (hanging) await new Promise<void>((resolve) => hanging.push(resolve));
    if (!this.#failure || this.#failure.times <= 0) return undefined;
    this.#failure.times -= 1;
    this.#failed += 1;
    return this.#failure.status;
  }
}
