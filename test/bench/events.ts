/** Events: 20,000 in one burst, and 1,000 a second, into twenty elements on ten channels. */
import type { BenchPage, Cost, Lab } from './lab.js';
import type { Variant } from './site.js';
import { eventChannels, pictureAfter } from './workload.js';

export interface BurstFigures extends Cost {
  eventsPerSecond: number;
  /** From the first event to the frame that shows the last. */
  rightMs: number;
  /** What the heap has grown by after five bursts. */
  heapKiB?: number;
  /** The most renders of one element in one frame; the kit's alone are told apart. */
  rendersPerFrame: number;
}

export type PacedFigures = Cost;

const burst = 20_000;
/** Bursts over which the heap may grow. */
const bursts = 5;
/** What lets the engine compile the code, and each element load what it loads with its first event. */
const warmUp = 2_000;
const perSecond = 1_000;
const seconds = 3;

/** @param withHeap Whether four more bursts follow for what stays in memory. */
export async function measureBurst(lab: Lab, variant: Variant, withHeap = false): Promise<BurstFigures> {
  const page = await openWarm(lab, variant);
  const heapBefore = await page.heapBytes();
  let rightAt = 0;
  const cost = await page.cost(async () => {
    await page.evaluate(`window.bench.countMessages(${burst})`);
    rightAt = await send(lab, page, burst, warmUp + burst);
  });
  const clocks = await page.evaluate<{ firstAt: number; lastAt: number; rendersPerFrame: number }>(
    'window.bench',
  );
  let heapKiB: number | undefined;
  if (withHeap) {
    for (let round = 2; round <= bursts; round += 1) await send(lab, page, burst, warmUp + round * burst);
    await page.rest();
    heapKiB = ((await page.heapBytes()) - heapBefore) / 1_024;
  }
  await page.close();
  return {
    ...cost,
    eventsPerSecond: (burst * 1_000) / (clocks.lastAt - clocks.firstAt),
    rightMs: rightAt - clocks.firstAt,
    ...(heapKiB === undefined ? {} : { heapKiB }),
    rendersPerFrame: clocks.rendersPerFrame,
  };
}

export async function measurePaced(lab: Lab, variant: Variant): Promise<PacedFigures> {
  const page = await openWarm(lab, variant);
  const count = perSecond * seconds;
  const cost = await page.cost(() => send(lab, page, count, warmUp + count, perSecond));
  await page.close();
  return cost;
}

async function openWarm(lab: Lab, variant: Variant): Promise<BenchPage> {
  const page = await lab.openPage('events', variant, eventChannels.length);
  await send(lab, page, warmUp, warmUp);
  await page.rest();
  if (variant === 'kit') await page.evaluate("window.bench.countRenders('realtime-badge')");
  return page;
}

/** Resolves when the page shows the last of all that was sent so far, with the page's clock then. */
async function send(lab: Lab, page: BenchPage, count: number, sofar: number, rate?: number): Promise<number> {
  await lab.server.events(count, rate);
  // Looking while it is being sent would be a cost of its own.
  return page.shows('events', pictureAfter(sofar));
}
