/** Many elements: so many badges on one page and one connection, mounted, updated, and removed again. */
import type { Lab } from './lab.js';
import { eventChannels, eventName } from './workload.js';

/** Milliseconds of main-thread time for one element. */
export interface ManyFigures {
  mountMs: number;
  updateMs: number;
  removeMs: number;
}

/** Elements that each size mounts in all, so that small pages are measured as exactly as large ones. */
const total = 1_000;

const badges = (count: number) => `{
  const main = document.querySelector('main');
  const channels = ${JSON.stringify(eventChannels)};
  for (let index = 0; index < ${count}; index += 1) {
    const badge = document.createElement('realtime-badge');
    badge.channel = channels[index % channels.length];
    badge.event = '${eventName}';
    badge.max = 1000;
    main.append(badge);
  }
}`;

/** Resolves when each badge fulfils a condition. */
const each = (condition: string) => `new Promise((resolve) => {
  const badges = [...document.querySelectorAll('main > realtime-badge')];
  const look = () => badges.every((badge) => ${condition}) ? resolve() : requestAnimationFrame(look);
  look();
})`;

export async function measureMany(lab: Lab, elements: number): Promise<ManyFigures> {
  const page = await lab.openPage('many', 'kit', 0);
  await page.evaluate(
    "customElements.whenDefined('realtime-badge').then(() => window.realtimeElements.ready)",
  );
  await lab.server.joined(0);
  const sums = { mount: 0, update: 0, remove: 0 };
  let events = 0;
  const round = async () => {
    const mount = await page.cost(async () => {
      await page.evaluate(badges(elements));
      await page.evaluate(each("badge.getAttribute('status') === 'live'"));
    });
    events += eventChannels.length;
    const count = events / eventChannels.length - 1;
    const update = await page.cost(async () => {
      await lab.server.events(eventChannels.length);
      await page.evaluate(
        each(`badge.shadowRoot.querySelector('[part="value"]')?.textContent === '${count}'`),
      );
    });
    const remove = await page.cost(async () => {
      await page.evaluate("document.querySelector('main').replaceChildren()");
      await page.rest();
    });
    return { mount, update, remove };
  };
  await round();
  const rounds = Math.ceil(total / elements);
  for (let done = 0; done < rounds; done += 1) {
    const costs = await round();
    for (const part of ['mount', 'update', 'remove'] as const) sums[part] += costs[part].mainThreadMs;
  }
  await page.close();
  const perElement = (ms: number) => ms / (rounds * elements);
  return {
    mountMs: perElement(sums.mount),
    updateMs: perElement(sums.update),
    removeMs: perElement(sums.remove),
  };
}
