import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';
import { type HostPages, startHostPages } from './host-page.js';

let demo: Demo;
let host: HostPages;
before(async () => {
  [demo, host] = await Promise.all([startDemo(), startHostPages()]);
});
after(() => Promise.all([demo.stop(), host.stop()]));

/** What a stranger pastes into a page, with somebody's token. */
async function snippet(user: string, { crossorigin = true, follows = user } = {}): Promise<string> {
  return `
    <script async ${crossorigin ? 'crossorigin' : ''} src="${demo.url}/loader.js" data-base="${demo.url}"
      data-key="emulator-key" data-host="localhost" data-port="${demo.port}" data-tls="false"
      data-auth-token="${await tokenOf(demo, user)}"></script>
    <connection-status></connection-status>
    <presence-avatars channel="presence-class-1"></presence-avatars>
    <progress-tracker channel="private-user-${follows}"></progress-tracker>
    <notification-toast channel="private-user-${follows}"></notification-toast>`;
}

for (const name of browserNames) {
  describe(`a page on another origin in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    for (const crossorigin of [true, false]) {
      it(`works with the same script tag ${crossorigin ? 'with' : 'without'} crossorigin`, async () => {
        const visitor = await Visitor.open(browser, host.add(await snippet('1', { crossorigin })));
        await visitor.untilConnected();
        await visitor.untilOnline('1');
        await visitor.untilLive('notification-toast');
        await demo.pusher.trigger('private-user-1', 'notification', { title: 'Across origins' });
        await visitor.untilToast('Across origins');
        assert.equal(await visitor.evaluate('window.e2e.sockets'), 1);
        await visitor.leave();
      });
    }

    it('keeps its own window.Pusher as it was', async () => {
      const own =
        '<script>window.Pusher = window.own = class Pusher {}; window.descriptor = JSON.stringify(Object.getOwnPropertyDescriptor(window, "Pusher"));</script>';
      const visitor = await Visitor.open(browser, host.add(own + (await snippet('1'))));
      await visitor.untilConnected();
      await visitor.untilOnline('1');
      assert.equal(await visitor.evaluate('window.Pusher === window.own'), true);
      assert.equal(
        await visitor.evaluate(
          'JSON.stringify(Object.getOwnPropertyDescriptor(window, "Pusher")) === window.descriptor',
        ),
        true,
      );
      await visitor.leave();
    });

    it('never hears the channel of somebody whose token it does not have', async () => {
      const own = await Visitor.open(browser, `${demo.url}/?user=1`);
      const page = host.add(await snippet('2', { follows: '1' }));
      const stranger = await Visitor.open(browser, `${page}?user=1`);
      await own.untilLive('notification-toast');
      await stranger.until(
        "document.querySelector('notification-toast').getAttribute('status') === 'error'",
        'the refusal to be shown',
      );
      await demo.pusher.trigger('private-user-1', 'notification', { title: 'For Maren alone' });
      await own.untilToast('For Maren alone');
      assert.equal(
        await stranger.evaluate(
          `document.querySelector('notification-toast').shadowRoot.querySelectorAll('[part~="toast"]').length`,
        ),
        0,
      );
      await own.leave();
      await stranger.leave();
    });
  });
}
