/** The tables of `docs/performance.md`, between `<!-- figures:… -->` and `<!-- /figures -->`. */
import { boundsTable, outcomeTable } from './report.js';
import type { Results } from './results.js';

/** The document with the figures of these results; what was not measured stays as it is. */
export function withFigures(document: string, { machine, benches, ratios }: Results): string {
  return document.replace(
    /(<!-- figures:([\w-]+) -->\n)[\s\S]*?(<!-- \/figures -->)/g,
    (before, start: string, name: string, end: string) => {
      if (name === 'bounds') return `${start}\n${boundsTable(ratios)}\n\n${end}`;
      const outcome = benches[name];
      if (!outcome) return before;
      const rounds = outcome.rounds ? `Rounds: ${outcome.rounds}. ` : '';
      return `${start}\n${outcomeTable(outcome)}\n\n${rounds}Machine: ${machine}.\n\n${end}`;
    },
  );
}
