/** The tables, as the terminal and `docs/performance.md` show them. */
import type { Outcome, RoundFigures } from './results.js';
import type { PageSizes } from './size.js';
import { type Bound, median, spread, verdictOf } from './statistics.js';

/** What the fields are called over a column. */
const labels: Record<string, string> = {
  mainThreadMs: 'main thread ms',
  scriptMs: 'script ms',
  layoutMs: 'styles and layout ms',
  blockingMs: 'blocking ms',
  rightMs: 'right after ms',
  heapKiB: 'heap KiB',
  eventsPerSecond: 'events per second',
  rendersPerFrame: 'renders per frame',
  joinsRightMs: 'joins right after ms',
  leavesRightMs: 'leaves right after ms',
  firstPaintedMs: 'first element ms',
  connectedPaintedMs: '“connected” ms',
  mountMs: 'mount ms',
  updateMs: 'update ms',
  removeMs: 'remove ms',
};

/** A table as Markdown reads it; numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${column === 0 ? '-' : ':'}`).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** What a bench found, whatever its shape. */
export function outcomeTable({ figures }: Outcome): string {
  const [first] = Object.values(figures);
  if (Array.isArray(first)) return roundsTable(figures as RoundFigures);
  if (typeof first === 'object') return sizesTable(figures as Record<string, PageSizes>);
  return table(
    ['figure', 'value'],
    Object.entries(figures).map(([name, value]) => [spaced(name), number(value)]),
  );
}

/** A row for each variant, a column for each figure: the median, and the middle half beside it. */
function roundsTable(figures: RoundFigures): string {
  const fields = Object.keys(Object.values(figures)[0]?.[0] ?? {});
  const cell = (values: number[]) => {
    const [low, high] = spread(values);
    return `${number(median(values))} (${number(low)}–${number(high)})`;
  };
  return table(
    ['variant', ...fields.map((field) => labels[field] ?? field)],
    Object.entries(figures).map(([variant, rounds]) => [
      variant,
      ...fields.map((field) =>
        // Some figures are not of every round.
        cell(rounds.flatMap((round) => round[field] ?? [])),
      ),
    ]),
  );
}

function sizesTable(pages: Record<string, PageSizes>): string {
  return table(
    ['page', 'of', 'min', 'gzip', 'brotli'],
    Object.entries(pages).flatMap(([page, sizes]) =>
      Object.entries(sizes).map(([owner, { min, gzip, brotli }]) => [
        page,
        owner,
        ...[min, gzip, brotli].map(whole),
      ]),
    ),
  );
}

/** Each bound with its verdict. */
export function boundsTable(bounds: readonly Bound[]): string {
  return table(
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
}

/** Three digits that count. */
function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

const whole = (value: number) => value.toLocaleString('en');

/** `fanOutMedianMs` as words. */
const spaced = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
