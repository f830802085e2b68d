import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';

if (browserNames.includes('chromium')) {
  describe('a page that comes back from the back/forward cache', () => {
    let demo: Demo;
    let browser: Browser;
    before(async () => {
      demo = await startDemo();
      browser = await launchBrowser('chromium');
    });
    after(async () => {
      await browser.close();
      await demo.stop();
    });

    it('is connected again on one socket, says nothing of it, and nobody sees a second join', async () => {
      const classmate = await Visitor.open(browser, `${demo.url}/embed.html?user=2`);
      await classmate.untilOnline('2');
      const visitor = await Visitor.open(browser, `${demo.url}/embed.html`);
      await visitor.untilConnected();
      await classmate.untilOnline('1', '2');
      await classmate.evaluate(`
        window.comings = [];
        for (const name of ['member-added', 'member-removed']) {
          document.addEventListener(name, () => window.comings.push(name));
        }
      `);
      await visitor.evaluate(`
        window.isTheSamePage = true;
        window.lost = [];
        document.addEventListener('lost-changed', () => window.lost.push(true));
        addEventListener('pageshow', ({ persisted }) => { window.wasRestored = persisted; });
      `);

      await visitor.page.goto(`${demo.url}/healthz`);
      await visitor.page.goBack();
      await visitor.until(
        'window.wasRestored === true && window.isTheSamePage',
        'the page to be restored, not loaded again',
      );
      await visitor.untilConnected();
      await classmate.untilOnline('1', '2');

      assert.equal(await visitor.evaluate('window.e2e.sockets'), 2, 'one socket before, one after');
      assert.deepEqual(await visitor.evaluate('window.lost'), []);
      const { channels } = (await (await demo.pusher.get({ path: '/channels', params: {} })).json()) as {
        channels: object;
      };
      assert.ok('presence-class-1' in channels);
      assert.deepEqual(await classmate.evaluate('window.comings'), []);
    });
  });
}
