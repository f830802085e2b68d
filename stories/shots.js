/**
 * Writes one contact sheet per element to `.cache/shots`: every state in light and dark, at 320 and at
 * 1,280 pixels. They are there to be looked at.
 */
import { mkdir } from 'node:fs/promises';
import { browseStories } from './browse.js';

const views = [
  { width: 320, globals: 'scheme:light' },
  { width: 320, globals: 'scheme:dark' },
  { width: 1280, globals: 'scheme:light' },
  { width: 1280, globals: 'scheme:dark' },
];
const height = 520;
const only = process.argv[2] ? new RegExp(process.argv[2]) : undefined;
const folder = '.cache/shots';

await mkdir(folder, { recursive: true });
await browseStories({ folder: 'storybook-static', only }, async (visit, stories) => {
  for (const title of new Set(stories.map((story) => story.title))) {
    const rows = [];
    let sheet;
    for (const story of stories.filter((candidate) => candidate.title === title)) {
      const shots = [];
      for (const view of views) {
        const { page } = await visit(story, { ...view, height });
        // A page that is longer than the window is shown as a whole.
        const pageHeight = await page.evaluate(() => document.documentElement.scrollHeight);
        if (pageHeight > height) await page.setViewport({ width: view.width, height: pageHeight });
        // Short animations have ended then; a story that is played over time is in its middle.
        const waitMs = story.id.endsWith('over-time') ? 4_000 : 350;
        await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), waitMs);
        const clip = await page.evaluate(seenBox);
        if (!(clip.width > 0)) throw new Error(`Nothing is to be seen of ${story.id} (${view.globals}).`);
        shots.push(await page.screenshot({ encoding: 'base64', clip }));
        if (sheet) await page.close();
        else sheet = page;
      }
      rows.push(
        `<h2>${story.name}</h2><div>${shots.map((shot) => `<img src="data:image/png;base64,${shot}">`).join('')}</div>`,
      );
    }
    await sheet.setViewport({ width: 2_400, height: 800 });
    await sheet.setContent(`<style>
      body { margin: 24px; font: 14px system-ui; background: #8884 }
      h1 { font-size: 20px } h2 { margin: 20px 0 6px; font-size: 14px }
      div { display: flex; gap: 8px; align-items: start }
      img { max-width: 840px; outline: 1px solid #8886 }
    </style><h1>${title}</h1>${rows.join('')}`);
    const path = `${folder}/${title.toLowerCase().replace(/[^a-z]+/g, '-')}.png`;
    await sheet.screenshot({ path, fullPage: true });
    await sheet.close();
    console.log(path);
  }
});

/** Runs in the page: the box around everything that can be seen. */
function seenBox() {
  const boxes = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      const isSeen =
        width > 2 &&
        height > 2 &&
        element.checkVisibility() &&
        !element.matches('html, body, #storybook-root, #storybook-root > *, style, script');
      if (isSeen)
        boxes.push({ left, top, right: Math.min(right, innerWidth), bottom: Math.min(bottom, innerHeight) });
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document.querySelector('#storybook-root'));
  const margin = 16;
  const x = Math.max(0, Math.min(...boxes.map(({ left }) => left)) - margin);
  const y = Math.max(0, Math.min(...boxes.map(({ top }) => top)) - margin);
  const width = Math.min(innerWidth, Math.max(...boxes.map(({ right }) => right)) + margin) - x;
  const height = Math.min(innerHeight, Math.max(...boxes.map(({ bottom }) => bottom)) + margin) - y;
  return { x, y, width, height };
}
