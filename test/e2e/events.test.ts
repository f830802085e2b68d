import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

const toastTexts = `[...element.shadowRoot.querySelectorAll('[part~="toast"]')].map((toast) => toast.textContent.trim())`;
const progress = `element.shadowRoot.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow') ?? null`;

async function openAndFollow(browser: Browser, path: string): Promise<Visitor> {
  const visitor = await Visitor.open(browser, demo.url + path);
  await visitor.untilLive('notification-toast');
  await visitor.untilLive('progress-tracker');
  await visitor.watch('toasts', 'notification-toast', toastTexts);
  await visitor.watch('progress', 'progress-tracker', progress);
  return visitor;
}

for (const name of browserNames) {
  describe(`events from any backend in ${name}`, () => {
    let browser: Browser;
    let one: Visitor;
    let two: Visitor;
    before(async () => {
      browser = await launchBrowser(name);
      one = await openAndFollow(browser, '/');
      two = await openAndFollow(browser, '/?user=2');
    });
    after(() => browser.close());

    it('show a notification to the one whose channel it is on, within a second', async (test) => {
      await one.look();
      const sentAt = Date.now();
      await demo.pusher.trigger('private-user-1', 'notification', {
        title: 'Chart room is open',
        message: 'Aiko is there already.',
        type: 'info',
      });
      await one.untilToast('Chart room is open');
      const seen = (await one.diary<string[]>('toasts')).find(({ value }) =>
        value.join().includes('Chart room'),
      );
      assert.match(seen?.value.join() ?? '', /Aiko is there already\./);
      test.diagnostic(`seen after ${seen!.at - sentAt} ms`);
      assert.ok(seen!.at - sentAt < 1_000, `seen after ${seen!.at - sentAt} ms`);
    });

    it('move the tracker to what was said', async () => {
      await demo.pusher.trigger('private-user-1', 'progress.updated', {
        taskId: 'sheet-7',
        progress: 37,
        status: 'running',
        message: 'Plan 4 of 11',
      });
      await one.until(
        `document.querySelector('progress-tracker').shadowRoot.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow') === '37'`,
        'the tracker at 37',
      );
      assert.match(
        await one.evaluate<string>("document.querySelector('progress-tracker').shadowRoot.textContent"),
        /Plan 4 of 11/,
      );
    });

    it('show neither to anybody else', async () => {
      // What comes later on user 2's own channel proves that the earlier ones would have come.
      await demo.pusher.trigger('private-user-2', 'notification', { title: 'For Jonas alone' });
      await two.untilToast('For Jonas alone');
      const everSeen = await two.diary<string[]>('toasts');
      assert.ok(everSeen.every(({ value }) => !value.join().includes('Chart room')));
      assert.deepEqual(
        (await two.diary('progress')).map(({ value }) => value),
        [null],
      );
    });
  });
}

describe('the token', () => {
  it('alone says who somebody is, whatever the query string and the body say', async () => {
    const token = await tokenOf(demo, '2');
    const authorize = (channel: string) =>
      fetch(`${demo.url}/pusher/auth?user=1&user_id=1`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
        body: new URLSearchParams({ socket_id: '1.1', channel_name: channel, user: '1', user_id: '1' }),
      });
    assert.equal((await authorize('private-user-1')).status, 403);
    assert.equal((await authorize('private-cache-user-1')).status, 403);
    assert.equal((await authorize('private-user-2')).status, 200);

    const batch = await fetch(`${demo.url}/pusher/auth`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: new URLSearchParams([
        ['socket_id', '1.1'],
        ['channel_name[]', 'private-user-1'],
        ['channel_name[]', 'private-user-2'],
      ]),
    });
    const answers = (await batch.json()) as Record<string, { auth?: string; error?: { status: number } }>;
    assert.equal(answers['private-user-1']?.error?.status, 403);
    assert.equal(answers['private-user-1']?.auth, undefined);
    assert.ok(answers['private-user-2']?.auth);
  });

  it('opens nothing once it is changed or missing', async () => {
    const token = await tokenOf(demo, '2');
    const [head, body = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    for (const header of [`Bearer ${head}.${forged}.${signature}`, `Bearer ${unsigned}.${forged}.`, '']) {
      const response = await fetch(`${demo.url}/pusher/auth`, {
        method: 'POST',
        headers: { Authorization: header },
        body: new URLSearchParams({ socket_id: '1.1', channel_name: 'private-user-1' }),
      });
      assert.equal(response.status, 401);
    }
  });
});
