/** The last entries of something, bounded in number and in weight, so that a long run costs no memory. */
export class BoundedRecord<T> {
  readonly entries: T[] = [];
  readonly #weights: number[] = [];
  readonly #maxEntries: number;
  readonly #maxWeight: number;
  #weight = 0;

  constructor(maxEntries: number, maxWeight: number) {
    this.#maxEntries = maxEntries;
    this.#maxWeight = maxWeight;
  }

  /** Adds an entry; the oldest go first when there is no room. */
  add(entry: T, weight: number): void {
    this.entries.push(entry);
    this.#weights.push(weight);
    this.#weight += weight;
    while (this.entries.length > this.#maxEntries || this.#weight > this.#maxWeight) {
      this.entries.shift();
      this.#weight -= this.#weights.shift() ?? 0;
    }
  }

  clear(): void {
    this.entries.length = 0;
    this.#weights.length = 0;
    this.#weight = 0;
  }
}
