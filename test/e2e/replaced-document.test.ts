/** Pages whose document is made anew while the kit runs. */
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser } from './browser.js';
import { loaderPages, waitFor } from './loader-pages.js';

const pages = loaderPages();
const live = '<connection-status></connection-status>';

const otherRoot = `
  const html = document.createElement('html');
  html.innerHTML = '<body>${live}</body>';
  document.replaceChild(html, document.documentElement);`;

for (const name of browserNames) {
  describe(`a document that is made anew in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    for (const [what, code] of [
      ['by another <html>, as React puts it there when a document does not hydrate', otherRoot],
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

    it('by another <html> while the code loads, has elements that are connected', async () => {
      pages.kit.delay('kit.js');
      const visitor = await pages.open(browser, pages.page(live));
      await waitFor(() => pages.kit.requests.includes('kit.js'), 'the code to be asked for');
      await visitor.evaluate(otherRoot);
      pages.kit.restore();
      await visitor.untilConnected();
    });
  });
}
