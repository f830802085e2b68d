/** The paths that docs/elements.md describes for those who have no pointer, or no sight of the screen. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, SerializedAXNode } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type ElementPages, everyElement, fillElements, startElementPages } from './element-pages.js';

/** Runs in a page: what has the focus, as `tag part`. */
const focused = `(() => {
  const { activeElement } = document;
  const inside = activeElement.shadowRoot?.activeElement;
  return inside ? activeElement.localName + ' ' + inside.getAttribute('part') : activeElement.id;
})()`;

for (const name of browserNames) {
  describe(`without a pointer in ${name}`, () => {
    let [browser, pages]: [Browser?, ElementPages?] = [];
    let visitor: Visitor;
    before(async () => {
      [browser, pages] = await Promise.all([launchBrowser(name), startElementPages()]);
    });
    afterEach(() => visitor.leave());
    after(async () => {
      await browser?.close();
      await pages?.stop();
    });

    async function open(): Promise<void> {
      visitor = await Visitor.open(
        browser as Browser,
        (pages as ElementPages).add(
          `<button id="start">Start</button>${everyElement}<button id="end">End</button>`,
        ),
      );
      await visitor.look();
      await fillElements(visitor);
      await visitor.evaluate("document.querySelector('#start').focus()");
    }
    const press = (key: 'Tab' | 'Enter' | 'Escape' | 'F8') => visitor.page.keyboard.press(key);
    const isOpen = (tag: string, part: string) => `part('${tag}', '${part}').matches(':popover-open')`;

    it('Tab goes through what can be used, in the order of the page, and out again', async () => {
      await open();
      const order: string[] = [];
      while (order.at(-1) !== 'end' && order.length < 20) {
        await press('Tab');
        order.push(await visitor.evaluate(focused));
      }
      assert.deepEqual(
        order.filter((one) => !one.startsWith('notification-toast')),
        [
          'connection-status trigger',
          'presence-avatars more',
          'progress-tracker link',
          'progress-tracker retry',
          'end',
        ],
      );
    });

    it('Enter opens the details of the connection, Escape closes them and goes back', async () => {
      await open();
      await press('Tab');
      await press('Enter');
      await visitor.until(isOpen('connection-status', 'details'), 'the details');
      await press('Escape');
      await visitor.until(`!${isOpen('connection-status', 'details')}`, 'the details to close');
      assert.equal(await visitor.evaluate(focused), 'connection-status trigger');
    });

    it('the list of people opens with Enter, is searched by typing, and closes with Escape', async () => {
      await open();
      await press('Tab');
      await press('Tab');
      await press('Enter');
      await visitor.until(
        `${isOpen('presence-avatars', 'people')} && part('presence-avatars', 'search')`,
        'the list',
      );
      await press('Tab');
      // Firefox lets the keyboard scroll a box, and stops at it.
      if ((await visitor.evaluate(focused)) === 'presence-avatars people') await press('Tab');
      assert.equal(await visitor.evaluate(focused), 'presence-avatars search');
      await visitor.page.keyboard.type('grace');
      const people =
        "document.querySelector('presence-avatars').shadowRoot.querySelectorAll('[part=person]').length";
      await visitor.until(`${people} === 1`, 'one person to be left');
      await press('Escape');
      if (await visitor.evaluate(isOpen('presence-avatars', 'people'))) await press('Escape');
      await visitor.until(`!${isOpen('presence-avatars', 'people')}`, 'the list to close');
      assert.equal(await visitor.evaluate(focused), 'presence-avatars more');
    });

    it('F8 goes to the newest toast, Escape closes one after the other, and goes back at the end', async () => {
      await open();
      await press('F8');
      assert.match(await visitor.evaluate(focused), /^notification-toast /);
      const toasts =
        "[...document.querySelector('notification-toast').shadowRoot.querySelectorAll('[part=toast]')].filter((toast) => !toast.inert).length";
      for (const left of [2, 1, 0]) {
        await press('Escape');
        await visitor.until(`${toasts} === ${left}`, `${left} toasts to be left`);
      }
      assert.equal(await visitor.evaluate(focused), 'start');
    });

    if (name === 'chromium') {
      it('a screen reader finds names, values and roles', async () => {
        await open();
        const tree = await visitor.page.accessibility.snapshot({ interestingOnly: false });
        const said: string[] = [];
        const read = (node: SerializedAXNode) => {
          said.push([node.role, node.name].filter(Boolean).join(' | '));
          node.children?.forEach(read);
        };
        if (tree) read(tree);
        for (const expected of [
          'button | Connection: Live',
          'list | In this class',
          'button | Ada Lovelace, you, online',
          'button | Grace Hopper, away',
          'button | 10 more',
          'list | Progress',
          'progressbar | Lesson 4: Photosynthesis',
          'progressbar | Sheet',
          'link | Open: Quiz on cells',
          'button | Try again: Sheet',
          /^im\w+ \| \d unread$/,
          'region | Notifications',
          'button | Close',
        ]) {
          const isSaid = said.some((one) =>
            typeof expected === 'string' ? one === expected : expected.test(one),
          );
          assert.ok(isSaid, `${expected} in:\n${[...new Set(said)].join('\n')}`);
        }
        assert.ok(
          said.some((one) => one.startsWith('alert')),
          'an error is an alert',
        );
      });
    }
  });
}
