/**
 * Every declaration of the documents' style samples does something: without it, something on a page with
 * all elements is computed in another way. The lines that reserve space have a test of their own.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { placeOf, samplesIn } from '../guides/samples.js';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';
import { type HostPages, startHostPages } from './host-page.js';

const samples = samplesIn('css').filter(({ name }) => name !== 'reserve');

/** Whatever a sample may speak of, in each state that one names. */
const elements = `
  <main class="night ledger" style="--rt-duration: 0ms">
    <realtime-provider key="no key at all"><connection-status id="refused" variant="pill"></connection-status></realtime-provider>
    <connection-status variant="pill"></connection-status>
    <presence-avatars channel="presence-class-1"></presence-avatars>
    <progress-tracker channel="private-user-1"></progress-tracker>
    <progress-tracker id="empty" channel="news"></progress-tracker>
    <realtime-badge channel="news" value="3">Orders</realtime-badge>
    <notification-toast channel="private-user-1" duration="600000"></notification-toast>
  </main>`;

/** Text, not a function: what runs in the page must not be compiled on the way. */
const finder = readFileSync(new URL('find-idle-declarations.js', import.meta.url), 'utf8');

for (const name of browserNames) {
  describe(`the style samples of the documents in ${name}`, () => {
    let browser: Browser;
    let demo: Demo;
    let host: HostPages;
    let visitor: Visitor;
    before(async () => {
      [browser, demo, host] = await Promise.all([launchBrowser(name), startDemo(), startHostPages()]);
      const tag = `<script async crossorigin src="${demo.url}/loader.js" data-base="${demo.url}"
        data-key="emulator-key" data-host="localhost" data-port="${demo.port}" data-tls="false"
        data-auth-token="${await tokenOf(demo, '1')}"></script>`;
      visitor = await Visitor.open(browser, host.add(tag + elements));
      await visitor.look();
      await visitor.evaluate(finder);
      for (const tag of ['presence-avatars', 'progress-tracker', 'notification-toast'])
        await visitor.untilLive(tag);
      await demo.pusher.trigger('private-user-1', 'progress.updated', { taskId: 'a', progress: 37 });
      await demo.pusher.trigger('private-user-1', 'notification', { title: 'Saved' });
      await visitor.untilToast('Saved');
      await visitor.until(
        `document.querySelector('#refused').status === 'refused' && document.querySelector('#empty[empty]')
          && document.querySelector('progress-tracker').shadowRoot.querySelector('[aria-valuenow="37"]')`,
        'each state',
      );
      await visitor.evaluate('realtimeElements.ready.then((controller) => controller.disconnect())');
      await visitor.until(
        "document.querySelector('presence-avatars').getAttribute('status') === 'stale'",
        'people to be stale',
      );
    });
    const findIdle = (css: string) =>
      visitor.evaluate<string[]>(`findIdleDeclarations(${JSON.stringify(css)})`);
    after(() => Promise.all([browser.close(), demo.stop(), host.stop()]));

    for (const sample of samples) {
      it(`take effect, each declaration: ${placeOf(sample)}`, async () => {
        assert.deepEqual(await findIdle(sample.code), []);
      });
    }

    it('are told to do nothing where they do: a part, a state or a token that is not there', async () => {
      const wrong = `
        presence-avatars::part(portrait) { color: red }
        presence-avatars[status='tired'] { color: red }
        :root { --rt-colour: red }`;
      assert.equal((await findIdle(wrong)).length, 3);
    });
  });
}
