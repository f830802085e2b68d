import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { avatars, browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo } from './demo-process.js';

type Roster = [id: string, status: string][];

let demo: Demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());

const statusOf = (id: string, roster: Roster) => roster.find(([member]) => member === id)?.[1];

for (const name of browserNames) {
  describe(`two people in ${name}`, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());

    it('see each other come, turn grey within a second of leaving, and go within five', async (test) => {
      const one = await Visitor.open(browser, demo.url);
      await one.untilOnline('1');
      await one.watch('roster', 'presence-avatars', avatars('element'));

      const two = await Visitor.open(browser, `${demo.url}/?user=2`);
      await two.untilOnline('1', '2');
      await one.untilOnline('1', '2');

      await one.look();
      const leftAt = Date.now();
      await two.leave();
      await one.until(
        `!${avatars('document.querySelector("presence-avatars")')}.some(([id]) => id === '2')`,
        'the avatar of user 2 to go',
      );

      const roster = await one.diary<Roster>('roster');
      const came = roster.findIndex(({ value }) => statusOf('2', value) === 'online');
      const grey = roster.slice(came).find(({ value }) => statusOf('2', value) === 'offline');
      const gone = roster.slice(came).find(({ value }) => statusOf('2', value) === undefined);
      assert.ok(grey && gone, JSON.stringify(roster));
      test.diagnostic(`grey after ${grey.at - leftAt} ms, gone after ${gone.at - leftAt} ms`);
      assert.ok(grey.at - leftAt < 1_000, `grey after ${grey.at - leftAt} ms`);
      assert.ok(gone.at > grey.at && gone.at - leftAt < 5_000, `gone after ${gone.at - leftAt} ms`);
      assert.ok(roster.every(({ value }) => statusOf('1', value) === 'online'));
      await one.leave();
    });

    it('stay one avatar each, however many windows they have', async () => {
      const one = await Visitor.open(browser, demo.url);
      const first = await Visitor.open(browser, `${demo.url}/?user=2`);
      await one.untilOnline('1', '2');
      const second = await Visitor.open(browser, `${demo.url}/embed.html?user=2`);
      await second.untilOnline('1', '2');
      await one.watch('roster', 'presence-avatars', avatars('element'));
      await second.leave();
      const third = await Visitor.open(browser, `${demo.url}/?user=3`);
      await one.untilOnline('1', '2', '3');
      assert.ok((await one.diary<Roster>('roster')).every(({ value }) => statusOf('2', value) === 'online'));
      for (const visitor of [one, first, third]) await visitor.leave();
    });
  });
}
