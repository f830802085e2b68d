/** Pages whose document is made anew while the kit runs. */
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser } from './browser.js';
import { loaderPages } from './loader-pages.js';

const pages = loaderPages();
const live = '<connection-status></connection-status>';

for (const name of browserNames) {
  describe(`a document that is made anew in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    for (const [what, code] of [
      [
        'by another <html>, as React puts it there when a document does not hydrate',
        `const html = document.createElement('html');
         html.innerHTML = '<body>${live}</body>';
         document.replaceChild(html, document.documentElement);`,
      ],
      ['by document.write', `document.open(); document.write('<!doctype html>${live}'); document.close();`],
    ] as const) {
      it(`${what}, has elements that are connected`, async () => {
        const visitor = await pages.open(browser, pages.page(live));
        await visitor.untilConnected();
        await visitor.evaluate(`window.old = document.querySelector('connection-status'); ${code}`);
        await visitor.until("document.querySelector('connection-status') !== old", 'the new element');
        await visitor.untilConnected();
      });
    }
  });
}
