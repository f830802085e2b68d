/** Something whose code is loaded at its first use. A failed load is tried again at the next. */
import { codeNotLoaded, type RealtimeError } from './errors.js';

export class Lazy<T> {
  readonly #load: () => Promise<T>;
  readonly #report: (error: RealtimeError) => void;
  #loading: Promise<T> | undefined;
  #value: T | undefined;

  /** @param report Hears of failed loads where nobody waits for the value. */
  constructor(load: () => Promise<T>, report: (error: RealtimeError) => void) {
    this.#load = load;
    this.#report = report;
  }

  /** `undefined` as long as nobody has used it. */
  get value(): T | undefined {
    return this.#value;
  }

  /** @throws RealtimeError (rejects) when the code cannot be loaded. */
  get(): Promise<T> {
    this.#loading ??= this.#load().then(
      (value) => {
        this.#value = value;
        return value;
      },
      (cause: unknown) => {
        this.#loading = undefined;
        throw codeNotLoaded('a part of the kit', cause);
      },
    );
    return this.#loading;
  }

  /** Calls back with the value: at once where it is there. */
  use(callback: (value: T) => void): void {
    if (this.#value === undefined) this.get().then(callback, this.#report);
    else callback(this.#value);
  }
}
