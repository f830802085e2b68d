/** Start: from navigation to the first element and to the word "Live" on the screen, with an empty cache. */
import { PredefinedNetworkConditions } from 'puppeteer-core';
import type { Lab } from './lab.js';
import { pageOf, type Variant } from './site.js';
import { pictureWith } from './workload.js';

export interface StartFigures {
  firstPaintedMs: number;
  connectedPaintedMs: number;
  /** Of everything fetched, with headers, compressed. */
  bytes: number;
  blockingMs: number;
  mainThreadMs: number;
}

export type Profile = 'fast' | 'slow';

const slowerProcessor = 4;

export async function measureStart(lab: Lab, variant: Variant, profile: Profile): Promise<StartFigures> {
  const bench = await lab.newPage();
  const { page, session } = bench;
  let bytes = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  if (profile === 'slow') {
    await page.emulateNetworkConditions(PredefinedNetworkConditions['Fast 3G']);
    await page.emulateCPUThrottling(slowerProcessor);
  }
  await page.goto(`${lab.url}/${pageOf('start', variant)}`);
  await page.waitForFunction('window.bench.connectedPaintedAt !== undefined');
  await lab.server.joined(2);
  await bench.shows('presence', pictureWith(0));
  await bench.rest();
  const { firstPaintedAt, connectedPaintedAt } = await bench.evaluate<{
    firstPaintedAt: number;
    connectedPaintedAt: number;
  }>('window.bench');
  const { mainThreadMs, blockingMs } = await bench.totals();
  await bench.close();
  return {
    firstPaintedMs: firstPaintedAt,
    connectedPaintedMs: connectedPaintedAt,
    bytes,
    blockingMs,
    mainThreadMs,
  };
}
