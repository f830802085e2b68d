/** Pages of somebody else with the kit's script tag, the kit on an origin of its own, and an emulator. */
import { after, afterEach, before } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { Visitor } from './browser.js';
import { type HostPages, startHostPages } from './host-page.js';
import { type KitHost, startKitHost } from './kit-host.js';

/** Writes down the errors that the page hears of, and the files that the loader asks for. */
export const errorDiary = `<script>
  window.errors = [];
  document.addEventListener('realtime-error', (event) => errors.push(event.error));
  window.preloads = [];
  new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node.rel === 'modulepreload') preloads.push(new URL(node.href).pathname.slice(1));
    }
  }).observe(document, { childList: true, subtree: true });
</script>`;

export interface LoaderPages {
  kit: KitHost;
  host: HostPages;
  emulator: Emulator;
  /** The script tag, with what it needs for the emulator. */
  tag(attributes?: string, file?: string): string;
  /** The address of a page with the diary, the tag and a body. */
  page(body: string, attributes?: string): string;
  /** Opens a page; it is left after the test. */
  open(browser: Browser, url: string): Promise<Visitor>;
}

/** Starts what the tests of a file need, and leaves every page after each of them. */
export function loaderPages(): LoaderPages {
  const visitors: Visitor[] = [];
  const pages = {
    tag: (attributes = '', file = 'loader.js') => `
      <script async crossorigin src="${pages.kit.url}/${file}" data-key="emulator-key"
        data-host="127.0.0.1" data-port="${pages.emulator.port}" data-tls="false" ${attributes}></script>`,
    page: (body: string, attributes = '') => pages.host.add(errorDiary + pages.tag(attributes) + body),
    async open(browser: Browser, url: string) {
      const visitor = await Visitor.open(browser, url);
      visitors.push(visitor);
      return visitor;
    },
  } as LoaderPages;
  before(async () => {
    [pages.kit, pages.host, pages.emulator] = await Promise.all([
      startKitHost(),
      startHostPages(),
      startEmulator({ port: 0 }),
    ]);
  });
  after(() => Promise.all([pages.kit.stop(), pages.host.stop(), pages.emulator.stop()]));
  afterEach(async () => {
    await Promise.all(visitors.splice(0).map((visitor) => visitor.leave()));
    pages.kit.restore();
    pages.emulator.driver.silence(false);
    await pages.emulator.driver.waitForConnections(0);
  });
  return pages;
}

/** Looks at a condition of this process until it is true. */
export async function waitFor(isTrue: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
