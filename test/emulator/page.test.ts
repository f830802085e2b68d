import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import PusherClient from 'pusher-js';
import {
  createPageEmulator,
  type PageClientConfig,
  type PageEmulatorOptions,
} from '../../src/emulator/page.js';
import { PageSocket } from '../../src/emulator/page-socket.js';
import { joined, next, sdkFor } from './clients.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanups.splice(0)) cleanUp();
});

function pageEmulator(options: PageEmulatorOptions = {}) {
  const emulator = createPageEmulator(options);
  cleanups.push(() => emulator.stop());
  return emulator;
}

/** What a backend with the emulator's credentials would answer. */
const sdk = sdkFor({
  appId: '1000',
  key: 'emulator-key',
  secret: 'emulator-secret',
  host: 'localhost',
  port: 1,
});

/** Calls an endpoint with a form, as pusher-js does. */
async function post(
  config: PageClientConfig,
  endpoint: string,
  form: Record<string, string> | [string, string][],
) {
  const response = await config.fetch(endpoint, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const authorize = (config: PageClientConfig, channel: string, socketId = '1.1') =>
  post(config, config.authEndpoint, { socket_id: socketId, channel_name: channel });

/** The real pusher-js on a page emulator: its sockets and its authorization are the emulator's. */
function pusherIn(config: PageClientConfig): PusherClient {
  const runtime = (PusherClient as unknown as { Runtime: { createWebSocket(url: string): WebSocket } })
    .Runtime;
  const original = runtime.createWebSocket;
  runtime.createWebSocket = (url) => (url.includes(config.host) ? config.createSocket(url) : original(url));
  const pusher = new PusherClient(config.key, {
    cluster: 'emulator',
    wsHost: config.host,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: config.authEndpoint,
      customHandler: async ({ socketId, channelName }, callback) => {
        const { status, body } = await authorize(config, channelName, socketId);
        if (status === 200) callback(null, body);
        else callback(new Error(`status ${status}`), null);
      },
    },
    userAuthentication: {
      transport: 'ajax',
      endpoint: config.userAuthEndpoint,
      customHandler: async ({ socketId }, callback) => {
        callback(null, (await post(config, config.userAuthEndpoint, { socket_id: socketId })).body);
      },
    },
  });
  cleanups.push(() => {
    pusher.disconnect();
    runtime.createWebSocket = original;
  });
  return pusher;
}

describe('the emulator in the page', () => {
  it('is where the real pusher-js connects, is authorized, and gets what was triggered', async () => {
    const { client, driver } = pageEmulator();
    const config = client({ user: { id: '7', info: { name: 'Seven' } } });
    const channel = await joined(pusherIn(config), 'presence-room');
    assert.deepEqual(driver.members('presence-room'), [{ id: '7', info: { name: 'Seven' } }]);
    const event = next(channel, 'headline');
    const response = await config.fetch(config.triggerEndpoint, {
      method: 'POST',
      body: JSON.stringify({ channel: 'presence-room', event: 'headline', data: { n: 1 } }),
    });
    assert.deepEqual(await response.json(), {
      ok: true,
      result: { channels: ['presence-room'], event_id: 'emulator-1' },
    });
    assert.deepEqual(await event, { n: 1 });
  });

  it('signs its user in', async () => {
    const { client, driver } = pageEmulator();
    const pusher = pusherIn(client({ user: { id: '7', info: { name: 'Seven' }, watchlist: ['8'] } }));
    pusher.signin();
    await driver.waitFor(() => driver.connections()[0]?.userId === '7');
    const note = next(pusher.user, 'note');
    await driver.waitForSubscribers('#server-to-user-7');
    driver.trigger('#server-to-user-7', 'note', { n: 1 });
    assert.deepEqual(await note, { n: 1 });
  });

  it('gives each emulator and each visitor a host of their own, so that they do not meet', async () => {
    const [one, two] = [pageEmulator(), pageEmulator()];
    const configs = [one.client(), one.client(), two.client()];
    assert.equal(new Set(configs.map(({ host }) => host)).size, 3);
    await joined(pusherIn(configs[0]!), 'news');
    assert.equal(one.driver.connections().length, 1);
    assert.equal(two.driver.connections().length, 0);
  });

  it('delivers by microtasks, in order, so that stopped timers do not stall it', async () => {
    const timers = FakeTimers.install({
      toFake: ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
    });
    cleanups.push(() => timers.uninstall());
    const { client } = pageEmulator();
    const { createSocket, host, key } = client();
    const socket = createSocket(`wss://${host}/app/${key}?protocol=7`);
    const order: string[] = [];
    socket.onopen = () => {
      order.push('open');
      for (const channel of ['a', 'b']) {
        socket.send(JSON.stringify({ event: 'pusher:subscribe', data: { channel } }));
      }
      order.push('sent');
    };
    const isDone = new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        const { event, channel } = JSON.parse(String(data)) as { event: string; channel?: string };
        order.push(`${event} ${channel ?? ''}`);
        if (order.length === 7) resolve();
      };
    });
    assert.deepEqual(order, []);
    await isDone;
    assert.deepEqual(order, [
      'open',
      'sent',
      'pusher:connection_established ',
      'pusher_internal:subscription_succeeded a',
      'pusher_internal:subscription_count a',
      'pusher_internal:subscription_succeeded b',
      'pusher_internal:subscription_count b',
    ]);
  });

  it('closes its connections with 4100 when it stops', async () => {
    const { client, driver, stop } = createPageEmulator();
    const { createSocket, host, key } = client();
    const socket = createSocket(`wss://${host}/app/${key}?protocol=7`);
    await driver.waitForConnections(1);
    const closed = new Promise<CloseEvent>((resolve) => {
      socket.onclose = resolve;
    });
    driver.silence(true);
    stop();
    const { code, reason, wasClean } = await closed;
    assert.deepEqual(
      { code, reason, wasClean },
      { code: 4100, reason: 'The emulator is shutting down', wasClean: true },
    );
  });
});

describe('its authorization endpoint', () => {
  it('authorizes private channels, and presence channels as the visitor', async () => {
    const { client, engine } = pageEmulator();
    const config = client({ user: { id: '7', info: { name: 'Seven' } } });
    assert.deepEqual((await authorize(config, 'private-a')).body, sdk.authorizeChannel('1.1', 'private-a'));
    const member = { user_id: '7', user_info: { name: 'Seven' } };
    assert.deepEqual(
      (await authorize(config, 'presence-a')).body,
      sdk.authorizeChannel('1.1', 'presence-a', member),
    );
    assert.equal(engine.app().connections.size, 0);
  });

  it('hands out the key of encrypted channels, the one that was set', async () => {
    const encryptionMasterKey = Buffer.alloc(32, 7).toString('base64');
    const { client } = pageEmulator({ encryptionMasterKey });
    const expected = sdk.authorizeChannel('1.1', 'private-encrypted-a');
    assert.deepEqual((await authorize(client(), 'private-encrypted-a')).body, expected);
    const byDefault = (await authorize(pageEmulator().client(), 'private-encrypted-a')).body;
    assert.equal(Buffer.from(byDefault.shared_secret, 'base64').length, 32);
  });

  it('refuses with a status and JSON: wrong socket id 400, public channel 400, presence without a user 403', async () => {
    const config = pageEmulator().client();
    const refusal = async (channel: string, socketId?: string) => {
      const { status, body } = await authorize(config, channel, socketId);
      assert.equal(typeof body.error.code, 'string');
      assert.equal(typeof body.error.message, 'string');
      return status;
    };
    assert.equal(await refusal('private-a', 'me'), 400);
    assert.equal(await refusal('public-channel'), 400);
    assert.equal(await refusal(''), 400);
    assert.equal(await refusal('presence-a'), 403);
  });

  it('asks the hook, which sees everything and may refuse with a status of its own', async () => {
    const asked: unknown[] = [];
    const { client } = pageEmulator({
      authorize: async ({ channel, socketId, user, headers, body }) => {
        asked.push([channel, socketId, user?.id, headers.get('authorization'), body.get('extra')]);
        return channel === 'private-419' ? 419 : channel !== 'private-no';
      },
    });
    const config = client({ user: { id: '7' } });
    const status = async (channel: string) => {
      const response = await config.fetch(config.authEndpoint, {
        method: 'POST',
        headers: { Authorization: 'Bearer token' },
        body: `socket_id=1.1&channel_name=${channel}&extra=more`,
      });
      return response.status;
    };
    assert.deepEqual(
      [await status('private-a'), await status('private-no'), await status('private-419')],
      [200, 403, 419],
    );
    assert.deepEqual(asked[0], ['private-a', '1.1', '7', 'Bearer token', 'more']);
    const other = client({ authorize: () => false });
    assert.equal((await authorize(other, 'private-a')).status, 403);
  });

  it('answers batches where that is on, and offers them on single answers', async () => {
    const { client } = pageEmulator({ batch: true, authorize: ({ channel }) => channel !== 'private-no' });
    const config = client({ user: { id: '7' } });
    assert.equal((await authorize(config, 'private-a')).headers.get('X-Realtime-Batch'), '100');
    const names = ['private-a', 'private-no', 'presence-a', '__proto__', 'private-__proto__'];
    const form: [string, string][] = [
      ['socket_id', '1.1'],
      ...names.map((name): [string, string] => ['channel_name[]', name]),
    ];
    const { status, body } = await post(config, config.authEndpoint, form);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), names);
    assert.equal(body['private-a'].auth, (await authorize(config, 'private-a')).body.auth);
    assert.deepEqual(body['private-no'].error, {
      code: 'forbidden',
      message: 'You may not join this channel.',
      status: 403,
    });
    assert.match(body['presence-a'].channel_data, /"user_id":"7"/);
    const tooMany = Array.from({ length: 101 }, (_, n): [string, string] => [
      'channel_name[]',
      `private-${n}`,
    ]);
    assert.equal((await post(config, config.authEndpoint, [['socket_id', '1.1'], ...tooMany])).status, 400);
  });

  it('knows nothing of batches where that is off', async () => {
    const config = pageEmulator().client();
    assert.equal((await authorize(config, 'private-a')).headers.has('X-Realtime-Batch'), false);
    const form = { socket_id: '1.1', 'channel_name[]': 'private-a' };
    assert.equal((await post(config, config.authEndpoint, form)).status, 400);
  });

  it('obeys the driver: fails, hangs until the caller aborts, fails like a network', async () => {
    const { client, driver } = pageEmulator();
    const config = client({ user: { id: '7' } });
    driver.authorization.fail(503, 1);
    assert.equal((await authorize(config, 'private-a')).status, 503);
    assert.equal((await authorize(config, 'private-a')).status, 200);
    driver.authorization.fail(500, 1);
    assert.equal((await post(config, config.userAuthEndpoint, { socket_id: '1.1' })).status, 500);
    driver.authorization.fail(0, 1);
    await assert.rejects(authorize(config, 'private-a'), TypeError);
    driver.authorization.hang(true);
    const controller = new AbortController();
    const hanging = config.fetch(config.authEndpoint, {
      method: 'POST',
      body: '',
      signal: controller.signal,
    });
    controller.abort();
    await assert.rejects(hanging, { name: 'AbortError' });
    await assert.rejects(config.fetch(config.authEndpoint, { signal: controller.signal }), {
      name: 'AbortError',
    });
  });

  it('does not authenticate a visitor who is nobody', async () => {
    const config = pageEmulator().client();
    assert.equal((await post(config, config.userAuthEndpoint, { socket_id: '1.1' })).status, 401);
  });
});

describe('its other addresses', () => {
  const trigger = async (config: PageClientConfig, body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await config.fetch(config.triggerEndpoint, { method: 'POST', body: text });
    return { status: response.status, body: await response.json() };
  };

  it('trigger events, also a batch with a result each, and leave out the sender', async () => {
    const { client, driver } = pageEmulator();
    const config = client();
    const { status, body } = await trigger(config, {
      batch: [
        { channel: 'news', event: 'a', data: 1 },
        { channel: 'x', name: 'b', data: 'text', socket_id: '1.1' },
        { channel: 'a b', event: 'wrong' },
        { channel: 'news', event: 'c' },
      ],
    });
    assert.equal(status, 200);
    const [first, second, wrong, last] = body.results;
    assert.equal(body.ok, false);
    assert.deepEqual(first, { ok: true, result: { channels: ['news'], event_id: 'emulator-1' } });
    assert.deepEqual(second, { ok: true, result: { channels: ['x'], event_id: 'emulator-2' } });
    assert.deepEqual([wrong.ok, wrong.error.status], [false, 400]);
    assert.deepEqual(last, { ok: true, result: { channels: ['news'], event_id: 'emulator-3' } });
    assert.deepEqual(
      driver.triggered.map(({ name, data, socketId }) => [name, data, socketId]),
      [
        ['a', '1', undefined],
        ['b', '"text"', '1.1'],
        ['c', '{}', undefined],
      ],
    );
  });

  it('send nothing for a caller who has given up already', async () => {
    const { driver, client } = pageEmulator();
    const { fetch, triggerEndpoint } = client();
    const body = JSON.stringify({ channel: 'news', event: 'headline', data: 1 });
    const given = { method: 'POST', body, signal: AbortSignal.abort() };
    await assert.rejects(fetch(triggerEndpoint, given), { name: 'AbortError' });
    assert.deepEqual(driver.triggered, []);
  });

  it('refuse events with a status and JSON', async () => {
    const config = pageEmulator().client();
    for (const body of ['{', [], { event: 'a' }, { channel: 'a b', event: 'a' }]) {
      const { status, body: answer } = await trigger(config, body);
      assert.equal(status, 400);
      assert.equal(typeof answer.error.message, 'string');
    }
    const large = { channel: 'news', event: 'a', data: 'x'.repeat(10_241) };
    assert.equal((await trigger(config, large)).status, 413);
  });

  it('answer the signed HTTP API', async () => {
    const { client } = pageEmulator();
    const config = client();
    const query = sdk.createSignedQueryString({ method: 'GET', path: '/apps/1000/channels', params: {} });
    const response = await config.fetch(`https://${config.host}/apps/1000/channels?${query}`);
    assert.deepEqual([response.status, await response.json()], [200, { channels: {} }]);
    assert.equal((await config.fetch(`https://${config.host}/apps/1000/channels`)).status, 401);
  });

  it('take Request objects, and only POST; others are 404', async () => {
    const config = pageEmulator().client({ user: { id: '7' } });
    const body = new URLSearchParams({ socket_id: '1.1', channel_name: 'private-a' });
    assert.equal(
      (await config.fetch(new Request(config.authEndpoint, { method: 'POST', body }))).status,
      200,
    );
    assert.equal((await config.fetch(new URL(config.authEndpoint))).status, 405);
    assert.equal((await config.fetch(`https://${config.host}/elsewhere`)).status, 404);
    assert.equal((await config.fetch('https://example.com/pusher/auth', { method: 'POST' })).status, 404);
    await assert.rejects(
      config.fetch(config.authEndpoint, { method: 'POST', body: new Uint8Array(1) }),
      TypeError,
    );
  });
});

describe('a socket in the page', () => {
  const open = () => {
    const { engine, driver } = pageEmulator();
    const socket = new PageSocket(engine, 'ws://emulator.invalid/app/emulator-key?protocol=7');
    const events: string[] = [];
    for (const name of ['open', 'message', 'error', 'close']) {
      socket.addEventListener(name, () => events.push(name));
    }
    const closed = new Promise<CloseEvent>((resolve) => {
      socket.onclose = resolve;
    });
    return { driver, socket, events, closed };
  };

  it('looks like a WebSocket', async () => {
    const { driver, socket } = open();
    assert.equal(socket.url, 'ws://emulator.invalid/app/emulator-key?protocol=7');
    assert.equal(socket.readyState, PageSocket.CONNECTING);
    assert.deepEqual([socket.protocol, socket.extensions, socket.bufferedAmount], ['', '', 0]);
    assert.throws(() => socket.send('x'), { name: 'InvalidStateError' });
    await driver.waitForConnections(1);
    assert.equal(socket.readyState, socket.OPEN);
  });

  it('closes with the code and reason of its owner, and says nothing more', async () => {
    const { driver, socket, events, closed } = open();
    await driver.waitForConnections(1);
    socket.close(3001, 'enough');
    assert.equal(socket.readyState, socket.CLOSING);
    socket.close();
    socket.send('x');
    const { code, reason, wasClean } = await closed;
    assert.deepEqual({ code, reason, wasClean }, { code: 3001, reason: 'enough', wasClean: true });
    assert.equal(socket.readyState, socket.CLOSED);
    assert.equal(driver.connections().length, 0);
    assert.deepEqual(driver.received, []);
    assert.equal(events.filter((name) => name === 'close').length, 1);
  });

  it('fails with an error and 1006 when it is closed before it opened', async () => {
    const { driver, socket, events, closed } = open();
    socket.close();
    assert.equal((await closed).code, 1006);
    assert.deepEqual(events, ['error', 'close']);
    assert.equal(driver.connections().length, 0);
  });

  it('refuses codes and reasons that a WebSocket refuses', async () => {
    const { driver, socket } = open();
    await driver.waitForConnections(1);
    assert.throws(() => socket.close(1001), { name: 'InvalidAccessError' });
    assert.throws(() => socket.close(3000, 'é'.repeat(62)), { name: 'SyntaxError' });
    assert.equal(socket.readyState, socket.OPEN);
  });

  it('is closed with 1003 when it sends anything but text', async () => {
    const { driver, socket, closed } = open();
    await driver.waitForConnections(1);
    socket.send(new Uint8Array(3));
    assert.equal((await closed).code, 1003);
  });

  it('makes real events where the platform has them', async (test) => {
    class CloseEventOfBrowsers extends Event {
      readonly code: number;
      constructor(type: string, init: { code: number }) {
        super(type);
        this.code = init.code;
      }
    }
    const original = globalThis.CloseEvent;
    globalThis.CloseEvent = CloseEventOfBrowsers as never;
    test.after(() => {
      globalThis.CloseEvent = original;
    });
    const { driver, closed } = open();
    await driver.waitForConnections(1);
    driver.close(4200);
    const event = await closed;
    assert.ok(event instanceof CloseEventOfBrowsers);
    assert.equal(event.code, 4200);
  });
});
