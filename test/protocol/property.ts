import fc from 'fast-check';

/** Seed of every property in one run: printed, and set by FUZZ_SEED to play a run again. */
export const seed = Number(process.env.FUZZ_SEED ?? Date.now() & 0x7fffffff);

/** Checks a property thousands of times; the seed of a failure stands in its message as well. */
export function check(property: fc.IProperty<unknown[]>, runs = 3000): void {
  fc.assert(property as fc.IProperty<[]>, { seed, numRuns: runs });
}

console.log(`Properties are checked with FUZZ_SEED=${seed}.`);
