import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { EmulatorEngine } from '../../src/emulator/engine.js';
import type { ApiResponse } from '../../src/emulator/http-api.js';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { sdkFor } from './clients.js';
import { EngineClient, engineWithClock } from './engine-client.js';
import { signedQuery } from './signed-query.js';

interface Call {
  method?: string;
  path?: string;
  params?: Record<string, string>;
  body?: unknown;
  key?: string;
  secret?: string;
  timestamp?: number;
  /** Parameters that are wrong or missing, under a signature that is right for them. */
  wrong?: Record<string, string | undefined>;
  /** Changes the query after it was signed. */
  tamper?: (query: string) => string;
}

/** Calls the API; a test can do it wrong. */
function call(engine: EmulatorEngine, options: Call = {}): ApiResponse {
  const { method = 'POST', path = '/apps/1000/events', tamper = (query) => query } = options;
  const { body, params, wrong, key = 'emulator-key', secret = 'emulator-secret' } = options;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const timestamp = options.timestamp ?? Math.floor(engine.clock.now() / 1000);
  const query = signedQuery({ key, secret, method, path, params, body: text, timestamp, wrong });
  return engine.handle({ method, target: `${path}?${tamper(query)}`, body: text });
}

const get = (engine: EmulatorEngine, path: string, params: Record<string, string> = {}) =>
  call(engine, { method: 'GET', path: `/apps/1000${path}`, params });

const event = { name: 'headline', data: '{"n":1}', channel: 'news' };

describe('the signature of a request', () => {
  const wrong: [what: string, call: Call][] = [
    ['another key', { key: 'another-key' }],
    ['another secret', { secret: 'another-secret' }],
    ['a time more than 600 seconds ago', { timestamp: 1_700_000_000 - 601 }],
    ['a time more than 600 seconds ahead', { timestamp: 1_700_000_000 + 601 }],
    ['a time that is none', { wrong: { auth_timestamp: 'x' } }],
    ['no time', { wrong: { auth_timestamp: undefined } }],
    ['another version', { wrong: { auth_version: '2.0' } }],
    ['no query', { tamper: () => '' }],
    ['a parameter that was added', { tamper: (query) => `${query}&info=user_count` }],
    ['no signature', { tamper: (query) => query.replace(/&auth_signature=.*/, '') }],
    ['no body_md5', { wrong: { body_md5: undefined } }],
    ['the body_md5 of another body', { wrong: { body_md5: createHash('md5').update('{}').digest('hex') } }],
  ];
  for (const [what, options] of wrong) {
    it(`is refused with 401 for ${what}, with no signature in the answer`, () => {
      const { engine } = engineWithClock();
      const { status, contentType, body } = call(engine, { body: event, ...options });
      assert.equal(status, 401);
      assert.match(contentType, /^text\/plain/);
      assert.doesNotMatch(body, /[0-9a-f]{32}/);
      assert.doesNotMatch(body, /emulator-secret/);
    });
  }

  it('may be 600 seconds old, and covers decoded values and lower-case names', () => {
    const { engine } = engineWithClock();
    const params = { INFO: '', note: 'a b+c&d=é?' };
    assert.equal(call(engine, { body: event, params, timestamp: 1_700_000_000 - 600 }).status, 200);
  });

  it('is not looked for where the app is unknown: 404', () => {
    const { engine } = engineWithClock();
    for (const path of ['/apps/7/events', '/apps//events', '/apps', '/', '/apps/__proto__/events']) {
      assert.equal(call(engine, { path, body: event }).status, 404, path);
    }
  });

  it('is answered with 400 where path or query are not encoded well', () => {
    const { engine } = engineWithClock();
    assert.equal(call(engine, { tamper: (query) => `${query}&x=%E0` }).status, 400);
    assert.equal(get(engine, '/channels/%E0').status, 400);
  });

  it('is answered with 403 where the app is disabled', () => {
    const { engine } = engineWithClock({ enabled: false });
    assert.equal(call(engine, { body: event }).status, 403);
  });
});

describe('POST /events', () => {
  it('publishes to a channel or to several, each once, and answers {}', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    for (const channel of ['news', 'sports']) client.subscribe(channel);
    assert.deepEqual(call(engine, { body: event }), {
      status: 200,
      contentType: 'application/json',
      body: '{}',
    });
    assert.deepEqual(client.last, { event: 'headline', channel: 'news', data: '{"n":1}' });
    const channels = ['news', 'sports', 'news', 'nobody-there'];
    call(engine, { body: { name: 'both', data: 'text', channels } });
    assert.deepEqual(
      client.take('both').map(({ channel }) => channel),
      ['news', 'sports'],
    );
  });

  it('leaves out the connection that is named', () => {
    const { engine } = engineWithClock();
    const [author, reader] = [new EngineClient(engine), new EngineClient(engine)];
    for (const client of [author, reader]) client.subscribe('news');
    call(engine, { body: { ...event, socket_id: author.socketId } });
    assert.equal(author.take('headline').length, 0);
    assert.equal(reader.take('headline').length, 1);
  });

  it('takes its fields from the query as well', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.subscribe('news');
    assert.equal(call(engine, { params: { ...event } }).status, 200);
    assert.equal(client.take('headline').length, 1);
    const params = { name: 'headline', data: '1', 'channels[]': 'news' };
    assert.equal(call(engine, { params, body: {} }).status, 200);
    assert.equal(client.take('headline').length, 1);
  });

  it('answers with the attributes that a channel has, where info asks for them', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.subscribe('presence-a', { user_id: '1' });
    const body = {
      ...event,
      channels: ['presence-a', 'news', '__proto__'],
      info: 'user_count,subscription_count',
    };
    const { channels } = JSON.parse(call(engine, { body }).body) as { channels: object };
    assert.deepEqual(Object.entries(channels), [
      ['presence-a', { user_count: 1, subscription_count: 1 }],
      ['news', { subscription_count: 0 }],
      ['__proto__', { subscription_count: 0 }],
    ]);
  });

  const refused: [what: string, body: unknown, status: number][] = [
    ['no JSON', '{', 400],
    ['a list', [], 400],
    ['no name', { ...event, name: undefined }, 400],
    ['a name that is no text', { ...event, name: 7 }, 400],
    ['a name of 201 characters', { ...event, name: 'x'.repeat(201) }, 400],
    ['a name that belongs to the service', { ...event, name: 'pusher:error' }, 400],
    ['no data', { ...event, data: undefined }, 400],
    ['data that is no text', { ...event, data: { n: 1 } }, 400],
    ['data of more than 10,240 bytes', { ...event, data: 'é'.repeat(5_121) }, 413],
    ['no channel', { ...event, channel: undefined }, 400],
    ['no channels', { ...event, channels: [] }, 400],
    ['channels that are no list', { ...event, channels: 'news' }, 400],
    ['101 channels', { ...event, channels: Array.from({ length: 101 }, (_, n) => `c${n}`) }, 400],
    ['a wrong channel name', { ...event, channel: 'a b' }, 400],
    ['a channel name of 165 characters', { ...event, channel: 'x'.repeat(165) }, 400],
    ['a channel that is no text', { ...event, channels: [{}] }, 400],
    ['a wrong socket id', { ...event, socket_id: 'me' }, 400],
    ['unknown info', { ...event, info: 'weather' }, 400],
    ['info that is no text', { ...event, info: ['user_count'] }, 400],
  ];
  for (const [what, body, status] of refused) {
    it(`refuses ${what} with ${status} and sends nothing`, () => {
      const { engine } = engineWithClock();
      const client = new EngineClient(engine);
      client.subscribe('news');
      client.frames.length = 0;
      assert.equal(call(engine, { body }).status, status);
      assert.deepEqual(client.frames, []);
    });
  }

  it('takes what is exactly at the limits, and any event name that backends use', () => {
    const { engine } = engineWithClock();
    const body = { name: 'App\\Events\\Order Shipped', data: 'é'.repeat(5_120), channel: 'x'.repeat(164) };
    assert.equal(call(engine, { body }).status, 200);
    const channels = Array.from({ length: 100 }, (_, n) => `c${n}`);
    assert.equal(call(engine, { body: { ...event, name: 'x'.repeat(200), channels } }).status, 200);
  });

  it('obeys the limits that a test sets', () => {
    const limits = { eventNameLength: 5, channelNameLength: 5, channelsPerTrigger: 1, payloadBytes: 1 };
    const { engine } = engineWithClock({ limits });
    const small = { name: 'small', data: '1', channel: 'small' };
    assert.equal(call(engine, { body: small }).status, 200);
    for (const change of [{ name: 'larger' }, { channel: 'larger' }, { channels: ['a', 'b'] }]) {
      assert.equal(call(engine, { body: { ...small, ...change } }).status, 400);
    }
    assert.equal(call(engine, { body: { ...small, data: '12' } }).status, 413);
  });
});

describe('POST /batch_events', () => {
  const path = '/apps/1000/batch_events';

  it('publishes in order and answers {}, or the attributes by index', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.subscribe('news');
    const batch = [1, 2, 3].map((n) => ({ ...event, data: String(n) }));
    assert.equal(call(engine, { path, body: { batch } }).body, '{}');
    assert.deepEqual(
      client.take('headline').map(({ data }) => data),
      ['1', '2', '3'],
    );
    const asking = [event, { ...event, info: 'subscription_count' }];
    assert.deepEqual(JSON.parse(call(engine, { path, body: { batch: asking } }).body), {
      batch: [{}, { subscription_count: 1 }],
    });
  });

  const refused: [what: string, body: unknown, status: number][] = [
    ['no list', { batch: {} }, 400],
    ['nothing', undefined, 400],
    ['11 events', { batch: Array(11).fill(event) }, 400],
    ['an event that is no object', { batch: [event, 'event'] }, 400],
    ['an event to several channels', { batch: [event, { ...event, channels: ['a'] }] }, 400],
    ['an event that is too large', { batch: [event, { ...event, data: 'x'.repeat(10_241) }] }, 413],
  ];
  for (const [what, body, status] of refused) {
    it(`refuses ${what} with ${status} and sends no event of it`, () => {
      const { engine } = engineWithClock();
      const client = new EngineClient(engine);
      client.subscribe('news');
      assert.equal(call(engine, { path, body }).status, status);
      assert.equal(client.take('headline').length, 0);
    });
  }
});

describe('GET /channels', () => {
  it('lists the channels that have subscribers, without those of single users', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.signIn({ id: '7' });
    for (const channel of ['news', '#server-to-user-7', 'private-a', '__proto__']) client.subscribe(channel);
    const { channels } = JSON.parse(get(engine, '/channels').body) as { channels: object };
    assert.deepEqual(Object.entries(channels), [
      ['news', {}],
      ['private-a', {}],
      ['__proto__', {}],
    ]);
  });

  it('filters by prefix, and counts the users of presence channels', () => {
    const { engine } = engineWithClock();
    for (const user_id of ['1', '2', '2']) {
      const client = new EngineClient(engine);
      client.subscribe('presence-a', { user_id });
      client.subscribe('news');
    }
    const params = { filter_by_prefix: 'presence-', info: 'user_count' };
    assert.deepEqual(JSON.parse(get(engine, '/channels', params).body), {
      channels: { 'presence-a': { user_count: 2 } },
    });
    assert.deepEqual(JSON.parse(get(engine, '/channels', { info: 'subscription_count' }).body), {
      channels: { 'presence-a': { subscription_count: 3 }, news: { subscription_count: 3 } },
    });
  });

  it('refuses attributes that the channels do not have', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    for (const params of [
      { info: 'user_count' },
      { info: 'user_count', filter_by_prefix: 'private-' },
      { info: 'cache' },
      { info: 'weather' },
      { info: 'subscription_count' },
    ]) {
      assert.equal(get(engine, '/channels', params as never).status, 400, JSON.stringify(params));
    }
  });
});

describe('GET /channels/:name', () => {
  it('says whether anybody is there', () => {
    const { engine } = engineWithClock();
    new EngineClient(engine).subscribe('news');
    assert.deepEqual(JSON.parse(get(engine, '/channels/news').body), { occupied: true });
    assert.deepEqual(JSON.parse(get(engine, '/channels/nobody').body), { occupied: false });
    assert.deepEqual(JSON.parse(get(engine, '/channels/__proto__').body), { occupied: false });
  });

  it('answers attributes, also the cached event with its seconds to live', () => {
    const { engine, time } = engineWithClock();
    new EngineClient(engine).subscribe('presence-cache-a', { user_id: '1' });
    const info = 'user_count,subscription_count,cache';
    const before = JSON.parse(get(engine, '/channels/presence-cache-a', { info }).body);
    assert.deepEqual(before, { occupied: true, user_count: 1, subscription_count: 1, cache: null });
    call(engine, { body: { ...event, channel: 'presence-cache-a' } });
    time.tick(60_000);
    const { cache } = JSON.parse(get(engine, '/channels/presence-cache-a', { info }).body);
    assert.deepEqual(cache, { data: '{"n":1}', ttl: 1740 });
  });

  it('refuses attributes that the channel does not have, and wrong names', () => {
    const { engine } = engineWithClock();
    assert.equal(get(engine, '/channels/news', { info: 'user_count' }).status, 400);
    assert.equal(get(engine, '/channels/news', { info: 'cache' }).status, 400);
    assert.equal(get(engine, '/channels/a%20b').status, 400);
    const counting = engineWithClock({ subscriptionCount: false }).engine;
    assert.equal(get(counting, '/channels/news', { info: 'subscription_count' }).status, 400);
  });
});

describe('GET /channels/:name/users', () => {
  it('lists the users of a presence channel, each once', () => {
    const { engine } = engineWithClock();
    for (const user_id of ['1', '1', 2]) new EngineClient(engine).subscribe('presence-a', { user_id });
    assert.deepEqual(JSON.parse(get(engine, '/channels/presence-a/users').body), {
      users: [{ id: '1' }, { id: '2' }],
    });
    assert.deepEqual(JSON.parse(get(engine, '/channels/presence-b/users').body), { users: [] });
  });

  it('refuses other channels with 400', () => {
    assert.equal(get(engineWithClock().engine, '/channels/private-a/users').status, 400);
  });
});

describe('POST /users/:id/terminate_connections', () => {
  it('closes the connections of the user and answers {}', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.signIn({ id: 'ada@example.com' });
    const path = '/apps/1000/users/ada@example.com/terminate_connections';
    assert.equal(call(engine, { path, body: {} }).body, '{}');
    assert.equal(client.ending?.code, 4009);
    assert.equal(call(engine, { path: path.replace('ada', 'nobody'), body: {} }).status, 200);
  });
});

describe('other requests', () => {
  it('are answered with 404', () => {
    const { engine } = engineWithClock();
    const others: [method: string, path: string][] = [
      ['POST', '/apps/1000'],
      ['POST', '/apps/1000/channels'],
      ['POST', '/apps/1000/events/more'],
      ['POST', '/apps/1000/users/1/delete'],
      ['GET', '/apps/1000/events'],
      ['GET', '/apps/1000/channels/news/more'],
      ['GET', '/apps/1000/channels/presence-a/users/1'],
      ['DELETE', '/apps/1000/channels/news'],
    ];
    for (const [method, path] of others) {
      assert.equal(
        call(engine, { method, path, ...(method === 'POST' ? { body: {} } : {}) }).status,
        404,
        path,
      );
    }
  });
});

describe('the HTTP API over HTTP', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it('gives the SDK real statuses, which it throws', async () => {
    const sdk = sdkFor({ ...emulator, secret: 'wrong' });
    await assert.rejects(sdk.trigger('news', 'headline', {}), { status: 401 });
    await assert.rejects(sdkFor(emulator).trigger('news', 'headline', 'x'.repeat(10_241)), { status: 413 });
    await assert.rejects(sdkFor({ ...emulator, appId: '7' }).get({ path: '/channels' }), { status: 404 });
  });

  it('refuses a body above one megabyte with 413, and goes on', async () => {
    const response = await fetch(`${emulator.url}/apps/1000/events`, {
      method: 'POST',
      body: 'x'.repeat(1_048_577),
    });
    assert.equal(response.status, 413);
    assert.equal((await sdkFor(emulator).get({ path: '/channels' })).status, 200);
  });
});
