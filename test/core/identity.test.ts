import { expect } from '@open-wc/testing';
import type { RealtimeConfig } from '../../src/core/config.js';
import { pageEnvironment } from '../../src/core/environment.js';
import type { RealtimeError, RealtimeErrorEvent } from '../../src/core/errors.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { RealtimeController as Controller } from '../../src/core/realtime-controller.js';
import { endAll, startEmulator, until } from '../helpers/kit.js';
import { backendFor, tokenFor } from '../helpers/users.js';
import { TestWorld } from '../helpers/world.js';

/** The name of the line between the tabs of a site. */
const lineOf = ({ key, authEndpoint }: RealtimeConfig) => `realtime-elements ${key}  ${authEndpoint}`;

/** All that another tab hears, up to a logout. */
function listenTo(config: RealtimeConfig): Promise<unknown[]> {
  const otherTab = new BroadcastChannel(lineOf(config));
  const words: unknown[] = [];
  return new Promise((resolve) => {
    otherTab.onmessage = ({ data }) => {
      if (words.push(data) && data.userId !== null) return;
      otherTab.close();
      resolve(words);
    };
  });
}

const statusOf = (controller: RealtimeController, name: string) =>
  controller.channels.find((channel) => channel.name === name)?.status;

describe('identity', () => {
  const started: RealtimeController[] = [];
  const start = (...parameters: Parameters<typeof Controller.for>) => {
    const controller = Controller.for(...parameters);
    started.push(controller);
    return controller;
  };
  afterEach(() => {
    for (const controller of started.splice(0)) controller.disconnect();
    endAll();
  });

  it('is read from the token, and anonymous without one', () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: tokenFor('1') });
    expect(controller.identity).to.include({ state: 'authenticated', userId: '1' });
    controller.identify(null);
    expect(controller.identity).to.include({ state: 'anonymous', userId: undefined });
  });

  it('asks the provider for the token at the first need, once for many requests', async () => {
    let asked = 0;
    const controller = start({
      ...backendFor(startEmulator()),
      token: async () => {
        asked += 1;
        return tokenFor('1');
      },
    });
    expect(asked).to.equal(0);
    controller.hold('private-user-1');
    controller.hold('private-class-1');
    controller.hold('private-class-2');
    await until(controller, () => controller.channels.every(({ status }) => status === 'subscribed'));
    expect(asked).to.equal(1);
    expect(controller.identity.userId).to.equal('1');
  });

  it('is not taken from a page that came in place of a token, which is in no error; the provider is asked again', async () => {
    const page = '<!doctype html>\n<title>Please sign in</title>';
    const answers = [page, `${tokenFor('1')}\n`];
    const errors: RealtimeError[] = [];
    const onError = ({ error }: RealtimeErrorEvent) => errors.push(error);
    document.addEventListener('realtime-error', onError);
    const controller = start({
      ...backendFor(startEmulator()),
      timing: { backoffBaseMs: 10 },
      token: () => answers.shift(),
    });
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    document.removeEventListener('realtime-error', onError);
    expect(errors.map(({ code }) => code)).to.deep.equal(['auth/token-failed']);
    expect(errors.map((error) => `${error.message} ${error.hint} ${error.cause}`).join()).not.to.contain(
      'sign in',
    );
  });

  it('asks for a fresh token before the old one expires', async () => {
    const tokens = [tokenFor('1', Math.floor(Date.now() / 1000) + 20), tokenFor('1')];
    const sent: (string | null)[] = [];
    const backend = backendFor(startEmulator());
    const controller = start({
      ...backend,
      token: () => tokens.shift(),
      fetch: (input, init) => {
        sent.push(new Headers(init?.headers).get('Authorization'));
        return (backend.fetch as typeof fetch)(input, init);
      },
    });
    const [short, long] = tokens;
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    controller.hold('private-class-1');
    await until(controller, () => statusOf(controller, 'private-class-1') === 'subscribed');
    expect(sent).to.deep.equal([`Bearer ${short}`, `Bearer ${long}`]);
  });

  for (const status of [401, 419]) {
    it(`asks for a fresh token once when the endpoint answers ${status}`, async () => {
      const emulator = startEmulator();
      let asked = 0;
      const controller = start({
        ...backendFor(emulator),
        token: () => {
          asked += 1;
          return tokenFor('1');
        },
      });
      emulator.driver.authorization.fail(status, 1);
      controller.hold('private-user-1');
      await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
      expect(asked).to.equal(2);
      expect(emulator.driver.authorization.requests).to.equal(2);
    });
  }

  it('gives up when the fresh token is refused too, and tries again with the next identity', async () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: () => tokenFor('1') });
    emulator.driver.authorization.fail(401, 2);
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'failed');
    expect(controller.channels[0]?.error?.code).to.equal('auth/unauthorized');
    expect(controller.channels[0]?.error?.retryable).to.equal(false);
    expect(controller.identity).to.include({ state: 'refused', userId: '1' });
    controller.identify(tokenFor('1'));
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    expect(controller.identity).to.include({ state: 'authenticated', userId: '1' });
  });

  it('is believed again when an endpoint takes the token that another did not', async () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: () => tokenFor('1') });
    emulator.driver.authorization.fail(401, 2);
    controller.hold('private-class-1');
    await until(controller, () => controller.identity.state === 'refused');
    controller.hold('private-class-2');
    await until(controller, () => statusOf(controller, 'private-class-2') === 'subscribed');
    expect(controller.identity.state).to.equal('authenticated');
  });

  it('is not refused with the one thing that the user may not do', async () => {
    const controller = start({ ...backendFor(startEmulator()), token: tokenFor('1') });
    controller.hold('private-user-2');
    await until(controller, () => statusOf(controller, 'private-user-2') === 'failed');
    expect(controller.channels[0]?.error?.code).to.equal('auth/forbidden');
    expect(controller.identity.state).to.equal('authenticated');
  });

  it('is expired with a fixed token whose time is past, unless an endpoint takes it all the same', async () => {
    const controller = start({ ...backendFor(startEmulator()), token: tokenFor('1', 1_000) });
    expect(controller.identity).to.include({ state: 'expired', userId: '1' });
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    expect(controller.identity).to.include({ state: 'authenticated', userId: '1' });
  });

  it('is expired, and refreshing no more, when the provider fails to give a fresh token', async () => {
    const tokens = [tokenFor('1', Math.floor(Date.now() / 1000) + 20)];
    const states: string[] = [];
    const controller = start({
      ...backendFor(startEmulator()),
      token: () => {
        const token = tokens.shift();
        if (!token) throw new Error('The session has ended.');
        return token;
      },
    });
    controller.hold('private-class-1');
    await until(controller, () => statusOf(controller, 'private-class-1') === 'subscribed');
    controller.subscribe(() => states.push(controller.identity.state));
    controller.hold('private-class-2');
    await until(controller, () => statusOf(controller, 'private-class-2') === 'failed');
    expect([...new Set(states)]).to.deep.equal(['authenticated', 'refreshing', 'expired']);
    expect(controller.identity.userId).to.equal('1');
  });

  it('is asked of the next provider when one names it while it is asked itself', async () => {
    const backend = backendFor(startEmulator());
    const controller = start({
      ...backend,
      token: () => {
        controller.identify(async () => tokenFor('1'));
        return undefined;
      },
    });
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
  });

  it('is asked of the next provider when the last is exchanged as it is asked for a fresh token', async () => {
    const soon = () => tokenFor('1', Math.floor(Date.now() / 1000) + 20);
    const controller = start({ ...backendFor(startEmulator()), token: soon });
    controller.hold('private-class-1');
    await until(controller, () => statusOf(controller, 'private-class-1') === 'subscribed');
    const undo = controller.subscribe(() => {
      if (controller.identity.state !== 'refreshing') return;
      undo();
      controller.identify(async () => soon());
    });
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    controller.hold('private-class-2');
    await until(controller, () => statusOf(controller, 'private-class-2') === 'subscribed');
  });

  it('after a switch of user leaves what the old one was let into, and joins as the new one', async () => {
    const emulator = startEmulator();
    const controller = start({
      ...backendFor(emulator, [
        { id: '1', info: { name: 'Ada' } },
        { id: '2', info: { name: 'Bo' } },
      ]),
      token: tokenFor('1'),
    });
    controller.hold('private-user-1');
    controller.hold('presence-class-1');
    controller.hold('news');
    await until(controller, () => controller.channels.every(({ status }) => status === 'subscribed'));
    const roster = controller.presence('presence-class-1');
    expect(roster.snapshot.me?.info.name).to.equal('Ada');
    const heard: unknown[] = [];
    controller.listen({ channel: '*', event: 'note', callback: ({ data }) => heard.push(data) });

    controller.identify(tokenFor('2'));
    expect(roster.snapshot.members).to.deep.equal([]);
    emulator.driver.trigger('private-user-1', 'note', 'for the first');
    await until(
      controller,
      () =>
        statusOf(controller, 'private-user-1') === 'failed' &&
        statusOf(controller, 'presence-class-1') === 'subscribed',
    );
    expect(statusOf(controller, 'news')).to.equal('subscribed');
    expect(roster.snapshot.members.map(({ id, isMe }) => [id, isMe])).to.deep.equal([['2', true]]);
    expect(heard).to.deep.equal([]);
    expect(emulator.driver.connections()).to.have.length(1);
    expect([...emulator.driver.subscriptions().keys()].sort()).to.deep.equal(['news', 'presence-class-1']);
  });

  it('discards an answer for the old user that comes after the switch', async () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: tokenFor('1') });
    emulator.driver.authorization.hang(true);
    controller.hold('private-user-1');
    controller.hold('news');
    await until(controller, () => statusOf(controller, 'news') === 'subscribed');
    controller.identify(tokenFor('2'));
    emulator.driver.authorization.hang(false);
    await until(controller, () => statusOf(controller, 'private-user-1') === 'failed');
    expect(controller.channels.find(({ name }) => name === 'private-user-1')?.error?.code).to.equal(
      'auth/forbidden',
    );
    expect([...emulator.driver.subscriptions().keys()]).to.deep.equal(['news']);
  });

  it('drops the history of the old user', async () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: tokenFor('1') });
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    const heard = new Promise<void>((resolve) => {
      controller.listen({ channel: 'private-user-1', event: 'note', callback: () => resolve() });
    });
    emulator.driver.trigger('private-user-1', 'note', {});
    await heard;
    expect(controller.history.query()).to.have.length(1);
    controller.identify(null);
    expect(controller.history.query()).to.deep.equal([]);
  });

  it('follows a logout in another tab of the site', async () => {
    const emulator = startEmulator();
    const backend = backendFor(emulator);
    const controller = start({ ...backend, token: tokenFor('1') });
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    const otherTab = new BroadcastChannel(lineOf(backend));
    otherTab.postMessage({ userId: null });
    await until(controller, () => controller.identity.state === 'anonymous');
    otherTab.close();
    await until(controller, () => statusOf(controller, 'private-user-1') === 'failed');
    await emulator.driver.waitForSubscribers('private-user-1', 0);
  });

  it('tells the other tabs whom a token names, as soon as it is known, and of nobody only after a logout', async () => {
    const backend = backendFor(startEmulator());
    const controller = start(backend);
    const words = listenTo(backend);
    controller.identify(async () => tokenFor('1'));
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    controller.identify(tokenFor('2'));
    controller.identify('names-nobody');
    controller.identify(null);
    expect(await words).to.deep.equal([{ userId: '1' }, { userId: '2' }, { userId: null }]);
  });

  it('that a provider gives to another user is told to the other tabs; what they say is not told back', async () => {
    const soon = Math.floor(Date.now() / 1000) + 20;
    const tokens = [tokenFor('1', soon), tokenFor('2'), tokenFor('3')];
    const backend = backendFor(startEmulator(), [{ id: '1' }, { id: '2' }, { id: '3' }]);
    const controller = start({ ...backend, token: () => tokens.shift() });
    const words = listenTo(backend);
    for (const name of ['private-class-1', 'private-class-2']) {
      controller.hold(name);
      await until(controller, () => statusOf(controller, name) === 'subscribed');
    }
    expect(controller.identity.userId).to.equal('2');
    const otherTab = new BroadcastChannel(lineOf(backend));
    otherTab.postMessage({ userId: '3' });
    otherTab.close();
    await until(controller, () => controller.identity.userId === '3');
    controller.identify(null);
    expect(await words).to.deep.equal([{ userId: '2' }, { userId: '3' }, { userId: null }]);
  });

  it('in a second tab of the same user leaves the first as it is', async () => {
    const emulator = startEmulator();
    const backend = backendFor(emulator);
    const line = `tabs of ${backend.key} ${backend.authEndpoint}`;
    const openTab = (scope: string) => {
      const environment = new TestWorld();
      environment.joinTabs = (_, listener) => pageEnvironment.joinTabs(line, listener);
      return start({ ...backend, scope, environment });
    };
    const [first, second] = [openTab('first'), openTab('second')];
    first.identify(tokenFor('1'));
    first.hold('private-user-1');
    await until(first, () => statusOf(first, 'private-user-1') === 'subscribed');
    const { since } = first.channels[0] ?? {};
    // Whoever joined the line last hears last.
    const heard = new Promise((resolve) => {
      const { close } = pageEnvironment.joinTabs(line, (word) => {
        close();
        resolve(word);
      });
    });
    second.identify(async () => tokenFor('1'));
    second.hold('private-user-1');
    expect(await heard).to.deep.equal({ userId: '1' });
    expect(first.identity).to.include({ state: 'authenticated', userId: '1' });
    expect([first.channels[0]?.status, first.channels[0]?.since]).to.deep.equal(['subscribed', since]);
  });

  it('signs in when something listens to the user, and hears what a backend sends to the user', async () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: tokenFor('1') });
    const heard = new Promise((resolve) => {
      controller.listen({
        channel: '#user',
        event: 'note',
        callback: ({ channel, data }) => resolve([channel, data]),
      });
    });
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    emulator.driver.trigger('#server-to-user-1', 'note', { text: 'hello' });
    expect(await heard).to.deep.equal(['#user', { text: 'hello' }]);
  });

  it('signs in as the new user after a switch, on a new socket', async () => {
    const emulator = startEmulator();
    const controller = start({ ...backendFor(emulator), token: tokenFor('1') });
    controller.listen({ channel: '#user', event: 'note', callback: () => {} });
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    controller.identify(tokenFor('2'));
    await emulator.driver.waitForSubscribers('#server-to-user-2');
    await emulator.driver.waitForSubscribers('#server-to-user-1', 0);
    expect(emulator.driver.connections()).to.have.length(1);
  });
});
