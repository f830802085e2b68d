/** The benches by name, what each has to show, and the order in which they run. */
import { parseArgs } from 'node:util';
import { measureBurst, measurePaced } from './events.js';
import { fanOut } from './fan-out.js';
import { Lab } from './lab.js';
import { measureMany } from './many.js';
import { measurePresence } from './presence.js';
import { boundsTable, outcomeTable } from './report.js';
import { type Outcome, record } from './results.js';
import { Rounds } from './rounds.js';
import type { Variant } from './site.js';
import { measureSizes } from './size.js';
import { measureStart } from './start.js';
import { verdictOf } from './statistics.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '11' } },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds is a number from 1.');

const variants: Variant[] = [
  'floor',
  'pusher-js',
  'kit',
  'React, sonner',
  'React, Mantine',
  'pusher-js again',
];
const starters: Variant[] = [
  ...variants.filter((variant) => variant !== 'floor'),
  'kit, preloaded',
  'kit, bundled by hand',
];
/** The script tag with the two lines before it, as the README prints it; 'kit' has the tag alone. */
const recommended: Variant = 'kit, preloaded';
const twin = { of: 'pusher-js', is: 'pusher-js again' } as const;

/** The heap scatters by some kilobytes and takes four more bursts: these rounds are enough. */
const heapRounds = 3;

const titles: Record<string, string> = {
  burst: 'Burst: 20,000 events into 20 elements',
  paced: 'Paced: 1,000 events a second for three seconds',
  'presence-burst': 'Presence: 5,000 come at once, then leave at once',
  'presence-paced': 'Presence: 5,000 come and leave, 2,000 a second',
  start: 'Start: no throttling',
  'start-slow': 'Start: Fast 3G, processor four times slower',
  size: 'Size of a page’s code, in bytes',
  many: 'Many elements: main-thread milliseconds per element',
  emulator: 'Emulator: fan-out to 1,000 connections',
};

const benches: Record<string, (lab: Lab) => Promise<Outcome>> = {
  async burst(lab) {
    const all = await Rounds.run(variants, rounds, twin, (variant, round) =>
      measureBurst(lab, variant, round < heapRounds),
    );
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
    return all.outcome([
      all.ratio('paced: main thread, kit to React with sonner', 'mainThreadMs', 'kit', 'React, sonner', {
        atMost: 0.8,
      }),
    ]);
  },

  async 'presence-burst'(lab) {
    const all = await Rounds.run(variants, rounds, twin, (variant) => measurePresence(lab, variant));
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
    return all.outcome([]);
  },

  async start(lab) {
    const all = await Rounds.run(starters, rounds, twin, (variant) => measureStart(lab, variant, 'fast'));
    return all.outcome([]);
  },

  async 'start-slow'(lab) {
    const all = await Rounds.run(starters, rounds, twin, (variant) => measureStart(lab, variant, 'slow'));
    const against = (
      name: string,
      field: 'firstPaintedMs' | 'connectedPaintedMs' | 'bytes',
      sonner: number,
      mantine: number,
    ) => [
      all.ratio(`slow start: ${name}, kit to React with sonner`, field, recommended, 'React, sonner', {
        atMost: sonner,
      }),
      all.ratio(`slow start: ${name}, kit to React with Mantine`, field, recommended, 'React, Mantine', {
        atMost: mantine,
      }),
    ];
    const byHand = 'kit, bundled by hand';
    return all.outcome([
      ...against('first element painted', 'firstPaintedMs', 0.73, 0.58),
      ...against('“connected” painted', 'connectedPaintedMs', 0.65, 0.55),
      ...against('bytes', 'bytes', 0.42, 0.24),
      all.ratio(
        'slow start: first element painted, kit to a bundle by hand',
        'firstPaintedMs',
        recommended,
        byHand,
        {
          atMost: 1.05,
        },
      ),
      all.ratio(
        'slow start: “connected” painted, kit to a bundle by hand',
        'connectedPaintedMs',
        recommended,
        byHand,
        {
          atMost: 0.85,
        },
      ),
    ]);
  },

  async size(lab) {
    const figures = await measureSizes(lab);
    return { figures, ratios: [] };
  },

  async many(lab) {
    const sizes = ['10', '100', '1000'] as const;
    const all = await Rounds.run([...sizes, '10 again'], rounds, { of: '10', is: '10 again' }, (size) =>
      measureMany(lab, Number.parseInt(size, 10)),
    );
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
    return { figures, ratios: [] };
  },
};

const wanted = Object.entries(benches).filter(
  ([name]) =>
    positionals.length === 0 || positionals.some((part) => name === part || name.startsWith(`${part}-`)),
);
if (wanted.length === 0) throw new Error(`There is ${Object.keys(benches).join(', ')}.`);

const outcomes: Outcome[] = [];
const lab = await Lab.open();
try {
  for (const [name, bench] of wanted) {
    const startedAt = performance.now();
    const outcome = await bench(lab);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`\n${titles[name]} (${seconds} s)\n\n${outcomeTable(outcome)}`);
    record(name, outcome);
    outcomes.push(outcome);
  }
} finally {
  await lab.close();
}
const bounds = outcomes.flatMap(({ ratios }) => ratios);
if (bounds.length > 0) console.log(`\nBounds\n\n${boundsTable(bounds)}`);
process.exitCode = bounds.every((bound) => verdictOf(bound) === 'met') ? 0 : 1;
