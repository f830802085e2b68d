/** Presence: 5,000 people come, then leave again, while five avatars are shown. */
import type { BenchPage, Cost, Lab } from './lab.js';
import type { Variant } from './site.js';
import { pictureWith } from './workload.js';

export interface PresenceFigures extends Cost {
  /** From the first message of those who come to the frame that shows them right. */
  joinsRightMs: number;
  /** From the first message of those who leave to the frame that shows none of them as being there. */
  leavesRightMs: number;
}

const people = 5_000;
const warmUp = 100;
const greyPollMs = 500;

/** @param perSecond Without it, all come at once and all leave at once. */
export async function measurePresence(
  lab: Lab,
  variant: Variant,
  perSecond?: number,
): Promise<PresenceFigures> {
  const page = await lab.openPage('presence', variant, 1);
  await page.shows('presence', pictureWith(0));
  await act(page, () => lab.server.come(warmUp), warmUp, 'presence', pictureWith(warmUp));
  // The kit greys leavers before it lets them go: from the warm-up nobody may be left.
  await act(page, () => lab.server.leave(warmUp), warmUp, 'presence', pictureWith(0));
  await page.rest();
  let joinsRightMs = 0;
  let leavesRightMs = 0;
  const cost = await page.cost(async () => {
    const come = () => lab.server.come(people, perSecond);
    // In numbers: the first who came are the ones to be seen.
    joinsRightMs = await act(page, come, people, 'presence', pictureWith(people, warmUp));
    const leave = () => lab.server.leave(people, perSecond);
    leavesRightMs = await act(page, leave, people, 'present', pictureWith(0));
    // Until the kit has let go of those whom it greyed. Looking at every frame would be a cost of its own.
    await page.shows('presence', pictureWith(0), greyPollMs);
  });
  await page.close();
  return { ...cost, joinsRightMs, leavesRightMs };
}

/** Milliseconds from the first message to the first frame that shows the picture. */
async function act(
  page: BenchPage,
  action: () => Promise<void>,
  messages: number,
  scene: 'presence' | 'present',
  picture: readonly string[],
): Promise<number> {
  await page.evaluate(`window.bench.countMessages(${messages})`);
  await action();
  const rightAt = await page.shows(scene, picture);
  return rightAt - (await page.evaluate<number>('window.bench.firstAt'));
}
