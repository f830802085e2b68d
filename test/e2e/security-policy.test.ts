/** The strict Content-Security-Policy that docs/security-policy.md prints, on a page of another origin. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';
import { type HostPages, startHostPages } from './host-page.js';
import { type KitHost, startKitHost } from './kit-host.js';

let kit: KitHost;
let host: HostPages;
let demo: Demo;
let hostComponent: string;
before(async () => {
  [kit, host, demo] = await Promise.all([startKitHost(), startHostPages(), startDemo()]);
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { html, LitElement } from 'lit';
        customElements.define('host-greeting', class extends LitElement { render() { return html\`<p>Hello from the host</p>\`; } });
      `,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'iife',
  });
  hostComponent = host.addScript(outputFiles[0]?.text ?? '');
});
after(() => Promise.all([kit.stop(), host.stop(), demo.stop()]));

const { 'loader.js': loader, 'realtime.js': single } = JSON.parse(
  readFileSync('dist/cdn/integrity.json', 'utf8'),
) as Record<string, { integrity: string }>;

/** As printed, with this test's hosts filled in. */
function policy(scripts = kit.url, types = 'realtime-elements'): string {
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    `connect-src ws://localhost:${demo.port} ${demo.url}`,
    `img-src ${demo.url}`,
    "require-trusted-types-for 'script'",
    `trusted-types ${types}`,
  ].join('; ');
}

async function body(file = 'loader.js', integrity = loader?.integrity): Promise<string> {
  return `
    <script async crossorigin src="${kit.url}/${file}" integrity="${integrity}" data-base="${demo.url}"
      data-key="emulator-key" data-host="localhost" data-port="${demo.port}" data-tls="false"
      data-auth-token="${await tokenOf(demo, '1')}"></script>
    <connection-status variant="pill"></connection-status>
    <presence-avatars channel="presence-class-1" max="3" heading="In class"></presence-avatars>
    <progress-tracker channel="private-user-1"></progress-tracker>
    <notification-toast channel="private-user-1"></notification-toast>`;
}

/** What the policy forbade, without the icon that Firefox asks every host for. */
async function violations(visitor: Visitor): Promise<string[]> {
  const all = await visitor.evaluate<string[]>('window.e2e.violations');
  return all.filter((violation) => !violation.includes('/favicon.ico'));
}

for (const name of browserNames) {
  describe(`under a strict policy in ${name}`, () => {
    let browser: Browser;
    const visitors: Visitor[] = [];
    before(async () => {
      browser = await launchBrowser(name);
    });
    afterEach(() => Promise.all(visitors.splice(0).map((visitor) => visitor.leave())));
    after(() => browser.close());

    const open = async (url: string): Promise<Visitor> => {
      const visitor = await Visitor.open(browser, url);
      visitors.push(visitor);
      return visitor;
    };

    for (const [file, integrity] of [
      ['loader.js', loader?.integrity],
      ['realtime.js', single?.integrity],
    ] as const) {
      it(`all elements of ${file} are live, with integrity on, and nothing is reported`, async () => {
        const visitor = await open(host.add(await body(file, integrity), policy()));
        await visitor.untilConnected();
        await visitor.untilOnline('1');
        for (const tag of ['progress-tracker', 'notification-toast']) await visitor.untilLive(tag);
        await demo.pusher.trigger('private-user-1', 'notification', {
          title: 'Under a policy',
          type: 'success',
          actions: [{ label: 'Open', url: '/there' }],
        });
        await demo.pusher.trigger('private-user-1', 'progress.updated', {
          taskId: 'a',
          progress: 37,
          status: 'running',
          message: 'Half way',
        });
        await visitor.untilToast('Under a policy');
        await visitor.until(
          "document.querySelector('progress-tracker').shadowRoot.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') === '37'",
          'the tracker at 37',
        );
        await visitor.evaluate(
          "document.querySelector('connection-status').shadowRoot.querySelector('button')?.click()",
        );
        await visitor.until(
          "document.querySelector('connection-status').shadowRoot.querySelector('[part~=popover], [popover]') !== null",
          'the details',
        );
        assert.deepEqual(await violations(visitor), []);
      });
    }

    for (const order of ['before', 'after']) {
      it(`the host’s own Lit component, loaded ${order} the kit, works on the same page`, async () => {
        const own = `<script src="${hostComponent}"></script><host-greeting></host-greeting>`;
        const html = order === 'before' ? own + (await body()) : (await body()) + own;
        const scripts = `${kit.url} ${new URL(hostComponent).origin}`;
        // The host allows its own Lit's policy besides the kit's.
        const visitor = await open(host.add(html, policy(scripts, 'realtime-elements lit-html')));
        await visitor.untilConnected();
        await visitor.until(
          "document.querySelector('host-greeting').shadowRoot?.textContent.includes('Hello from the host')",
          'the host’s component',
        );
        assert.deepEqual(await violations(visitor), []);
      });
    }

    it('the check can fail: a style attribute is reported', async () => {
      const visitor = await open(host.add('<p style="color: red">Red</p>', policy()));
      await visitor.until('window.e2e.violations.length > 0', 'the violation');
    });
  });
}
