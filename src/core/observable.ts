/** Takes something back: a subscription, a listener, a hold. Calling it again does nothing. */
export type Undo = () => void;

/** One stream of values to any number of listeners. Only its owner can emit; everyone else subscribes. */
export class Observable<T = void> {
  #listeners: ReadonlySet<(value: T) => void> = new Set();

  /** Listeners added while a value is being emitted count from the next value on; whoever is removed hears no more. */
  subscribe(listener: (value: T) => void): Undo {
    // A wrapper of its own, so that one function may subscribe twice and undo each alone.
    const entry = (value: T) => listener(value);
    this.#listeners = new Set(this.#listeners).add(entry);
    return () => {
      if (!this.#listeners.has(entry)) return;
      const remaining = new Set(this.#listeners);
      remaining.delete(entry);
      this.#listeners = remaining;
    };
  }

  /** How many listen. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Tells everyone; a listener that throws is reported to the page's console and stops nobody. */
  emit(value: T): void {
    for (const listener of this.#listeners) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** Takes several things back together. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos) undo();
  };
}

/** Calls `undo` when the signal aborts; at once when it has. */
export function undoOnAbort(undo: Undo, signal: AbortSignal | undefined): Undo {
  if (!signal) return undo;
  if (signal.aborted) {
    undo();
    return undo;
  }
  signal.addEventListener('abort', undo, { once: true });
  return () => {
    signal.removeEventListener('abort', undo);
    undo();
  };
}
