import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

const field = (name: string) => `document.querySelector('.panel [data-field="${name}"]')`;
const shown = (name: string) => `document.querySelector('.panel [data-show="${name}"]')`;

/** Opens the course page and waits until the panel is there, with its page live. */
async function openPanel(browser: Browser, path = '/', width = 1280): Promise<Visitor> {
  const visitor = await Visitor.open(browser, demo.url + path);
  await visitor.page.setViewport({ width, height: 800 });
  await visitor.untilConnected();
  await visitor.until(`${shown('status')}.dataset.status === 'connected'`, 'the panel');
  return visitor;
}

async function press(visitor: Visitor, selector: string): Promise<void> {
  await visitor.until(`!document.querySelector('.panel ${selector}').disabled`, `${selector} to be offered`);
  await visitor.evaluate(`document.querySelector('.panel ${selector}').click()`);
}

/** Fills in the form and sends it. */
async function send(visitor: Visitor, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await visitor.evaluate(`${field(name)}.value = ${JSON.stringify(value)}`);
  }
  await press(visitor, '.panel-main');
}

for (const name of browserNames) {
  describe(`the control panel in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    it('sends a ready-made event through the server, and shows it in the log', async () => {
      const visitor = await openPanel(browser);
      await visitor.untilLive('notification-toast');
      await visitor.evaluate(`{
        const select = ${field('ready')};
        select.value = [...select.options].find(({ text }) => text === 'user.achievement').value;
        select.dispatchEvent(new Event('change'));
      }`);
      await press(visitor, '.panel-main');
      await visitor.untilToast('First passage planned');
      await visitor.until(`${shown('sent')}.textContent.startsWith('Accepted as')`, 'the acceptance');
      await visitor.until(`${shown('log')}.textContent.includes('user.achievement')`, 'the event in the log');
      await visitor.leave();
    });

    it('says what is wrong with JSON, and what the server refuses', async () => {
      const visitor = await openPanel(browser, '/?user=2');
      await send(visitor, { payload: '{"title":' });
      await visitor.until(`${shown('sent')}.textContent.startsWith('This is no JSON')`, 'the complaint');
      await send(visitor, { channel: 'private-user-1', payload: '{"title":"A"}' });
      await visitor.until(`${shown('sent')}.textContent.includes('403')`, 'the refusal');
      await visitor.leave();
    });

    it('reaches the others in a channel with a client event', async () => {
      const one = await openPanel(browser);
      const two = await openPanel(browser, '/?user=2');
      await two.untilOnline('1', '2');
      await two.untilLive('presence-avatars');
      await send(two, {
        channel: 'presence-class-1',
        event: 'client-typing',
        payload: '{"user":"2","typing":true}',
      });
      await one.until(
        `${shown('log')}.textContent.includes('client-typing')`,
        'the event in the other window',
      );
      await one.leave();
      await two.leave();
    });

    it('disconnects and connects, cuts, refuses and accepts again', async () => {
      const visitor = await openPanel(browser);
      await visitor.look();
      await visitor.untilLive('notification-toast');
      await visitor.watch('status', 'connection-status', "element.getAttribute('status')");
      const status = (wanted: string) =>
        visitor.until(`${shown('status')}.textContent === '${wanted}'`, wanted, 20_000);

      await press(visitor, '[data-do="disconnect"]');
      await status('disconnected');
      await press(visitor, '[data-do="connect"]');
      await status('connected');
      await visitor.untilLive('notification-toast');
      await press(visitor, '[data-fault="cut"]');
      // It may last for less than a look.
      await visitor.until("e2e.diary.status.some(({ value }) => value === 'reconnecting')", 'reconnecting');
      await status('connected');
      await visitor.untilLive('notification-toast');
      await press(visitor, '[data-fault="refuse"]');
      await status('refused');
      await press(visitor, '[data-fault="accept"]');
      // Retried before the server accepts again, the next attempt would be a minute away.
      await visitor.until(
        `document.querySelector('[data-fault="accept"]').disabled`,
        'the server to accept again',
      );
      await press(visitor, '[data-do="retry"]');
      await status('connected');
      await visitor.leave();
    });

    it('joins and leaves any channel, and counts', async () => {
      const visitor = await openPanel(browser);
      await visitor.evaluate(`${field('join')}.value = 'harbour-news'`);
      await press(visitor, '.panel-join button');
      await visitor.until(
        `${shown('channels')}.textContent.includes('harbour-newssubscribed, held by 1')`,
        'the channel to be joined',
      );
      await demo.pusher.trigger('harbour-news', 'tide', { height: 10.9 });
      await visitor.until(`${shown('log')}.textContent.includes('10.9')`, 'the event of the joined channel');
      await press(visitor, '.panel-channels button');
      await visitor.until(
        `!${shown('channels')}.textContent.includes('harbour-news')`,
        'the channel to be left',
      );
      await visitor.evaluate(`${shown('stats')}.closest('details').open = true`);
      await visitor.until(`/Received\\s*[1-9]/.test(${shown('stats')}.innerText)`, 'the statistics');
      await visitor.leave();
    });

    it('offers to send without being scrolled, in a window of 720 pixels', async () => {
      const visitor = await openPanel(browser);
      await visitor.page.setViewport({ width: 1280, height: 720 });
      const room = await visitor.evaluate<number>(`(() => {
        const bottom = (selector) => document.querySelector(selector).getBoundingClientRect().bottom;
        return bottom('.panel-controls') - bottom('.panel-main');
      })()`);
      assert.ok(room >= 0, `${-room} px of the button are hidden`);
      await visitor.leave();
    });

    for (const width of [320, 800, 1280, 1600]) {
      it(`stands beside or below the page at ${width} px, and never over it`, async () => {
        const visitor = await openPanel(browser, '/', width);
        await visitor.untilLive('notification-toast');
        await demo.pusher.trigger('private-user-1', 'notification', { title: 'Where am I shown' });
        await visitor.untilToast('Where am I shown');
        const state = await visitor.evaluate<{
          overlap: boolean;
          overflow: number;
          toastOver: boolean;
        }>(`(() => {
          const box = (selector) => document.querySelector(selector).getBoundingClientRect();
          // Boxes that touch may share a fraction of a pixel.
          const overlaps = (a, b) =>
            a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          const toast = document.querySelector('notification-toast').shadowRoot.querySelector('[part~="toast"]');
          const panel = box('.panel');
          return {
            overlap: overlaps(box('.page'), panel),
            overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            toastOver: innerWidth >= 1200 && overlaps(toast.getBoundingClientRect(), panel),
          };
        })()`);
        assert.deepEqual(state, { overlap: false, overflow: 0, toastOver: false });
        await visitor.leave();
      });
    }
  });
}

describe('a lesson asked for on the course page', () => {
  it('is made before the person’s eyes, from the button to the link', async () => {
    const browser = await launchBrowser(browserNames[0]!);
    try {
      const visitor = await openPanel(browser);
      await visitor.untilLive('progress-tracker');
      await visitor.watch(
        'progress',
        'progress-tracker',
        `Number(element.shadowRoot.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow') ?? -1)`,
      );
      await visitor.evaluate(`document.querySelector('.ask button').click()`);
      await visitor.until(
        `document.querySelector('progress-tracker').shadowRoot.querySelector('[part~="link"]')`,
        'the link to the sheet',
        20_000,
      );
      const values = (await visitor.diary<number>('progress')).map(({ value }) => value);
      assert.ok(values.includes(37));
      assert.deepEqual(
        values,
        [...values].sort((a, b) => a - b),
      );
      await visitor.untilToast('practice sheet');
    } finally {
      await browser.close();
    }
  });
});
