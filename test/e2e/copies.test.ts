/** Several copies of the kit on one page, of different versions, from script tags and from npm. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import { type BrowserName, browserNames, launchBrowser, type Visitor } from './browser.js';
import { type KitHost, startKitHost } from './kit-host.js';
import { errorDiary, loaderPages } from './loader-pages.js';

const pages = loaderPages();
let earlier: KitHost;
/** Today's files at another address. */
let elsewhere: KitHost;
let npmCopy: string;

/** An app that has the package in its bundle, with its tags under a prefix. */
async function bundle(): Promise<string> {
  const contents = `
    import { ConnectionStatusElement, defineElement, NotificationToastElement, provideToPage, RealtimeController } from 'realtime-elements';
    const { host, port } = document.currentScript.dataset;
    provideToPage(RealtimeController.for({ key: 'emulator-key', host, port: Number(port), tls: false }));
    defineElement('connection-status', ConnectionStatusElement, 'app');
    defineElement('notification-toast', NotificationToastElement, 'app');`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
  });
  return outputFiles[0]?.text ?? '';
}

/** Every WebSocket that the browser's network opens for a page, by its address. */
async function watchSockets(name: BrowserName, { page }: Visitor): Promise<string[]> {
  const sockets: string[] = [];
  if (name === 'chromium') {
    const session = await page.createCDPSession();
    session.on('Network.webSocketCreated', ({ url }) => sockets.push(url));
    await session.send('Network.enable');
  } else {
    // Firefox tells the request that a socket begins with, by http.
    page.on('request', (request) => {
      if (request.url().includes('/app/emulator-key')) sockets.push(request.url());
    });
  }
  return sockets;
}

/** The script tags of a page, by the copy of the kit that they bring. */
const copies = {
  today: () => pages.tag(),
  earlier: () => pages.tag().replace(pages.kit.url, earlier.url),
  npm: () =>
    `<script defer src="${npmCopy}" data-host="127.0.0.1" data-port="${pages.emulator.port}"></script>`,
};
type Copy = keyof typeof copies;

/** Writes down what is warned of; a foreign registry where one is wanted. */
const diary = (foreign = '') => `<script>
  window.warnings = [];
  console.warn = (...words) => warnings.push(words.join(' '));
  ${foreign}
</script>`;
const foreignRegistry = `
  window.foreign = Object.freeze({ protocol: 2 });
  Object.defineProperty(window, Symbol.for('realtime-elements'), { value: foreign });`;

const elements = `
  <connection-status></connection-status>
  <progress-tracker channel="news"></progress-tracker>
  <notification-toast channel="news"></notification-toast>
  <app-connection-status></app-connection-status>
  <app-notification-toast channel="news"></app-notification-toast>`;

async function allLive(visitor: Visitor): Promise<void> {
  for (const tag of ['connection-status', 'app-connection-status']) {
    await visitor.until(
      `document.querySelector('${tag}').getAttribute('status') === 'connected'`,
      `${tag} to be connected`,
    );
  }
  for (const tag of ['progress-tracker', 'notification-toast', 'app-notification-toast']) {
    await visitor.untilLive(tag);
  }
}

for (const name of browserNames) {
  describe(`several copies of the kit on one page in ${name}`, () => {
    let browser: Browser;
    let visitor: Visitor;
    let sockets: string[];
    before(async () => {
      [browser, earlier, elsewhere] = await Promise.all([
        launchBrowser(name),
        startKitHost('test/fixtures/earlier-build'),
        startKitHost(),
      ]);
      npmCopy = pages.host.addScript(await bundle());
    });
    after(() => Promise.all([browser.close(), earlier.stop(), elsewhere.stop()]));

    const visit = async (html: string) => {
      visitor = await pages.open(browser, 'about:blank');
      sockets = await watchSockets(name, visitor);
      await visitor.page.goto(pages.host.add(html), { waitUntil: 'domcontentloaded' });
    };

    for (const order of [
      ['today', 'earlier', 'npm'],
      ['earlier', 'today', 'npm'],
      ['npm', 'earlier', 'today'],
      ['npm', 'today', 'earlier'],
    ] as const satisfies Copy[][]) {
      it(`share one socket, in the order ${order.join(', ')}`, async () => {
        // What is not async runs in this order.
        const scripts = order.map((copy) => copies[copy]().replace('async', 'defer'));
        await visit(diary() + scripts.join('') + elements);
        await allLive(visitor);
        assert.equal(sockets.length, 1, sockets.join());
        assert.ok((await visitor.evaluate<string[]>('warnings')).length <= 1);
        assert.deepEqual(await visitor.evaluate('window.e2e.thrown'), []);
        await pages.emulator.driver.waitForSubscribers('news');
        pages.emulator.driver.trigger('news', 'progress.updated', { taskId: 'a', progress: 37 });
        await visitor.until(
          "document.querySelector('progress-tracker').shadowRoot.querySelector('[aria-valuenow=\"37\"]') !== null",
          'the tracker at 37',
        );
      });
    }

    it('are really two versions', async () => {
      const [one, other] = await Promise.all(
        [pages.kit, earlier].map(async ({ url }) => (await fetch(`${url}/loader.js`)).text()),
      );
      assert.ok(one && other && one !== other);
    });

    for (const order of [
      ['today', 'earlier'],
      ['earlier', 'today'],
    ] as const satisfies Copy[][]) {
      it(`share one socket, whichever of ${order.join(' and ')} comes first over the network`, async () => {
        await visit(diary() + order.map((copy) => copies[copy]()).join('') + elements + copies.npm());
        await allLive(visitor);
        assert.equal(sockets.length, 1, sockets.join());
      });
    }

    it('work side by side under two prefixes, with the tags of each', async () => {
      const theirs = pages.tag('data-prefix="acme"');
      await visit(
        `${diary()}${pages.tag()}${theirs}<connection-status></connection-status>
        <acme-connection-status></acme-connection-status><acme-progress-tracker channel="news"></acme-progress-tracker>`,
      );
      await visitor.untilConnected();
      await visitor.until(
        "document.querySelector('acme-connection-status').getAttribute('status') === 'connected'",
        'the other prefix to be connected',
      );
      await visitor.untilLive('acme-progress-tracker');
      assert.equal(sockets.length, 1, sockets.join());
      assert.deepEqual(await visitor.evaluate('warnings'), []);
      assert.deepEqual(await visitor.evaluate('window.e2e.thrown'), []);
    });

    for (const [what, attributes] of [
      ['key', () => 'data-key="another-key"'],
      ['host', () => 'data-host="ws.example.com"'],
    ] as const) {
      it(`say once that the first app holds when the second tag names another ${what}`, async () => {
        // Of two attributes of one name, the first holds.
        const theirs = pages.tag().replace('data-key', `${attributes()} data-key`);
        await visit(
          (diary() + pages.tag() + theirs).replaceAll('async', 'defer') +
            '<connection-status></connection-status>',
        );
        await visitor.untilConnected();
        assert.equal(sockets.length, 1, sockets.join());
        const warnings = await visitor.evaluate<string[]>('warnings');
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? '', /Another app needs a realtime-provider/);
      });
    }

    it('say nothing when the second tag names no app, or the same', async () => {
      const nameless = `<script defer src="${pages.kit.url}/loader.js" data-prefix="acme"></script>`;
      await visit(
        `${diary()}${pages.tag().replace('async', 'defer')}${nameless}${pages.tag('data-prefix="app"')}
        <acme-connection-status></acme-connection-status><app-connection-status></app-connection-status>`,
      );
      for (const prefix of ['acme', 'app']) {
        await visitor.until(
          `document.querySelector('${prefix}-connection-status').getAttribute('status') === 'connected'`,
          `${prefix} to be connected`,
        );
      }
      assert.deepEqual(await visitor.evaluate('warnings'), []);
    });

    it('run nothing of an altered file of the second, also where it is loaded on demand', async () => {
      elsewhere.alter('connection-details.js');
      const theirs = pages.tag('data-prefix="acme"').replace(pages.kit.url, elsewhere.url);
      const inOrder = (pages.tag() + theirs).replaceAll('async', 'defer');
      await visit(
        `${errorDiary}${inOrder}<connection-status></connection-status><acme-connection-status></acme-connection-status>`,
      );
      await visitor.until(
        "document.querySelector('acme-connection-status').getAttribute('status') === 'connected'",
        'the second to be connected',
      );
      await visitor.evaluate(
        "document.querySelector('acme-connection-status').shadowRoot.querySelector('button').click()",
      );
      await visitor.until('errors.length > 0', 'the error');
      assert.equal(await visitor.evaluate('window.altered'), undefined);
      assert.ok(elsewhere.requests.includes('connection-details.js'));
      elsewhere.restore();
    });

    it('of another protocol: one warning, and everything works on a connection of its own', async () => {
      await visit(diary(foreignRegistry) + copies.today() + copies.npm() + elements);
      await allLive(visitor);
      assert.equal(sockets.length, 1, sockets.join());
      const warnings = await visitor.evaluate<string[]>('warnings');
      assert.deepEqual(
        warnings.map((text) => text.includes('another protocol')),
        [true],
      );
      assert.equal(await visitor.evaluate("window[Symbol.for('realtime-elements')] === foreign"), true);
    });
  });
}
