/** Thousands of requests of every shape: always an answer, never a crash, never a word for somebody else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { channelNames, describeChannel, encodeId } from '../../src/protocol.js';
import { MemoryStore, type RealtimeServer } from '../../src/server/index.js';
import { seed } from '../protocol/property.js';
import { engine, form, json, makeServer, RecordingEngine, sign, socketId } from './fixtures.js';

const runs = 3000;
let recorder: RecordingEngine;
let server: RealtimeServer;
const failures: unknown[] = [];

before(async () => {
  recorder = await RecordingEngine.start();
  server = makeServer({
    engine: { ...recorder.options, encryptionMasterKeyBase64: Buffer.alloc(32, 3).toString('base64') },
    jwt: undefined,
    identify: (request) => ({
      id: decodeURIComponent(request.headers.get('x-user') ?? ''),
      classes: ['1'],
      role: 'student',
    }),
    canTrigger: ({ channel, identity }) => channel === channelNames.user(identity.id),
    canReadMetrics: () => true,
    onWebhook: () => {},
    limits: { authorizationsPerMinute: 1e9, eventsPerMinute: 1e9, connectionsPerUser: 1e9 },
    stores: {
      limits: new MemoryStore({ maxEntries: 5000 }),
      webhooks: new MemoryStore({ maxEntries: 5000 }),
      metrics: new MemoryStore({ maxEntries: 5000 }),
    },
    logger: { error: (...parts) => failures.push(parts) },
  });
});
after(() => recorder.stop());

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '1',
    '10',
    'a-b',
    '=0031',
    '',
    '\0',
    '\ud800',
    'x'.repeat(300),
  ),
);
/** A person's id, as a header can carry it. */
const person = fc.oneof(
  fc.constantFrom('1', '10', 'a-b', '__proto__', '=0031'),
  fc.uuid(),
  fc.emailAddress(),
);
const channel = fc.oneof(
  word,
  fc
    .tuple(
      fc.constantFrom(
        'private-user-',
        'private-cache-user-',
        'private-encrypted-user-',
        'presence-class-',
        'presence-',
        'private-agent-',
        'cache-private-user-',
      ),
      fc.oneof(word, word.map(encodeId)),
    )
    .map(([prefix, id]) => prefix + id),
);
const anything = fc.oneof(
  fc.jsonValue(),
  fc.record({ channel, event: word, data: fc.jsonValue(), socket_id: word }, { requiredKeys: [] }),
  fc.record({ channels: fc.array(channel, { maxLength: 4 }), event: word, data: fc.jsonValue() }),
  fc.record({
    batch: fc.array(
      fc.record({ channel, event: word, name: word, data: fc.jsonValue() }, { requiredKeys: [] }),
      { maxLength: 12 },
    ),
  }),
);

/** Checks what every answer is, and hands its body over. */
async function answer(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await server.app.request(path, init);
  const text = await response.text();
  assert.ok(response.status < 500 || response.status === 502, `${response.status} ${text}`);
  const body: unknown = JSON.parse(text);
  if (response.status !== 200) {
    const { error } = body as { error: { code: string; message: string } };
    assert.ok(error.code && error.message);
    assert.doesNotMatch(text, /\n\s+at |node_modules/);
  }
  return { status: response.status, body };
}

async function check(property: fc.IAsyncProperty<unknown[]>, numRuns = runs): Promise<void> {
  await fc.assert(property as fc.IAsyncProperty<[]>, { seed, numRuns });
  assert.deepEqual(failures, [], 'nothing failed inside');
}

test('authorization: nobody gets a signature for a channel that is not theirs', async () => {
  await check(
    fc.asyncProperty(
      person,
      fc.array(channel, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (id, names, isBatch) => {
        const field = isBatch ? 'channel_name[]' : 'channel_name';
        const init = form([['socket_id', socketId], ...names.map((name) => [field, name] as const)], {
          'x-user': encodeURIComponent(id),
        });
        const { status, body } = await answer('/pusher/auth', init);
        // What a form can carry is what was asked: half a surrogate pair cannot be.
        const asked = new URLSearchParams(init.body).getAll(field);
        const answers =
          isBatch && status === 200 ? Object.entries(body as object) : [[asked[0]!, body] as const];
        for (const [name, entry] of answers) {
          const { auth, channel_data } = entry as { auth?: string; channel_data?: string };
          if (auth === undefined) continue;
          assert.ok(
            [channelNames.user(id), 'private-class-1', 'presence-class-1', 'presence-student'].includes(
              describeChannel(name).base,
            ),
            `${id} joined ${name}`,
          );
          assert.equal(
            auth,
            `app-key:${sign([socketId, name, ...(channel_data ? [channel_data] : [])].join(':'))}`,
          );
          if (channel_data) assert.equal(JSON.parse(channel_data).user_id, id);
        }
      },
    ),
  );
});

test('forms of any shape get an answer', async () => {
  const type = fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=x',
    'text/plain',
    'multipart/form-data',
    '',
  );
  const body = fc.oneof(
    word,
    fc
      .array(
        fc.tuple(
          fc.constantFrom('socket_id', 'channel_name', 'channel_name[]', 'callback', '__proto__'),
          word,
        ),
      )
      .map((fields) => form(fields).body),
    fc.uint8Array({ maxLength: 200 }),
  );
  await check(
    fc.asyncProperty(
      fc.constantFrom('/pusher/auth', '/pusher/user-auth'),
      type,
      body,
      async (path, contentType, content) => {
        await answer(path, {
          method: 'POST',
          headers: { 'Content-Type': contentType, 'x-user': '1' },
          body: content as BodyInit,
        });
      },
    ),
  );
});

test('triggers of any shape get an answer, and only what is allowed goes out', async () => {
  await check(
    fc.asyncProperty(person, anything, async (id, body) => {
      recorder.calls.length = 0;
      await answer('/realtime/trigger', json(body, { 'x-user': encodeURIComponent(id) }));
      for (const call of recorder.calls) {
        const events = call.body.batch ?? [call.body];
        for (const sent of events) {
          for (const name of sent.channels ?? [sent.channel]) assert.equal(name, channelNames.user(id));
          assert.doesNotMatch(sent.name, /^pusher/);
          assert.ok(Buffer.byteLength(sent.data) <= 10_240);
        }
      }
    }),
  );
});

test('a body that is no JSON gets an answer', async () => {
  await check(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
      await answer('/realtime/trigger', { ...json({}, { 'x-user': '1' }), body });
    }),
  );
});

test('webhooks of any shape get an answer, and what is not signed is never read', async () => {
  const event = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        name: fc.oneof(word, fc.constantFrom('client_event', 'member_added')),
        channel: fc.jsonValue(),
        user_id: fc.jsonValue(),
        event: fc.jsonValue(),
        data: fc.jsonValue(),
        socket_id: word,
      },
      { requiredKeys: ['name'] },
    ),
  );
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      time_ms: fc.oneof(fc.integer(), fc.double(), word),
      events: fc.array(event, { maxLength: 4 }),
    }),
  );
  await check(
    fc.asyncProperty(body, fc.boolean(), word, async (value, isSigned, other) => {
      const text = JSON.stringify(value);
      const headers = new Headers({
        'X-Pusher-Key': engine.key!,
        'X-Pusher-Signature': isSigned ? sign(text) : Buffer.from(other).toString('hex'),
      });
      const { status } = await answer('/pusher/webhook', { method: 'POST', headers, body: text });
      assert.equal(status === 401, !isSigned);
    }),
  );
});

test('questions about metrics of any shape get an answer', async () => {
  const query = fc.record(
    {
      range: word,
      from: fc.oneof(
        word,
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      ),
      to: word,
    },
    { requiredKeys: [] },
  );
  await check(
    fc.asyncProperty(
      query,
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
      async (fields, method) => {
        const search = new URLSearchParams(fields as Record<string, string>);
        const init = { method, headers: { 'x-user': '1' } };
        if (method === 'OPTIONS')
          assert.equal((await server.app.request(`/realtime/metrics?${search}`, init)).status, 204);
        else await answer(`/realtime/metrics?${search}`, init);
      },
    ),
    1000,
  );
});

test('memory is back to where it was', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const collect = async () => {
    for (let round = 0; round < 4; round += 1) {
      collectGarbage();
      await new Promise(setImmediate);
    }
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };
  const storm = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      const headers = { 'x-user': `user-${index}` };
      await answer(
        '/pusher/auth',
        form(
          [
            ['socket_id', `1.${index}`],
            ['channel_name', `private-user-user-${index}`],
          ],
          headers,
        ),
      );
      await answer(
        '/realtime/trigger',
        json({ channel: `private-other-${index}`, event: `event-${index}` }, headers),
      );
      await server.metrics.track(`event-${index}`, `user-${index}`);
    }
  };
  await storm(1500);
  const before = await collect();
  await storm(3000);
  const grown = (await collect()) - before;
  assert.ok(grown < 4, `grew by ${grown.toFixed(1)} MB`);
});
