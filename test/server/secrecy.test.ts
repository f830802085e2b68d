/** What never leaves: secrets, tokens, signatures and stack traces, in whatever goes wrong. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import {
  type RealtimeServer,
  RealtimeServerError,
  type RealtimeServerOptions,
} from '../../src/server/index.js';
import { redactingLogger } from '../../src/server/log.js';
import {
  authorize,
  bearer,
  engineSecret,
  form,
  json,
  jwtSecret,
  makeServer,
  RecordingEngine,
  sign,
  socketId,
} from './fixtures.js';

let engine: RecordingEngine;
before(async () => {
  engine = await RecordingEngine.start();
});
after(() => engine.stop());

const masterKey = Buffer.alloc(32, 5).toString('base64');
const event = { channel: 'private-user-1', event: 'message', data: { a: 1 } };

test('no failure tells a client or a log more than its own sentence', async () => {
  const person = await bearer('1');
  const token = person.Authorization.slice('Bearer '.length);
  const logged: unknown[] = [];
  const answers: string[] = [];
  const leaky =
    (what: string, tokenSecret = jwtSecret) =>
    () => {
      throw Object.assign(
        new Error(
          `${what} failed with ${token}, ${person.Authorization}, ${tokenSecret}, ${engineSecret}, ${masterKey}, ${sign('x')}`,
        ),
        { config: { secret: engineSecret, url: `http://engine/?auth_signature=${sign('x')}` } },
      );
    };
  const situations: Partial<RealtimeServerOptions>[] = [
    {},
    { canTrigger: leaky('canTrigger') },
    { beforeBroadcast: leaky('beforeBroadcast') },
    { rules: { 'private-user-{id}': leaky('a rule') } },
    { memberInfo: leaky('memberInfo') },
    { watchlist: leaky('watchlist') },
    { onWebhook: leaky('onWebhook') },
    { canReadMetrics: leaky('canReadMetrics') },
    { jwt: undefined, identify: leaky('identify', '') },
    { onAbuse: leaky('onAbuse'), limits: { authorizationsPerMinute: 1, eventsPerMinute: 1 } },
  ];
  const webhook = JSON.stringify({ time_ms: 1, events: [{ name: 'cache_miss', channel: 'cache-a' }] });

  for (const reply of [
    { status: 401, body: `Invalid signature: you should have sent ${sign('y')}` },
    { status: 200, body: JSON.stringify({ error: engineSecret, code: 401 }) },
    undefined,
  ]) {
    engine.reply = () => reply;
    for (const options of situations) {
      const server = makeServer({
        engine: { ...engine.options, timeoutMs: 30, encryptionMasterKeyBase64: masterKey },
        canTrigger: () => true,
        logger: { error: (...parts) => logged.push(...parts) },
        ...options,
      });
      const one = [
        ['socket_id', socketId],
        ['channel_name', 'private-user-1'],
      ] as const;
      for (const [path, init] of [
        ['/pusher/auth', form(one, person)],
        ['/pusher/auth', form(one, person)],
        ['/pusher/auth', form(one, { Authorization: `Bearer ${token}x` })],
        [
          '/pusher/auth',
          form(
            [
              ['socket_id', socketId],
              ['channel_name[]', 'private-user-1'],
              ['channel_name[]', 'presence-student'],
            ],
            person,
          ),
        ],
        [
          '/pusher/auth',
          form(
            [
              ['socket_id', engineSecret],
              ['channel_name', 'a b'],
            ],
            person,
          ),
        ],
        ['/pusher/user-auth', form([['socket_id', socketId]], person)],
        ['/realtime/trigger', json(event, person)],
        ['/realtime/trigger', json({ batch: [event, event] }, person)],
        ['/realtime/trigger', { ...json({}, person), body: `{"${engineSecret}` }],
        ['/realtime/metrics', { headers: person }],
        [
          '/pusher/webhook',
          {
            method: 'POST',
            headers: { 'X-Pusher-Key': 'app-key', 'X-Pusher-Signature': sign(webhook) },
            body: webhook,
          },
        ],
        [
          '/pusher/webhook',
          {
            method: 'POST',
            headers: { 'X-Pusher-Key': 'app-key', 'X-Pusher-Signature': sign('z') },
            body: webhook,
          },
        ],
        ['/pusher/other', { headers: person }],
      ] as [string, RequestInit][]) {
        const response = await server.app.request(path, init);
        const text = await response.text();
        if (response.status !== 200) {
          const { error } = JSON.parse(text) as { error: { code: string; message: string } };
          assert.deepEqual(Object.keys(JSON.parse(text)), ['error']);
          assert.deepEqual(Object.keys(error), ['code', 'message']);
          answers.push(text);
        } else if (text.includes('"error"')) {
          answers.push(text.replace(/"auth":"[^"]+"/g, ''));
        }
      }
      for (const call of [
        () => server.trigger('private-user-1', 'message', 1),
        () => server.sendToUser('1', 'message', 1),
        () => server.terminateUser('1'),
        () => server.channels(),
        () => server.members('presence-student'),
      ]) {
        const thrown = await call().then(
          () => undefined,
          (error: unknown) => error,
        );
        assert.ok(thrown instanceof RealtimeServerError, inspect(thrown));
        answers.push(inspect(thrown, { depth: 9, showHidden: true }).replace(/(\\n)?\s+at [^\n]*/g, ''));
      }
    }
  }
  await new Promise(setImmediate);

  assert.ok(answers.length > 100 && logged.length > 10, `${answers.length} answers, ${logged.length} lines`);
  for (const text of [...answers, ...logged.map((part) => inspect(part, { depth: 9 }))]) {
    for (const secret of [
      token,
      jwtSecret,
      engineSecret,
      masterKey,
      sign('x'),
      sign('y'),
      'auth_signature',
    ]) {
      assert.ok(!text.includes(secret), text);
    }
  }
  for (const text of answers) assert.doesNotMatch(text, /\n\s+at |failed with|node_modules|\.ts:/);
});

for (const [what, reply, message, words] of [
  [
    'a refusal',
    { status: 401, body: `auth_key is\nnot ${engineSecret}, ${sign('y')}` },
    /answered 401\. Check PUSHER_APP_ID/,
    'auth_key is not [redacted], [redacted]',
  ],
  [
    'a refusal with the status 200',
    { status: 200, body: '{"error":"No such app","code":404}' },
    /answered 404/,
    'No such app',
  ],
  ['a refusal without end', { status: 500, body: 'x'.repeat(5_000) }, /answered 500/, 'x'.repeat(300)],
  ['no answer', undefined, /could not be reached/, 'No answer in time.'],
] as const) {
  test(`the words of the engine are in the log, once, and on the error that backend code gets: ${what}`, async () => {
    engine.reply = () => reply;
    const logged: unknown[] = [];
    const server = makeServer({
      engine: { ...engine.options, timeoutMs: 200 },
      canTrigger: () => true,
      logger: { error: (...parts) => logged.push(parts) },
    });
    const person = await bearer('1');
    for (const body of [event, { batch: Array(10).fill(event) }]) {
      const response = await server.app.request('/realtime/trigger', json(body, person));
      assert.ok(!(await response.text()).includes(words));
      const [line, ...others] = logged.splice(0) as [string, string][];
      assert.match(line![0], message);
      assert.equal(line![1], words);
      assert.deepEqual(others, []);
    }
    await assert.rejects(server.trigger('public', 'message', {}), { code: 'engine_failed', cause: words });
  });
}

test('an engine that is not there is in the log, without the signed address', async () => {
  const logged: unknown[] = [];
  const server = makeServer({ canTrigger: () => true, logger: { error: (...parts) => logged.push(parts) } });
  await server.app.request('/realtime/trigger', json(event, await bearer('1')));
  assert.match(inspect(logged), /could not be reached.*127\.0\.0\.1:9.*ECONNREFUSED/s);
  assert.doesNotMatch(inspect(logged), /auth_/);
});

test('an engine that does not count connections is nothing to write down', async () => {
  engine.reply = () => ({ status: 400, body: 'no such attribute' });
  const logged: unknown[] = [];
  const time = { now: Date.now() };
  const server = makeServer({
    engine: engine.options,
    clock: () => time.now,
    limits: { connectionsPerUser: 1 },
    logger: { error: (...parts) => logged.push(parts) },
  });
  const person = await bearer('1');
  for (const socket of ['1.1', '1.2']) {
    assert.equal((await authorize(server, 'private-user-1', person, socket)).status, 200);
    time.now += 120_000;
  }
  assert.equal(engine.calls.at(-1)?.path, '/apps/1000/channels/private-user-1');
  assert.deepEqual(logged, []);
});

test('keys of tokens that cannot be fetched are in the log, with the reason and without the token', async () => {
  const logged: unknown[] = [];
  const server = makeServer({
    jwt: { jwks: 'https://127.0.0.1:9/keys' },
    logger: { error: (...parts) => logged.push(parts) },
  });
  const token = `${btoa('{"alg":"ES256","kid":"1"}').replace(/=/g, '')}.e30.${'A'.repeat(86)}`;
  const response = await server.app.request('/realtime/metrics', {
    headers: { Authorization: `Bearer ${token}` },
  });
  assert.equal(response.status, 503);
  assert.equal(logged.length, 1);
  assert.match(inspect(logged), /cannot be fetched.*fetch failed.*Cause: \w+/s);
  assert.ok(!inspect(logged).includes(token));
});

test('what a hook throws reaches the log, and backend code gets an error of ours', async () => {
  for (const call of [
    (server: RealtimeServer) => server.trigger('public', 'message', {}),
    (server: RealtimeServer) => server.sendToUser('1', 'message', {}),
  ]) {
    const logged: unknown[] = [];
    const server = makeServer({
      beforeBroadcast: () => {
        throw new Error('the database is away');
      },
      logger: { error: (...parts) => logged.push(parts) },
    });
    await assert.rejects(call(server), (thrown) => {
      assert.ok(thrown instanceof RealtimeServerError);
      assert.equal(thrown.code, 'internal');
      assert.doesNotMatch(inspect(thrown), /database/);
      return true;
    });
    assert.match(inspect(logged), /An event could not be prepared.*the database is away/s);
  }
});

for (const [path, type] of [
  ['/pusher/auth', 'application/x-www-form-urlencoded'],
  ['/pusher/user-auth', 'application/x-www-form-urlencoded'],
  ['/realtime/trigger', 'application/json'],
  ['/pusher/webhook', 'application/json'],
] as const) {
  for (const length of [{ 'Content-Length': '100' }, {}]) {
    const what = 'Content-Length' in length ? 'a body with a length' : 'a body without one';
    test(`who leaves in the middle of ${what} is 400 at ${path}, and nothing to write down`, async () => {
      const logged: unknown[] = [];
      const server = makeServer({
        canTrigger: () => true,
        logger: { error: (...parts) => logged.push(parts) },
      });
      const body = new ReadableStream({
        pull: (controller) => controller.error(new Error('The client left.')),
      });
      const headers = { 'Content-Type': type, ...length, ...(await bearer('1')) };
      const response = await server.app.request(path, {
        method: 'POST',
        headers,
        body,
        duplex: 'half',
      } as RequestInit);
      assert.equal(response.status, 400);
      assert.deepEqual(logged, []);
    });
  }
}

test('a log line keeps what is no secret', () => {
  const lines: unknown[][] = [];
  const logger = redactingLogger({ error: (...parts) => lines.push(parts) }, ['hush-hush', undefined, 'abc']);
  logger.error('hush-hush said', new TypeError('no hush-hush abc'), 7);
  assert.equal(lines[0]![0], '[redacted] said');
  assert.match(lines[0]![1] as string, /^TypeError: no \[redacted\] abc\n {4}at /);
  assert.equal(lines[0]![2], '7');
});
