/** What a channel that fails says of itself, how often, and when it asks again. */
import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

const stateOf = (controller: RealtimeController, name: string) =>
  controller.channels.find((channel) => channel.name === name);

describe('a channel that fails', () => {
  let heard: AbortController;
  let codes: string[];
  beforeEach(() => {
    heard = new AbortController();
    codes = [];
    document.addEventListener('realtime-error', ({ error }) => codes.push(error.code), heard);
  });
  afterEach(() => {
    heard.abort();
    endAll();
  });

  it('tells the page once of each kind of error, however often it asks again', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: { id: '1' }, timing: { backoffBaseMs: 1 } });
    const { authorization } = emulator.driver;
    authorization.fail(503);
    controller.hold('private-user-1');
    await until(controller, () => authorization.failed === 4);
    authorization.fail(429);
    await until(controller, () => authorization.failed === 8);
    authorization.clear();
    await until(controller, () => stateOf(controller, 'private-user-1')?.status === 'subscribed');
    expect(codes).to.deep.equal(['auth/server-failed', 'rate-limit/endpoint']);
  });

  it('of a batch has the status that its own entry names, and asks again only where that helps', async () => {
    const refusals = {
      'private-a': { error: { code: 'forbidden', message: 'No.', status: 403 } },
      'private-b': { error: { code: 'failed', message: 'Not now.', status: 503 } },
      'private-c': { error: { code: 'forbidden', message: 'No.' } },
    };
    const controller = startController(startEmulator(), {
      batch: 'on',
      fetch: async () => new Response(JSON.stringify(refusals)),
    });
    for (const name of Object.keys(refusals)) controller.hold(name);
    await until(controller, () => controller.channels.every(({ status }) => status === 'failed'));
    expect(controller.channels.map(({ error }) => [error?.code, error?.retryable])).to.deep.equal([
      ['auth/forbidden', false],
      ['auth/server-failed', true],
      ['auth/forbidden', false],
    ]);
  });

  describe('by an error frame that names none', () => {
    /** On a connection where questions are lost, and answers come from the test alone. */
    async function start(): Promise<{ controller: RealtimeController; say: (frame: object) => void }> {
      const emulator: PageEmulator = startEmulator();
      const { createSocket } = emulator.client();
      let socket: WebSocket | undefined;
      const controller = startController(emulator, {
        createSocket: (url) => {
          socket = createSocket(url);
          return socket;
        },
      });
      emulator.driver.lose(({ frame }) => frame.event === 'pusher:subscribe');
      controller.connect();
      await until(controller, () => controller.status === 'connected');
      const say = (frame: object) =>
        socket?.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
      return { controller, say };
    }
    const refusal = { event: 'pusher:error', data: { code: null, message: 'Existing subscription' } };
    const pong = { event: 'pusher:pong', data: {} };

    it('is the one whose question is open', async () => {
      const { controller, say } = await start();
      controller.hold('news');
      say(refusal);
      await until(controller, () => stateOf(controller, 'news')?.status === 'failed');
      expect(stateOf(controller, 'news')?.error?.code).to.equal('subscription/rejected');
    });

    it('is nobody where two questions are open', async () => {
      const { controller, say } = await start();
      for (const name of ['news', 'sport']) controller.hold(name);
      say(refusal);
      // Frames are read in order: with the answer to a later one, this one has been read.
      controller.measureLatency();
      say(pong);
      await until(controller, () => controller.stats.latency.samples.length > 0);
      expect(controller.channels.map(({ status }) => status)).to.deep.equal(['pending', 'pending']);
      expect(codes).to.deep.equal([]);
    });
  });

  it('asks again at the date that Retry-After names', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const client = emulator.client({ user: { id: '1' } });
      let calls = 0;
      const controller = startController(emulator, {
        ...client,
        // Chance alone would make it a minute.
        environment: new CountingEnvironment(() => 0.999),
        timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 },
        fetch: (input, init) => {
          calls += 1;
          const date = new Date(time.now + 20_000).toUTCString();
          return calls === 1
            ? Promise.resolve(new Response('{}', { status: 503, headers: { 'Retry-After': date } }))
            : client.fetch(input, init);
        },
      });
      controller.hold('private-user-1');
      await passUntil(time, () => stateOf(controller, 'private-user-1')?.status === 'failed');
      await time.tickAsync(18_000);
      expect(calls).to.equal(1);
      await passUntil(time, () => stateOf(controller, 'private-user-1')?.status === 'subscribed', 3_000);
      expect(calls).to.equal(2);
    } finally {
      time.uninstall();
    }
  });
});
