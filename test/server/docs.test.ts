/** The guide of the server part, docs/server.md: every example in it is run as it stands there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { Redis } from 'ioredis';
import RedisMock from 'ioredis-mock';
import { encodeId } from '../../src/protocol.js';
import {
  createRealtimeServer,
  type RealtimeServer,
  readServerEnvironment,
  type Store,
} from '../../src/server/index.js';
import { bearer, engine, form, json, jwtSecret, RecordingEngine, sign, socketId } from './fixtures.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = await readFile(join(root, 'docs/server.md'), 'utf8');
const examples = new Map(
  [...guide.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => [name!, code!]),
);
const ran = new Set<string>();

let folder: string;
let recorder: RecordingEngine;
before(async () => {
  recorder = await RecordingEngine.start();
  folder = await mkdtemp(join(tmpdir(), 'server-guide-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, code] of examples) {
    const source = code
      .replaceAll("'realtime-elements/server'", `'${new URL('../../src/server/index.ts', import.meta.url)}'`)
      .replaceAll("'realtime-elements/protocol'", `'${new URL('../../src/protocol.ts', import.meta.url)}'`)
      // No Redis runs beside the tests; the mock answers its commands.
      .replaceAll("import { Redis } from 'ioredis'", "import Redis from 'ioredis-mock'");
    await writeFile(join(folder, name), source);
  }
  const { port } = recorder.options;
  Object.assign(process.env, {
    PUSHER_APP_ID: engine.appId,
    PUSHER_KEY: engine.key,
    PUSHER_SECRET: engine.secret,
    PUSHER_HOST: '127.0.0.1',
    PUSHER_PORT: String(port),
    PUSHER_SCHEME: 'http',
    JWT_SECRET: jwtSecret,
    MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    PORT: '0',
  });
});
after(async () => {
  await recorder.stop();
  await rm(folder, { recursive: true });
});

/** Runs an example and answers what it exports. */
async function run<T>(name: string): Promise<T> {
  ran.add(name);
  return (await import(pathToFileURL(join(folder, name)).href)) as T;
}

/** The text of an example that is no program for Node. */
function read(name: string): string {
  ran.add(name);
  return examples.get(name)!;
}

async function listening(server: Server): Promise<string> {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

const ask = (channel: string, headers: Record<string, string>) =>
  form(
    [
      ['socket_id', socketId],
      ['channel_name', channel],
    ],
    headers,
  );

/** Checks the routes behind a way to call them. */
async function checkRoutes(call: (path: string, init: RequestInit) => Promise<Response>): Promise<void> {
  const joined = await call('/api/v1/pusher/auth', ask('private-user-7', await bearer('7')));
  assert.deepEqual(await joined.json(), { auth: `app-key:${sign('123.456:private-user-7')}` });
  assert.equal((await call('/api/v1/pusher/auth', ask('private-user-8', await bearer('7')))).status, 403);
  const event = { channel: 'public', event: 'message', data: 1 };
  assert.equal((await call('/api/v1/realtime/trigger', json(event, await bearer('7')))).status, 403);
  const webhook = JSON.stringify({ time_ms: 1, events: [] });
  const headers = {
    'X-Pusher-Key': engine.key!,
    'X-Pusher-Signature': sign(webhook),
    'Content-Type': 'application/json',
  };
  const heard = await call('/api/v1/pusher/webhook', { method: 'POST', headers, body: webhook });
  assert.deepEqual(await heard.json(), { status: 'ok' });
}

const post = (realtime: RealtimeServer, path: string, init: RequestInit) =>
  realtime.fetch(new Request(`http://host${path}`, init));

describe('the examples of the server guide', () => {
  test('hono.ts, token.ts and content.ts: an application that sends of its own', async () => {
    const { server } = await run<{ server: Server }>('hono.ts');
    const url = await listening(server);
    await checkRoutes((path, init) => fetch(url + path, init));

    const { tokenFor } = await run<{ tokenFor(user: object): Promise<string> }>('token.ts');
    const token = await tokenFor({ id: '7', name: 'Ada', role: 'teacher', classes: ['algebra'] });
    const headers = { Authorization: `Bearer ${token}` };
    for (const channel of ['private-user-7', 'presence-teacher', 'presence-class-algebra']) {
      assert.equal((await fetch(`${url}/api/v1/pusher/auth`, ask(channel, headers))).status, 200, channel);
    }

    const { routes } = await run<{ routes: { request(path: string, init: RequestInit): Promise<Response> } }>(
      'content.ts',
    );
    recorder.calls.length = 0;
    const accepted = await routes.request('/content/generate', json({ subject: 'Primes' }, headers));
    assert.equal(accepted.status, 202);
    const { task_id, status } = (await accepted.json()) as { task_id: string; status: string };
    assert.equal(status, 'processing');
    while (recorder.calls.length < 2) await new Promise(setImmediate);
    assert.deepEqual(
      recorder.calls.map(({ body }) => [body.name, body.channels, JSON.parse(body.data).taskId]),
      [
        ['content.progress', ['private-user-7'], task_id],
        ['content.generated', ['private-user-7'], task_id],
      ],
    );
    assert.equal((await routes.request('/content/generate', json({}, headers))).status, 400);
    assert.equal((await routes.request('/content/generate', json({ subject: 'x' }))).status, 401);
    await close(server);
  });

  test('express.ts: beside routes of the host, before its body parser', async () => {
    const { server } = await run<{ server: Server }>('express.ts');
    const url = await listening(server);
    await checkRoutes((path, init) => fetch(url + path, init));
    const order = await fetch(`${url}/api/v1/orders`, json({ id: 5 }));
    assert.deepEqual([order.status, await order.json()], [201, { id: 5 }]);
    await close(server);
  });

  test('node.ts: a plain server', async () => {
    const { server } = await run<{ server: Server }>('node.ts');
    const url = await listening(server);
    await checkRoutes((path, init) => fetch(url + path, init));
    assert.equal((await fetch(`${url}/elsewhere`)).status, 404);
    await close(server);
  });

  test('next.ts: a route handler, called as Next.js calls it', async () => {
    const route =
      await run<Record<string, (request: Request, context: unknown) => Promise<Response>>>('next.ts');
    assert.equal(route.runtime, 'nodejs');
    const context = { params: Promise.resolve({ path: ['pusher', 'auth'] }) };
    await checkRoutes((path, init) =>
      route[init.method ?? 'GET']!(new Request(`http://host${path}`, init), context),
    );
    const forwarded = { ...(await bearer('7')), 'X-Forwarded-For': '203.0.113.7' };
    assert.equal(
      (
        await route.POST!(
          new Request('http://host/api/v1/pusher/auth', ask('private-user-7', forwarded)),
          context,
        )
      ).status,
      200,
    );
    assert.equal(
      (await route.OPTIONS!(new Request('http://host/api/v1/pusher/auth', { method: 'OPTIONS' }), context))
        .status,
      204,
    );
    assert.equal((await route.GET!(new Request('http://host/api/v1/realtime/metrics'), context)).status, 401);
  });

  test('identity.ts: three ways to know who somebody is', async () => {
    const { shared, provider, session } = await run<Record<string, RealtimeServer>>('identity.ts');
    const request = (headers: Record<string, string>) => new Request('http://host/', { headers });
    assert.equal((await shared!.identify(request(await bearer('7')))).id, '7');
    await assert.rejects(provider!.identify(request(await bearer('7'))), { status: 401 });
    assert.deepEqual((await session!.identify(request({ cookie: 'session=7' }))).roles, ['teacher']);
    await assert.rejects(session!.identify(request({})), { status: 401 });
  });

  test('rules.ts: memberships, rules, triggers and the last look at an event', async () => {
    const { realtime } = await run<{ realtime: RealtimeServer }>('rules.ts');
    const status = async (channel: string, headers: Record<string, string>) =>
      (await post(realtime, '/pusher/auth', ask(channel, headers))).status;
    assert.equal(await status('presence-class-algebra', await bearer('7')), 200);
    assert.equal(await status('presence-class-algebra', await bearer('8', { classes: ['algebra'] })), 403);
    assert.equal(await status('private-order-A-1', await bearer('7')), 200);
    assert.equal(await status('private-order-A-1', await bearer('8')), 403);
    assert.equal(await status('private-bot-updates', await bearer('8', { role: 'admin' })), 200);
    recorder.calls.length = 0;
    const person = await bearer('7');
    const data = { text: 'Hi', internalNote: 'x' };
    const event = { channel: 'private-class-algebra', event: 'message', data };
    assert.equal((await post(realtime, '/realtime/trigger', json(event, person))).status, 200);
    assert.equal(
      (await post(realtime, '/realtime/trigger', json({ ...event, channel: 'private-class-2' }, person)))
        .status,
      403,
    );
    await realtime.trigger('lobby', 'visitors', 5);
    assert.deepEqual(
      recorder.calls.map(({ body }) => body.data),
      ['{"text":"Hi"}', '5'],
    );
  });

  test('webhook.ts: a list of who came', async () => {
    const { realtime, attendance } = await run<{ realtime: RealtimeServer; attendance: string[] }>(
      'webhook.ts',
    );
    const body = JSON.stringify({
      time_ms: 0,
      events: [{ name: 'member_added', channel: 'presence-class-1', user_id: '7' }],
    });
    const headers = { 'X-Pusher-Key': engine.key!, 'X-Pusher-Signature': sign(body) };
    assert.equal((await post(realtime, '/pusher/webhook', { method: 'POST', headers, body })).status, 200);
    assert.deepEqual(attendance, ['7 came at 1970-01-01T00:00:00.000Z']);
  });

  test('metrics.ts: counted and read', async () => {
    const { realtime, report } = await run<{ realtime: RealtimeServer; report: { events: unknown } }>(
      'metrics.ts',
    );
    assert.deepEqual(report.events, [{ event: 'lesson.opened', count: 1, uniqueUsers: 1 }]);
    const headers = await bearer('1', { role: 'admin' });
    assert.equal((await post(realtime, '/realtime/metrics', { headers })).status, 200);
  });

  test('encrypted.ts: a channel that the engine cannot read', async () => {
    const { realtime } = await run<{ realtime: RealtimeServer }>('encrypted.ts');
    const response = await post(realtime, '/pusher/auth', ask('private-encrypted-user-7', await bearer('7')));
    assert.ok(((await response.json()) as { shared_secret: string }).shared_secret);
  });

  test('redis-store.ts and several.ts: what a store promises', async () => {
    const { RedisStore } = await run<{ RedisStore: new (redis: unknown, prefix?: string) => Store }>(
      'redis-store.ts',
    );
    // REDIS_URL runs the same against a real one.
    const redis = process.env.REDIS_URL ? new Redis(process.env.REDIS_URL) : new RedisMock();
    const store = new RedisStore(redis, `test:${process.pid}:`);
    assert.equal(await store.increment('a', 2, 60_000), 2);
    assert.equal(await store.increment('a', -1, 60_000), 1);
    assert.equal(await store.increment('b', 5, 60_000), 5);
    assert.equal(await store.count(['a', 'b', 'never']), 6);
    assert.equal(await store.count([]), 0);
    await store.delete('b');
    assert.equal(await store.count(['b']), 0);
    assert.equal(await store.add('s', 'x', 60_000), 1);
    assert.equal(await store.add('s', 'x', 60_000), 1);
    assert.equal(await store.add('t', 'y', 60_000), 1);
    assert.deepEqual((await store.members(['s', 't', 'never'])).sort(), ['x', 'y']);
    assert.deepEqual(await store.members([]), []);
    const remaining = (key: string) => redis.pttl(`test:${process.pid}:${key}`);
    await store.increment('a', 1, 600_000);
    assert.ok((await remaining('a')) <= 60_000, "a counter's time counts from its first write");
    assert.ok((await remaining('a')) > 0);
    assert.ok((await remaining('s')) > 0, 'a set is forgotten as well');
    for (const key of ['a', 's', 't']) await store.delete(key);
    redis.disconnect();

    const { realtime } = await run<{ realtime: RealtimeServer }>('several.ts');
    await checkRoutes((path, init) => post(realtime, path, init));
    await realtime.metrics.track('lesson.opened', '7');
    assert.deepEqual((await realtime.metrics.query()).events, [
      { event: 'lesson.opened', count: 1, uniqueUsers: 1 },
    ]);
  });

  for (const name of ['hosted.env', 'soketi.env', 'reverb.env', 'sockudo.env']) {
    test(`${name}: starts a server`, () => {
      const environment = parseEnv(read(name)) as Record<string, string>;
      createRealtimeServer({ ...readServerEnvironment(environment), jwt: { secret: jwtSecret } });
    });
  }

  test('.env.example holds every variable that is read, and starts no secret into the world', async () => {
    const text = await readFile(join(root, '.env.example'), 'utf8');
    const names = new Set([...text.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name));
    const read = new Set<string>();
    readServerEnvironment(new Proxy({}, { get: (_, name) => void read.add(String(name)) }));
    for (const name of read) assert.ok(names.has(name), name);
    for (const name of [
      'ENABLED',
      'KEY',
      'CLUSTER',
      'HOST',
      'PORT',
      'FORCE_TLS',
      'AUTH_ENDPOINT',
      'TRIGGER_ENDPOINT',
      'DEBUG',
    ]) {
      assert.ok(names.has(`VITE_PUSHER_${name}`), name);
    }
    assert.equal(parseEnv(text).PUSHER_SECRET, 'your-secret');
  });

  test('the table of encoded ids', () => {
    const rows = [...guide.matchAll(/^\| `(.+)` \| `([^`]+)` \|$/gm)].filter(([, , name]) =>
      /^[\w=@.,;-]+$/.test(name!),
    );
    const ids = rows.map(([, id, name]) => [id!.replace('\\|', '|'), name!] as const);
    assert.ok(ids.length >= 6);
    for (const [id, name] of ids) assert.equal(encodeId(id), name);
  });

  const ids = [
    '7',
    'ada@example.com',
    'auth0|5f7',
    'a=b',
    'Zoë',
    'e\u0301',
    '😀',
    '',
    ' ',
    'a/b\\c"d',
    '\u0000\n',
    '٣',
    '中文',
    'A-Z_a.z,;',
  ];
  const installed = (command: string) => spawnSync(command, ['--version']).status === 0;
  const skip = (command: string) => (installed(command) ? false : `${command} is not installed here`);

  test('realtime_channels.py: the same names, the same signatures', { skip: skip('python3') }, () => {
    read('realtime_channels.py');
    const user = { id: 'auth0|7', name: 'Zoë', classes: ['1', 'ü'] };
    const channels = [
      'private-user-auth0=007c7',
      'private-cache-user-auth0=007c7',
      'presence-class-1',
      'presence-cache-class-=00fc',
      'private-encrypted-class-1',
      'private-encrypted-cache-class-1',
    ];
    const denied = [
      'private-user-auth0|7',
      'private-user-7',
      'private-class-10',
      'class-1',
      'cache-private-class-1',
      'presence-user-auth0=007c7',
      'private-class-1\n',
      '',
    ];
    const program = [
      'import json, sys',
      'from realtime_channels import *',
      'q = json.load(sys.stdin)',
      'key = bytes([7]) * 32',
      'answers = [authorize(q["user"], "123.456", c, "app-key", q["secret"], key) for c in q["channels"] + q["denied"]]',
      'bad_socket = authorize(q["user"], "1.2:3", q["channels"][0], "app-key", q["secret"], key)',
      'no_key = authorize(q["user"], "123.456", "private-encrypted-class-1", "app-key", q["secret"])',
      'print(json.dumps({"ids": [encode_id(i) for i in q["ids"]], "answers": answers, "none": [bad_socket, no_key]}))',
    ].join('\n');
    const input = JSON.stringify({ ids, user, channels, denied, secret: engine.secret });
    const { stdout, stderr } = spawnSync('python3', ['-c', program], {
      cwd: folder,
      input,
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const result = JSON.parse(stdout) as {
      ids: string[];
      answers: (Record<string, string> | null)[];
      none: unknown[];
    };
    assert.deepEqual(result.ids, ids.map(encodeId));
    assert.deepEqual(result.none, [null, null]);
    assert.deepEqual(
      result.answers.slice(channels.length),
      denied.map(() => null),
    );
    for (const [index, channel] of channels.entries()) {
      const { auth, channel_data, shared_secret } = result.answers[index]!;
      assert.equal(
        auth,
        `app-key:${sign([socketId, channel, ...(channel_data ? [channel_data] : [])].join(':'))}`,
        channel,
      );
      assert.equal(channel_data !== undefined, channel.startsWith('presence-'));
      assert.equal(shared_secret !== undefined, channel.startsWith('private-encrypted-'));
      if (channel_data) assert.equal(JSON.parse(channel_data).user_id, 'auth0|7');
    }
  });

  test('views.py: is a module that Python reads', { skip: skip('python3') }, () => {
    read('views.py');
    const { status, stderr } = spawnSync('python3', ['-m', 'py_compile', 'views.py'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });

  test('encode_id.php and channels.php: the same names, the same answers', {
    skip: skip('php'),
  }, async () => {
    read('encode_id.php');
    read('channels.php');
    await writeFile(
      join(folder, 'check.php'),
      `<?php
      namespace Illuminate\\Support\\Facades { class Broadcast {
        public static array $rules = [];
        static function channel($name, $rule) { self::$rules[$name] = $rule; }
      } }
      namespace {
        class Classes { function contains($test) { foreach ([1, 'ü'] as $id) if ($test((object) ['id' => $id])) return true; return false; } }
        require 'encode_id.php';
        require 'channels.php';
        $user = (object) ['id' => 'auth0|7', 'name' => 'Zoë', 'avatar' => null, 'role' => 'teacher', 'classes' => new Classes];
        $rules = Illuminate\\Support\\Facades\\Broadcast::$rules;
        $q = json_decode(stream_get_contents(STDIN), true);
        echo json_encode([
          'ids' => array_map('encode_id', $q['ids']),
          'user' => array_map(fn ($id) => $rules['cache-user-{id}']($user, $id), ['auth0=007c7', 'auth0|7', '7']),
          'class' => array_map(fn ($id) => $rules['class-{id}']($user, $id), ['1', '=00fc', '10']),
          'role' => $rules['teacher']($user),
          'names' => array_keys($rules),
        ]);
      }`,
    );
    const { stdout, stderr } = spawnSync('php', ['check.php'], {
      cwd: folder,
      input: JSON.stringify({ ids }),
      encoding: 'utf8',
    });
    const member = { name: 'Zoë', avatar: null, role: 'teacher' };
    assert.deepEqual(
      JSON.parse(stdout),
      {
        ids: ids.map(encodeId),
        user: [true, false, false],
        class: [member, member, false],
        role: { name: 'Zoë' },
        names: ['user-{id}', 'class-{id}', 'teacher', 'cache-user-{id}', 'cache-class-{id}', 'cache-teacher'],
      },
      stderr,
    );
  });

  test('none of them was left out', () => {
    const other = installed('php') ? [] : ['encode_id.php', 'channels.php'];
    if (!installed('python3')) other.push('realtime_channels.py', 'views.py');
    assert.deepEqual(
      [...examples.keys()].filter((name) => !ran.has(name) && !other.includes(name)),
      [],
    );
  });
});
