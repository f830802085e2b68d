/** What never leaves: secrets, tokens, signatures and stack traces, in whatever goes wrong. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { RealtimeServerError, type RealtimeServerOptions } from '../../src/server/index.js';
import { redactingLogger } from '../../src/server/log.js';
import {
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
      // What a hook of the host throws is the host's own to catch; what the engine says is not.
      if (options.beforeBroadcast) continue;
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

test('a log line keeps what is no secret', () => {
  const lines: unknown[][] = [];
  const logger = redactingLogger({ error: (...parts) => lines.push(parts) }, ['hush-hush', undefined, 'abc']);
  logger.error('hush-hush said', new TypeError('no hush-hush abc'), 7);
  assert.equal(lines[0]![0], '[redacted] said');
  assert.match(lines[0]![1] as string, /^TypeError: no \[redacted\] abc\n {4}at /);
  assert.equal(lines[0]![2], '7');
});
