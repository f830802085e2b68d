import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { authorize, bearer, engine, errorCode, form, makeServer, sign, socketId } from './fixtures.js';

const encryptionMasterKeyBase64 = Buffer.alloc(32, 7).toString('base64');

async function batch(channels: string[], headers: Record<string, string>, server = makeServer()) {
  const fields = channels.map((channel) => ['channel_name[]', channel] as const);
  return server.app.request('/pusher/auth', form([['socket_id', socketId], ...fields], headers));
}

describe('POST /pusher/auth', () => {
  test('answers a private channel with a signature over socket and channel', async () => {
    const response = await authorize(makeServer(), 'private-user-1', await bearer('1'));
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { auth: `app-key:${sign('123.456:private-user-1')}` });
  });

  test('answers a presence channel with the member, signed too', async () => {
    const person = await bearer('1', { name: 'Ada', avatar: '/ada.png', role: 'student', classes: ['3'] });
    const response = await authorize(makeServer(), 'presence-class-3', person);
    const { auth, channel_data } = (await response.json()) as { auth: string; channel_data: string };
    assert.deepEqual(JSON.parse(channel_data), {
      user_id: '1',
      user_info: { name: 'Ada', avatar: '/ada.png', role: 'student' },
    });
    assert.equal(auth, `app-key:${sign(`123.456:presence-class-3:${channel_data}`)}`);
  });

  test('answers an encrypted channel with its shared secret', async () => {
    const server = makeServer({ engine: { ...engine, encryptionMasterKeyBase64 } });
    const channel = 'private-encrypted-user-1';
    const response = await authorize(server, channel, await bearer('1'));
    assert.deepEqual(await response.json(), {
      auth: `app-key:${sign(`123.456:${channel}`)}`,
      shared_secret: createHash('sha256').update(channel).update(Buffer.alloc(32, 7)).digest('base64'),
    });
  });

  test('says so when encrypted channels have no master key', async () => {
    const response = await authorize(makeServer(), 'private-encrypted-user-1', await bearer('1'));
    assert.equal(response.status, 503);
    assert.equal(await errorCode(response), 'not_configured');
  });

  test('tells a page that it takes batches', async () => {
    const response = await authorize(makeServer(), 'private-user-1', await bearer('1'));
    assert.equal(response.headers.get('x-realtime-batch'), '100');
    assert.match(response.headers.get('access-control-expose-headers')!, /X-Realtime-Batch/);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  });

  test('answers a batch channel by channel', async () => {
    const names = ['private-user-1', 'private-user-10', 'no name', '__proto__', 'private-user-1'];
    const response = await batch(names, await bearer('1'));
    assert.equal(response.status, 200);
    const text = await response.text();
    const answers = new Map(Object.entries(JSON.parse(text)));
    assert.deepEqual([...answers.keys()], ['private-user-1', 'private-user-10', 'no name', '__proto__']);
    assert.deepEqual(answers.get('private-user-1'), { auth: `app-key:${sign('123.456:private-user-1')}` });
    assert.deepEqual(answers.get('private-user-10'), {
      error: { code: 'forbidden', message: 'You may not join this channel.', status: 403 },
    });
    for (const [name, status] of [
      ['no name', 400],
      ['__proto__', 403],
    ] as const) {
      assert.equal((answers.get(name) as { error: { status: number } }).error.status, status, name);
    }
  });

  test('takes a hundred channels in a batch and not one more', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `private-user-${index}`);
    const person = await bearer('5');
    assert.equal((await batch(names.slice(0, 100), person)).status, 200);
    assert.equal((await batch(names, person)).status, 400);
  });

  test('a rule that fails costs a batch only its own channel', async () => {
    const server = makeServer({
      rules: {
        'private-broken-{id}': async () => {
          throw new Error('away');
        },
      },
      logger: { error: () => {} },
    });
    const response = await batch(['private-broken-1', 'private-user-1'], await bearer('1'), server);
    const answers = (await response.json()) as Record<string, { auth?: string; error?: { status: number } }>;
    assert.equal(answers['private-broken-1']!.error!.status, 500);
    assert.ok(answers['private-user-1']!.auth);
  });

  for (const [what, fields] of [
    ['no socket id', [['channel_name', 'private-user-1']]],
    [
      'a socket id that is none',
      [
        ['socket_id', '1.2:x'],
        ['channel_name', 'private-user-1'],
      ],
    ],
    [
      'a socket id with a line break',
      [
        ['socket_id', '1.2\n'],
        ['channel_name', 'private-user-1'],
      ],
    ],
    [
      'two socket ids',
      [
        ['socket_id', '1.2'],
        ['socket_id', '1.3'],
        ['channel_name', 'private-user-1'],
      ],
    ],
    ['no channel', [['socket_id', '1.2']]],
    [
      'two channels',
      [
        ['socket_id', '1.2'],
        ['channel_name', 'private-user-1'],
        ['channel_name', 'private-user-1'],
      ],
    ],
    [
      'one channel beside a batch',
      [
        ['socket_id', '1.2'],
        ['channel_name', 'private-user-1'],
        ['channel_name[]', 'private-user-1'],
      ],
    ],
  ] as [string, [string, string][]][]) {
    test(`refuses ${what}`, async () => {
      const response = await makeServer().app.request('/pusher/auth', form(fields, await bearer('1')));
      assert.equal(response.status, 400);
      assert.equal(await errorCode(response), 'invalid_request');
    });
  }

  test('nothing but the token says who somebody is', async () => {
    const server = makeServer();
    const headers = { ...(await bearer('2')), 'X-User-Id': '1', Cookie: 'user=1' };
    const fields = [
      ['socket_id', socketId],
      ['channel_name', 'private-user-1'],
      ['user_id', '1'],
      ['sub', '1'],
      ['channel_data', '{"user_id":"1"}'],
    ] as const;
    const query = `?user=1&user_id=1&sub=1&token=${encodeURIComponent(headers.Authorization.slice(7))}`;
    const response = await server.app.request(`/pusher/auth${query}`, form(fields, headers));
    assert.equal(response.status, 403);

    const presence = await server.app.request(
      `/pusher/auth${query}`,
      form([['socket_id', socketId], ['channel_name', 'presence-student'], ...fields.slice(2)], {
        ...headers,
        ...(await bearer('2', { role: 'student' })),
      }),
    );
    const { channel_data } = (await presence.json()) as { channel_data: string };
    assert.equal(JSON.parse(channel_data).user_id, '2');
  });

  test('reads the body alone: names in the query string count nothing', async () => {
    const response = await makeServer().app.request(
      '/pusher/auth?socket_id=1.2&channel_name=private-user-1',
      form([], await bearer('1')),
    );
    assert.equal(response.status, 400);
  });

  test('takes forms only', async () => {
    const response = await makeServer().app.request('/pusher/auth', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(await bearer('1')) },
      body: JSON.stringify({ socket_id: socketId, channel_name: 'private-user-1' }),
    });
    assert.equal(response.status, 415);
  });

  test('takes a form of some 60 kB and no more', async () => {
    const response = await batch(['x'.repeat(70_000)], await bearer('1'));
    assert.equal(response.status, 413);
    assert.equal(await errorCode(response), 'payload_too_large');
  });

  test('other methods are told which one works', async () => {
    const response = await makeServer().app.request('/pusher/auth?callback=x');
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'POST');
    assert.equal(await errorCode(response), 'method_not_allowed');
  });

  test('what others see of a person can be chosen', async () => {
    const server = makeServer({ memberInfo: ({ claims }) => ({ name: claims.nick }) });
    const person = await bearer('1', { nick: 'A.', role: 'student' });
    const response = await authorize(server, 'presence-student', person);
    const { channel_data } = (await response.json()) as { channel_data: string };
    assert.deepEqual(JSON.parse(channel_data).user_info, { name: 'A.' });
  });

  test('what would be too much for others to hear is not sent, and the log says so', async () => {
    const logged: string[] = [];
    const server = makeServer({
      memberInfo: () => ({ name: 'A.', biography: 'x'.repeat(1100) }),
      logger: { error: (line) => logged.push(line) },
    });
    const response = await authorize(server, 'presence-student', await bearer('1', { role: 'student' }));
    const { channel_data } = (await response.json()) as { channel_data: string };
    assert.deepEqual(JSON.parse(channel_data).user_info, { name: '1', role: 'student' });
    assert.match(logged.join(), /memberInfo answered more than 1024 bytes/);
  });

  for (const [what, claims, info] of [
    ['no name', {}, { name: '1', role: 'student' }],
    [
      'a picture by its standard name',
      { name: 'Ada', picture: '/p' },
      { name: 'Ada', avatar: '/p', role: 'student' },
    ],
    [
      'a picture that is a whole file',
      { name: 'Ada', avatar: `data:${'x'.repeat(2000)}` },
      { name: 'Ada', role: 'student' },
    ],
    ['an endless name', { name: 'ü'.repeat(2000) }, { name: 'ü'.repeat(100) }],
  ] as [string, Record<string, unknown>, unknown][]) {
    test(`a member with ${what} stays under the limit of 1 kB`, async () => {
      const response = await authorize(
        makeServer(),
        'presence-student',
        await bearer('1', { role: 'student', ...claims }),
      );
      const { channel_data } = (await response.json()) as { channel_data: string };
      assert.deepEqual(JSON.parse(channel_data).user_info, info);
    });
  }
});

describe('POST /pusher/user-auth', () => {
  const signIn = async (headers: Record<string, string>, server = makeServer(), socket = socketId) =>
    server.app.request('/pusher/user-auth', form([['socket_id', socket]], headers));

  test('answers with who signs in, signed', async () => {
    const response = await signIn(await bearer('1', { name: 'Ada', role: 'student' }));
    assert.equal(response.status, 200);
    const { auth, user_data } = (await response.json()) as { auth: string; user_data: string };
    assert.deepEqual(JSON.parse(user_data), { id: '1', user_info: { name: 'Ada', role: 'student' } });
    assert.equal(auth, `app-key:${sign(`123.456::user::${user_data}`)}`);
  });

  test('writes ids with the characters that a channel may have', async () => {
    const server = makeServer({ watchlist: async () => ['auth0|2', 'c'] });
    const response = await signIn(await bearer('auth0|1'), server);
    const { user_data } = (await response.json()) as { user_data: string };
    assert.equal(JSON.parse(user_data).id, 'auth0=007c1');
    assert.deepEqual(JSON.parse(user_data).watchlist, ['auth0=007c2', 'c']);
  });

  test('cuts a watchlist at a hundred people', async () => {
    const server = makeServer({ watchlist: () => Array.from({ length: 150 }, (_, index) => `${index}`) });
    const { user_data } = (await (await signIn(await bearer('1'), server)).json()) as { user_data: string };
    assert.equal(JSON.parse(user_data).watchlist.length, 100);
  });

  test('refuses a bad socket id, and whoever is nobody', async () => {
    assert.equal((await signIn(await bearer('1'), makeServer(), 'x')).status, 400);
    assert.equal((await signIn({})).status, 401);
  });
});
