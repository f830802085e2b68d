/**
 * What clients that nobody here wrote can do on the emulator, feature by feature. Prints the table of
 * features and clients; docs/emulator.md holds the same. After a change, write it there with
 * UPDATE_TABLE=1 node --import tsx --test test/emulator/clients.test.ts
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import Echo from 'laravel-echo';
import type PusherClient from 'pusher-js';
import type { PresenceChannel } from 'pusher-js';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import {
  connected,
  joined,
  next,
  type Person,
  pusherClient,
  RawClient,
  sdkFor,
  signedFetch,
} from './clients.js';

const clients = ['pusher-js', 'laravel-echo', 'pusher (SDK for Node)', 'plain WebSocket and fetch'] as const;

/** A test with its title, or the reason why a client cannot show the feature. */
type Cell = { title: string; run: () => Promise<void>; passed?: boolean } | string;

interface Feature {
  name: string;
  cells: readonly [Cell, Cell, Cell, Cell];
}

const test = (title: string, run: () => Promise<void>): Cell => ({ title, run });

let emulator: Emulator;
let channelNumber = 0;

/** A channel that no other test uses. */
function fresh(prefix = ''): string {
  channelNumber += 1;
  return `${prefix}channel-${channelNumber}`;
}

const ada: Person = { id: 'ada', info: { name: 'Ada' } };
const bob: Person = { id: 'bob', info: { name: 'Bob' } };

/** laravel-echo with the official client beneath. */
function echoClient(person?: Person) {
  const pusher = pusherClient(emulator, person);
  return { pusher, echo: new Echo({ broadcaster: 'pusher', key: emulator.key, client: pusher }) };
}

/** Resolves once an Echo channel is subscribed. */
const subscribed = (channel: { subscribed(callback: () => void): unknown }) =>
  new Promise<void>((resolve) => channel.subscribed(resolve));

/** The first event that an Echo channel hears. */
const heard = <T>(channel: { listen(event: string, callback: (data: T) => void): unknown }, event: string) =>
  new Promise<T>((resolve) => channel.listen(event, resolve));

/** The auth that a backend gives, made by hand. */
function authFor(
  client: RawClient,
  channel: string,
  channelData?: string,
): { auth: string; channel_data?: string } {
  const text = [client.socketId, channel, ...(channelData === undefined ? [] : [channelData])].join(':');
  const auth = `${emulator.key}:${createHmac('sha256', emulator.secret).update(text).digest('hex')}`;
  return { auth, ...(channelData === undefined ? {} : { channel_data: channelData }) };
}

/** A plain socket on a channel. */
async function onChannel(channel: string, channelData?: string): Promise<RawClient> {
  const client = await RawClient.connect(emulator);
  client.subscribe(channel, authFor(client, channel, channelData));
  await client.frame('pusher_internal:subscription_succeeded', channel);
  return client;
}

const parse = (data: unknown) => JSON.parse(String(data));

/** The first backend that gets a webhook, and what it got. */
async function withBackend(
  run: (emulator: Emulator) => void,
): Promise<{ headers: Record<string, string>; rawBody: string }> {
  let received: (request: { headers: Record<string, string>; rawBody: string }) => void;
  const arrival = new Promise<{ headers: Record<string, string>; rawBody: string }>((resolve) => {
    received = resolve;
  });
  const backend = createServer((request, response) => {
    let rawBody = '';
    request.on('data', (chunk) => {
      rawBody += chunk;
    });
    request.on('end', () => {
      response.end();
      received({ headers: request.headers as Record<string, string>, rawBody });
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const { port } = backend.address() as AddressInfo;
  const other = await startEmulator({ webhooks: [{ url: `http://127.0.0.1:${port}/` }] });
  run(other);
  const request = await arrival;
  await other.stop();
  backend.closeAllConnections();
  await new Promise((resolve) => backend.close(resolve));
  return request;
}

const noApi = 'does not call the HTTP API: that needs the secret';
const noSocket = 'opens no connection';

const features: Feature[] = [
  {
    name: 'Connecting',
    cells: [
      test('connects and has a socket id', async () => {
        const { connection } = await connected(pusherClient(emulator));
        assert.match(connection.socket_id, /^\d+\.\d+$/);
      }),
      test('is connected and knows its socket id', async () => {
        const { echo, pusher } = echoClient();
        await connected(pusher);
        assert.equal(echo.socketId(), pusher.connection.socket_id);
      }),
      noSocket,
      test('gets socket id and activity timeout in the first frame', async () => {
        const client = await RawClient.connect(emulator);
        assert.deepEqual(parse(client.frames[0]?.data), {
          socket_id: client.socketId,
          activity_timeout: 120,
        });
      }),
    ],
  },
  {
    name: 'Heartbeat',
    cells: [
      test('stays connected by pings in silence', async () => {
        const quick = await startEmulator({ activityTimeoutMs: 50 });
        const client = await connected(pusherClient(quick));
        const isPinging = () =>
          quick.driver.received.filter(({ event }) => event === 'pusher:ping').length > 2;
        await quick.driver.waitFor(isPinging);
        assert.equal(client.connection.state, 'connected');
        client.disconnect();
        await quick.stop();
      }),
      'leaves it to pusher-js',
      noSocket,
      test('gets a pong for a ping', async () => {
        const client = await RawClient.connect(emulator);
        client.send({ event: 'pusher:ping', data: {} });
        await client.frame('pusher:pong');
      }),
    ],
  },
  {
    name: 'Reconnecting',
    cells: [
      test('comes back after a drop and subscribes again', async () => {
        const name = fresh();
        const client = pusherClient(emulator);
        const channel = await joined(client, name);
        const again = next(channel, 'pusher:subscription_succeeded');
        const { socket_id } = client.connection;
        emulator.driver.drop(({ socketId }) => socketId === socket_id);
        await again;
        assert.notEqual(client.connection.socket_id, socket_id);
      }),
      test('tells of the interruption and hears events after it', async () => {
        const { echo, pusher } = echoClient();
        const name = fresh();
        const channel = echo.channel(name);
        await subscribed(channel);
        const statuses: string[] = [];
        echo.connector.onConnectionChange((status: string) => statuses.push(status));
        const again = subscribed(channel);
        emulator.driver.close(
          4200,
          'Again, please',
          ({ socketId }) => socketId === pusher.connection.socket_id,
        );
        await again;
        const event = heard(channel, '.back');
        emulator.driver.trigger(name, 'back', {});
        await event;
        assert.deepEqual([...new Set(statuses)], ['connecting', 'connected']);
      }),
      noSocket,
      'does not reconnect by itself',
    ],
  },
  {
    name: 'Refused connections',
    cells: [
      test('is told the code and does not try again', async () => {
        const client = pusherClient({ ...emulator, key: 'unknown' });
        const error = next<{ error: { data: { code: number } } }>(client.connection, 'error');
        const disconnected = next(client.connection, 'disconnected');
        assert.equal((await error).error.data.code, 4001);
        await disconnected;
      }),
      test('says that it is disconnected', async () => {
        const pusher = pusherClient({ ...emulator, key: 'unknown' });
        const echo = new Echo({ broadcaster: 'pusher', key: 'unknown', client: pusher });
        await next(pusher.connection, 'disconnected');
        assert.equal(echo.connectionStatus(), 'disconnected');
      }),
      noSocket,
      test('is closed with 4001, 4005, 4006, 4007 or 4008', async () => {
        const code = async (target: string) =>
          (await new RawClient(`ws://${emulator.host}:${emulator.port}${target}`).closed).code;
        assert.equal(await code('/app/unknown?protocol=7'), 4001);
        assert.equal(await code('/unknown'), 4005);
        assert.equal(await code(`/app/${emulator.key}?protocol=x`), 4006);
        assert.equal(await code(`/app/${emulator.key}?protocol=3`), 4007);
        assert.equal(await code(`/app/${emulator.key}`), 4008);
      }),
    ],
  },
  {
    name: 'Public channels',
    cells: [
      test('hears an event of a channel', async () => {
        const name = fresh();
        const event = next(await joined(pusherClient(emulator), name), 'shipped');
        emulator.driver.trigger(name, 'shipped', { id: 1 });
        assert.deepEqual(await event, { id: 1 });
      }),
      test('listens to an event with a namespace', async () => {
        const name = fresh();
        const channel = echoClient().echo.channel(name);
        await subscribed(channel);
        const event = heard(channel, 'OrderShipped');
        await sdkFor(emulator).trigger(name, 'App\\Events\\OrderShipped', { id: 1 });
        assert.deepEqual(await event, { id: 1 });
      }),
      test('triggers an event, on several channels at once', async () => {
        const names = [fresh(), fresh()];
        const sockets = [await onChannel(names[0]!), await onChannel(names[1]!)];
        const response = await sdkFor(emulator).trigger(names, 'shipped', { id: 1 });
        assert.equal(await response.text(), '{}');
        for (const socket of sockets) assert.equal((await socket.frame('shipped')).data, '{"id":1}');
      }),
      test('subscribes, hears, unsubscribes and hears no more', async () => {
        const name = fresh();
        const client = await onChannel(name);
        await signedFetch(emulator, 'POST', '/events', { name: 'one', channel: name, data: '1' });
        assert.deepEqual(await client.frame('one'), { event: 'one', channel: name, data: '1' });
        client.send({ event: 'pusher:unsubscribe', data: { channel: name } });
        await client.settled();
        await signedFetch(emulator, 'POST', '/events', { name: 'two', channel: name, data: '2' });
        await client.settled();
        assert.equal(
          client.frames.some(({ event }) => event === 'two'),
          false,
        );
      }),
    ],
  },
  {
    name: 'Private channels',
    cells: [
      test('is let in with the signature of a backend', async () => {
        const channel = await joined(pusherClient(emulator), fresh('private-'));
        assert.equal(channel.subscribed, true);
      }),
      test('listens on a private channel', async () => {
        const name = fresh();
        const channel = echoClient().echo.private(name);
        await subscribed(channel);
        const event = heard(channel, '.shipped');
        emulator.driver.trigger(`private-${name}`, 'shipped', { id: 1 });
        assert.deepEqual(await event, { id: 1 });
      }),
      test('signs what opens a private channel', async () => {
        const name = fresh('private-');
        const client = await RawClient.connect(emulator);
        client.subscribe(name, sdkFor(emulator).authorizeChannel(client.socketId, name));
        await client.frame('pusher_internal:subscription_succeeded', name);
      }),
      test('subscribes with an HMAC made by hand', async () => {
        await onChannel(fresh('private-'));
      }),
    ],
  },
  {
    name: 'Rejected subscriptions',
    cells: [
      test('gets pusher:subscription_error with type and status', async () => {
        const name = fresh('private-');
        const client = pusherClient({ ...emulator, secret: 'wrong' });
        const error = await next(client.subscribe(name), 'pusher:subscription_error');
        assert.deepEqual(error, { type: 'AuthError', error: 'The connection is unauthorized', status: 401 });
      }),
      test('calls error() with the status', async () => {
        const pusher = pusherClient({ ...emulator, secret: 'wrong' });
        const echo = new Echo({ broadcaster: 'pusher', key: emulator.key, client: pusher });
        const channel = echo.private(fresh());
        const error = await new Promise<{ status: number }>((resolve) => channel.error(resolve));
        assert.equal(error.status, 401);
      }),
      test('rejects a call with the wrong secret, with status 401', async () => {
        await assert.rejects(sdkFor({ ...emulator, secret: 'wrong' }).trigger('a', 'b', {}), { status: 401 });
      }),
      test('gets a frame on the channel, and the connection stays open', async () => {
        const name = fresh('private-');
        const client = await RawClient.connect(emulator);
        client.subscribe(name, { auth: `${emulator.key}:0` });
        const { data } = await client.frame('pusher:subscription_error', name);
        assert.equal((data as { status: number }).status, 401);
        await client.settled();
      }),
    ],
  },
  {
    name: 'Presence channels',
    cells: [
      test('sees who is here, who comes and who goes', async () => {
        const name = fresh('presence-');
        const room = await joined<PresenceChannel>(pusherClient(emulator, ada), name);
        assert.deepEqual(room.members.me, { id: 'ada', info: { name: 'Ada' } });
        const added = next(room, 'pusher:member_added');
        const other = pusherClient(emulator, bob);
        await joined(other, name);
        assert.deepEqual(await added, { id: 'bob', info: { name: 'Bob' } });
        assert.equal(room.members.count, 2);
        const removed = next<{ id: string }>(room, 'pusher:member_removed');
        other.unsubscribe(name);
        assert.equal((await removed).id, 'bob');
      }),
      test('calls here, joining and leaving', async () => {
        const name = fresh();
        const room = echoClient(ada).echo.join(name);
        const here = await new Promise((resolve) => room.here(resolve));
        assert.deepEqual(here, [{ name: 'Ada' }]);
        const joining = new Promise((resolve) => room.joining(resolve));
        const leaving = new Promise((resolve) => room.leaving(resolve));
        const other = echoClient(bob).echo;
        other.join(name);
        assert.deepEqual(await joining, { name: 'Bob' });
        other.leave(name);
        assert.deepEqual(await leaving, { name: 'Bob' });
      }),
      test('counts and lists the users of a channel', async () => {
        const name = fresh('presence-');
        await joined(pusherClient(emulator, ada), name);
        await joined(pusherClient(emulator, ada), name);
        await joined(pusherClient(emulator, bob), name);
        const sdk = sdkFor(emulator);
        const users = await sdk.get({ path: `/channels/${name}/users` });
        assert.deepEqual(await users.json(), { users: [{ id: 'ada' }, { id: 'bob' }] });
        const channel = await sdk.get({ path: `/channels/${name}`, params: { info: 'user_count' } });
        assert.deepEqual(await channel.json(), { occupied: true, user_count: 2 });
      }),
      test('gets count, ids and hash, then members by user id', async () => {
        const name = fresh('presence-');
        const first = await onChannel(name, '{"user_id":1}');
        const second = await onChannel(name, '{"user_id":2,"user_info":{"name":"Two"}}');
        const { data } = await second.frame('pusher_internal:subscription_succeeded');
        assert.deepEqual(parse(data), {
          presence: { count: 2, ids: ['1', '2'], hash: { 1: null, 2: { name: 'Two' } } },
        });
        const added = await first.frame('pusher_internal:member_added');
        assert.deepEqual(parse(added.data), { user_id: 2, user_info: { name: 'Two' } });
        second.socket.close();
        assert.deepEqual(parse((await first.frame('pusher_internal:member_removed')).data), { user_id: 2 });
      }),
    ],
  },
  {
    name: 'Encrypted channels',
    cells: [
      test('decrypts what the SDK encrypted', async () => {
        const name = fresh('private-encrypted-');
        const event = next(await joined(pusherClient(emulator), name), 'secret');
        await sdkFor(emulator).trigger(name, 'secret', { text: 'for us' });
        assert.deepEqual(await event, { text: 'for us' });
      }),
      test('listens on an encrypted private channel', async () => {
        const name = fresh();
        const channel = echoClient().echo.encryptedPrivate(name);
        await subscribed(channel);
        const event = heard(channel, '.secret');
        await sdkFor(emulator).trigger(`private-encrypted-${name}`, 'secret', { text: 'for us' });
        assert.deepEqual(await event, { text: 'for us' });
      }),
      test('encrypts what it triggers and gives the shared secret', async () => {
        const name = fresh('private-encrypted-');
        const client = await RawClient.connect(emulator);
        const { auth, shared_secret } = sdkFor(emulator).authorizeChannel(client.socketId, name);
        client.subscribe(name, { auth });
        await client.frame('pusher_internal:subscription_succeeded', name);
        await sdkFor(emulator).trigger(name, 'secret', { text: 'for us' });
        assert.deepEqual(Object.keys(parse((await client.frame('secret')).data)), ['nonce', 'ciphertext']);
        assert.equal(Buffer.from(shared_secret ?? '', 'base64').length, 32);
      }),
      test('gets the ciphertext exactly as it was sent', async () => {
        const name = fresh('private-encrypted-');
        const client = await onChannel(name);
        const data = '{"nonce":"bm9uY2U=","ciphertext":"Y2lwaGVydGV4dA=="}';
        await signedFetch(emulator, 'POST', '/events', { name: 'secret', channel: name, data });
        assert.equal((await client.frame('secret')).data, data);
      }),
    ],
  },
  {
    name: 'Cache channels',
    cells: [
      test('hears the cached event, or of the cache miss', async () => {
        const name = fresh('private-cache-');
        const client = pusherClient(emulator);
        await next(client.subscribe(name), 'pusher:cache_miss');
        emulator.driver.trigger(name, 'price', { value: 7 });
        const event = next(pusherClient(emulator).subscribe(name), 'price');
        assert.deepEqual(await event, { value: 7 });
      }),
      test('listens to the cached event', async () => {
        const name = fresh('cache-');
        emulator.driver.trigger(name, 'price', { value: 7 });
        assert.deepEqual(await heard(echoClient().echo.channel(name), '.price'), { value: 7 });
      }),
      test('reads the cached event and its time to live', async () => {
        const name = fresh('cache-');
        const sdk = sdkFor(emulator);
        await sdk.trigger(name, 'price', { value: 7 });
        const response = await sdk.get({ path: `/channels/${name}`, params: { info: 'cache' } });
        assert.deepEqual(await response.json(), {
          occupied: false,
          cache: { data: '{"value":7}', ttl: 1800 },
        });
      }),
      test('gets the cached event after the subscription succeeded', async () => {
        const name = fresh('cache-');
        emulator.driver.trigger(name, 'price', { value: 7 });
        const client = await onChannel(name);
        await client.frame('price');
        const events = client.frames.map(({ event }) => event);
        assert.ok(events.indexOf('price') > events.indexOf('pusher_internal:subscription_succeeded'));
      }),
    ],
  },
  {
    name: 'Number of subscribers',
    cells: [
      test('hears pusher:subscription_count', async () => {
        const channel = pusherClient(emulator).subscribe(fresh());
        assert.deepEqual(await next(channel, 'pusher:subscription_count'), { subscription_count: 1 });
        assert.equal(channel.subscriptionCount, 1);
      }),
      test('hears it with on()', async () => {
        const channel = echoClient().echo.channel(fresh());
        const count = await new Promise((resolve) => channel.on('pusher:subscription_count', resolve));
        assert.deepEqual(count, { subscription_count: 1 });
      }),
      test('asks for subscription_count', async () => {
        const name = fresh();
        await onChannel(name);
        const params = { info: 'subscription_count' };
        const response = await sdkFor(emulator).get({ path: `/channels/${name}`, params });
        assert.deepEqual(await response.json(), { occupied: true, subscription_count: 1 });
      }),
      test('gets a frame at each change', async () => {
        const name = fresh();
        const client = await onChannel(name);
        await onChannel(name);
        await client.settled();
        const counts = client.frames.filter(({ event }) => event === 'pusher_internal:subscription_count');
        assert.deepEqual(
          counts.map(({ data }) => parse(data)),
          [{ subscription_count: 1 }, { subscription_count: 2 }],
        );
      }),
    ],
  },
  {
    name: 'Client events',
    cells: [
      test('triggers an event that the others hear, with its author', async () => {
        const name = fresh('presence-');
        const [mine, theirs] = [
          await joined(pusherClient(emulator, ada), name),
          await joined(pusherClient(emulator, bob), name),
        ];
        const event = new Promise((resolve) => {
          theirs.bind('client-typing', (data: unknown, metadata: unknown) => resolve([data, metadata]));
        });
        mine.trigger('client-typing', { typing: true });
        assert.deepEqual(await event, [{ typing: true }, { user_id: 'ada' }]);
      }),
      test('whispers and listens for whispers', async () => {
        const name = fresh();
        const [mine, theirs] = [echoClient().echo.private(name), echoClient().echo.private(name)];
        await Promise.all([subscribed(mine), subscribed(theirs)]);
        const whisper = new Promise((resolve) => theirs.listenForWhisper('typing', resolve));
        mine.whisper('typing', { typing: true });
        assert.deepEqual(await whisper, { typing: true });
      }),
      'sends events as a backend, never as a client',
      test('sends ten in a second, and is told 4301 about the rest', async () => {
        const name = fresh('private-');
        const [mine, theirs] = [await onChannel(name), await onChannel(name)];
        for (let n = 0; n < 15; n += 1) mine.send({ event: 'client-x', channel: name, data: { n } });
        await mine.settled();
        await theirs.settled();
        const errors = mine.frames.filter(({ event }) => event === 'pusher:error');
        assert.equal(errors.length, 5);
        assert.ok(errors.every(({ data }) => (data as { code: number }).code === 4301));
        assert.equal(theirs.frames.filter(({ event }) => event === 'client-x').length, 10);
      }),
    ],
  },
  {
    name: 'Leaving out the sender',
    cells: [
      test('does not hear what was triggered with its socket id', async () => {
        const name = fresh();
        const client = pusherClient(emulator);
        const channel = await joined(client, name);
        const events: string[] = [];
        channel.bind_global((event: string) => events.push(event));
        await sdkFor(emulator).trigger(name, 'mine', {}, { socket_id: client.connection.socket_id });
        const last = next(channel, 'last');
        await sdkFor(emulator).trigger(name, 'last', {});
        await last;
        assert.equal(events.includes('mine'), false);
      }),
      test('does not hear what was sent to others with its socketId()', async () => {
        const name = fresh();
        const { echo } = echoClient();
        const channel = echo.channel(name);
        await subscribed(channel);
        const heardFirst = Promise.race([heard(channel, '.mine'), heard(channel, '.last')]);
        emulator.driver.trigger(name, 'mine', { which: 'mine' }, { socketId: echo.socketId() });
        emulator.driver.trigger(name, 'last', { which: 'last' });
        assert.deepEqual(await heardFirst, { which: 'last' });
      }),
      test('triggers for all but one socket', async () => {
        const name = fresh();
        const [author, reader] = [await onChannel(name), await onChannel(name)];
        await sdkFor(emulator).trigger(name, 'mine', {}, { socket_id: author.socketId });
        await reader.frame('mine');
        await author.settled();
        assert.equal(
          author.frames.some(({ event }) => event === 'mine'),
          false,
        );
      }),
      test('names the socket in the body of the request', async () => {
        const name = fresh();
        const [author, reader] = [await onChannel(name), await onChannel(name)];
        const body = { name: 'mine', data: '1', channel: name, socket_id: author.socketId };
        assert.equal((await signedFetch(emulator, 'POST', '/events', body)).status, 200);
        await reader.frame('mine');
        await author.settled();
        assert.equal(
          author.frames.some(({ event }) => event === 'mine'),
          false,
        );
      }),
    ],
  },
  {
    name: 'Batches',
    cells: [
      noApi,
      noApi,
      test('triggers a batch, in order', async () => {
        const name = fresh();
        const client = await onChannel(name);
        const response = await sdkFor(emulator).triggerBatch([
          { channel: name, name: 'first', data: { n: 1 } },
          { channel: name, name: 'second', data: { n: 2 } },
        ]);
        assert.equal(await response.text(), '{}');
        await client.frame('second');
        const events = client.frames.map(({ event }) => event);
        assert.ok(events.indexOf('first') < events.indexOf('second'));
      }),
      test('posts a batch and asks for attributes', async () => {
        const name = fresh();
        await onChannel(name);
        const event = { name: 'first', data: '1', channel: name };
        const batch = [event, { ...event, info: 'subscription_count' }];
        const response = await signedFetch(emulator, 'POST', '/batch_events', { batch });
        assert.deepEqual(await response.json(), { batch: [{}, { subscription_count: 1 }] });
      }),
    ],
  },
  {
    name: 'Information about channels',
    cells: [
      noApi,
      noApi,
      test('asks for attributes while triggering, and lists channels by prefix', async () => {
        const name = fresh('presence-');
        await joined(pusherClient(emulator, ada), name);
        const sdk = sdkFor(emulator);
        const info = 'user_count,subscription_count';
        const triggered = await sdk.trigger(name, 'event', {}, { info });
        assert.deepEqual(await triggered.json(), {
          channels: { [name]: { user_count: 1, subscription_count: 1 } },
        });
        const params = { filter_by_prefix: name, info: 'user_count' };
        const listed = await sdk.get({ path: '/channels', params });
        assert.deepEqual(await listed.json(), { channels: { [name]: { user_count: 1 } } });
      }),
      test('gets real statuses: 200, 400, 401, 404, 413', async () => {
        const status = async (...call: Parameters<typeof signedFetch>) => (await signedFetch(...call)).status;
        assert.equal(await status(emulator, 'GET', '/channels'), 200);
        assert.equal(await status(emulator, 'GET', '/channels/a/users'), 400);
        assert.equal(await status({ ...emulator, secret: 'wrong' }, 'GET', '/channels'), 401);
        assert.equal(await status({ ...emulator, appId: '7' }, 'GET', '/channels'), 404);
        const large = { name: 'large', channel: 'a', data: 'x'.repeat(10_241) };
        assert.equal(await status(emulator, 'POST', '/events', large), 413);
      }),
    ],
  },
  {
    name: 'Signing in, and events to a user',
    cells: [
      test('signs in and hears what is sent to its user', async () => {
        const client = pusherClient(emulator, { id: 'user-js' });
        client.signin();
        const note = next(client.user, 'note');
        await emulator.driver.waitForSubscribers('#server-to-user-user-js');
        await sdkFor(emulator).sendToUser('user-js', 'note', { text: 'hello' });
        assert.deepEqual(await note, { text: 'hello' });
      }),
      test('signs in through its connector', async () => {
        const { echo, pusher } = echoClient({ id: 'user-echo' });
        echo.connector.signin();
        const note = next(pusher.user, 'note');
        await emulator.driver.waitForSubscribers('#server-to-user-user-echo');
        await sdkFor(emulator).sendToUser('user-echo', 'note', { text: 'hello' });
        assert.deepEqual(await note, { text: 'hello' });
      }),
      test('authenticates a user and sends to them', async () => {
        const client = await RawClient.connect(emulator);
        const sdk = sdkFor(emulator);
        client.send({
          event: 'pusher:signin',
          data: sdk.authenticateUser(client.socketId, { id: 'user-sdk' }),
        });
        await client.frame('pusher:signin_success');
        client.subscribe('#server-to-user-user-sdk');
        await client.frame('pusher_internal:subscription_succeeded');
        await sdk.sendToUser('user-sdk', 'note', { text: 'hello' });
        assert.equal((await client.frame('note')).data, '{"text":"hello"}');
      }),
      test('signs in with an HMAC made by hand, and hears no other user', async () => {
        const client = await RawClient.connect(emulator);
        const user_data = '{"id":"user-raw"}';
        const text = `${client.socketId}::user::${user_data}`;
        const auth = `${emulator.key}:${createHmac('sha256', emulator.secret).update(text).digest('hex')}`;
        client.send({ event: 'pusher:signin', data: { auth, user_data } });
        assert.deepEqual((await client.frame('pusher:signin_success')).data, { user_data });
        client.subscribe('#server-to-user-somebody');
        await client.frame('pusher:subscription_error', '#server-to-user-somebody');
      }),
    ],
  },
  {
    name: 'Watchlists',
    cells: [
      test('hears who on its watchlist comes and goes', async () => {
        const client = pusherClient(emulator, { id: 'watcher', watchlist: ['watched'] });
        const offline = next(client.user.watchlist, 'offline');
        client.signin();
        assert.deepEqual(await offline, { name: 'offline', user_ids: ['watched'] });
        const online = next(client.user.watchlist, 'online');
        const watched = pusherClient(emulator, { id: 'watched' });
        watched.signin();
        assert.deepEqual(await online, { name: 'online', user_ids: ['watched'] });
        const gone = next(client.user.watchlist, 'offline');
        watched.disconnect();
        assert.deepEqual(await gone, { name: 'offline', user_ids: ['watched'] });
      }),
      'has no call for it; its pusher-js does it',
      test('puts the watchlist into what it signs', async () => {
        const client = await RawClient.connect(emulator);
        const user = { id: 'watcher-sdk', watchlist: ['nobody'] } as { id: string };
        client.send({
          event: 'pusher:signin',
          data: sdkFor(emulator).authenticateUser(client.socketId, user),
        });
        await client.frame('pusher_internal:watchlist_events');
      }),
      test('is told 4302 when its watchlist is too long', async () => {
        const client = await RawClient.connect(emulator);
        const user = { id: 'watcher-raw', watchlist: Array.from({ length: 101 }, (_, n) => `w${n}`) };
        const data = sdkFor(emulator).authenticateUser(client.socketId, user as { id: string });
        client.send({ event: 'pusher:signin', data });
        assert.equal(((await client.frame('pusher:error')).data as { code: number }).code, 4302);
      }),
    ],
  },
  {
    name: 'Terminating a user',
    cells: [
      test('is disconnected for good', async () => {
        const client = await signedIn({ id: 'ended-js' });
        const disconnected = next(client.connection, 'disconnected');
        await sdkFor(emulator).terminateUserConnections('ended-js');
        await disconnected;
      }),
      test('says that it is disconnected when its user was ended', async () => {
        const pusher = await signedIn({ id: 'ended-echo' });
        const echo = new Echo({ broadcaster: 'pusher', key: emulator.key, client: pusher });
        const disconnected = next(pusher.connection, 'disconnected');
        await sdkFor(emulator).terminateUserConnections('ended-echo');
        await disconnected;
        assert.equal(echo.connectionStatus(), 'disconnected');
      }),
      test('terminates all connections of a user', async () => {
        await signedIn({ id: 'ended-sdk' });
        await signedIn({ id: 'ended-sdk' });
        const response = await sdkFor(emulator).terminateUserConnections('ended-sdk');
        assert.equal(await response.text(), '{}');
        const isThere = emulator.driver.connections().some(({ userId }) => userId === 'ended-sdk');
        assert.equal(isThere, false);
      }),
      test('is closed with 4009', async () => {
        const client = await RawClient.connect(emulator);
        const data = sdkFor(emulator).authenticateUser(client.socketId, { id: 'ended-raw' });
        client.send({ event: 'pusher:signin', data });
        await client.frame('pusher:signin_success');
        await signedFetch(emulator, 'POST', '/users/ended-raw/terminate_connections', {});
        assert.equal((await client.closed).code, 4009);
      }),
    ],
  },
  {
    name: 'Webhooks',
    cells: [
      'receives none: they go to backends',
      'receives none: they go to backends',
      test('finds a webhook valid and reads its events', async () => {
        const request = await withBackend((other) => void pusherClient(other).subscribe('news'));
        const webhook = sdkFor(emulator).webhook(request as never);
        assert.equal(webhook.isValid(), true);
        assert.deepEqual(webhook.getEvents(), [{ name: 'channel_occupied', channel: 'news' }]);
      }),
      test('gets a signed POST of application/json', async () => {
        const { headers, rawBody } = await withBackend((other) => void pusherClient(other).subscribe('news'));
        const signature = createHmac('sha256', emulator.secret).update(rawBody).digest('hex');
        assert.equal(headers['content-type'], 'application/json');
        assert.equal(headers['x-pusher-key'], emulator.key);
        assert.equal(headers['x-pusher-signature'], signature);
      }),
    ],
  },
];

/** pusher-js, signed in as a person. */
async function signedIn(person: Person): Promise<PusherClient> {
  const client = pusherClient(emulator, person);
  client.signin();
  await connected(client);
  const { socket_id } = client.connection;
  await emulator.driver.waitFor(() =>
    emulator.driver
      .connections()
      .some(({ socketId, userId }) => socketId === socket_id && userId === person.id),
  );
  return client;
}

describe('on the emulator', () => {
  before(async () => {
    emulator = await startEmulator();
  });
  after(async () => {
    await emulator.stop();
    console.log(table((cell) => (cell.passed ? `✓ ${cell.title}` : `✗ ${cell.title}`)));
  });

  for (const { name, cells } of features) {
    describe(name, () => {
      for (const [index, cell] of cells.entries()) {
        if (typeof cell === 'string') continue;
        it(`${clients[index]}: ${cell.title}`, async () => {
          await cell.run();
          cell.passed = true;
        });
      }
    });
  }

  it('every cell is a test or a reason, and the documentation has the same table', async () => {
    const page = new URL('../../docs/emulator.md', import.meta.url);
    const [begin, end] = ['<!-- clients -->\n', '\n<!-- /clients -->'];
    const text = await readFile(page, 'utf8');
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
    const current = table(({ title }) => title);
    if (process.env.UPDATE_TABLE) await writeFile(page, text.slice(0, from) + current + text.slice(to));
    else assert.equal(text.slice(from, to), current);
  });
});

/** The table of features and clients, in Markdown. */
function table(describeTest: (cell: Exclude<Cell, string>) => string): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['', ...clients]),
    row(['---', ...clients.map(() => '---')]),
    ...features.map(({ name, cells }) =>
      row([
        `**${name}**`,
        ...cells.map((cell) => (typeof cell === 'string' ? `– *${cell}*` : describeTest(cell))),
      ]),
    ),
  ].join('\n');
}
