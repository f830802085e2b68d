/** The tables on the terminal, and the same for `docs/performance.md`. */
import type { Rounds } from './rounds.js';
import type { PageSizes } from './size.js';
import { type Bound, median, spread, verdictOf } from './statistics.js';

/** A table as Markdown reads it; numbers to the right. */
function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  console.log(`\n${title}\n`);
  console.log(line(head));
  console.log(
    `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${column === 0 ? '-' : ':'}`).join('|')}|`,
  );
  for (const row of rows) console.log(line(row));
}

/** A row for each variant, a column for each figure: the median, and the middle half beside it. */
export function printFigures<V extends string, F extends { [K in keyof F]: number }>(
  title: string,
  all: Rounds<V, F>,
): void {
  const [first] = all.figures.values();
  const fields = Object.keys(first?.[0] ?? {}) as (keyof F & string)[];
  const cell = (values: number[]) => {
    const [low, high] = spread(values);
    return `${number(median(values))} (${number(low)}–${number(high)})`;
  };
  printTable(
    title,
    ['variant', ...fields],
    all.variants.map((variant) => [variant, ...fields.map((field) => cell(all.values(variant, field)))]),
  );
}

export function printSizes(title: string, pages: Record<string, PageSizes>): void {
  printTable(
    title,
    ['page', 'of', 'min', 'gzip', 'brotli'],
    Object.entries(pages).flatMap(([page, sizes]) =>
      Object.entries(sizes).map(([owner, { min, gzip, brotli }]) => [
        page,
        owner,
        ...[min, gzip, brotli].map(number),
      ]),
    ),
  );
}

/** Prints each bound with its verdict; answers whether all are met. */
export function printBounds(bounds: readonly Bound[]): boolean {
  if (bounds.length === 0) return true;
  printTable(
    'Bounds',
    ['bound', 'value', 'middle half', 'noise', 'wanted', 'verdict'],
    bounds.map((bound) => [
      bound.name,
      number(bound.value),
      bound.spread ? bound.spread.map(number).join('–') : '',
      bound.noise === undefined ? '' : `±${number(bound.noise)}`,
      bound.atMost === undefined ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`,
      verdictOf(bound),
    ]),
  );
  return bounds.every((bound) => verdictOf(bound) === 'met');
}

/** Three digits that count. */
function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
