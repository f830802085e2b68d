import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser } from './browser.js';
import { errorDiary, loaderPages, waitFor } from './loader-pages.js';

const pages = loaderPages();
const { tag, page, open } = pages;

const noneLoading = "document.querySelector('link[rel=modulepreload]') === null";

for (const name of browserNames) {
  describe(`the loader in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    it('loads nothing, and opens no socket, on a page that uses no element', async () => {
      const visitor = await open(browser, page('<p>Nothing live here.</p>'));
      await visitor.until("'ready' in (window.realtimeElements ?? {})", 'the loader to have run');
      await visitor.until("document.readyState === 'complete'", 'the page to be complete');
      assert.deepEqual(pages.kit.requests, ['loader.js']);
      assert.equal(await visitor.evaluate('window.e2e.sockets'), 0);
    });

    it('defines elements that come before it, after it, long after it, and in a shadow root on request', async () => {
      const visitor = await open(
        browser,
        pages.host.add(
          `<connection-status id="before"></connection-status>${tag()}<connection-status id="after"></connection-status>`,
        ),
      );
      await visitor.until(
        "['before', 'after'].every((id) => document.getElementById(id).shadowRoot)",
        'both to be defined',
      );
      await visitor.untilConnected();
      await visitor.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<div><progress-tracker channel=news></progress-tracker></div>')",
      );
      await visitor.untilLive('progress-tracker');
      await visitor.evaluate(`
        const outer = document.body.appendChild(document.createElement('section')).attachShadow({ mode: 'open' });
        realtimeElements.observe(outer);
        outer.innerHTML = '<notification-toast channel=news></notification-toast>';
      `);
      await visitor.until(
        "document.querySelector('section').shadowRoot.firstElementChild.getAttribute('status') === 'live'",
        'the toast in the shadow root to be live',
      );
      assert.equal(await visitor.evaluate('window.e2e.sockets'), 1);
    });

    it('asks for all that the page needs at once, and for each file once', async () => {
      const visitor = await open(
        browser,
        page(
          '<connection-status></connection-status><connection-status></connection-status><progress-tracker channel="news"></progress-tracker>',
        ),
      );
      await visitor.untilConnected();
      const firstWave = ['kit.js', 'connection-status.js', 'progress-tracker.js', 'pusher.js'];
      for (const file of firstWave)
        assert.equal(pages.kit.requests.filter((request) => request === file).length, 1, file);
      assert.ok(!pages.kit.requests.includes('presence-avatars.js'));
      assert.ok(!pages.kit.requests.includes('nacl.js'));
    });

    it('leaves no trace but its own name: no window.Pusher, no styles, no links, nothing stored', async () => {
      const visitor = await open(browser, page('<connection-status></connection-status>'));
      await visitor.untilConnected();
      const bare = await open(browser, pages.host.add(errorDiary));
      const names = 'Object.getOwnPropertyNames(window)';
      const before = new Set(await bare.evaluate<string[]>(names));
      // The test's own tool leaves names with “aria” in them.
      const left = (await visitor.evaluate<string[]>(names)).filter(
        (key) => !before.has(key) && !/aria/.test(key),
      );
      assert.deepEqual(left, ['realtimeElements']);
      assert.equal(await visitor.evaluate("document.head.querySelectorAll('link, style').length"), 0);
      assert.equal(await visitor.evaluate('localStorage.length + sessionStorage.length'), 0);
      assert.equal(await visitor.evaluate('document.cookie'), '');
    });

    it('defines under a prefix where a name is taken', async () => {
      const taken =
        '<script>customElements.define("connection-status", class extends HTMLElement {});</script>';
      const visitor = await open(
        browser,
        pages.host.add(
          `${taken}<connection-status></connection-status><acme-connection-status></acme-connection-status>${tag('data-prefix="acme"')}`,
        ),
      );
      await visitor.until(
        "document.querySelector('acme-connection-status').getAttribute('status') === 'connected'",
        'the prefixed tag to be connected',
      );
      assert.equal(await visitor.evaluate("document.querySelector('connection-status').shadowRoot"), null);
    });

    it('speaks the language that its attribute names', async () => {
      const visitor = await open(
        browser,
        page('<connection-status variant="pill"></connection-status>', 'data-locale="de"'),
      );
      await waitFor(() => pages.kit.requests.includes('words.de.js'), 'the German words to be asked for');
      await visitor.untilConnected();
    });

    it('does nothing the second time it is on a page', async () => {
      const visitor = await open(browser, page(`<connection-status></connection-status>${tag()}`));
      await visitor.untilConnected();
      assert.equal(await visitor.evaluate('window.e2e.sockets'), 1);
      assert.deepEqual(await visitor.evaluate('window.errors'), []);
    });

    it('believes what the page sets from script before what its attributes say', async () => {
      const configure = 'realtimeElements.configure({ enabled: false })';
      const visitor = await open(
        browser,
        page('<connection-status></connection-status>', `data-enabled="true" onload="${configure}"`),
      );
      await visitor.until(
        "document.querySelector('connection-status').getAttribute('status') === 'disabled'",
        'the status disabled',
      );
    });

    for (const file of ['loader.js', 'realtime.js']) {
      it(`takes settings that attributes cannot hold in the onload of ${file}, and says when it is too late`, async () => {
        const configure = `realtimeElements.configure({ token: async () => { window.asked = true; return 'x'; } })`;
        const visitor = await open(
          browser,
          pages.host.add(`${tag(`onload="${configure}"`, file)}
            <presence-avatars channel="presence-class-1"></presence-avatars>`),
        );
        await visitor.until('window.asked', 'the token to be asked for');
        await visitor.evaluate(`
          window.warned = [];
          console.warn = (text) => warned.push(text);
          ${configure}`);
        assert.deepEqual(await visitor.evaluate('warned'), [
          '[realtime-elements] configure() comes too late.',
        ]);
      });
    }

    it('serves scripts that come before it, and gives the controller to those that come later', async () => {
      const early =
        '<script>(window.realtimeElements ||= []).push((controller) => { window.early = controller.status; });</script>';
      const visitor = await open(
        browser,
        pages.host.add(`${early}${tag()}<connection-status></connection-status>`),
      );
      await visitor.until('window.early !== undefined', 'the early callback');
      await visitor.evaluate(
        'realtimeElements.ready.then((controller) => { window.later = controller.status; })',
      );
      await visitor.until('window.later !== undefined', 'the promise');
    });

    describe('with an altered file', () => {
      for (const file of ['kit.js', 'connection-status.js', 'pusher.js']) {
        it(`runs nothing of ${file}, nor on the retry, and says so`, async () => {
          pages.kit.alter(file);
          const visitor = await open(browser, page('<connection-status>Live updates</connection-status>'));
          await visitor.until('window.errors.length > 0', 'the error');
          const [error] = await visitor.evaluate<{ code: string; hint: string }[]>(
            'errors.map(({ code, hint }) => ({ code, hint }))',
          );
          assert.equal(error?.code, 'connection/code-not-loaded');
          await visitor.until(`preloads.filter((name) => name === '${file}').length >= 2`, 'the retry');
          await visitor.until(noneLoading, 'the retry to be over');
          assert.equal(await visitor.evaluate('window.altered'), undefined);
          assert.notEqual(
            await visitor.evaluate("document.querySelector('connection-status').getAttribute('status')"),
            'connected',
          );
        });
      }

      for (const [depth, file] of [
        ['that is loaded on demand', 'connection-details.js'],
        ['that one loaded on demand imports', 'parts.js'],
      ]) {
        it(`${depth} runs nothing of it either, nor on the next try`, async () => {
          pages.kit.alter(file as string);
          const visitor = await open(browser, page('<connection-status></connection-status>'));
          await visitor.untilConnected();
          const click =
            "document.querySelector('connection-status').shadowRoot.querySelector('button').click()";
          // It may be asked for again at any drawing, not at a click alone.
          const asked = `preloads.filter((name) => name === '${file}').length`;
          for (const tries of ['first', 'second']) {
            const before = await visitor.evaluate<number>(asked);
            await visitor.evaluate(click);
            await visitor.until(`${asked} > ${before} && errors.length > 0`, `the ${tries} try`);
            await visitor.until(noneLoading, 'the try to be over');
            // The next click closes, and the one after that opens and asks again.
            await visitor.evaluate(click);
          }
          assert.equal(await visitor.evaluate('window.altered'), undefined);
          assert.equal(
            await visitor.evaluate("document.querySelector('connection-status').status"),
            'connected',
          );
        });
      }
    });

    it('keeps the fallback content while a file is missing', async () => {
      pages.kit.block('kit.js');
      const visitor = await open(browser, page('<connection-status>Live updates</connection-status>'));
      await visitor.until('window.errors.length > 0', 'the error');
      assert.equal(await visitor.evaluate("document.querySelector('connection-status').shadowRoot"), null);
    });

    // Firefox keeps a module that failed as failed until the page is loaded again.
    if (name === 'chromium') {
      it('recovers when a file that was missing is there, and has said so once', async () => {
        pages.kit.block('kit.js');
        const visitor = await open(browser, page('<connection-status>Live updates</connection-status>'));
        await visitor.until('window.errors.length > 0', 'the error');
        pages.kit.restore();
        await visitor.untilConnected();
        assert.equal(await visitor.evaluate('window.errors.length'), 1);
      });
    }

    describe('opens the socket early, and', () => {
      const live = '<connection-status></connection-status>';

      it('hands it over when it is open', async () => {
        pages.kit.delay('kit.js');
        const visitor = await open(browser, page(live));
        await pages.emulator.driver.waitForConnections(1);
        pages.kit.restore();
        await visitor.untilConnected();
        assert.equal(await visitor.evaluate('window.e2e.sockets'), 1);
      });

      it('hands it over while it is still silent', async () => {
        pages.emulator.driver.silence(true);
        pages.kit.delay('kit.js');
        const visitor = await open(browser, page(live));
        await visitor.until('window.e2e.sockets === 1', 'the early socket');
        pages.kit.restore();
        await visitor.until(
          "document.querySelector('connection-status').getAttribute('status') === 'connecting'",
          'the status connecting',
        );
        pages.emulator.driver.silence(false);
        await visitor.untilConnected(20_000);
      });

      for (const [what, break_] of [
        ['refused', () => pages.emulator.driver.close(4004)],
        ['dropped', () => pages.emulator.driver.drop()],
      ] as const) {
        it(`forgets it when it was ${what} meanwhile`, async () => {
          pages.kit.delay('kit.js');
          const visitor = await open(browser, page(live));
          await pages.emulator.driver.waitForConnections(1);
          break_();
          await pages.emulator.driver.waitForConnections(0);
          await visitor.until('window.e2e.closed === 1', 'the socket to be closed');
          pages.kit.restore();
          await visitor.untilConnected();
          assert.equal(await visitor.evaluate('window.e2e.sockets'), 2);
        });
      }

      it('closes it when nobody has come for it in 15 seconds', async () => {
        pages.kit.block('kit.js');
        const start = Date.now();
        await open(browser, page(live));
        await pages.emulator.driver.waitForConnections(1);
        await waitFor(
          () => pages.emulator.driver.connections().length === 0,
          'the socket to be closed',
          20_000,
        );
        assert.ok(Date.now() - start >= 14_000);
      });

      for (const attributes of ['data-early="off"', 'data-enabled="false"']) {
        it(`not with ${attributes}`, async () => {
          pages.kit.delay('kit.js');
          const visitor = await open(browser, page(live, attributes));
          await waitFor(() => pages.kit.requests.includes('kit.js'), 'the first files to be asked for');
          assert.equal(await visitor.evaluate('window.e2e.sockets'), 0);
        });
      }
    });
  });
}
