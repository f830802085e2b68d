import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { avatars, browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';

/** The backoff of a page that has waited for a while; a restart may have to build first. */
const comebackMs = 60_000;

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

for (const name of browserNames) {
  describe(`a server that is killed and started again, seen in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    for (const path of ['/', '/embed.html']) {
      it(`brings ${path} back by itself, and never empties the avatars`, async (test) => {
        const one = await Visitor.open(browser, demo.url + path);
        const two = await Visitor.open(browser, `${demo.url}${path}?user=2`);
        await one.untilOnline('1', '2');
        await one.watch('status', 'connection-status', "element.getAttribute('status')");
        await one.watch('count', 'presence-avatars', `${avatars('element')}.length`);
        await one.evaluate('window.e2e.sameDocument = true');

        await one.look();
        const killedAt = Date.now();
        await demo.kill();
        await one.until(
          "document.querySelector('connection-status').getAttribute('status') !== 'connected'",
          'the loss to be noticed',
        );
        await demo.restart();
        await one.untilConnected(comebackMs);
        await two.untilConnected(comebackMs);
        await one.untilOnline('1', '2');

        const [before, lost] = await one.diary<string>('status');
        assert.equal(before?.value, 'connected');
        assert.equal(lost?.value, 'reconnecting');
        test.diagnostic(`reconnecting after ${lost.at - killedAt} ms`);
        assert.ok(lost.at - killedAt < 1_000, `reconnecting after ${lost.at - killedAt} ms`);
        assert.ok((await one.diary<number>('count')).every(({ value }) => value > 0));
        assert.equal(await one.evaluate('window.e2e.sameDocument'), true);
        await one.untilLive('notification-toast');
        await demo.pusher.trigger('private-user-1', 'notification', { title: 'Back in class' });
        await one.untilToast('Back in class');
        await one.leave();
        await two.leave();
      });
    }

    it('tells on the slide that the class is live, and no longer that it is', async () => {
      const visitor = await Visitor.open(browser, demo.url);
      const says = (word: string, timeoutMs?: number) =>
        visitor.until(
          `document.querySelector('.slide realtime-badge')?.shadowRoot?.textContent.trim() === '${word}'`,
          `the mark on the slide to say ${word}`,
          timeoutMs,
        );
      await says('Live');
      await visitor.look();
      await demo.kill();
      await says('Reconnecting…');
      await demo.restart();
      await says('Live', comebackMs);
      await visitor.leave();
    });
  });
}
