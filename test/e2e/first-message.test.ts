/** The code that sends is fetched with the first message, which may be written where there is no network. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { channelAuth } from '../../src/emulator/node.js';
import { browserNames, launchBrowser, type Visitor } from './browser.js';
import { loaderPages } from './loader-pages.js';

const pages = loaderPages();
const channel = 'private-room';

/** Authorizes everybody in the page itself, and says what the test says of the network. */
const inPage = `<script>
  Object.defineProperty(navigator, 'onLine', { get: () => window.isOnline !== false });
  const plain = window.fetch;
  window.fetch = async (url, options) => String(url).endsWith('/pusher/auth')
    ? Response.json({ auth: await authorized(new URLSearchParams(options.body).get('socket_id')) })
    : plain(url, options);
</script>`;

for (const name of browserNames) {
  describe(`the first message, in ${name}`, () => {
    let browser: Browser;
    let visitor: Visitor;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());
    afterEach(() => pages.emulator.driver.unreachable(false));

    /** A page that was connected, and has lost the network before it ever sent anything. */
    const cutOff = async () => {
      visitor = await pages.open(browser, pages.page(`${inPage}<connection-status></connection-status>`));
      await visitor.page.exposeFunction('authorized', (id: string) =>
        channelAuth(pages.emulator, id, channel),
      );
      await visitor.untilConnected();
      pages.kit.block('sending.js');
      pages.emulator.driver.unreachable(true);
      await visitor.evaluate("window.isOnline = false; dispatchEvent(new Event('offline'))");
      pages.emulator.driver.drop();
      await visitor.until("document.querySelector('connection-status').status === 'offline'", 'the status');
    };
    const send = (options = '') =>
      visitor.evaluate(`realtimeElements.ready.then((controller) => {
        controller.send('client-hello', { from: 'me' }, { channel: '${channel}' ${options} })
          .then((fate) => { window.fate = fate; });
      })`);

    it('waits for the network, like every other, and is sent', async () => {
      await cutOff();
      await send();
      await visitor.evaluate('realtimeElements.ready');
      pages.kit.restore();
      pages.emulator.driver.unreachable(false);
      await visitor.evaluate("window.isOnline = true; dispatchEvent(new Event('online'))");
      await visitor.until('window.fate', 'the end of the message');
      assert.equal(await visitor.evaluate('fate.fate'), 'sent');
    });

    it('has failed at once where it may not wait, and expires after its time to live', async () => {
      await cutOff();
      for (const [options, ...end] of [
        [', queue: false', 'failed', 'connection/offline'],
        [', ttl: 1', 'expired', 'message/expired'],
      ]) {
        await visitor.evaluate('window.fate = undefined');
        await send(options);
        await visitor.until('window.fate', 'the end of the message');
        assert.deepEqual(await visitor.evaluate('[fate.fate, fate.error.code]'), end);
      }
      assert.ok(!pages.kit.requests.includes('sending.js'));
    });
  });
}
