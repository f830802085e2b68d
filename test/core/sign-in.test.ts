import { expect, waitUntil } from '@open-wc/testing';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { tokenFor } from '../helpers/users.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

const user = { id: '1', info: { name: 'Ada' } };

/** The first error that the page hears of. */
function nextError(): Promise<string> {
  return new Promise((resolve) => {
    document.addEventListener(
      'realtime-error',
      (event) => resolve((event as RealtimeErrorEvent).error.code),
      { once: true },
    );
  });
}

describe('signing in', () => {
  afterEach(endAll);

  it('happens only when somebody listens to the user', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user });
    controller.connect();
    await emulator.driver.waitForConnections(1);
    const undo = controller.listen({ channel: '#user', event: 'note', callback: () => {} });
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    undo();
    undo();
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('is asked for again after a failure that may pass', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user, timing: { backoffBaseMs: 10 } });
    emulator.driver.authorization.fail(503, 2);
    const code = nextError();
    controller.hold('#user');
    expect(await code).to.equal('auth/server-failed');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
  });

  it('stops at a refusal, and says so', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user });
    emulator.driver.authorization.fail(403);
    const code = nextError();
    controller.hold('#user');
    expect(await code).to.equal('auth/forbidden');
    expect(emulator.driver.authorization.requests).to.equal(1);
  });

  it('is asked for again after a refusal with the fresh token of the same user', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user, token: tokenFor('1') });
    emulator.driver.authorization.fail(401, 1);
    const code = nextError();
    document.addEventListener('realtime-error', () => controller.identify(`${tokenFor('1')}2`), {
      once: true,
    });
    controller.hold('#user');
    expect(await code).to.equal('auth/unauthorized');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    expect(emulator.driver.connections()).to.have.length(1);
  });

  it('is asked for again, and told, after a token provider that threw', async () => {
    const emulator = startEmulator();
    const failures = [new TypeError('Failed to fetch')];
    const controller = startController(emulator, {
      user,
      timing: { backoffBaseMs: 10 },
      token: () => {
        const failure = failures.pop();
        if (failure) throw failure;
        return tokenFor('1');
      },
    });
    const code = nextError();
    controller.hold('#user');
    expect(await code).to.equal('auth/token-failed');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
  });

  it('is asked for no more when nobody listens any more, and again when somebody does', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const { authorization } = emulator.driver;
      const controller = startController(emulator, { user, timing: { backoffCapMs: 1_000 } });
      controller.connect();
      authorization.fail(503);
      const undo = controller.hold('#user');
      await passUntil(time, () => authorization.requests > 2);
      undo();
      emulator.driver.drop();
      const before = authorization.requests;
      await time.tickAsync(60_000);
      expect(controller.status).to.equal('connected');
      expect(authorization.requests).to.equal(before);
      controller.hold('#user');
      await passUntil(time, () => authorization.requests > before);
    } finally {
      time.uninstall();
    }
  });

  it('that nobody waits for any more fails without a word, and with one for who asks next', async () => {
    const emulator = startEmulator();
    const { authorization } = emulator.driver;
    const controller = startController(emulator, { user });
    const codes: string[] = [];
    const onError = ({ error }: RealtimeErrorEvent) => codes.push(error.code);
    document.addEventListener('realtime-error', onError);
    try {
      controller.connect();
      authorization.hang(true);
      const undo = controller.hold('#user');
      await waitUntil(() => authorization.requests === 1);
      undo();
      authorization.fail(403, 1);
      authorization.hang(false);
      controller.hold('private-after');
      await until(controller, () => controller.channels[0]?.status === 'subscribed');
      expect(codes).to.deep.equal([]);
      authorization.fail(403, 1);
      controller.hold('#user');
      await waitUntil(() => codes.length > 0);
      expect(codes).to.deep.equal(['auth/forbidden']);
    } finally {
      document.removeEventListener('realtime-error', onError);
    }
  });

  it('waits as long as Retry-After asks', async () => {
    const emulator = startEmulator();
    const client = emulator.client({ user });
    let calls = 0;
    startController(emulator, {
      ...client,
      // Only Retry-After keeps this from being a minute.
      timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 },
      fetch: (input, init) => {
        calls += 1;
        return calls === 1
          ? Promise.resolve(new Response('{}', { status: 429, headers: { 'Retry-After': '0.05' } }))
          : client.fetch(input, init);
      },
    }).hold('#user');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    expect(calls).to.equal(2);
  });

  it('says what is wrong with an answer that pusher-js could not use', async () => {
    const controller = startController(startEmulator(), {
      fetch: async () => new Response('{"auth":"a:b"}'),
    });
    const code = nextError();
    controller.hold('#user');
    expect(await code).to.equal('auth/unreadable');
  });

  it('tells of a service that knows no sign-in', async () => {
    const emulator = startEmulator({ userAuthentication: false });
    emulator.driver.lose(({ frame }) => frame.event === 'pusher:error');
    const controller = startController(emulator, { user, timing: { subscribeMs: 30 } });
    const code = nextError();
    controller.hold('#user');
    expect(await code).to.equal('timeout/sign-in');
    expect(controller.status).to.equal('connected');
  });

  it('comes again after a reconnect', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user, timing: { backoffBaseMs: 10 } });
    controller.hold('#user');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    emulator.driver.drop();
    await emulator.driver.waitForSubscribers('#server-to-user-1', 0);
    await emulator.driver.waitForSubscribers('#server-to-user-1');
  });

  it('drops a late answer for a socket that is gone', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user, timing: { backoffBaseMs: 10 } });
    emulator.driver.authorization.hang(true);
    controller.hold('#user');
    await waitUntil(() => emulator.driver.authorization.pending === 1);
    emulator.driver.drop();
    await waitUntil(() => emulator.driver.authorization.pending === 2);
    emulator.driver.authorization.hang(false);
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    const signIns = emulator.driver.received.filter(({ event }) => event === 'pusher:signin');
    expect(new Set(signIns.map(({ socketId }) => socketId)).size).to.equal(1);
  });

  it('is listed among the channels while somebody listens, with where it stands', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user, timing: { backoffBaseMs: 10 } });
    const stands = () => controller.channels.map(({ name, status, error }) => [name, status, error?.code]);
    emulator.driver.authorization.fail(403);
    const undo = controller.hold('#user');
    expect(stands()).to.deep.equal([['#user', 'pending', undefined]]);
    await until(controller, () => controller.channels[0]?.status === 'failed');
    expect(stands()).to.deep.equal([['#user', 'failed', 'auth/forbidden']]);
    emulator.driver.authorization.clear();
    controller.identify(tokenFor('1'));
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    expect(stands()).to.deep.equal([['#user', 'subscribed', undefined]]);
    emulator.driver.drop();
    await until(controller, () => controller.channels[0]?.status === 'pending');
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    undo();
    expect(stands()).to.deep.equal([]);
    controller.hold('#user');
    expect(stands()).to.deep.equal([['#user', 'subscribed', undefined]]);
  });

  it('is listed as failed where the service does not answer to it', async () => {
    const emulator = startEmulator({ userAuthentication: false });
    const controller = startController(emulator, { user, timing: { subscribeMs: 30 } });
    controller.hold('#user');
    await until(controller, () => controller.channels[0]?.error?.code === 'timeout/sign-in');
    expect(controller.channels[0]?.status).to.equal('failed');
  });
});
