/** The benches by name, what each has to show, and the order in which they run. */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureBurst, measurePaced } from './events.js';
import { fanOut } from './fan-out.js';
import { Lab } from './lab.js';
import { measureMany } from './many.js';
import { measurePresence } from './presence.js';
import { printBounds, printFigures, printSizes } from './report.js';
import { Rounds } from './rounds.js';
import type { Variant } from './site.js';
import { measureSizes } from './size.js';
import { measureStart } from './start.js';
import type { Bound } from './statistics.js';

/** What one bench found: figures of any shape for the record, and its bounds. */
interface Outcome {
  figures: unknown;
  ratios: Bound[];
}

const resultsFile = fileURLToPath(new URL('results.json', import.meta.url));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '11' } },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a number from 1.');
/** A start on the slow profile takes seconds; its figures scatter little. */
const slowRounds = Math.min(rounds, 5);

const variants: Variant[] = [
  'floor',
  'pusher-js',
  'kit',
  'React, sonner',
  'React, Mantine',
  'pusher-js again',
];
const starters: Variant[] = [...variants.filter((variant) => variant !== 'floor'), 'kit, preloaded', 'kit, bundled by hand'];
const twin = { of: 'pusher-js', is: 'pusher-js again' } as const;

const benches: Record<string, (lab: Lab) => Promise<Outcome>> = {
  async burst(lab) {
    const all = await Rounds.run(variants, rounds, twin, (variant) => measureBurst(lab, variant));
    printFigures('Burst: 20,000 events into 20 elements', all);
    return all.outcome([
      all.ratio('burst: events per second, kit to pusher-js', 'eventsPerSecond', 'kit', 'pusher-js', {
        atLeast: 0.97,
      }),
      all.ratio('burst: main thread, kit to pusher-js', 'mainThreadMs', 'kit', 'pusher-js', { atMost: 1.1 }),
      all.ratio('burst: main thread, kit to React with sonner', 'mainThreadMs', 'kit', 'React, sonner', {
        atMost: 1,
      }),
      all.ratio('burst: main thread, kit to React with Mantine', 'mainThreadMs', 'kit', 'React, Mantine', {
        atMost: 1,
      }),
      {
        name: 'burst: most renders of one element in one frame',
        value: Math.max(...all.values('kit', 'rendersPerFrame')),
        atMost: 1,
      },
      all.difference(
        'burst: heap after 100,000 events, kit above pusher-js, KiB',
        'heapKiB',
        'kit',
        'pusher-js',
        {
          atMost: 256,
        },
      ),
    ]);
  },

  async paced(lab) {
    const all = await Rounds.run(variants, rounds, twin, (variant) => measurePaced(lab, variant));
    printFigures('Paced: 1,000 events a second for three seconds', all);
    return all.outcome([
      all.ratio('paced: main thread, kit to React with sonner', 'mainThreadMs', 'kit', 'React, sonner', {
        atMost: 0.8,
      }),
    ]);
  },

  async 'presence-burst'(lab) {
    const all = await Rounds.run(variants, rounds, twin, (variant) => measurePresence(lab, variant));
    printFigures('Presence: 5,000 come at once, then leave at once', all);
    return all.outcome([
      all.ratio('presence burst: main thread, kit to pusher-js', 'mainThreadMs', 'kit', 'pusher-js', {
        atMost: 1.15,
      }),
      all.ratio('presence burst: main thread, kit to use-pusher', 'mainThreadMs', 'kit', 'React, sonner', {
        atMost: 0.15,
      }),
      all.middle('presence burst: blocking of the kit, ms', 'blockingMs', 'kit', { atMost: 0 }),
    ]);
  },

  async 'presence-paced'(lab) {
    const all = await Rounds.run(variants, rounds, twin, (variant) => measurePresence(lab, variant, 2_000));
    printFigures('Presence: 5,000 come and leave, 2,000 a second', all);
    return all.outcome([]);
  },

  async start(lab) {
    const all = await Rounds.run(starters, rounds, twin, (variant) => measureStart(lab, variant, 'fast'));
    printFigures('Start: no throttling', all);
    return all.outcome([]);
  },

  async 'start-slow'(lab) {
    const all = await Rounds.run(starters, slowRounds, twin, (variant) => measureStart(lab, variant, 'slow'));
    printFigures('Start: Fast 3G, processor four times slower', all);
    const against = (
      name: string,
      field: 'firstPaintedMs' | 'connectedPaintedMs' | 'bytes',
      sonner: number,
      mantine: number,
    ) => [
      all.ratio(`slow start: ${name}, kit to React with sonner`, field, 'kit', 'React, sonner', {
        atMost: sonner,
      }),
      all.ratio(`slow start: ${name}, kit to React with Mantine`, field, 'kit', 'React, Mantine', {
        atMost: mantine,
      }),
    ];
    return all.outcome([
      ...against('first element painted', 'firstPaintedMs', 0.73, 0.58),
      ...against('“connected” painted', 'connectedPaintedMs', 0.65, 0.55),
      ...against('bytes', 'bytes', 0.42, 0.24),
    ]);
  },

  async size(lab) {
    const figures = await measureSizes(lab);
    printSizes('Size of a page’s code, in bytes', figures);
    return { figures, ratios: [] };
  },

  async many(lab) {
    const sizes = ['10', '100', '1000'] as const;
    const all = await Rounds.run([...sizes, '10 again'], rounds, { of: '10', is: '10 again' }, (size) =>
      measureMany(lab, Number.parseInt(size, 10)),
    );
    printFigures('Many elements: main-thread milliseconds per element', all);
    const growth = (name: string, field: 'mountMs' | 'updateMs' | 'removeMs') =>
      all.ratio(`growth from 10 to 1,000 elements: ${name}`, field, '1000', '10', { atMost: 1.3 });
    return all.outcome([
      growth('mount', 'mountMs'),
      growth('update', 'updateMs'),
      growth('remove', 'removeMs'),
    ]);
  },

  async emulator() {
    const figures = await fanOut();
    console.log('\nEmulator: fan-out to 1,000 connections');
    console.table(figures);
    return { figures, ratios: [] };
  },
};

const wanted = Object.entries(benches).filter(
  ([name]) =>
    positionals.length === 0 || positionals.some((part) => name === part || name.startsWith(`${part}-`)),
);
if (wanted.length === 0) throw new Error(`There is ${Object.keys(benches).join(', ')}.`);

const outcomes: Record<string, Outcome> = {};
const lab = await Lab.open();
try {
  for (const [name, bench] of wanted) {
    outcomes[name] = await bench(lab);
    await record(outcomes);
  }
} finally {
  await lab.close();
}
const bounds = Object.values(outcomes).flatMap(({ ratios }) => ratios);
process.exitCode = printBounds(bounds) ? 0 : 1;

/** Writes what was found; benches that were not run keep what they found last. */
async function record(found: Record<string, Outcome>): Promise<void> {
  const before = await readFile(resultsFile, 'utf8').then(JSON.parse, () => ({}));
  const named = Object.fromEntries(
    Object.entries(found).map(([name, { figures, ratios }]) => [name, { rounds, figures, ratios }]),
  );
  const all: Record<string, Outcome> = { ...before.benches, ...named };
  const results = {
    machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}`,
    benches: all,
    ratios: Object.values(all).flatMap(({ ratios }) => ratios),
  };
  await writeFile(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
}
