/** The built package where there is no browser: on a server, and in the stand-ins that unit tests use. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';

/** Runs code in a Node of its own, since a stand-in's globals cannot be taken back. */
function run(code: string): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const standIns = {
  jsdom: `
    import { JSDOM } from 'jsdom';
    const { window } = new JSDOM('<!doctype html><html lang="en"><body></body></html>', { pretendToBeVisual: true, url: 'https://page.example/' });`,
  'happy-dom': `
    import { Window } from 'happy-dom';
    const window = new Window({ url: 'https://page.example/' });`,
};

/** What test runners do with a stand-in: its names become the global ones, where Node has none. */
const globalNames = `
  for (const name of Object.getOwnPropertyNames(window)) {
    if (!(name in globalThis)) globalThis[name] = window[name];
  }
  for (const name of ['window', 'document', 'location', 'navigator', 'Event', 'EventTarget', 'CustomEvent', 'MessageEvent']) {
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
  }`;

const use = `
  await import('realtime-elements/register');
  const { fixedController } = await import('realtime-elements/testing');
  const controller = fixedController({
    status: 'connected',
    members: { 'presence-class-1': [{ id: '1', name: 'Ada Lovelace' }] },
  });
  document.body.innerHTML = \`<realtime-provider>
    <connection-status></connection-status>
    <presence-avatars channel="presence-class-1"></presence-avatars>
    <notification-toast channel="news"></notification-toast>
    <progress-tracker channel="news"></progress-tracker>
    <realtime-badge channel="news" event="notification" kind="unread"></realtime-badge>
  </realtime-provider>\`;
  const provider = document.querySelector('realtime-provider');
  provider.controller = controller;
  const textOf = (tag, part) =>
    document.querySelector(tag).shadowRoot?.querySelector(\`[part~="\${part}"]\`)?.textContent.replace(/\\s+/g, ' ').trim();
  const settle = async () => {
    for (const element of [provider, ...provider.children]) await element.updateComplete;
  };
  const until = async (condition) => {
    for (const end = Date.now() + 5000; !condition() && Date.now() < end; await new Promise(setImmediate)) await settle();
  };
  await settle();
  const before = textOf('connection-status', 'label');
  controller.emit('news', 'notification', { title: 'Hello', message: 'from a unit test' });
  controller.emit('news', 'progress.updated', { taskId: 't', progress: 37 });
  await until(() => textOf('notification-toast', 'title') && textOf('progress-tracker', 'value') && textOf('realtime-badge', 'value'));
  const answer = {
    before,
    avatar: document.querySelector('presence-avatars').shadowRoot.querySelector('[part~="avatar"]')?.getAttribute('aria-label'),
    toast: textOf('notification-toast', 'title'),
    progress: document.querySelector('progress-tracker').shadowRoot.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow'),
    unread: textOf('realtime-badge', 'value'),
  };
  document.body.replaceChildren();
  console.log(JSON.stringify(answer));
  process.exit(0);`;

const connect = `
  const { provideToPage, RealtimeController } = await import('realtime-elements');
  await import('realtime-elements/register');
  const { createPageEmulator } = await import('realtime-elements/emulator/page');
  const emulator = createPageEmulator();
  const client = emulator.client({ user: { id: '1', info: { name: 'Ada Lovelace' } } });
  provideToPage(RealtimeController.for(client));
  document.body.innerHTML = \`<presence-avatars channel="presence-class-1"></presence-avatars>
    <progress-tracker channel="private-user-1"></progress-tracker>\`;
  const statuses = () => [...document.body.children].map(({ status }) => status).join();
  await emulator.driver.waitForSubscribers('private-user-1', 1);
  for (const end = Date.now() + 5000; statuses() !== 'live,live' && Date.now() < end; ) await new Promise(setImmediate);
  console.log(JSON.stringify(statuses()));
  process.exit(0);`;

describe('the built package', () => {
  for (const [name, standIn] of Object.entries(standIns)) {
    it(`upgrades and shows its elements in ${name}`, () => {
      const { before, ...shown } = run(standIn + globalNames + use) as Record<string, string>;
      assert.match(before as string, /^Live/);
      assert.deepEqual(shown, {
        avatar: 'Ada Lovelace, online',
        toast: 'Hello',
        progress: '37',
        unread: '1',
      });
    });
  }

  for (const [name, standIn] of Object.entries(standIns)) {
    it(`connects to the emulator in the page in ${name}`, () => {
      assert.equal(run(standIn + globalNames + connect), 'live,live');
    });
  }

  it('opens each door of a page on a server, where it touches no document and says nothing', () => {
    const code = `
      const said = [];
      for (const level of ['log', 'info', 'warn', 'error']) console[level] = (...words) => said.push(words.join(' '));
      const { exports } = JSON.parse((await import('node:fs')).readFileSync('package.json', 'utf8'));
      const opened = [];
      for (const [door, file] of Object.entries(exports)) {
        if (typeof file !== 'string' || !file.endsWith('.js')) continue;
        opened.push(Object.keys(await import('realtime-elements' + door.slice(1))).length >= 0 && door);
      }
      process.stdout.write(JSON.stringify({ opened: opened.includes('./react') && opened.includes('./register'), said, document: typeof document }));
      process.exit(0);`;
    assert.deepEqual(run(code), { opened: true, said: [], document: 'undefined' });
  });

  it('renders its React components on a server as their tags, with what is inside them', () => {
    const code = `
      import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { ConnectionStatus } from 'realtime-elements/react';
      const markup = renderToString(createElement(ConnectionStatus, { id: 'status', variant: 'dot' }, 'Live updates'));
      console.log(JSON.stringify({ markup }));
      process.exit(0);`;
    assert.deepEqual(run(code), {
      markup: '<connection-status id="status">Live updates</connection-status>',
    });
  });
});
