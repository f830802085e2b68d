/** Pages that style everything: the elements look as on a clean page, point by point. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type ElementPages, everyElement, fillElements, startElementPages } from './element-pages.js';

const hostile: Record<string, string> = {
  'that unsets everything by force, in tiny type, from the right':
    '* { all: unset !important; font-size: 3px !important; direction: rtl }',
  'that unsets everything': '* { all: unset }',
  'whose root is 62.5 %': 'html { font-size: 62.5% }',
  'that styles its own button and div': `
    div, button { padding: 40px; border: 9px solid red; background: yellow; font: 40px/3 serif; color: red; text-transform: uppercase; box-shadow: 0 0 9px red }
    button { display: block; width: 100%; cursor: wait } button:hover { transform: scale(2) }`,
};

/** What is compared: each wrapper, and the first toast. */
const shown = [
  'connection-status base',
  'presence-avatars base',
  'progress-tracker base',
  'realtime-badge base',
  'notification-toast toast',
];

/**
 * Runs in the page: puts each element on white, where its wrapper begins at a whole pixel. By inline styles
 * that no sheet overrules: where an element stands is the page's to say, how it looks is not.
 */
const stand = `() => {
  const fix = ({ style }, rules) => {
    for (const [name, value] of Object.entries(rules)) style.setProperty(name, value, 'important');
  };
  [...document.querySelectorAll('.stand')].forEach((wrapper, index) => {
    fix(wrapper, {
      position: 'absolute', left: '20px', top: 20 + index * 220 + 'px', width: '300px', height: '210px', margin: 0,
      padding: 0, border: 0, background: 'white', 'box-shadow': 'none', 'z-index': 1, display: 'block', direction: 'ltr', 'text-align': 'left',
    });
    const { x, y } = wrapper.firstElementChild.shadowRoot.querySelector('[part=base]').getBoundingClientRect();
    fix(wrapper, { left: 40 - x % 1 + 'px', top: 20 + index * 220 - y % 1 + 'px' });
  });
}`;

for (const name of browserNames) {
  describe(`a hostile page in ${name}`, () => {
    let [browser, pages]: [Browser?, ElementPages?] = [];
    let clean: Record<string, string> = {};
    before(async () => {
      [browser, pages] = await Promise.all([launchBrowser(name), startElementPages()]);
      clean = await pictures('');
      assert.deepEqual(Object.keys(clean), shown);
    });
    after(async () => {
      await browser?.close();
      await pages?.stop();
    });

    async function pictures(css: string): Promise<Record<string, string>> {
      const visitor = await Visitor.open(
        browser as Browser,
        (pages as ElementPages).add(`<style>${css}</style>${everyElement}`),
      );
      await visitor.page.setViewport({ width: 1000, height: 1200 });
      await fillElements(visitor);
      await visitor.evaluate(`(${stand})()`);
      const found: Record<string, string> = {};
      for (const wanted of shown) {
        const [tag, part] = wanted.split(' ');
        const clip = await visitor.evaluate<DOMRect>(
          `part('${tag}', '${part}').getBoundingClientRect().toJSON()`,
        );
        // Without the rounded corners of a toast, through which the page is seen.
        const inset = part === 'toast' ? 12 : 0;
        const box = {
          x: Math.round(clip.x) + inset,
          y: Math.round(clip.y) + inset,
          width: Math.ceil(clip.width) - 2 * inset,
          height: Math.ceil(clip.height) - 2 * inset,
        };
        found[wanted] =
          `${[clip.width, clip.height]} ${await visitor.page.screenshot({ clip: box, encoding: 'base64' })}`;
      }
      await visitor.leave();
      return found;
    }

    for (const [what, css] of Object.entries(hostile)) {
      it(`${what} changes no point of the elements`, async () => {
        const found = await pictures(css);
        for (const wanted of shown) assert.ok(found[wanted] === clean[wanted], `${wanted} looks different`);
      });
    }

    it('is told from a clean one by this comparison', async () => {
      const found = await pictures(':root { --rt-accent: red; --rt-text: blue }');
      for (const wanted of shown) assert.ok(found[wanted] !== clean[wanted], `${wanted} looks the same`);
    });
  });
}
