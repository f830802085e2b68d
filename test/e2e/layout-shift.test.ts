/** A page whose kit comes late: with the lines that docs/embedding.md prints, nothing on it moves. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';
import { type HostPages, startHostPages } from './host-page.js';
import { type KitHost, startKitHost } from './kit-host.js';

const guide = readFileSync('docs/embedding.md', 'utf8');
const reserved = /^```css reserve\n([\s\S]*?)^```$/m.exec(guide)?.[1] as string;

/** Each where it would push something away: before text in its line, and before a block. */
const elements = `
  <p><connection-status>Live updates</connection-status> and what follows</p>
  <p><connection-status variant="dot"></connection-status> and what follows</p>
  <p><connection-status variant="bar"></connection-status> and what follows</p>
  <p><connection-status position="bottom-left">Live updates</connection-status> and what follows</p>
  <presence-avatars channel="presence-class-1">Somebody</presence-avatars>
  <presence-avatars channel="presence-class-1" heading="In class"></presence-avatars>
  <progress-tracker channel="private-user-1">Nothing yet</progress-tracker>
  <p><realtime-badge channel="private-user-1" kind="unread" value="3">Orders</realtime-badge> and what follows</p>
  <p><realtime-badge channel="private-user-1" value="3"></realtime-badge> and what follows</p>
  <p><realtime-badge channel="private-user-1" kind="live"></realtime-badge> and what follows</p>
  <notification-toast channel="private-user-1"></notification-toast>
  <p>The end</p>`;

/** Notes what the browser itself says of shifts, with what has moved. */
const observer = `<script>
  window.shifts = [];
  const note = (entries) => {
    for (const { value, sources } of entries) {
      shifts.push({ value, moved: sources.map(({ node, previousRect, currentRect }) =>
        (node?.outerHTML ?? node?.textContent ?? '?').trim().slice(0, 60) + ' from ' +
        [previousRect, currentRect].map(({ x, y, width, height }) => [x, y, width, height].map(Math.round)).join(' to ')) });
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  /** Shifts are reported with a picture: one more has been painted when the second frame begins. */
  const frame = () => new Promise(requestAnimationFrame);
  window.allShifts = async () => {
    await frame();
    await frame();
    note(observer.takeRecords());
    return shifts;
  };
</script>`;

if (browserNames.includes('chromium')) {
  describe('a page whose kit comes late', () => {
    let [kit, host, demo, browser]: [KitHost?, HostPages?, Demo?, Browser?] = [];
    let visitor: Visitor | undefined;
    before(async () => {
      [kit, host, demo, browser] = await Promise.all([
        startKitHost(),
        startHostPages(),
        startDemo(),
        launchBrowser('chromium'),
      ]);
    });
    afterEach(() => visitor?.leave());
    after(async () => {
      await browser?.close();
      await Promise.all([kit?.stop(), host?.stop(), demo?.stop()]);
    });

    /** What shifted from the first picture until all is live, a task is on its way and a toast is seen. */
    async function shiftsWith(css: string): Promise<{ value: number; moved: string[] }[]> {
      if (!kit || !host || !demo || !browser) throw new Error('Nothing has been started.');
      kit.delay('kit.js');
      visitor = await Visitor.open(
        browser,
        host.add(`<style>${css}</style>${observer}
          <script async crossorigin src="${kit.url}/loader.js" data-base="${demo.url}" data-key="emulator-key"
            data-host="localhost" data-port="${demo.port}" data-tls="false"
            data-auth-token="${await tokenOf(demo, '1')}"></script>${elements}`),
      );
      await visitor.look();
      await visitor.until(
        "performance.getEntriesByName('first-contentful-paint').length > 0",
        'the page to be painted without the kit',
      );
      const { requests } = kit;
      while (!requests.includes('kit.js')) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(await visitor.evaluate("document.querySelectorAll(':defined').length > 0"), true);
      assert.equal(await visitor.evaluate("document.querySelectorAll('[status]').length"), 0);
      kit.restore();
      await visitor.until(
        "document.querySelectorAll('[status=live], [status=connected]').length === 11",
        'all to be live',
      );
      await visitor.untilOnline('1');
      await demo.pusher.trigger('private-user-1', 'progress.updated', {
        taskId: 't',
        progress: 37,
        label: 'Sheet',
      });
      await demo.pusher.trigger('private-user-1', 'notification', { title: 'Saved' });
      await visitor.untilToast('Saved');
      await visitor.until(
        "document.querySelector('progress-tracker').shadowRoot.querySelector('[role=progressbar]')",
        'the task to be seen',
      );
      return await visitor.evaluate('allShifts()');
    }

    it('does not move when it comes to life with the printed lines', async (t) => {
      const shifts = await shiftsWith(reserved);
      t.diagnostic(`layout shift: ${shifts.reduce((sum, { value }) => sum + value, 0)}`);
      assert.deepEqual(shifts, []);
    });

    it('moves without them: the browser does tell', async (t) => {
      const shifts = await shiftsWith('');
      const sum = shifts.reduce((all, { value }) => all + value, 0);
      t.diagnostic(`layout shift: ${sum}`);
      assert.ok(sum > 0.01, `${sum}`);
    });
  });
}
