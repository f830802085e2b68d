import { expect, waitUntil } from '@open-wc/testing';
import { pageEnvironment } from '../../src/core/environment.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { channelAuth } from '../../src/emulator/signature.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { TestWorld } from '../helpers/world.js';

const names = Array.from({ length: 32 }, (_, n) => `private-room-${n}`);

const allIn = (controller: RealtimeController) =>
  until(
    controller,
    () =>
      controller.channels.length > 0 && controller.channels.every(({ status }) => status === 'subscribed'),
  );

/** Counts authorization requests until all 32 channels are in, at the start and after a drop. */
async function countRequests(emulator: PageEmulator, controller: RealtimeController): Promise<number[]> {
  for (const name of names) controller.hold(name);
  await allIn(controller);
  const atStart = emulator.driver.authorization.requests;
  emulator.driver.drop();
  await until(controller, () => controller.status === 'reconnecting');
  await allIn(controller);
  return [atStart, emulator.driver.authorization.requests - atStart];
}

describe('authorization', () => {
  afterEach(endAll);

  it('of 32 channels takes at most 2 requests at the start and 1 at a reconnect where the endpoint knows batches', async () => {
    const emulator = startEmulator({ batch: true });
    const controller = startController(emulator, { user: { id: '1' }, timing: { backoffBaseMs: 10 } });
    expect(await countRequests(emulator, controller)).to.deep.equal([2, 1]);
  });

  it('of 32 channels takes 32 requests each time where it does not, and every channel is in', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: { id: '1' }, timing: { backoffBaseMs: 10 } });
    expect(await countRequests(emulator, controller)).to.deep.equal([32, 32]);
  });

  it('never sends a batch to an endpoint that would answer a missing channel_name with 403', async () => {
    const emulator = startEmulator({ batch: true });
    const client = emulator.client({ user: { id: '1' } });
    const controller = startController(emulator, {
      ...client,
      timing: { backoffBaseMs: 10 },
      fetch: async (input, init) => {
        if (!new URLSearchParams(String(init?.body)).has('channel_name'))
          return new Response('{}', { status: 403 });
        const { status, body } = await client.fetch(input, init);
        return new Response(body, { status });
      },
    });
    expect(await countRequests(emulator, controller)).to.deep.equal([32, 32]);
  });

  it('is not asked for where the channel was let go while another was asked for', async () => {
    const emulator = startEmulator();
    const { authorization } = emulator.driver;
    const controller = startController(emulator, { user: { id: '1' }, timing: { releaseMs: 0 } });
    authorization.hang(true);
    const undos = names.slice(0, 5).map((name) => controller.hold(name));
    controller.hold('private-kept');
    await waitUntil(() => authorization.requests === 1);
    for (const undo of undos) undo();
    await until(controller, () => controller.channels.length === 1);
    authorization.hang(false);
    await allIn(controller);
    expect(authorization.requests).to.equal(2);
  });

  it('of a batch that is refused is asked for one by one, from then on', async () => {
    const emulator = startEmulator({ batch: true });
    const client = emulator.client({ user: { id: '1' } });
    const controller = startController(emulator, {
      ...client,
      timing: { backoffBaseMs: 10 },
      fetch: (input, init) =>
        new URLSearchParams(String(init?.body)).has('channel_name')
          ? client.fetch(input, init)
          : client.fetch(input, { ...init, body: 'socket_id=' }),
    });
    expect(await countRequests(emulator, controller)).to.deep.equal([33, 32]);
  });

  it('of a batch that is refused for its token stays a batch', async () => {
    const emulator = startEmulator({ batch: true });
    const controller = startController(emulator, { user: { id: '1' }, token: () => 'a-token' });
    controller.hold('private-room');
    await allIn(controller);
    emulator.driver.authorization.fail(401, 2);
    for (const name of names) controller.hold(name);
    await until(controller, () => controller.channels.every(({ status }) => status !== 'pending'));
    expect(emulator.driver.authorization.requests).to.equal(3);
    controller.identify(() => 'another-token');
    await allIn(controller);
    expect(emulator.driver.authorization.requests).to.equal(4);
  });

  it('in a batch lets in whom it lets in, and refuses the others one by one', async () => {
    const emulator = startEmulator({ batch: true, authorize: ({ channel }) => channel !== 'private-room-7' });
    const controller = startController(emulator, { user: { id: '1' } });
    for (const name of names) controller.hold(name);
    await until(
      controller,
      () =>
        controller.channels.length === 32 && controller.channels.every(({ status }) => status !== 'pending'),
    );
    const refused = controller.channels.filter(({ status }) => status === 'failed');
    expect(refused.map(({ name, error }) => [name, error?.code])).to.deep.equal([
      ['private-room-7', 'auth/forbidden'],
    ]);
  });

  it('waits as long as Retry-After asks', async () => {
    const emulator = startEmulator();
    const client = emulator.client({ user: { id: '1' } });
    let calls = 0;
    const controller = startController(emulator, {
      ...client,
      // Only Retry-After keeps this from being a minute.
      timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 },
      environment: undefined,
      fetch: (input, init) => {
        calls += 1;
        return calls === 1
          ? Promise.resolve(new Response('{}', { status: 429, headers: { 'Retry-After': '0.05' } }))
          : client.fetch(input, init);
      },
    });
    controller.hold('private-room-1');
    await allIn(controller);
    expect(calls).to.equal(2);
  });

  it('waits no less than the longest timer when Retry-After asks for more', async () => {
    const delays: number[] = [];
    const environment = new TestWorld();
    environment.setTimeout = (callback, delayMs) => {
      delays.push(delayMs);
      return pageEnvironment.setTimeout(callback, delayMs);
    };
    const controller = startController(startEmulator(), {
      environment,
      fetch: async () => new Response('{}', { status: 429, headers: { 'Retry-After': '2592000' } }),
    });
    controller.hold('private-room-1');
    await until(controller, () => controller.channels[0]?.status === 'failed');
    expect(Math.max(...delays)).to.equal(2 ** 31 - 1);
  });

  it('says that the page’s headers threw, and asks for them again', async () => {
    const emulator = startEmulator();
    const failures = [new Error('There is no session yet.')];
    const controller = startController(emulator, {
      user: { id: '1' },
      timing: { backoffBaseMs: 10 },
      headers: () => {
        const failure = failures.pop();
        if (failure) throw failure;
        return {};
      },
    });
    const [failure] = failures;
    controller.hold('private-room-1');
    await until(controller, () => controller.channels[0]?.status === 'failed');
    const { code, cause } = controller.channels[0]?.error ?? {};
    expect([code, cause]).to.deep.equal(['auth/headers-failed', failure]);
    await allIn(controller);
  });

  it('with a token that no header can carry says so, without the token', async () => {
    const controller = startController(startEmulator(), {
      token: 'very\nsecret',
      fetch: (...request) => fetch(...request),
    });
    controller.hold('private-room-1');
    await until(controller, () => controller.channels[0]?.status === 'failed');
    const { code, message, hint, cause } = controller.channels[0]?.error ?? {};
    expect(code).to.equal('auth/headers-failed');
    expect(`${message} ${hint} ${cause}`).not.to.match(/very|secret/);
  });

  it('is given up when nothing is answered to a fetch of the page’s own that heeds no signal', async () => {
    const emulator = startEmulator();
    const client = emulator.client({ user: { id: '1' } });
    let asked = 0;
    const controller = startController(emulator, {
      ...client,
      timing: { authorizeMs: 20, backoffBaseMs: 10 },
      fetch: (input, init) => {
        asked += 1;
        return asked === 1 ? new Promise<Response>(() => {}) : client.fetch(input, init);
      },
    });
    controller.hold('private-room-1');
    await until(controller, () => controller.channels[0]?.error?.code === 'timeout/authorization');
    await allIn(controller);
  });

  it('is given up when nothing is answered, and asked for again', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, {
      user: { id: '1' },
      timing: { authorizeMs: 20, backoffBaseMs: 10 },
    });
    emulator.driver.authorization.hang(true);
    controller.hold('private-room-1');
    await until(controller, () => controller.channels[0]?.error?.code === 'timeout/authorization');
    emulator.driver.authorization.hang(false);
    await allIn(controller);
  });

  for (const [what, answer] of [
    ['no JSON', '<html>Please log in</html>'],
    ['no signature', '{}'],
    ['no member data', '{"auth":"a:b"}'],
    ['member data that is no JSON', '{"auth":"a:b","channel_data":"{"}'],
    ['member data that is no text', '{"auth":"a:b","channel_data":{"user_id":"1"}}'],
  ] as const) {
    it(`with ${what} in the answer is an error with a hint, and nothing is thrown into the page`, async () => {
      const controller = startController(startEmulator(), { fetch: async () => new Response(answer) });
      controller.hold('presence-class-1');
      await until(controller, () => controller.channels[0]?.status === 'failed');
      expect(controller.channels[0]?.error?.code).to.equal('auth/unreadable');
    });
  }

  it('of a presence channel needs no member data where the service knows the user from the sign-in', async () => {
    const emulator = startEmulator();
    const client = emulator.client({ user: { id: '1' } });
    const controller = startController(emulator, {
      ...client,
      timing: { backoffBaseMs: 10 },
      fetch: (input, init) => {
        const form = new URLSearchParams(String(init?.body));
        const channel = form.get('channel_name');
        if (channel === null) return client.fetch(input, init);
        const auth = channelAuth(emulator.engine.app().settings, String(form.get('socket_id')), channel);
        return Promise.resolve(Response.json({ auth }));
      },
    });
    controller.hold('presence-class-1');
    await until(controller, () => controller.channels[0]?.error?.code === 'auth/unreadable');
    controller.hold('#user');
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    expect(controller.presence('presence-class-1').snapshot.members.map(({ id }) => id)).to.deep.equal(['1']);
  });

  it('never lets a token into an error or an event', async () => {
    const token = 'very-secret-token';
    const emulator = startEmulator({ authorize: () => 418 });
    const controller = startController(emulator, { user: { id: '1' }, token });
    const texts: string[] = [];
    const onError = (event: Event) =>
      texts.push(
        JSON.stringify(event),
        String((event as ErrorEvent).error),
        JSON.stringify((event as ErrorEvent).error),
      );
    document.addEventListener('realtime-error', onError);
    controller.hold('private-room-1');
    await until(controller, () => controller.channels[0]?.status === 'failed');
    document.removeEventListener('realtime-error', onError);
    expect(texts.join()).not.to.contain(token);
    expect(JSON.stringify(controller.getSnapshot())).not.to.contain(token);
  });
});
