/**
 * What the files for script tags weigh, in bytes as brotli makes them: each file, and whole pages from
 * the first byte until everything is live and nothing has been asked for in five seconds. The most that
 * each may weigh stands in `size-budget.json`; what the README says is what is measured here.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import { channelAuth, type Emulator, startEmulator } from '../../src/emulator/node.js';
import { launchBrowser, Visitor } from '../e2e/browser.js';
import { type HostPages, startHostPages } from '../e2e/host-page.js';
import { startKitHost } from '../e2e/kit-host.js';

interface Budget {
  readonly files: Record<string, number>;
  readonly pages: Record<string, number>;
}

const budget: Budget = JSON.parse(readFileSync('size-budget.json', 'utf8'));
const weightOf = (file: string) => brotliCompressSync(readFileSync(`dist/cdn/${file}`)).length;
const built = readdirSync('dist/cdn').filter((file) => file.endsWith('.js'));

/** How far a printed figure may be from the measured one: compressors differ a little between versions. */
const printedTolerance = 0.02;

const pages: Record<string, string> = {
  'the four elements': `
    <connection-status></connection-status>
    <presence-avatars channel="presence-class-1"></presence-avatars>
    <notification-toast channel="news"></notification-toast>
    <progress-tracker channel="news"></progress-tracker>`,
  'one badge': '<realtime-badge channel="news" kind="unread"></realtime-badge>',
};

describe('the files for script tags', () => {
  for (const file of built) {
    it(`keep ${file} within its budget`, (t) => {
      const weight = weightOf(file);
      t.diagnostic(`${file}: ${weight} of ${budget.files[file]} bytes`);
      assert.ok(weight <= (budget.files[file] ?? 0), `${file} weighs ${weight} bytes`);
    });
  }

  it('have a line in the budget for each, and no line for another', () => {
    assert.deepEqual(Object.keys(budget.files).sort(), built.sort());
  });
});

describe('a page that is live', () => {
  let browser: Browser;
  let host: HostPages;
  let emulator: Emulator;
  const measured = new Map([['the loader', weightOf('loader.js')]]);
  const authorization = createServer(async (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader(
      'Access-Control-Allow-Headers',
      request.headers['access-control-request-headers'] ?? '*',
    );
    if (request.method === 'OPTIONS') return void response.end();
    const form = new URLSearchParams(await text(request));
    const [socketId, channel] = [form.get('socket_id') ?? '', form.get('channel_name') ?? ''];
    const data = JSON.stringify({ user_id: '1', user_info: { name: 'Ada' } });
    const auth = channelAuth(emulator, socketId, channel, data);
    response.end(JSON.stringify({ auth, channel_data: data }));
  });

  before(async () => {
    authorization.listen(0, '127.0.0.1');
    [browser, host, emulator] = await Promise.all([
      launchBrowser('chromium'),
      startHostPages(),
      startEmulator(),
    ]);
  });

  after(async () => {
    authorization.close();
    authorization.closeAllConnections();
    await Promise.all([browser.close(), host.stop(), emulator.stop()]);
  });

  for (const [name, elements] of Object.entries(pages)) {
    it(`with ${name} has fetched no more than its budget`, async (t) => {
      // Its own: what the page before may ask for on leaving is not counted.
      const kit = await startKitHost();
      t.after(() => kit.stop());
      const { port } = authorization.address() as AddressInfo;
      const visitor = await Visitor.open(
        browser,
        host.add(`<script async crossorigin src="${kit.url}/loader.js" data-key="${emulator.key}"
          data-host="127.0.0.1" data-port="${emulator.port}" data-tls="false"
          data-auth-endpoint="http://127.0.0.1:${port}/"></script>${elements}`),
      );
      for (const [, tag] of elements.matchAll(/<([\w-]+) /g)) await visitor.untilLive(tag as string);
      await visitor.page.waitForNetworkIdle({ idleTime: 5_000 });
      const files = [...new Set(kit.requests)];
      await visitor.leave();
      const weight = files.reduce((sum, file) => sum + weightOf(file), 0);
      const floor = await floorWeight();
      measured.set(name, weight);
      t.diagnostic(
        `${name}: ${weight} of ${budget.pages[name]} bytes, ${weight - floor} above Lit and pusher-js (${floor})`,
      );
      assert.ok(weight <= (budget.pages[name] ?? 0), `${weight} bytes: ${files}`);
    });
  }

  it('weighs what the README says', () => {
    const printed = [...readFileSync('README.md', 'utf8').matchAll(/^\| (.+?) \| ([\d.]+) kB \|$/gm)].map(
      ([, name, kilobytes]) => [name, Number(kilobytes) * 1000] as [string, number],
    );
    assert.deepEqual(printed.map(([name]) => name).sort(), [...measured.keys()].sort());
    for (const [name, bytes] of printed) {
      const weight = measured.get(name) as number;
      assert.ok(
        Math.abs(bytes - weight) <= weight * printedTolerance,
        `${name}: the README says ${bytes} bytes, it is ${weight}`,
      );
    }
  });
});

/** Lit, its context and pusher-js in one file: what no kit on these can go below. */
async function floorWeight(): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { LitElement, html, css, nothing } from 'lit';
        export { property } from 'lit/decorators.js';
        export { ContextConsumer, ContextProvider, ContextRoot, createContext } from '@lit/context';
        export { default } from 'pusher-js/worker/index.js';`,
      resolveDir: '.',
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return brotliCompressSync(outputFiles[0]?.contents as Uint8Array).length;
}
