/** The server between an unmodified pusher-js and the emulator, over real HTTP. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { getRequestListener } from '@hono/node-server';
import PusherClient, { type PresenceChannel } from 'pusher-js';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { createRealtimeServer, type RealtimeServer, type WebhookEvent } from '../../src/server/index.js';
import { connected, joined, next } from '../emulator/clients.js';
import { bearer, json, jwtSecret } from './fixtures.js';

const encryptionMasterKeyBase64 = Buffer.alloc(32, 9).toString('base64');

let emulator: Emulator;
let http: Server;
let realtime: RealtimeServer;
let base: string;
const webhooks: WebhookEvent[] = [];
const clients: PusherClient[] = [];

before(async () => {
  http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/v1`;
  emulator = await startEmulator({ webhooks: [{ url: `${base}/pusher/webhook` }] });
  realtime = createRealtimeServer({
    engine: {
      appId: emulator.appId,
      key: emulator.key,
      secret: emulator.secret,
      host: emulator.host,
      port: emulator.port,
      scheme: 'http',
      encryptionMasterKeyBase64,
    },
    jwt: { secret: jwtSecret },
    canTrigger: ({ identity, channel }) => channel === 'private-class-1' && identity.classes.includes('1'),
    onWebhook: (event) => webhooks.push(event),
    limits: { connectionsPerUser: 100 },
  });
  const answer = getRequestListener(realtime.fetch);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

after(async () => {
  await emulator.stop();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

/** A page of somebody. */
async function page(sub: string, claims: Record<string, unknown> = {}): Promise<PusherClient> {
  const headers = await bearer(sub, claims);
  const client = new PusherClient(emulator.key, {
    cluster: 'emulator',
    wsHost: emulator.host,
    wsPort: emulator.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: { transport: 'ajax', endpoint: `${base}/pusher/auth`, headers },
    userAuthentication: { transport: 'ajax', endpoint: `${base}/pusher/user-auth`, headers },
  });
  clients.push(client);
  return connected(client);
}

describe('pusher-js behind this server', () => {
  test("joins a person's own channel and hears what the backend sends there", async () => {
    const channel = await joined(await page('1'), 'private-user-1');
    const heard = next(channel, 'notification');
    await realtime.trigger('private-user-1', 'notification', { message: 'Grüße 😀' });
    assert.deepEqual(await heard, { message: 'Grüße 😀' });
  });

  test("is refused on somebody else's channel with 403", async () => {
    const client = await page('2');
    const error = next<{ status: number }>(client.subscribe('private-user-1'), 'pusher:subscription_error');
    assert.equal((await error).status, 403);
  });

  test('meets the others of a presence channel', async () => {
    const one = await joined<PresenceChannel>(
      await page('1', { name: 'Ada', classes: [1] }),
      'presence-class-1',
    );
    const coming = next<{ id: string; info: unknown }>(one, 'pusher:member_added');
    await joined(await page('zoë@x', { name: 'Zoë', role: 'teacher', classes: [1] }), 'presence-class-1');
    assert.deepEqual(await coming, { id: 'zoë@x', info: { name: 'Zoë', role: 'teacher' } });
    assert.deepEqual((await realtime.members('presence-class-1')).sort(), ['1', 'zoë@x']);
    assert.deepEqual(await realtime.channels({ prefix: 'presence-', countUsers: true }), {
      'presence-class-1': { userCount: 2 },
    });
    assert.deepEqual(Object.keys(await realtime.channels()).includes('presence-class-1'), true);
  });

  test('reads what is encrypted, and the engine does not', async () => {
    const channel = await joined(await page('1'), 'private-encrypted-user-1');
    const heard = next(channel, 'notification');
    await realtime.trigger('private-encrypted-user-1', 'notification', { message: 'between us' });
    assert.deepEqual(await heard, { message: 'between us' });
    const [, second] = await Promise.all([
      realtime.triggerBatch([{ channel: 'private-encrypted-user-1', event: 'message', data: 'text' }]),
      next(channel, 'message'),
    ]);
    assert.equal(second, 'text');
    assert.ok(emulator.driver.triggered.length > 0);
    for (const event of emulator.driver.triggered) {
      assert.doesNotMatch(JSON.stringify(event), /between us/);
    }
  });

  test('late comers of a cache channel hear the last event', async () => {
    await realtime.trigger('private-cache-user-1', 'notification', { message: 'earlier' });
    const client = await page('1');
    const channel = client.subscribe('private-cache-user-1');
    assert.deepEqual(await next(channel, 'notification'), { message: 'earlier' });
  });

  test('signs in, hears what is sent to the person, and is disconnected by the backend', async () => {
    const client = await page('auth0|7');
    client.signin();
    await emulator.driver.waitForSubscribers('#server-to-user-auth0=007c7');
    const heard = next(client.user, 'notification');
    await realtime.sendToUser('auth0|7', 'notification', { message: 'Hi' });
    assert.deepEqual(await heard, { message: 'Hi' });
    const gone = next(client.connection, 'disconnected');
    await realtime.terminateUser('auth0|7');
    await gone;
  });

  test('a page sends through the server, and the sender itself is left out', async () => {
    const [sender, receiver] = [await page('1', { classes: [1] }), await page('2', { classes: [1] })];
    const [own, other] = [await joined(sender, 'private-class-1'), await joined(receiver, 'private-class-1')];
    const ownEvents: unknown[] = [];
    own.bind('message', (data: unknown) => ownEvents.push(data));
    const heard = next(other, 'message');
    const post = async (body: object) =>
      fetch(`${base}/realtime/trigger`, json(body, await bearer('1', { classes: [1] })));
    const socket_id = sender.connection.socket_id;
    const response = await post({
      channel: 'private-class-1',
      event: 'message',
      data: 'to others',
      socket_id,
    });
    assert.equal(response.status, 200);
    assert.equal(await heard, 'to others');
    const everybody = next(own, 'message');
    await post({ batch: [{ channel: 'private-class-1', event: 'message', data: 'to all' }] });
    assert.equal(await everybody, 'to all');
    assert.deepEqual(ownEvents, ['to all']);
    const denied = await fetch(
      `${base}/realtime/trigger`,
      json({ channel: 'private-class-1', event: 'message', data: 1 }, await bearer('3')),
    );
    assert.equal(denied.status, 403);
  });

  test("the engine's webhooks are believed and handled", async () => {
    await joined(await page('1'), 'private-user-1');
    const isThere = () =>
      webhooks.some((event) => event.name === 'channel_occupied' && event.channel === 'private-user-1');
    while (!isThere()) await new Promise(setImmediate);
  });

  test("a person's connections are counted by the engine when many were seen", async () => {
    const time = { now: Date.now() };
    const strict = createRealtimeServer({
      clock: () => time.now,
      engine: {
        appId: emulator.appId,
        key: emulator.key,
        secret: emulator.secret,
        host: emulator.host,
        port: emulator.port,
        scheme: 'http',
      },
      jwt: { secret: jwtSecret },
      limits: { connectionsPerUser: 2 },
    });
    const headers = await bearer('many');
    /** One more page, some time after the one before. */
    const ask = async (socket: number) => {
      time.now += 50_000;
      const { status } = await strict.app.request('/pusher/auth', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body: `socket_id=1.${socket}&channel_name=private-user-many`,
      });
      return status;
    };
    for (let visit = 0; visit < 6; visit += 1) assert.equal(await ask(visit), 200);
    await joined(await page('many'), 'private-user-many');
    await joined(await page('many'), 'private-user-many');
    assert.equal(await ask(7), 429);
  });

  test('backend code is told in our words when the engine refuses', async () => {
    await assert.rejects(realtime.members('private-user-1'), { code: 'invalid_request' });
    await assert.rejects(realtime.channels({ countUsers: true }), { code: 'invalid_request' });
    await assert.rejects(realtime.channels({ prefix: 'a b' }), { code: 'invalid_request' });
    for (const id of ['', '.', '..']) {
      await assert.rejects(realtime.terminateUser(id), { code: 'invalid_request' });
    }
    await assert.rejects(realtime.sendToUser('', 'message'), { code: 'invalid_request' });
    await assert.rejects(realtime.sendToUser('1', 'client-x'), { code: 'invalid_request' });
    await assert.rejects(realtime.trigger([], 'message'), { code: 'invalid_request' });
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    await assert.rejects(realtime.trigger('public', 'message', cyclic), { code: 'invalid_request' });
    await assert.rejects(realtime.trigger('public', 'message', 1n), { code: 'invalid_request' });
    await assert.rejects(
      realtime.trigger('public', 'message', () => {}),
      { code: 'invalid_request' },
    );
  });
});
