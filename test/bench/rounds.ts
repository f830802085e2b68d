/** Variants that run in turn, round by round, and the ratios between them. */
import type { Outcome, RoundFigures } from './results.js';
import { type Bound, median, noiseOf, pairedRatios, spread } from './statistics.js';

/** A bound without its value. */
type Limit = Pick<Bound, 'atLeast' | 'atMost'>;
/** Names of the fields that hold numbers. */
type Figure<F> = keyof F & string;

export class Rounds<V extends string, F extends { [K in keyof F]?: number }> {
  readonly variants: readonly V[];
  readonly figures: ReadonlyMap<V, readonly F[]>;
  readonly #twin: { of: V; is: V };

  private constructor(figures: ReadonlyMap<V, readonly F[]>, twin: { of: V; is: V }) {
    this.variants = [...figures.keys()];
    this.figures = figures;
    this.#twin = twin;
  }

  /**
   * Measures every variant once in each round, another one first each time.
   * @param twin A variant that runs twice under two names; the two tell the noise.
   */
  static async run<V extends string, F extends { [K in keyof F]?: number }>(
    variants: readonly V[],
    rounds: number,
    twin: { of: V; is: V },
    measure: (variant: V, round: number) => Promise<F>,
  ): Promise<Rounds<V, F>> {
    const figures = new Map<V, F[]>(variants.map((variant) => [variant, []]));
    for (let round = 0; round < rounds; round += 1) {
      const first = round % variants.length;
      for (const variant of [...variants.slice(first), ...variants.slice(0, first)]) {
        process.stderr.write(`\rround ${round + 1} of ${rounds}: ${variant}`.padEnd(60));
        figures.get(variant)?.push(await measure(variant, round));
      }
    }
    process.stderr.write(`\r${' '.repeat(60)}\r`);
    return new Rounds(figures, twin);
  }

  /** A figure in each round that has it. */
  values(variant: V, field: Figure<F>): number[] {
    return (this.figures.get(variant) ?? []).flatMap((figures) => figures[field] ?? []);
  }

  /** The median of the paired ratios of two variants, and what it must keep to. */
  ratio(name: string, field: Figure<F>, variant: V, base: V, limit: Limit): Bound {
    const ratios = pairedRatios(this.values(variant, field), this.values(base, field));
    const value = median(ratios);
    const noise = noiseOf(pairedRatios(this.values(this.#twin.is, field), this.values(this.#twin.of, field)));
    return { name, value, ...limit, spread: spread(ratios), noise: noise * value };
  }

  /** The median of the paired differences of two variants. */
  difference(name: string, field: Figure<F>, variant: V, base: V, limit: Limit): Bound {
    const others = this.values(base, field);
    const differences = this.values(variant, field).map(
      (value, round) => value - (others[round] ?? Number.NaN),
    );
    return { name, value: median(differences), ...limit, spread: spread(differences) };
  }

  /** The median of one variant's own figure. */
  middle(name: string, field: Figure<F>, variant: V, limit: Limit): Bound {
    const values = this.values(variant, field);
    return { name, value: median(values), ...limit, spread: spread(values) };
  }

  /** For `results.json`: everything that was measured, and the bounds. */
  outcome(ratios: Bound[]): Outcome {
    const figures = Object.fromEntries(this.figures) as unknown as RoundFigures;
    return { rounds: Object.values(figures)[0]?.length ?? 0, figures, ratios };
  }
}
