/** What a thousand elements leave in a page's memory once they are gone: nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, CDPSession } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';

/** Every element, as busy as it gets: `use` is what happens to one that is mounted. */
const elements: Record<string, { html: string; use?: string }> = {
  'connection-status': {
    html: '<connection-status></connection-status>',
    use: "part(element, 'trigger').click()",
  },
  'presence-avatars': {
    html: '<presence-avatars channel="presence-class-1" heading="Here" max="1"></presence-avatars>',
    use: "part(element, 'more').click()",
  },
  'notification-toast': {
    html: '<notification-toast channel="private-user-1"></notification-toast>',
    use: "element.show({ title: 'Saved', message: 'All good' })",
  },
  'progress-tracker': { html: '<progress-tracker channel="private-user-1"></progress-tracker>' },
  'realtime-badge': {
    html: '<realtime-badge channel="private-user-1" kind="unread">Inbox</realtime-badge>',
    use: 'element.value = 3',
  },
  'realtime-provider': {
    html: '<realtime-provider><connection-status></connection-status></realtime-provider>',
  },
};

const TIMES = 1_000;
/** Mounted at once; an event then reaches each of them. */
const AT_ONCE = 50;
/** Bytes per element that compiled code, inline caches and tables that grow in steps may add. An element has ten thousand. */
const MOST_BYTES_EACH = 100;
/** Less than a single element has. */
const MOST_NODES = 20;
const MOST_LISTENERS = 20;
/** In a row, a frame and some collections apart. */
const LOOKS = 10;

interface InUse {
  bytes: number;
  nodes: number;
  listeners: number;
}

/** Runs in the page: mounts elements, uses them, removes them. Text: the test's compiler shall leave it alone. */
const mountAndRemove = `async ({ tag, html, use, times }) => {
  const part = (element, name) => element.shadowRoot.querySelector('[part~="' + name + '"]');
  const frame = () => new Promise(requestAnimationFrame);
  const stage = document.body.appendChild(document.createElement('div'));
  stage.innerHTML = html.repeat(times);
  const mounted = [...stage.children];
  window.gone ??= [];
  window.gone.push(...mounted.map((element) => new WeakRef(element)));
  await customElements.whenDefined(tag);
  const isReady = (element) => tag === 'realtime-provider' || ['live', 'connected'].includes(element.getAttribute('status'));
  while (!mounted.every(isReady)) await frame();
  window.mounted = mounted;
  await window.anEvent();
  if (tag === 'progress-tracker') while (!mounted.every((element) => element.tasks.length > 0)) await frame();
  for (const element of mounted) new Function('element', 'part', use)(element, part);
  await frame();
  await frame();
  // Each by itself: the one that the browser holds on to shall not hold the others by what they stood in.
  stage.replaceChildren();
  stage.remove();
  delete window.mounted;
}`;

if (browserNames.includes('chromium')) {
  describe(`${TIMES} elements that were mounted and removed`, () => {
    let demo: Demo;
    let browser: Browser;
    let visitor: Visitor;
    let session: CDPSession;

    before(async () => {
      demo = await startDemo();
      browser = await launchBrowser('chromium');
      await Visitor.open(browser, `${demo.url}/embed.html?user=2`);
      visitor = await Visitor.open(browser, `${demo.url}/embed.html`);
      await visitor.look();
      await visitor.untilConnected();
      await visitor.untilOnline('1', '2');
      // The event is always the same, so that the page's own tracker shows no more in the end.
      const progress = { taskId: 'heap', progress: 1 };
      await visitor.page.exposeFunction('anEvent', () =>
        demo.pusher.trigger('private-user-1', 'progress.updated', progress).then(() => undefined),
      );
      session = await visitor.page.createCDPSession();
      await session.send('Performance.enable');
    });
    after(async () => {
      await browser.close();
      await demo.stop();
    });

    /** What is in use once it stays the same: short timers and animations have ended, and all that was free is freed. */
    async function settled(): Promise<InUse> {
      let now = await inUse();
      for (let same = 0; same < LOOKS; same += 1) {
        const last = now;
        now = await inUse();
        if (now.nodes !== last.nodes) same = 0;
      }
      return now;
    }

    /** What is in use after a collection; what one collection frees may free more. */
    async function inUse(): Promise<InUse> {
      await visitor.evaluate('new Promise(requestAnimationFrame)');
      for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return { bytes: usedSize, nodes: metric('Nodes'), listeners: metric('JSEventListeners') };
    }

    /** Fails by what the page still has of those that were removed. */
    async function noneIsHeld(): Promise<void> {
      await settled();
      const held = 'gone.splice(0).flatMap((element) => element.deref()?.outerHTML ?? [])';
      assert.deepEqual(await visitor.evaluate<string[]>(held), []);
    }

    async function mount(tag: string, count: number): Promise<void> {
      const { html, use = '' } = elements[tag] as { html: string; use?: string };
      for (let done = 0; done < count; done += AT_ONCE) {
        const given = JSON.stringify({ tag, html, use, times: AT_ONCE });
        await visitor.evaluate(`(${mountAndRemove})(${given})`);
      }
    }

    for (const tag of Object.keys(elements)) {
      it(`leave the heap where it was: <${tag}>`, async (t) => {
        // Code is compiled and caches are filled by those that come first.
        await mount(tag, TIMES);
        await noneIsHeld();
        const before = await settled();
        await mount(tag, TIMES);
        await noneIsHeld();
        const after = await settled();
        const grown = (after.bytes - before.bytes) / TIMES;
        t.diagnostic(
          `<${tag}>: ${Math.round(before.bytes / 1024)} kB before, ${Math.round(after.bytes / 1024)} kB after, ${grown.toFixed(1)} bytes each; nodes ${before.nodes} → ${after.nodes}, listeners ${before.listeners} → ${after.listeners}`,
        );
        assert.ok(after.nodes - before.nodes <= MOST_NODES, `${after.nodes - before.nodes} nodes more`);
        assert.ok(
          after.listeners - before.listeners <= MOST_LISTENERS,
          `${after.listeners - before.listeners} listeners more`,
        );
        assert.ok(grown <= MOST_BYTES_EACH, `${grown} bytes each`);
      });
    }
  });
}
