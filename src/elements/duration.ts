import { formatNumber } from './numbers.js';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A duration in the largest whole unit that fits, as people say it: "3 min", "40 Sek.". At least a second. */
export function formatDuration(milliseconds: number, language: string): string {
  const [unit, size] = units.find(([, unitMs]) => milliseconds >= unitMs) ?? ['second', 1_000];
  const count = Math.max(1, Math.round(milliseconds / size));
  return formatNumber(count, language, { style: 'unit', unit, unitDisplay: 'short' });
}
