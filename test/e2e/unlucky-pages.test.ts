/** The loader on pages that are unlucky, careless or hostile: it works, or says what is wrong, and throws nothing. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, type Visitor } from './browser.js';
import { errorDiary, loaderPages, waitFor } from './loader-pages.js';

const pages = loaderPages();
const { tag } = pages;
const live = '<connection-status>Live updates</connection-status>';
const files = ['kit.js', 'connection-status.js', 'presence-avatars.js', 'progress-tracker.js'];

/** A script tag that stands before the kit's. */
const script = (code: string) => `<script>${code}</script>`;

for (const name of browserNames) {
  describe(`the loader in ${name}`, () => {
    let browser: Browser;
    let visitor: Visitor;
    const visit = async (html: string, policy?: string, header?: string) => {
      visitor = await pages.open(browser, pages.host.add(html, policy, header));
    };
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    describe('throws nothing, and', () => {
      afterEach(async () => {
        assert.deepEqual(await visitor.evaluate('window.e2e.thrown'), []);
      });

      for (const [where, html] of [
        ['in the head, without async', () => `<head>${tag().replace('async', '')}</head><body>${live}`],
        ['with defer', () => tag().replace('async', 'defer') + live],
        ['as a module, which has no current script', () => tag('type="module"') + live],
        [
          'in one file, as a module, which has no current script',
          () => tag('type="module"', 'realtime.js') + live,
        ],
        ['twice on one page', () => tag() + live + tag()],
        ['and is taken out of the page at once', () => `${tag('onload="this.remove()"')}${live}`],
        [
          'put there by a script',
          () =>
            `${live}${script(`
              const tag = document.createElement('script');
              tag.src = '${pages.kit.url}/loader.js';
              tag.crossOrigin = 'anonymous';
              Object.assign(tag.dataset, { key: 'emulator-key', host: '127.0.0.1', port: '${pages.emulator.port}', tls: 'false' });
              document.head.append(tag);`)}`,
        ],
        [
          'on a page whose image is named like the current script',
          () => `<img name="currentScript" alt="" data-key="stolen">${tag()}${live}`,
        ],
        [
          'in one file, on a page whose image is named like the current script',
          () => `<img name="currentScript" alt="" data-key="stolen">${tag('', 'realtime.js')}${live}`,
        ],
        ['where an element has its name', () => `<div id="realtimeElements"></div>${tag()}${live}`],
        ['where a text has its name', () => `${script("window.realtimeElements = 'mine';")}${tag()}${live}`],
        [
          'on a page that counts what is defined',
          () =>
            `${script(`
              const define = customElements.define;
              customElements.define = function (...definition) { return define.apply(this, definition); };`)}${tag()}${live}`,
        ],
        [
          'on a page with an old polyfill of promises',
          () =>
            `${script(`
              window.Promise = class extends Promise {};
              for (const name of ['any', 'allSettled', 'try', 'withResolvers']) window.Promise[name] = undefined;`)}${tag()}${live}`,
        ],
        [
          'on a page that extends what is built in',
          () => `${script('Array.prototype.each = Object.prototype.each = () => {};')}${tag()}${live}`,
        ],
      ] as const) {
        it(`works ${where}`, async () => {
          await visit(html());
          await visitor.untilConnected();
          assert.equal(await visitor.evaluate('window.e2e.sockets'), 1);
        });
      }

      it('keeps an element live that is moved while its code loads', async () => {
        pages.kit.delay('connection-status.js');
        await visit(`${tag()}<main></main>${live}`);
        await waitFor(() => pages.kit.requests.includes('connection-status.js'), 'the code to be asked for');
        await visitor.evaluate(
          "document.querySelector('main').append(document.querySelector('connection-status'))",
        );
        pages.kit.restore();
        await visitor.untilConnected();
      });

      it('goes on when the page throws out of its head what it did not put there', async () => {
        pages.kit.delay('kit.js');
        await visit(`${tag()}${live}`);
        await waitFor(() => pages.kit.requests.includes('kit.js'), 'the code to be asked for');
        await visitor.evaluate("for (const link of document.head.querySelectorAll('link')) link.remove()");
        pages.kit.restore();
        await visitor.untilConnected();
      });

      it('does nothing inside a shadow root, where no script knows its own tag', async () => {
        await visit(
          `<div><template shadowrootmode="open">${tag().replace('async', '')}</template></div>${live}`,
        );
        await visitor.until("document.readyState === 'complete'", 'the page to be complete');
        assert.equal(await visitor.evaluate('window.realtimeElements'), undefined);
      });

      it('leaves the fallback content, and no error, while a file is slow', async () => {
        pages.kit.delay('kit.js');
        await visit(errorDiary + tag() + live);
        await waitFor(() => pages.kit.requests.includes('kit.js'), 'the file to be asked for');
        assert.equal(await visitor.evaluate("document.querySelector('connection-status').shadowRoot"), null);
        pages.kit.restore();
        await visitor.untilConnected();
        assert.deepEqual(await visitor.evaluate('errors'), []);
      });

      it('asks for a file that is missing twice as late each time, from 4 seconds to two minutes', async () => {
        pages.kit.block('kit.js');
        const hurry = script(
          'const wait = setTimeout; window.waits = []; window.setTimeout = (callback, ms) => { waits.push(ms); return wait(callback); };',
        );
        await visit(hurry + tag('data-early="off"') + live);
        await visitor.until('waits.filter((ms) => ms === 120_000).length > 3', 'the longest wait');
        assert.deepEqual(
          await visitor.evaluate('[...new Set(waits)]'),
          [4_000, 8_000, 16_000, 32_000, 64_000, 120_000],
        );
      });

      it('says once that the kit’s host is down, however many files are missing and however often', async () => {
        for (const file of files) pages.kit.block(file);
        await visit(
          `${errorDiary}${tag()}${live}<progress-tracker channel="a"></progress-tracker><presence-avatars channel="presence-a"></presence-avatars>`,
        );
        await visitor.until("preloads.filter((file) => file === 'kit.js').length > 1", 'the retry');
        await visitor.until("!document.querySelector('link')", 'the retry to be over');
        assert.deepEqual(await visitor.evaluate('errors.map(({ code }) => code)'), [
          'connection/code-not-loaded',
        ]);
        assert.ok((await visitor.evaluate<string>('errors[0].hint')).includes('script-src'));
      });

      it('never gives up on a file', async () => {
        pages.kit.block('kit.js');
        const hurry =
          'const wait = setTimeout; window.setTimeout = (callback, ms) => wait(callback, ms / 1000);';
        await visit(errorDiary + script(hurry) + tag('data-early="off"') + live);
        await visitor.until("preloads.filter((file) => file === 'kit.js').length > 9", 'the tenth attempt');
      });

      it('tries again as soon as the device is online', async () => {
        pages.kit.block('kit.js');
        // No timer that could do it.
        const patience =
          'const wait = setTimeout; window.setTimeout = (callback, ms) => ms < 4000 ? wait(callback, ms) : 0;';
        await visit(errorDiary + script(patience) + tag() + live);
        await visitor.until('errors.length === 1', 'the error');
        await visitor.evaluate("window.dispatchEvent(new Event('online'))");
        await visitor.until("preloads.filter((file) => file === 'kit.js').length > 1", 'the retry');
      });

      for (const [what, before_, attributes] of [
        [
          'the page forbids sockets by a script',
          'window.WebSocket = function () { throw new Error("No."); };',
          '',
        ],
        ['the key is nonsense', '', 'data-key="a#b c"'],
        ['the port is nonsense', '', 'data-port="ninety"'],
        ['the host is nonsense', '', 'data-host="a b/c"'],
        [
          'every setting is nonsense',
          '',
          'data-tls="perhaps" data-enabled="?" data-locale="?" data-auth-batch="x"',
        ],
      ] as const) {
        it(`shows by the status that there is no connection when ${what}`, async () => {
          // Of two attributes of one name, the first holds.
          const theirs = tag().replace('data-key', `${attributes} data-key`);
          await visit(errorDiary + script(before_) + theirs + live);
          await visitor.until(
            "['refused', 'reconnecting', 'connecting'].includes(document.querySelector('connection-status').getAttribute('status'))",
            'the status',
          );
          // An attempt is given up after ten seconds.
          await visitor.until('errors.length > 0', 'the error', 20_000);
        });
      }

      for (const [what, setting] of [
        ['the host has its port', 'data-host="127.0.0.1:6001"'],
        ['the path has no slash', 'data-path="x"'],
      ] as const) {
        it(`says that it is the configuration when ${what}`, async () => {
          await visit(errorDiary + tag().replace('data-key', `${setting} data-key`) + live);
          await visitor.until('errors.length > 0', 'the error');
          assert.equal(await visitor.evaluate('errors[0].code'), 'configuration/wrong-host');
        });
      }

      it('opens no socket on a page that ships a secret, and says so aloud', async () => {
        const aloud = script('window.said = []; console.error = (...parts) => said.push(parts.join(" "));');
        await visit(errorDiary + aloud + tag('data-secret="hush"') + live);
        await visitor.until('errors.length > 0', 'the error');
        assert.equal(await visitor.evaluate('window.e2e.sockets'), 0);
        const [said = '', ...more] = await visitor.evaluate<string[]>('said');
        assert.match(said, /secret-in-page.+Rotate the secret now/);
        assert.doesNotMatch(said, /hush/);
        assert.deepEqual(more, []);
      });

      it('is live where a browser lets no tab speak to another', async () => {
        const deny = script(
          'window.BroadcastChannel = function () { throw new DOMException("Denied.", "SecurityError"); };',
        );
        await visit(deny + tag() + live);
        await visitor.untilConnected();
        await visitor.evaluate('realtimeElements.ready.then((realtime) => realtime.identify(null))');
      });

      for (const prefix of ['ACME', ' acme ', 'acme-']) {
        it(`takes “${prefix}” for the prefix that was meant`, async () => {
          await visit(`${tag(`data-prefix="${prefix}"`)}<acme-connection-status></acme-connection-status>`);
          await visitor.until(
            "document.querySelector('acme-connection-status').getAttribute('status') === 'connected'",
            'the prefixed tag to be connected',
          );
        });
      }

      for (const prefix of ['1st', 'a b', '*', '"]']) {
        it(`leaves out the prefix “${prefix}”, with which no tag can begin, and says so`, async () => {
          const hear = script('window.warned = []; console.warn = (text) => warned.push(text);');
          await visit(`${hear}${tag(`data-prefix='${prefix}'`)}${live}`);
          await visitor.untilConnected();
          assert.match((await visitor.evaluate<string[]>('warned'))[0] ?? '', /data-prefix/);
        });
      }

      it('shows an element’s error on a page that has spoilt fetch', async () => {
        const spoil = script("window.fetch = () => { throw new TypeError('Not here.'); };");
        await visit(`${spoil}${tag()}${live}<presence-avatars channel="presence-a"></presence-avatars>`);
        await visitor.untilConnected();
        await visitor.until(
          "document.querySelector('presence-avatars').getAttribute('status') === 'error'",
          'the error',
        );
      });

      it('is not reported under the strict policy in report-only', async () => {
        const { port } = pages.emulator;
        const policy = `default-src 'none'; script-src ${pages.kit.url}; connect-src ws://127.0.0.1:${port}; require-trusted-types-for 'script'; trusted-types realtime-elements`;
        await visit(tag() + live, policy, 'Content-Security-Policy-Report-Only');
        await visitor.untilConnected();
        const violations = await visitor.evaluate<string[]>('window.e2e.violations');
        assert.deepEqual(
          violations.filter((violation) => !violation.includes('/favicon.ico')),
          [],
        );
      });

      it('says by its error that the policy does not allow its types', async () => {
        const policy = `script-src ${pages.kit.url} 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types other`;
        await visit(errorDiary + tag() + live, policy);
        await visitor.until('errors.length > 0', 'the error');
        assert.match(await visitor.evaluate('errors[0].hint'), /trusted-types/);
      });
    });

    it('fetches no pusher-js on a page where the kit is switched off', async () => {
      await visit(tag('data-enabled="false"') + live);
      await visitor.until(
        "document.querySelector('connection-status').getAttribute('status') === 'disabled'",
        'the status',
      );
      assert.deepEqual(
        pages.kit.requests.filter((file) => file === 'pusher.js'),
        [],
      );
    });

    it('opens no socket of the page’s for an element that stands in a provider, under a prefix too', async () => {
      // The element's own code comes first.
      pages.kit.delay('realtime-provider.js');
      await visit(
        `${tag('data-prefix="acme"')}<acme-realtime-provider key="another" enabled="false">
          <acme-connection-status></acme-connection-status></acme-realtime-provider>`,
      );
      const asked = ['connection-status.js', 'realtime-provider.js'];
      await waitFor(
        () => asked.every((file) => pages.kit.requests.includes(file)),
        'the code to be asked for',
      );
      await visitor.until(
        "!document.querySelector('link[href*=connection-status]')",
        'the code to have come',
      );
      pages.kit.restore();
      await visitor.until(
        "document.querySelector('acme-connection-status').getAttribute('status') === 'disabled'",
        'the status',
      );
      assert.equal(await visitor.evaluate('window.e2e.sockets'), 0);
    });

    it('asks for each file with the cookies that its own tag was asked for with', async () => {
      await visit(script("document.cookie = 'pass=1';"));
      pages.kit.protect('pass=1');
      const own = tag().replace('crossorigin', 'crossorigin="use-credentials"');
      await visitor.page.goto(pages.host.add(own + live), { waitUntil: 'domcontentloaded' });
      await visitor.untilConnected();
    });

    it('hands its nonce to each file that it asks for', async () => {
      await visit(tag('nonce="kit"') + live, "script-src 'nonce-kit' 'strict-dynamic'");
      await visitor.untilConnected();
      assert.deepEqual(await visitor.evaluate('window.e2e.violations'), []);
    });

    it('takes the nonce that data-nonce names', async () => {
      await visit(errorDiary + tag('data-nonce="named"') + live);
      await visitor.evaluate(`
        new MutationObserver(([{ addedNodes }]) => { window.nonce = addedNodes[0].nonce; }).observe(document.head, { childList: true });
        document.body.insertAdjacentHTML('beforeend', '<progress-tracker></progress-tracker>');`);
      await visitor.until("window.nonce === 'named'", 'the nonce');
    });
  });
}
