/** `results.json`: everything that was measured last, and each bound with its value. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { withFigures } from './document.js';
import type { FanOutFigures } from './fan-out.js';
import type { PageSizes } from './size.js';
import type { Bound } from './statistics.js';

/** Figures of each variant, a record for each round. */
export type RoundFigures = Record<string, Record<string, number>[]>;

/** What one bench found: figures, and its bounds. */
export interface Outcome {
  rounds?: number;
  figures: RoundFigures | Record<string, PageSizes> | FanOutFigures;
  ratios: Bound[];
}

export interface Results {
  machine: string;
  benches: Record<string, Outcome>;
  ratios: Bound[];
}

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const resultsFile = pathOf('results.json');
const documentFile = pathOf('../../docs/performance.md');

/** Writes what a bench found, also into the document's tables; others keep what they found last. */
export function record(name: string, outcome: Outcome): void {
  const before = readResults();
  const benches = { ...before?.benches, [name]: outcome };
  const results: Results = {
    machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`,
    benches,
    ratios: Object.values(benches).flatMap(({ ratios }) => ratios),
  };
  // Six digits are more than a clock is worth.
  const short = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value;
  writeFileSync(resultsFile, `${JSON.stringify(results, short, 1)}\n`);
  writeFileSync(documentFile, withFigures(readFileSync(documentFile, 'utf8'), results));
}

/** What was found last; `undefined` before anything was. */
function readResults(): Results | undefined {
  try {
    return JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
