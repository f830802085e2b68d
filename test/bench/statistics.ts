/** What the figures of several rounds say, and how sure that is. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}

/** The middle half of the values. */
export function spread(values: readonly number[]): [low: number, high: number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

/** Round by round: what ran side by side met the same weather. */
export function pairedRatios(values: readonly number[], base: readonly number[]): number[] {
  return values.map((value, round) => value / (base[round] ?? Number.NaN));
}

/** How far a ratio may be off, told by a variant that ran twice: off its true value, 1, or scattered about it. */
export function noiseOf(twinRatios: readonly number[]): number {
  const [low, high] = spread(twinRatios);
  return Math.max(Math.abs(median(twinRatios) - 1), (high - low) / Math.sqrt(twinRatios.length));
}

/** One bound, as `results.json` lists it. */
export interface Bound {
  name: string;
  value: number;
  atLeast?: number;
  atMost?: number;
  /** The middle half over the rounds. */
  spread?: [low: number, high: number];
  /** A bound nearer than this is not shown. */
  noise?: number;
}

export type Verdict = 'met' | 'missed' | 'not shown';

export function verdictOf({ value, atLeast, atMost, noise = 0 }: Bound): Verdict {
  const margin = atMost === undefined ? value - (atLeast ?? Number.NaN) : atMost - value;
  if (Number.isNaN(margin)) return 'missed';
  if (noise > 0 && Math.abs(margin) <= noise) return 'not shown';
  return margin >= 0 ? 'met' : 'missed';
}
