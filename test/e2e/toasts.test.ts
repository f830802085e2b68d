/** What only real windows show of toasts: which of two tabs has them, and what a modal dialog does to them. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';
import { type ElementPages, startElementPages } from './element-pages.js';

const toasts = (selector = 'notification-toast') =>
  `[...document.querySelector('${selector}').shadowRoot.querySelectorAll('[part~=toast]')].filter((toast) => !toast.inert)`;

for (const name of browserNames) {
  describe(`toasts in ${name}`, () => {
    let [browser, demo, pages]: [Browser?, Demo?, ElementPages?] = [];
    const visitors: Visitor[] = [];
    before(async () => {
      [browser, demo, pages] = await Promise.all([launchBrowser(name), startDemo(), startElementPages()]);
    });
    afterEach(() => Promise.all(visitors.splice(0).map((visitor) => visitor.leave())));
    after(async () => {
      await browser?.close();
      await Promise.all([demo?.stop(), pages?.stop()]);
    });

    async function open(url: string): Promise<Visitor> {
      const visitor = await Visitor.open(browser as Browser, url);
      visitors.push(visitor);
      return visitor;
    }

    it('are shown by the tab that is looked at, by the last one looked at when none is, and never twice', async () => {
      const { url, pusher } = demo as Demo;
      const first = await open(`${url}/embed.html`);
      const second = await Visitor.openBeside(first, `${url}/embed.html`);
      const other = await Visitor.openBeside(first, 'about:blank');
      for (const tab of [first, second]) {
        await tab.look();
        await tab.untilLive('notification-toast');
        await tab.evaluate(`
          window.shown = [];
          document.addEventListener('notification-shown', ({ notification }) => shown.push(notification.title));
        `);
      }
      const say = (title: string) => pusher.trigger('private-user-1', 'notification', { title });

      assert.equal(await first.evaluate('document.visibilityState'), 'hidden');
      await say('To the second');
      await second.untilToast('To the second');
      await first.look();
      await second.until('document.hidden', 'the second tab to be hidden');
      await say('To the first');
      await first.untilToast('To the first');
      await other.page.bringToFront();
      await first.until('document.hidden', 'the first tab to be hidden');
      await say('To the last seen');
      await first.until("shown.includes('To the last seen')", 'the toast of the tab that was seen last');

      // What comes after it has been through both tabs: nothing that came before is still on its way.
      await second.look();
      await say('To the second again');
      await second.until("shown.includes('To the second again')", 'the toast of the tab that is seen');
      assert.deepEqual(await first.evaluate('shown'), ['To the first', 'To the last seen']);
      assert.deepEqual(await second.evaluate('shown'), ['To the second', 'To the second again']);
    });

    it('are painted above a modal dialog, stand still, and act and are announced when it closes', async () => {
      const visitor = await open(
        (pages as ElementPages).add(`
          <style>
            dialog, .beside { position: fixed; inset: 0; max-width: none; max-height: none; width: 100%; height: 100%; background: red }
            .beside { inset: 0 auto auto 0; width: 50px; height: 50px; background: blue; z-index: 9999999 }
          </style>
          <notification-toast channel="news" duration="60000"></notification-toast>
          <div class="beside"></div>
          <dialog></dialog>`),
      );
      await visitor.evaluate(
        "controller.emit('news', 'notification', { title: 'Saved', message: 'All good' })",
      );
      await visitor.until(`${toasts()}.length === 1`, 'the toast');
      await visitor.until(
        'part("notification-toast", "toast").getAnimations().length === 0',
        'the toast to stand',
      );
      const picture = async () => {
        const { x, y, width, height } = await visitor.evaluate<DOMRect>(
          `(${toasts()})[0].getBoundingClientRect().toJSON()`,
        );
        // Inside the corners and above the line that shows the time.
        const inside = {
          x: Math.ceil(x) + 8,
          y: Math.ceil(y) + 8,
          width: Math.floor(width) - 16,
          height: Math.floor(height) - 16,
        };
        const corner = { x: 5, y: 5, width: 20, height: 20 };
        return Promise.all(
          [inside, corner].map(
            async (clip) => `${await visitor.page.screenshot({ clip, encoding: 'base64' })}`,
          ),
        );
      };
      const [before, cornerBefore] = await picture();
      await visitor.evaluate("document.querySelector('dialog').showModal()");
      const line = "part('notification-toast', 'time').getAnimations()[0].playState";
      await visitor.until(`${line} === 'paused'`, 'the time to stop');
      const [during, cornerDuring] = await picture();
      assert.equal(during, before, 'the toast is above the dialog');
      assert.notEqual(cornerDuring, cornerBefore, 'what only has a z-index is below it');

      await visitor.evaluate(
        "controller.emit('news', 'notification', { title: 'Meanwhile', level: 'error' })",
      );
      await visitor.until(`${toasts()}.length === 2`, 'the second toast');
      const clickClose = async (index: number) => {
        const at = await visitor.evaluate<DOMRect>(
          `(${toasts()})[${index}].querySelector('[part=close]').getBoundingClientRect().toJSON()`,
        );
        await visitor.page.mouse.click(at.x + at.width / 2, at.y + at.height / 2);
      };
      const said =
        "document.querySelector('notification-toast').shadowRoot.querySelector('[role=status]').textContent";
      await clickClose(0);
      assert.equal(await visitor.evaluate(`${toasts()}.length`), 2, 'what is inert hears no click');
      assert.equal(await visitor.evaluate(said), 'Saved. All good', 'and says nothing');

      await visitor.evaluate("document.querySelector('dialog').close()");
      await visitor.until(`${said} === 'Meanwhile'`, 'what came meanwhile to be announced');
      await clickClose(0);
      await visitor.until(`${toasts()}.length === 1`, 'the click to close the toast');
      await visitor.page.mouse.move(1, 1);
      await visitor.until(`${line} === 'running'`, 'the time to go on');
    });

    it('wait for the keyboard, and not for a click that has passed', async () => {
      const visitor = await open(
        (pages as ElementPages).add(`<button id="field">Somewhere</button>
          <notification-toast channel="news" duration="60000"></notification-toast>`),
      );
      await visitor.look();
      for (const title of ['First', 'Second', 'Third'])
        await visitor.evaluate(`controller.emit('news', 'notification', { title: '${title}' })`);
      await visitor.until(`${toasts()}.length === 3`, 'the toasts');
      const line = "part('notification-toast', 'time').getAnimations()[0].playState";
      await visitor.page.keyboard.press('F8');
      await visitor.until(`${line} === 'paused'`, 'the time to stop');
      await visitor.page.keyboard.press('Escape');
      await visitor.until(`${toasts()}.length === 2`, 'the newest to be closed');
      assert.equal(await visitor.evaluate(line), 'paused');
      await visitor.evaluate("document.querySelector('#field').focus()");
      await visitor.until(`${line} === 'running'`, 'the time to go on');

      // Also the one that has closed: while it fades, the others move.
      const all = "document.querySelector('notification-toast').shadowRoot.querySelectorAll('[part~=toast]')";
      await visitor.until(
        `${all}.length === 2 && [...${all}].every((toast) => toast.getAnimations().length === 0)`,
        'the toasts to stand',
      );
      const at = await visitor.evaluate<DOMRect>(
        `(${toasts()})[1].querySelector('[part=close]').getBoundingClientRect().toJSON()`,
      );
      await visitor.page.mouse.click(at.x + at.width / 2, at.y + at.height / 2);
      await visitor.until(`${toasts()}.length === 1`, 'the click to close the second');
      await visitor.page.mouse.move(1, 1);
      await visitor.until(`${line} === 'running'`, 'the time to go on once more');
    });

    it('work at once inside a modal dialog', async () => {
      const visitor = await open(
        (pages as ElementPages).add(
          '<dialog><p>A question</p><notification-toast channel="news" duration="60000"></notification-toast></dialog>',
        ),
      );
      await visitor.evaluate("document.querySelector('dialog').showModal()");
      await visitor.evaluate(`
        controller.emit('news', 'notification', { title: 'Inside', actions: [{ label: 'Do it', event: 'do' }] });
        window.chosen = [];
        document.addEventListener('notification-activated', ({ action }) => chosen.push(action.event));
      `);
      await visitor.until(`${toasts()}.length === 1`, 'the toast');
      await visitor.until(
        "part('notification-toast', 'time').getAnimations()[0].playState === 'running'",
        'its time to run',
      );
      await visitor.until(
        "document.querySelector('notification-toast').shadowRoot.querySelector('[role=status]').textContent === 'Inside'",
        'the toast to be announced',
      );
      await visitor.until(
        'part("notification-toast", "toast").getAnimations().length === 0',
        'the toast to stand',
      );
      const at = await visitor.evaluate<DOMRect>(
        "part('notification-toast', 'action').getBoundingClientRect().toJSON()",
      );
      await visitor.page.mouse.click(at.x + at.width / 2, at.y + at.height / 2);
      await visitor.until("chosen.join() === 'do'", 'the action to be chosen');
      await visitor.until(`${toasts()}.length === 0`, 'the toast to go');
      assert.equal(await visitor.evaluate("document.querySelector('dialog').open"), true);
    });
  });
}
