import { expect } from '@open-wc/testing';
import { Observable } from '../../src/core/observable.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { Authorize } from '../../src/emulator/page.js';
import { channelAuth } from '../../src/emulator/signature.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';

const statusOf = (controller: RealtimeController, name: string) =>
  controller.channels.find((channel) => channel.name === name)?.status;

describe('channels', () => {
  afterEach(endAll);

  it('asks once for a channel however many hold it, and leaves it a grace after the last', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { releaseMs: 20 } });
    const undos = [controller.hold('news'), controller.hold('news'), controller.hold('news')];
    await until(controller, () => statusOf(controller, 'news') === 'subscribed');
    const asked = () => emulator.driver.received.filter(({ event }) => event === 'pusher:subscribe').length;
    expect(asked()).to.equal(1);
    undos[0]?.();
    undos[0]?.();
    undos[1]?.();
    expect(controller.channels[0]?.holders).to.equal(1);
    undos[2]?.();
    await until(controller, () => controller.channels.length === 0);
    await emulator.driver.waitForSubscribers('news', 0);
  });

  it('keeps the subscription when the last holder comes back within the grace', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { releaseMs: 20 } });
    controller.hold('other');
    const undo = controller.hold('news');
    await until(controller, () => statusOf(controller, 'news') === 'subscribed');
    undo();
    controller.hold('news');
    // A channel left later than this one's grace: when it is gone, this one would be too.
    const undoThird = controller.hold('third');
    await until(controller, () => statusOf(controller, 'third') === 'subscribed');
    undoThird();
    await emulator.driver.waitForFrame('pusher:unsubscribe', 'third');
    expect(statusOf(controller, 'news')).to.equal('subscribed');
    expect(emulator.driver.received.filter(({ event }) => event === 'pusher:unsubscribe')).to.have.length(1);
  });

  it('joins all channels again after a drop, and none that was left meanwhile', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { releaseMs: 0, backoffBaseMs: 20 } });
    controller.hold('kept');
    const undo = controller.hold('left');
    await until(controller, () => controller.channels.every(({ status }) => status === 'subscribed'));
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    undo();
    await until(controller, () => statusOf(controller, 'kept') === 'subscribed');
    expect([...emulator.driver.subscriptions().keys()]).to.deep.equal(['kept']);
  });

  it('leaves no ghost when a channel is left while its authorization is under way and the connection drops', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { releaseMs: 0, backoffBaseMs: 20 } });
    emulator.driver.authorization.hang(true);
    const undo = controller.hold('private-ghost');
    controller.hold('kept');
    await until(controller, () => statusOf(controller, 'kept') === 'subscribed');
    undo();
    await until(controller, () => statusOf(controller, 'private-ghost') === undefined);
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    emulator.driver.authorization.hang(false);
    await until(controller, () => statusOf(controller, 'kept') === 'subscribed');
    expect([...emulator.driver.subscriptions().keys()]).to.deep.equal(['kept']);
  });

  it('leaves no ghost of a channel that is left before the sign-in has named its member', async () => {
    const emulator = startEmulator();
    const client = emulator.client({ user: { id: '1' } });
    const signIn = new Observable();
    const controller = startController(emulator, {
      ...client,
      timing: { releaseMs: 0 },
      fetch: async (input, init) => {
        const form = new URLSearchParams(String(init?.body));
        const channel = form.get('channel_name');
        if (channel === null) {
          await new Promise<void>((resolve) => signIn.subscribe(resolve));
          return client.fetch(input, init);
        }
        const auth = channelAuth(emulator.engine.app().settings, String(form.get('socket_id')), channel);
        return Response.json({ auth });
      },
    });
    controller.hold('#user');
    const undo = controller.hold('presence-ghost');
    // Its authorization comes after the other's.
    controller.hold('private-kept');
    await until(controller, () => statusOf(controller, 'private-kept') === 'subscribed');
    undo();
    await until(controller, () => statusOf(controller, 'presence-ghost') === undefined);
    signIn.emit();
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    controller.hold('news');
    await until(controller, () => statusOf(controller, 'news') === 'subscribed');
    expect(emulator.driver.subscriptions().has('presence-ghost')).to.equal(false);
  });

  it('leaves no ghost of a user who is signed out by the refusal of another channel in the same batch', async () => {
    const authorize: Authorize = ({ channel, user }) => user?.id === '1' && channel !== 'private-refused';
    const emulator = startEmulator({ batch: true, authorize });
    const first = emulator.client({ user: { id: '1' } });
    const second = emulator.client({ user: { id: '2' } });
    let isFirst = true;
    const controller = startController(emulator, {
      ...first,
      batch: 'on',
      fetch: (input, init) => {
        if (isFirst) return first.fetch(input, init);
        return second.fetch(String(input).replace(first.host, second.host), init);
      },
    });
    document.addEventListener(
      'realtime-error',
      () => {
        isFirst = false;
        controller.identify(null);
      },
      { once: true },
    );
    controller.hold('private-ghost');
    controller.hold('private-refused');
    await until(controller, () => controller.channels.every(({ status }) => status === 'failed'));
    controller.hold('news');
    await until(controller, () => statusOf(controller, 'news') === 'subscribed');
    expect([...emulator.driver.subscriptions().keys()]).to.deep.equal(['news']);
  });

  it('stops at a refusal of the server, with the reason', async () => {
    const emulator = startEmulator({ authorize: () => false });
    const controller = startController(emulator, { user: { id: '1' } });
    controller.hold('private-user-2');
    await until(controller, () => statusOf(controller, 'private-user-2') === 'failed');
    expect(controller.channels[0]?.error?.code).to.equal('auth/forbidden');
    expect(controller.channels[0]?.error?.retryable).to.equal(false);
  });

  it('asks again after a failed authorization', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: { id: '1' }, timing: { backoffBaseMs: 20 } });
    emulator.driver.authorization.fail(503, 2);
    controller.hold('private-user-1');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'failed');
    await until(controller, () => statusOf(controller, 'private-user-1') === 'subscribed');
    expect(emulator.driver.authorization.requests).to.equal(3);
  });

  it('refuses a name that is none, without a word to the service', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator);
    controller.hold('with space');
    controller.hold('__proto__');
    controller.hold('constructor');
    controller.hold('fine');
    await until(controller, () => statusOf(controller, 'fine') === 'subscribed');
    expect(controller.channels.map(({ error }) => error?.code)).to.deep.equal([
      'subscription/wrong-name',
      'subscription/wrong-name',
      'subscription/wrong-name',
      undefined,
    ]);
    expect([...emulator.driver.subscriptions().keys()]).to.deep.equal(['fine']);
  });

  it('warns once on a page that an older backend’s channels of people are public, and joins them', async () => {
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (...parts) => warnings.push(parts.join(' '));
    try {
      const controller = startController(startEmulator());
      for (const name of ['user-updates-7', 'user-updates-8', 'user-updates-7', 'my-user-updates-7'])
        controller.hold(name);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.match(/user-updates-7 .*public.* private-user-/);
      await until(controller, () => statusOf(controller, 'user-updates-7') === 'subscribed');
    } finally {
      console.warn = warn;
    }
  });

  it('takes what is no text for a name that is none, and throws nothing', () => {
    const controller = startController(startEmulator());
    const codes: string[] = [];
    const heard = new AbortController();
    document.addEventListener(
      'realtime-error',
      ({ error }) => codes.push(`${error.code}: ${error.hint}`),
      heard,
    );
    const undos = [undefined, null, 5, {}].flatMap((name) => [
      controller.hold(name as never),
      controller.listen({ channel: name as never, event: 'n', callback: () => {} }),
    ]);
    heard.abort();
    expect(codes).to.deep.equal([
      'subscription/wrong-name: A channel name is a text of at least one character.',
    ]);
    expect(controller.channels.map(({ status, holders }) => [status, holders])).to.deep.equal([
      ['failed', 8],
    ]);
    for (const undo of undos) undo();
    expect(controller.channels.map(({ holders }) => holders)).to.deep.equal([0]);
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('asks again when the answer to a subscription is lost', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { subscribeMs: 20, backoffBaseMs: 10 } });
    let lost = 0;
    emulator.driver.lose(
      ({ frame }) => frame.event === 'pusher_internal:subscription_succeeded' && lost++ === 0,
    );
    controller.hold('news');
    await until(controller, () => controller.channels[0]?.error?.code === 'timeout/subscription');
    await until(controller, () => statusOf(controller, 'news') === 'subscribed');
    expect(lost).to.be.greaterThan(1);
  });

  it('tells a member that is too large from a channel that is full', async () => {
    const emulator = startEmulator({ limits: { presenceMembers: 1 } });
    const large = startController(emulator, {
      user: { id: '1', info: { name: 'Ada', about: 'x'.repeat(2000) } },
    });
    large.hold('presence-class-1');
    await until(large, () => statusOf(large, 'presence-class-1') === 'failed');
    expect(large.channels[0]?.error?.code).to.equal('subscription/too-large');
    expect(large.channels[0]?.error?.retryable).to.equal(false);
    startController(emulator, { user: { id: '2' } }).hold('presence-class-1');
    await emulator.driver.waitForSubscribers('presence-class-1');
    const late = startController(emulator, { user: { id: '3' } });
    late.hold('presence-class-1');
    await until(late, () => statusOf(late, 'presence-class-1') === 'failed');
    expect(late.channels[0]?.error?.code).to.equal('subscription/full');
    expect(late.channels[0]?.error?.retryable).to.equal(true);
  });
});
