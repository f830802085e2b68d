import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type {
  Broadcast,
  RealtimeServer,
  RealtimeServerOptions,
  TriggerRequest,
} from '../../src/server/index.js';
import { bearer, errorCode, json, makeServer, RecordingEngine } from './fixtures.js';

let engine: RecordingEngine;
before(async () => {
  engine = await RecordingEngine.start();
});
after(() => engine.stop());
beforeEach(() => {
  engine.calls.length = 0;
  engine.reply = () => ({ status: 200, body: '{}' });
});

/** A server in front of the recording engine, where everybody may send everything. */
function openServer(options: Partial<RealtimeServerOptions> = {}): RealtimeServer {
  return makeServer({
    engine: { ...engine.options, encryptionMasterKeyBase64: Buffer.alloc(32, 7).toString('base64') },
    canTrigger: () => true,
    limits: { eventsPerMinute: 10_000 },
    ...options,
  });
}

async function trigger(server: RealtimeServer, body: unknown, headers?: Record<string, string>) {
  return server.app.request('/realtime/trigger', json(body, headers ?? (await bearer('1'))));
}

const notification = { channel: 'private-user-1', event: 'notification', data: { message: 'Hi' } };

describe('POST /realtime/trigger', () => {
  test('sends one event and answers where it went and under which id', async () => {
    const response = await trigger(openServer(), { ...notification, socket_id: '9.9' });
    assert.equal(response.status, 200);
    const { ok, result } = (await response.json()) as { ok: boolean; result: Record<string, unknown> };
    assert.equal(ok, true);
    assert.deepEqual(result.channels, ['private-user-1']);
    assert.match(result.event_id as string, /^[0-9a-f]{32}$/);
    assert.equal(engine.calls[0]!.path, '/apps/1000/events');
    assert.deepEqual(engine.calls[0]!.body, {
      name: 'notification',
      data: '{"message":"Hi"}',
      channels: ['private-user-1'],
      socket_id: '9.9',
    });
  });

  test('sends to several channels at once, each once', async () => {
    const channels = ['private-class-1', 'public', 'private-class-1'];
    const response = await trigger(openServer(), { channels, event: 'message', data: 'Hi' });
    const { result } = (await response.json()) as { result: { channels: string[] } };
    assert.deepEqual(result.channels, ['private-class-1', 'public']);
    assert.deepEqual(engine.calls[0]!.body.channels, ['private-class-1', 'public']);
  });

  test('a receiver gets the value that was sent, also a text or nothing', async () => {
    for (const [data, wire] of [
      ['123', '"123"'],
      [0, '0'],
      [false, 'false'],
      [undefined, '{}'],
      [null, 'null'],
      [[1], '[1]'],
    ]) {
      await trigger(openServer(), { channel: 'public', event: 'message', data });
      assert.equal(engine.calls.at(-1)!.body.data, wire);
    }
  });

  test('encrypts what goes to an encrypted channel', async () => {
    await trigger(openServer(), { ...notification, channel: 'private-encrypted-user-1' });
    const wire = JSON.parse(engine.calls[0]!.body.data);
    assert.deepEqual(Object.keys(wire), ['nonce', 'ciphertext']);
    assert.doesNotMatch(engine.calls[0]!.body.data, /Hi/);
  });

  test('is denied by default', async () => {
    const response = await trigger(openServer({ canTrigger: undefined }), notification);
    assert.equal(response.status, 403);
    assert.equal(engine.calls.length, 0);
  });

  test('asks the rule once for each channel, and only "true" allows', async () => {
    const asked: TriggerRequest[] = [];
    const server = openServer({
      canTrigger: (request) => {
        asked.push(request);
        return request.channel === 'private-class-1';
      },
    });
    const body = { event: 'message', data: { a: 1 } };
    assert.equal((await trigger(server, { ...body, channel: 'private-class-1' })).status, 200);
    assert.equal(
      (await trigger(server, { ...body, channels: ['private-class-1', 'private-class-2'] })).status,
      403,
    );
    assert.deepEqual(
      asked.map(({ identity, channel, event, data }) => [identity.id, channel, event, data]),
      [1, 1, 2].map((number) => ['1', `private-class-${number}`, 'message', { a: 1 }]),
    );
    const sloppy = openServer({ canTrigger: (() => 'yes') as never });
    assert.equal((await trigger(sloppy, notification)).status, 403);
    assert.equal(engine.calls.length, 1);
  });

  test('needs an identity', async () => {
    assert.equal((await trigger(openServer(), notification, {})).status, 401);
  });

  const long = 'x'.repeat(201);
  for (const [what, body] of [
    ['no object', []],
    ['nothing', null],
    ['no channel', { event: 'message', data: 1 }],
    ['a channel and channels', { ...notification, channels: ['public'] }],
    ['no channel in the list', { event: 'message', channels: [] }],
    [
      'more than 100 channels',
      { event: 'message', channels: Array.from({ length: 101 }, (_, i) => `c-${i}`) },
    ],
    ['a channel that is no text', { ...notification, channel: 7 }],
    ['a channel name that is none', { ...notification, channel: '#server-to-user-1' }],
    ['no event', { channel: 'public', data: 1 }],
    ['an empty event name', { ...notification, event: '' }],
    ['an event name that is too long', { ...notification, event: long }],
    ['an event of the service', { ...notification, event: 'pusher:subscribe' }],
    [
      'a client event on a public channel',
      { channel: 'public', event: 'client-typing', data: { typing: true } },
    ],
    [
      'a client event on an encrypted channel',
      { channel: 'private-encrypted-a', event: 'client-x', data: {} },
    ],
    ['an encrypted channel beside another', { channels: ['private-encrypted-a', 'b'], event: 'message' }],
    ['a socket id that is none', { ...notification, socket_id: '1.2,3' }],
    ['a payload that is not its event', { ...notification, data: { level: 'loud', message: 'x' } }],
    [
      'an envelope around a wrong payload',
      {
        channel: 'public',
        event: 'message',
        data: { id: 'a', type: 'progress.updated', timestamp: 'now', data: {} },
      },
    ],
    ['an empty batch', { batch: [] }],
    ['a batch of more than 100', { batch: Array.from({ length: 101 }, () => notification) }],
    ['a batch beside an event', { ...notification, batch: [notification] }],
    ['a batch of something else', { batch: ['a'] }],
    ['an event of a batch without a name', { batch: [{ channel: 'public' }] }],
  ] as [string, unknown][]) {
    test(`refuses ${what}`, async () => {
      const response = await trigger(openServer(), body);
      assert.equal(response.status, 400);
      assert.equal(await errorCode(response), 'invalid_request');
      assert.equal(engine.calls.length, 0);
    });
  }

  test('refuses what is no JSON, and what does not say that it is', async () => {
    const headers = await bearer('1');
    const broken = { ...json({}, headers), body: '{"channel":' };
    assert.equal((await openServer().app.request('/realtime/trigger', broken)).status, 400);
    const plain = {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', ...headers },
      body: JSON.stringify(notification),
    };
    assert.equal((await openServer().app.request('/realtime/trigger', plain)).status, 415);
  });

  test('takes 10 240 bytes of data and not one more', async () => {
    const body = (length: number) => ({ channel: 'public', event: 'message', data: 'é'.repeat(length) });
    assert.equal((await trigger(openServer(), body(5119))).status, 200);
    const response = await trigger(openServer(), body(5120));
    assert.equal(response.status, 413);
    assert.match(await response.text(), /10240 bytes; this one has 10242/);
  });

  test('counts the bytes of an encrypted event as they leave', async () => {
    const body = (length: number) => ({
      channel: 'private-encrypted-a',
      event: 'message',
      data: 'x'.repeat(length),
    });
    assert.equal((await trigger(openServer(), body(7615))).status, 200);
    const sent = engine.calls[0]!.body.data.length;
    assert.equal((await trigger(openServer(), body(7621))).status, 413);
    assert.ok(sent > 10_220 && sent <= 10_240, `${sent} bytes`);
  });

  test('says so when encrypted channels have no master key', async () => {
    const server = openServer({ engine: engine.options });
    const response = await trigger(server, { ...notification, channel: 'private-encrypted-user-1' });
    assert.equal(response.status, 503);
    assert.equal(await errorCode(response), 'not_configured');
  });

  describe('fields that look like a secret', () => {
    for (const [field, data] of Object.entries({
      password: { password: 'x' },
      access_token: { a: [{ access_token: 'x' }] },
      clientSecret: { a: { b: { clientSecret: 'x' } } },
      PASSWD: { PASSWD: 'x' },
    })) {
      test(`${field} is refused at any depth`, async () => {
        const response = await trigger(openServer(), { channel: 'public', event: 'message', data });
        assert.equal(response.status, 400);
        assert.match(await response.text(), new RegExp(`\\\\"${field}\\\\"`));
        assert.equal(engine.calls.length, 0);
      });
    }

    test('one that is none can be allowed by its whole name', async () => {
      const server = openServer({ allowedFields: ['tokenCount'] });
      const send = (data: unknown) => trigger(server, { channel: 'public', event: 'message', data });
      assert.equal((await send({ tokenCount: 7 })).status, 200);
      assert.equal((await send({ tokenCounts: 7 })).status, 400);
    });
  });

  describe('beforeBroadcast', () => {
    test('sees who sends what where, and its answer is what goes out', async () => {
      const seen: Broadcast[] = [];
      const server = openServer({
        beforeBroadcast: async (broadcast) => {
          seen.push(broadcast);
          const { token: _, ...rest } = broadcast.data as Record<string, unknown>;
          return rest;
        },
      });
      const response = await trigger(server, { ...notification, data: { message: 'Hi', token: 'x' } });
      assert.equal(response.status, 200);
      assert.equal(engine.calls[0]!.body.data, '{"message":"Hi"}');
      assert.deepEqual(seen[0]!.channels, ['private-user-1']);
      assert.equal(seen[0]!.event, 'notification');
      assert.equal(seen[0]!.identity!.id, '1');
    });

    test('refuses an event by answering nothing', async () => {
      const response = await trigger(openServer({ beforeBroadcast: () => undefined }), notification);
      assert.equal(response.status, 403);
      assert.equal(engine.calls.length, 0);
    });

    test('that throws sends nothing', async () => {
      const server = openServer({
        beforeBroadcast: () => {
          throw new Error('no');
        },
        logger: { error: () => {} },
      });
      assert.equal((await trigger(server, notification)).status, 500);
      const batch = (await (await trigger(server, { batch: [notification] })).json()) as {
        results: { error: { status: number } }[];
      };
      assert.equal(batch.results[0]!.error.status, 500);
      assert.equal(engine.calls.length, 0);
    });
  });

  test('an envelope carries the name of who really sends it', async () => {
    const envelope = {
      id: 'a',
      type: 'notification',
      timestamp: 'now',
      sender: '2',
      data: { message: 'Hi' },
    };
    await trigger(openServer(), { ...notification, data: envelope });
    assert.deepEqual(JSON.parse(engine.calls[0]!.body.data), { ...envelope, sender: '1' });
    await trigger(openServer(), { channel: 'public', event: 'order', data: { sender: 'Depot 7' } });
    assert.equal(engine.calls[1]!.body.data, '{"sender":"Depot 7"}', 'a field of that name elsewhere stays');
  });

  describe('a batch', () => {
    const item = (number: number) => ({ channel: 'public', event: 'message', data: number });
    interface Answer {
      ok: boolean;
      results: {
        ok: boolean;
        result?: { channels: string[]; event_id: string };
        error?: { status: number; code: string };
      }[];
    }

    test('over ten is split in order, with a result for each', async () => {
      const batch = Array.from({ length: 23 }, (_, index) => item(index));
      const response = await trigger(openServer(), { batch });
      assert.equal(response.status, 200);
      const { ok, results } = (await response.json()) as Answer;
      assert.equal(ok, true);
      assert.equal(results.length, 23);
      assert.ok(results.every((entry) => entry.ok && entry.result!.channels[0] === 'public'));
      assert.equal(new Set(results.map((entry) => entry.result!.event_id)).size, 23);
      assert.deepEqual(
        engine.calls.map(({ path, body }) => [path, body.batch.length]),
        [10, 10, 3].map((size) => ['/apps/1000/batch_events', size]),
      );
      const sent = engine.calls.flatMap(({ body }) =>
        body.batch.map(({ data }: { data: string }) => Number(data)),
      );
      assert.deepEqual(
        sent,
        Array.from({ length: 23 }, (_, index) => index),
      );
    });

    test('takes the name of an event in either spelling, and leaves a connection out', async () => {
      await trigger(openServer(), { batch: [{ channel: 'public', name: 'message', socket_id: '1.2' }] });
      assert.deepEqual(engine.calls[0]!.body.batch, [
        { channel: 'public', name: 'message', data: '{}', socket_id: '1.2' },
      ]);
    });

    test('encrypts for encrypted channels alone', async () => {
      await trigger(openServer(), { batch: [item(1), { ...item(2), channel: 'private-encrypted-a' }] });
      const [plain, secret] = engine.calls[0]!.body.batch;
      assert.equal(plain.data, '1');
      assert.ok(JSON.parse(secret.data).ciphertext);
    });

    test('one bad event costs only itself', async () => {
      const server = openServer({ canTrigger: ({ channel }) => channel !== 'private-class-2' });
      const batch = [
        item(1),
        { ...item(2), channel: 'a b' },
        { ...item(3), channel: 'private-class-2' },
        item(4),
      ];
      const response = await trigger(server, { batch });
      assert.equal(response.status, 200);
      const { ok, results } = (await response.json()) as Answer;
      assert.equal(ok, false);
      assert.deepEqual(
        results.map((entry) => entry.error?.status ?? 200),
        [200, 400, 403, 200],
      );
      assert.equal(engine.calls[0]!.body.batch.length, 2);
    });

    test('when the engine fails, the events of that call say so', async () => {
      engine.reply = () => ({ status: engine.calls.length === 1 ? 200 : 500, body: '{}' });
      const response = await trigger(openServer(), {
        batch: Array.from({ length: 12 }, (_, index) => item(index)),
      });
      const { results } = (await response.json()) as Answer;
      assert.deepEqual(
        results.map((entry) => entry.ok),
        [...Array(10).fill(true), false, false],
      );
      assert.equal(results[11]!.error!.code, 'engine_failed');
    });
  });

  describe('an engine that fails', () => {
    for (const [what, reply, status, code] of [
      ['answers 500', { status: 500, body: 'oops' }, 502, 'engine_failed'],
      ['does not know the key', { status: 401, body: 'Invalid signature' }, 502, 'engine_failed'],
      ['finds the event too large', { status: 413, body: '' }, 413, 'payload_too_large'],
      [
        'says an error with the status 200',
        { status: 200, body: '{"error":"Unknown app","code":404}' },
        502,
        'engine_failed',
      ],
    ] as const) {
      test(`that ${what} is told as ${status}`, async () => {
        engine.reply = () => reply;
        const response = await trigger(openServer(), notification);
        assert.equal(response.status, status);
        assert.equal(await errorCode(response), code);
      });
    }

    test('success of any shape is success', async () => {
      for (const body of ['{"ok":true}', 'ok', '', 'null']) {
        engine.reply = () => ({ status: 200, body });
        assert.equal((await trigger(openServer(), notification)).status, 200);
      }
    });

    test('that never answers is given up', async () => {
      engine.reply = () => undefined;
      const server = openServer({ engine: { ...engine.options, timeoutMs: 50 } });
      assert.equal((await trigger(server, notification)).status, 502);
    });

    for (const status of [200, 500]) {
      test(`that begins an answer with ${status} and never ends it is given up`, async () => {
        engine.reply = () => ({ status, body: '{', isEndless: true });
        const server = openServer({ engine: { ...engine.options, timeoutMs: 200 } });
        assert.equal((await trigger(server, notification)).status, 502);
      });
    }

    test('that is not there is told as 502', async () => {
      const server = openServer({ engine: { ...engine.options, port: 9 } });
      assert.equal((await trigger(server, notification)).status, 502);
    });
  });
});
