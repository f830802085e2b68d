import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryStore, type RealtimeServer, type WebhookEvent } from '../../src/server/index.js';
import { bearer, engine, errorCode, makeServer, sign } from './fixtures.js';

const time = Date.UTC(2026, 0, 31);

/** Posts a webhook with the signature of our key, or with the headers that are given. */
async function deliver(server: RealtimeServer, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return server.app.request('/pusher/webhook', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Pusher-Key': engine.key!,
      'X-Pusher-Signature': sign(text),
      ...headers,
    },
    body: text,
  });
}

const occupied = (channel = 'public') => ({ time_ms: time, events: [{ name: 'channel_occupied', channel }] });

function listening(handle: (event: WebhookEvent) => unknown = () => {}) {
  const heard: WebhookEvent[] = [];
  const server = makeServer({
    onWebhook: (event, at) => {
      assert.equal(at.getTime(), time);
      heard.push(event);
      return handle(event);
    },
    logger: { error: () => {} },
  });
  return { server, heard };
}

describe('POST /pusher/webhook', () => {
  test('passes on the seven events, typed, and what it does not know as it came', async () => {
    const events = [
      { name: 'channel_occupied', channel: 'public' },
      { name: 'channel_vacated', channel: 'public' },
      { name: 'member_added', channel: 'presence-a', user_id: '1' },
      { name: 'member_removed', channel: 'presence-a', user_id: '1' },
      {
        name: 'client_event',
        channel: 'presence-a',
        event: 'client-x',
        data: '{}',
        socket_id: '1.2',
        user_id: '1',
      },
      { name: 'cache_miss', channel: 'cache-a' },
      { name: 'subscription_count', channel: 'public', subscription_count: 3 },
    ];
    const { server, heard } = listening();
    const response = await deliver(server, {
      time_ms: time,
      events: [...events, { name: 'channel_renamed', to: 'b' }, { name: 'cache_miss' }],
    });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
    assert.deepEqual(heard, [
      ...events,
      { name: 'unknown', received: { name: 'channel_renamed', to: 'b' } },
      { name: 'unknown', received: { name: 'cache_miss' } },
    ]);
  });

  test('a user id that is a number is read as a text', async () => {
    const { server, heard } = listening();
    const events = [{ name: 'member_added', channel: 'presence-a', user_id: 7 }];
    await deliver(server, { time_ms: time, events });
    assert.deepEqual(heard, [{ name: 'member_added', channel: 'presence-a', user_id: '7' }]);
  });

  const { server: guarded, heard: none } = listening();
  for (const [what, headers] of [
    ['another key', { 'X-Pusher-Key': 'other' }],
    ['an empty key', { 'X-Pusher-Key': '' }],
    ['no signature', { 'X-Pusher-Signature': '' }],
    ['a signature of something else', { 'X-Pusher-Signature': sign('{}') }],
    ['half a signature', { 'X-Pusher-Signature': sign(JSON.stringify(occupied())).slice(0, 32) }],
    ['a signature that is no number', { 'X-Pusher-Signature': 'ü'.repeat(10) }],
  ] as [string, Record<string, string>][]) {
    test(`${what} is 401`, async () => {
      const response = await deliver(
        guarded,
        occupied(),
        Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, encodeURI(v)])),
      );
      assert.equal(response.status, 401);
      assert.equal(await errorCode(response), 'unauthenticated');
      assert.deepEqual(none, []);
    });
  }

  test('a missing header is 401', async () => {
    for (const missing of ['X-Pusher-Key', 'X-Pusher-Signature']) {
      const text = JSON.stringify(occupied());
      const headers = new Headers({ 'X-Pusher-Key': engine.key!, 'X-Pusher-Signature': sign(text) });
      headers.delete(missing);
      const response = await guarded.app.request('/pusher/webhook', { method: 'POST', headers, body: text });
      assert.equal(response.status, 401, missing);
    }
  });

  test('a signature in capitals is the same number', async () => {
    const text = JSON.stringify(occupied());
    assert.equal(
      (await deliver(listening().server, text, { 'X-Pusher-Signature': sign(text).toUpperCase() })).status,
      200,
    );
  });

  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"time_ms":1}',
    '{"time_ms":1,"events":[{}]}',
    '{"time_ms":1,"events":[null]}',
    '{"time_ms":"now","events":[]}',
    '{"time_ms":1e30,"events":[]}',
  ]) {
    test(`the signed body ${body || '""'} is 400`, async () => {
      const response = await deliver(guarded, body);
      assert.equal(response.status, 400);
      assert.equal(await errorCode(response), 'invalid_request');
    });
  }

  test('is heard once in ten minutes', async () => {
    let now = time;
    const heard: string[] = [];
    const server = makeServer({ clock: () => now, onWebhook: (event) => heard.push(event.name) });
    for (const [minute, count] of [
      [0, 1],
      [0, 1],
      [9.9, 1],
      [10.1, 2],
    ] as const) {
      now = time + minute * 60_000;
      assert.equal((await deliver(server, occupied())).status, 200);
      assert.equal(heard.length, count, `after ${minute} minutes`);
    }
    assert.equal((await deliver(server, { ...occupied(), time_ms: time + 1 })).status, 200);
    assert.equal(heard.length, 3, 'another time is another webhook');
  });

  test('two events that are alike in one webhook are two', async () => {
    const { server, heard } = listening();
    const [event] = occupied().events;
    await deliver(server, { time_ms: time, events: [event, event] });
    assert.equal(heard.length, 2);
  });

  test('when a handler fails it is 500, and the next attempt repeats only what failed', async () => {
    let broken = true;
    const { server, heard } = listening((event) => {
      if (broken && event.name === 'channel_vacated') throw new Error('database is away');
    });
    const body = {
      time_ms: time,
      events: ['channel_occupied', 'channel_vacated', 'cache_miss'].map((name) => ({
        name,
        channel: 'cache-a',
      })),
    };
    const response = await deliver(server, body);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /database/);
    broken = false;
    assert.equal((await deliver(server, body)).status, 200);
    assert.equal((await deliver(server, body)).status, 200);
    assert.deepEqual(
      heard.map(({ name }) => name),
      ['channel_occupied', 'channel_vacated', 'cache_miss', 'channel_vacated'],
    );
  });

  test('while an event is being handled, a repeat is sent back to come again', async () => {
    let finish = () => {};
    const { server, heard } = listening(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const first = deliver(server, occupied());
    while (heard.length === 0) await new Promise(setImmediate);
    const repeat = await deliver(server, occupied());
    assert.equal(repeat.status, 503);
    assert.equal(repeat.headers.get('retry-after'), '1');
    finish();
    assert.equal((await first).status, 200);
    assert.equal((await deliver(server, occupied())).status, 200);
    assert.equal(heard.length, 1);
  });

  test('several instances with one store hear an event once', async () => {
    const heard: string[] = [];
    const stores = { webhooks: new MemoryStore() };
    const instances = [1, 2].map(() => makeServer({ stores, onWebhook: ({ name }) => heard.push(name) }));
    for (const server of instances) assert.equal((await deliver(server, occupied())).status, 200);
    assert.equal(heard.length, 1);
  });

  test('a store that fails makes the engine try again', async () => {
    const store = new MemoryStore();
    store.count = () => Promise.reject(new Error('redis is away'));
    const server = makeServer({ stores: { webhooks: store }, logger: { error: () => {} } });
    assert.equal((await deliver(server, occupied())).status, 500);
  });

  test('client events, which pass no server, are counted by their webhooks', async () => {
    const server = makeServer({
      clock: () => time,
      canReadMetrics: () => true,
      jwt: undefined,
      identify: () => ({ id: '1' }),
    });
    const event = {
      name: 'client_event',
      channel: 'presence-a',
      event: 'client-x',
      data: '{}',
      socket_id: '1.2',
      user_id: '7',
    };
    await deliver(server, { time_ms: time, events: [event, { ...event, user_id: undefined }] });
    const response = await server.app.request('/realtime/metrics', { headers: await bearer('1') });
    const { events } = (await response.json()) as { events: unknown };
    assert.deepEqual(events, [{ event: 'client-x', count: 2, uniqueUsers: 1 }]);
  });

  test('takes one and a half megabytes and no more', async () => {
    const response = await deliver(guarded, ' '.repeat(1_600_000));
    assert.equal(response.status, 413);
  });
});
