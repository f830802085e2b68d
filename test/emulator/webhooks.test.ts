import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { startEmulator } from '../../src/emulator/node.js';
import type { AppOptions, WebhookOptions } from '../../src/emulator/options.js';
import { sdkFor } from './clients.js';
import { EngineClient, engineWithClock, signerOf } from './engine-client.js';

interface Received {
  url: string;
  headers: Record<string, string>;
  body: string;
  events: Record<string, unknown>[];
  timeMs: number;
}

const url = 'http://backend.test/webhook';

/** An engine whose webhooks end here. `answer` is the status, or an error for a backend that is not there. */
function engineWithBackend(
  options: AppOptions & { endpoints?: WebhookOptions[] } = {},
  answer: (attempt: number) => number | Error | Promise<number> = () => 200,
) {
  const received: Received[] = [];
  const { id: _, endpoints, ...rest } = options;
  const made = engineWithClock({
    subscriptionCount: false,
    // Nobody here answers pings, and some tests wait for long.
    activityTimeoutMs: 1_000_000_000,
    ...rest,
    webhooks: endpoints ?? [{ url }],
    fetch: async (input, init) => {
      const body = String(init?.body);
      const { events, time_ms } = JSON.parse(body) as { events: Received['events']; time_ms: number };
      const headers = init?.headers as Record<string, string>;
      received.push({ url: String(input), headers, body, events, timeMs: time_ms });
      const status = await Promise.race([
        answer(received.length),
        new Promise<Error>((resolve) =>
          init?.signal?.addEventListener('abort', () => resolve(new Error('aborted'))),
        ),
      ]);
      if (status instanceof Error) throw status;
      return new Response(null, { status });
    },
  });
  const names = () => received.flatMap(({ events }) => events.map(({ name }) => name));
  return { ...made, received, names };
}

describe('webhooks', () => {
  it('are signed so that the official SDK finds them valid', async () => {
    const { engine, time, received } = engineWithBackend();
    new EngineClient(engine).subscribe('news');
    await time.tickAsync(0);
    const [{ headers, body, timeMs }] = received as [Received];
    assert.equal(headers['content-type'], 'application/json');
    const webhook = signerOf(engine).webhook({ headers, rawBody: body } as never);
    assert.equal(webhook.isValid(), true);
    assert.deepEqual(webhook.getEvents(), [{ name: 'channel_occupied', channel: 'news' }]);
    assert.equal(timeMs, time.now);
  });

  it('tell what happens on a presence channel, in order', async () => {
    const { engine, time, received } = engineWithBackend();
    const [ada, bob] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('presence-a', { user_id: 1 });
    bob.subscribe('presence-a', { user_id: '2' });
    ada.send({ event: 'client-x', channel: 'presence-a', data: { n: 1 } });
    await time.tickAsync(0);
    bob.session.disconnected(1006);
    ada.unsubscribe('presence-a');
    await time.tickAsync(3_000);
    assert.deepEqual(
      received.flatMap(({ events }) => events),
      [
        { name: 'channel_occupied', channel: 'presence-a' },
        { name: 'member_added', channel: 'presence-a', user_id: '1' },
        { name: 'member_added', channel: 'presence-a', user_id: '2' },
        {
          name: 'client_event',
          channel: 'presence-a',
          event: 'client-x',
          data: '{"n":1}',
          socket_id: ada.socketId,
          user_id: '1',
        },
        { name: 'member_removed', channel: 'presence-a', user_id: '2' },
        { name: 'member_removed', channel: 'presence-a', user_id: '1' },
        { name: 'channel_vacated', channel: 'presence-a' },
      ],
    );
  });

  it('tell of nobody who returns within three seconds', async () => {
    const { engine, time, names } = engineWithBackend();
    const client = new EngineClient(engine);
    client.subscribe('presence-a', { user_id: '1' });
    client.session.disconnected(1006);
    await time.tickAsync(2_999);
    new EngineClient(engine).subscribe('presence-a', { user_id: '1' });
    await time.tickAsync(60_000);
    assert.deepEqual(names(), ['channel_occupied', 'member_added']);
  });

  it('tell of a cache miss once, until something is cached', async () => {
    const { engine, time, names } = engineWithBackend({ endpoints: [{ url, events: ['cache_miss'] }] });
    const stay = new EngineClient(engine);
    const visit = () => {
      const client = new EngineClient(engine);
      client.subscribe('cache-a');
      client.unsubscribe('cache-a');
    };
    stay.subscribe('cache-a');
    visit();
    await time.tickAsync(0);
    assert.deepEqual(names(), ['cache_miss']);
    engine.app().publish({ name: 'event', channels: ['cache-a'], data: '1' });
    await time.tickAsync(1_800_000);
    visit();
    visit();
    await time.tickAsync(0);
    assert.deepEqual(names(), ['cache_miss', 'cache_miss']);
  });

  it('tell the number of subscribers where the app counts them', async () => {
    const { engine, time, received } = engineWithBackend({
      subscriptionCount: true,
      endpoints: [{ url, events: ['subscription_count'] }],
    });
    new EngineClient(engine).subscribe('news');
    new EngineClient(engine).subscribe('news');
    await time.tickAsync(0);
    assert.deepEqual(
      received.flatMap(({ events }) => events),
      [1, 2].map((count) => ({ name: 'subscription_count', channel: 'news', subscription_count: count })),
    );
  });

  it('say nothing of the channels of single users', async () => {
    const { engine, time, names } = engineWithBackend();
    const client = new EngineClient(engine);
    client.signIn({ id: '7' });
    client.subscribe('#server-to-user-7');
    client.unsubscribe('#server-to-user-7');
    await time.tickAsync(10_000);
    assert.deepEqual(names(), []);
  });

  it('are repeated after 1, 2, 4 … seconds while the backend fails, for five minutes', async () => {
    const { engine, time, received } = engineWithBackend({}, (attempt) =>
      attempt % 2 ? 500 : new Error('no backend'),
    );
    const start = time.now;
    const attempts: number[] = [];
    engine.observe((activity) => {
      if (activity.type === 'webhook') attempts.push((activity.at - start) / 1000);
    });
    new EngineClient(engine).subscribe('news');
    await time.tickAsync(3_600_000);
    assert.deepEqual(attempts, [0, 1, 3, 7, 15, 31, 63, 127, 255]);
    assert.equal(new Set(received.map(({ body }) => body)).size, 1);
  });

  it('are not repeated once the backend has taken them', async () => {
    const { engine, time, received } = engineWithBackend({}, (attempt) => (attempt < 3 ? 503 : 204));
    new EngineClient(engine).subscribe('news');
    await time.tickAsync(3_600_000);
    assert.equal(received.length, 3);
  });

  it('give up on an answer after ten seconds, and do not keep later ones waiting for a repetition', async () => {
    const { engine, time, received, names } = engineWithBackend({}, (attempt) =>
      attempt === 1 ? new Promise<number>(() => {}) : 200,
    );
    new EngineClient(engine).subscribe('first');
    new EngineClient(engine).subscribe('second');
    await time.tickAsync(9_999);
    assert.equal(received.length, 1);
    await time.tickAsync(1);
    assert.deepEqual(
      received.map(({ events }) => events[0]?.channel),
      ['first', 'second'],
    );
    await time.tickAsync(1_000);
    assert.deepEqual(names(), Array(3).fill('channel_occupied'));
  });

  it('are collected for a second where batching is on, at most fifty together', async () => {
    const { engine, time, received } = engineWithBackend({ endpoints: [{ url, batch: true }] });
    const client = new EngineClient(engine);
    for (let index = 0; index < 60; index += 1) client.subscribe(`channel-${index}`);
    await time.tickAsync(0);
    assert.deepEqual(
      received.map(({ events }) => events.length),
      [50],
    );
    await time.tickAsync(1_000);
    assert.deepEqual(
      received.map(({ events }) => events.length),
      [50, 10],
    );
  });

  it('of a stream go out in full batches, or after a second', async () => {
    const { engine, time, received } = engineWithBackend({ endpoints: [{ url, batch: true }] });
    // 120 events in a second, for four seconds.
    for (let index = 0; index < 480; index += 1) {
      engine.app().webhooks.add({ name: 'x', channel: String(index) });
      await time.tickAsync(1_000 / 120);
    }
    await time.tickAsync(1_000);
    assert.deepEqual(
      received.map(({ events }) => events.length),
      [...Array<number>(9).fill(50), 30],
    );
  });

  it('go to each endpoint that wants them', async () => {
    const { engine, time, received } = engineWithBackend({
      endpoints: [
        { url: 'http://a.test/', events: ['channel_occupied'] },
        { url: 'http://b.test/', events: ['member_added'] },
        { url: 'http://c.test/' },
      ],
    });
    new EngineClient(engine).subscribe('presence-a', { user_id: '1' });
    await time.tickAsync(0);
    const seen = received.map((request) => `${new URL(request.url).host} ${request.events[0]?.name}`);
    assert.deepEqual(seen.sort(), [
      'a.test channel_occupied',
      'b.test member_added',
      'c.test channel_occupied',
      'c.test member_added',
    ]);
  });

  it('that wait at a dead backend are bounded, the oldest dropped first', async () => {
    const { engine, time, received } = engineWithBackend({}, () => new Promise<number>(() => {}));
    new EngineClient(engine).subscribe('private-a');
    for (let index = 0; index < 1_200; index += 1)
      engine.app().webhooks.add({ name: 'x', channel: String(index) });
    await time.tickAsync(20_000);
    const channels = received.map(({ events }) => events[0]?.channel);
    assert.deepEqual(channels.slice(0, 2), ['private-a', '200']);
  });

  it('end when the engine is shut down', async () => {
    const { engine, time, received } = engineWithBackend({}, () => 500);
    new EngineClient(engine).subscribe('presence-a', { user_id: '1' });
    await time.tickAsync(0);
    const before = received.length;
    engine.shutdown();
    assert.equal(time.countTimers(), 0);
    await time.tickAsync(60_000);
    assert.equal(received.length, before);
  });

  it('arrive over HTTP as the SDK’s receiver expects them', async () => {
    const backend = createServer();
    const arrived = new Promise<{ isValid: boolean; events: unknown }>((resolve) => {
      backend.on('request', (request, response) => {
        let rawBody = '';
        request.on('data', (chunk) => {
          rawBody += chunk;
        });
        request.on('end', () => {
          response.end();
          const webhook = sdkFor(emulator).webhook({ headers: request.headers, rawBody } as never);
          resolve({ isValid: webhook.isValid(), events: webhook.getEvents() });
        });
      });
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const { port } = backend.address() as AddressInfo;
    const emulator = await startEmulator({ webhooks: [{ url: `http://127.0.0.1:${port}/` }] });
    new EngineClient(emulator.engine).subscribe('news');
    assert.deepEqual(await arrived, {
      isValid: true,
      events: [{ name: 'channel_occupied', channel: 'news' }],
    });
    const [record] = await emulator.driver.waitFor((driver) => driver.webhooks.length > 0 && driver.webhooks);
    assert.deepEqual(record?.names, ['channel_occupied']);
    assert.equal(record?.status, 200);
    await emulator.stop();
    backend.closeAllConnections();
    await new Promise((resolve) => backend.close(resolve));
  });

  it('hold no connection to a backend that never ends its answer', async () => {
    const backend = createServer((request, response) => {
      request.resume();
      response.writeHead(200).write('{');
    });
    const released = new Promise<void>((resolve) => {
      backend.once('connection', (socket) => socket.once('close', () => resolve()));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    const { port } = backend.address() as AddressInfo;
    const emulator = await startEmulator({ webhooks: [{ url: `http://127.0.0.1:${port}/` }] });
    new EngineClient(emulator.engine).subscribe('news');
    const [record] = await emulator.driver.waitFor((driver) => driver.webhooks.length > 0 && driver.webhooks);
    assert.equal(record?.status, 200);
    await released;
    await emulator.stop();
    await new Promise((resolve) => backend.close(resolve));
  });
});
