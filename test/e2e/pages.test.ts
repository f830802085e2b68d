import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';
import { runningAnimations } from './element-pages.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

describe('the demo’s addresses', () => {
  it('answer that the server is well', async () => {
    const response = await fetch(`${demo.url}/healthz`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
  });

  it('serve the course page under its other name too', async () => {
    for (const path of ['/websocket-demo', '/websocket-demo/']) {
      const html = await (await fetch(demo.url + path)).text();
      assert.match(html, /<title>Tides and tidal streams/);
    }
  });

  it('serve the kit to pages of any origin, as scripts that nobody keeps', async () => {
    for (const path of [
      '/loader.js',
      '/cdn/loader.js',
      '/kit.js',
      '/cdn/kit.js',
      '/cdn/connection-status.js',
    ]) {
      const response = await fetch(demo.url + path);
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get('content-type') ?? '', /^text\/javascript/, path);
      assert.equal(response.headers.get('access-control-allow-origin'), '*', path);
      assert.equal(response.headers.get('cache-control'), 'private, no-cache', path);
    }
  });

  it('serve each file of the kit beside the loader as well as under /cdn', async () => {
    const integrity = JSON.parse(readFileSync('dist/cdn/integrity.json', 'utf8')) as object;
    const files = Object.keys(integrity).flatMap((file) => [file, `${file}.map`]);
    assert.ok(files.includes('words.de.js'));
    for (const file of [...files, 'integrity.json']) {
      for (const folder of ['', '/cdn']) {
        const response = await fetch(`${demo.url}${folder}/${file}`);
        assert.equal(response.status, 200, `${folder}/${file}`);
        assert.equal(await response.text(), readFileSync(`dist/cdn/${file}`, 'utf8'), `${folder}/${file}`);
      }
    }
  });

  it('print the smallest page in ten lines', async () => {
    const html = await (await fetch(`${demo.url}/embed.html`)).text();
    assert.equal(html.trimEnd().split('\n').length, 10);
  });

  it('know nobody beyond the class', async () => {
    const response = await fetch(`${demo.url}/?user=%3Cscript%3E`);
    assert.equal(response.status, 404);
    assert.doesNotMatch(await response.text(), /<script>/);
  });
});

for (const name of browserNames) {
  describe(`the demo’s pages in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    for (const path of ['/', '/embed.html']) {
      it(`make ${path} live on one WebSocket, though all four elements are there`, async () => {
        const visitor = await Visitor.open(browser, demo.url + path);
        await visitor.untilConnected();
        await visitor.untilOnline('1');
        for (const tag of ['presence-avatars', 'notification-toast', 'progress-tracker'])
          await visitor.untilLive(tag);
        assert.equal(await visitor.evaluate('window.e2e.sockets'), 1);
        await visitor.leave();
      });
    }

    it('speak the language that the page is in', async () => {
      const visitor = await Visitor.open(browser, demo.url);
      await visitor.untilConnected();
      await visitor.evaluate("document.documentElement.lang = 'de'");
      await visitor.evaluate('realtimeElements.ready.then((controller) => controller.disconnect())');
      const words = "document.querySelector('connection-status').shadowRoot.textContent";
      await visitor.until(`${words}.includes('Getrennt')`, 'German');
      await visitor.leave();
    });

    for (const path of ['/', '/?user=2', '/embed.html', '/side-by-side']) {
      it(`are accessible at ${path}, in light and in dark`, async () => {
        const visitor = await Visitor.open(browser, demo.url + path);
        if (path !== '/side-by-side') await visitor.untilLive('progress-tracker');
        await visitor.page.addScriptTag({ path: axePath });
        for (const scheme of ['light', 'dark']) {
          // A page without a background stands on the browser's, which axe takes to be white.
          await visitor.evaluate(
            `document.documentElement.style.cssText = 'color-scheme: ${scheme}; background: Canvas'`,
          );
          await visitor.until(`${runningAnimations}.length === 0`, 'the colours to have changed');
          const { violations } = await visitor.evaluate<AxeResults>('axe.run()');
          const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
          assert.deepEqual(found, [], scheme);
        }
        await visitor.leave();
      });
    }

    it('cut nothing off in a window of 320 pixels, at twice the usual type size', async () => {
      const large = await launchBrowser(name, 32);
      try {
        const visitor = await Visitor.open(large, demo.url);
        await visitor.page.setViewport({ width: 320, height: 640 });
        await visitor.untilLive('progress-tracker');
        const outside = `[...document.querySelectorAll('.page :not(svg, svg *, option)')]
          .filter((node) => node.childElementCount === 0 && node.textContent.trim() && node.checkVisibility())
          .filter((node) => {
            const text = document.createRange();
            text.selectNodeContents(node);
            const { left, right } = text.getBoundingClientRect();
            const frame = (node.closest('.board, .card') ?? document.documentElement).getBoundingClientRect();
            return left < frame.left || right > frame.right;
          })
          .map(({ outerHTML }) => outerHTML)`;
        assert.deepEqual(await visitor.evaluate(outside), []);
      } finally {
        await large.close();
      }
    });

    it('leave a page that has no Pusher of its own without one', async () => {
      const visitor = await Visitor.open(browser, `${demo.url}/embed.html`);
      await visitor.untilConnected();
      assert.equal(await visitor.evaluate("'Pusher' in window"), false);
      await visitor.leave();
    });
  });
}

if (browserNames.includes('chromium')) {
  describe('the network of a page', () => {
    it('carries one WebSocket, as the browser itself counts', async () => {
      const browser = await launchBrowser('chromium');
      try {
        const page = await browser.newPage();
        const network = await page.createCDPSession();
        const sockets: string[] = [];
        network.on('Network.webSocketCreated', ({ url }) => sockets.push(url));
        await network.send('Network.enable');
        await page.goto(demo.url);
        await page.waitForFunction(
          "['presence-avatars', 'notification-toast', 'progress-tracker'].every((tag) => document.querySelector(tag).getAttribute('status') === 'live')",
          { polling: 50 },
        );
        assert.deepEqual(
          sockets.map((url) => new URL(url).pathname),
          ['/app/emulator-key'],
        );
      } finally {
        await browser.close();
      }
    });
  });
}
