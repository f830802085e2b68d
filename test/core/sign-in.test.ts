import { expect, waitUntil } from '@open-wc/testing';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';

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
});
