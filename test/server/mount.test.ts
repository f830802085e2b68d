import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Hono } from 'hono';
import { RealtimeServerError } from '../../src/server/index.js';
import { bearer, form, makeServer, socketId } from './fixtures.js';

const own = async () =>
  form(
    [
      ['socket_id', socketId],
      ['channel_name', 'private-user-1'],
    ],
    await bearer('1'),
  );

describe('the server part in a Hono application', () => {
  const realtime = makeServer({ origins: ['https://shop.example'] });
  const host = new Hono();
  host.get('/api/v1/before', (context) => context.text('before'));
  host.route('/api/v1', realtime.app);
  host.get('/api/v1/pusher/other', (context) => context.text('other'));
  host.get('/api/v1/orders', async (context) => {
    const { id } = await realtime.identify(context.req.raw);
    return context.json({ id });
  });
  host.get('/refused', () => {
    throw new RealtimeServerError('rate_limited', 'Slowly, please.', { 'Retry-After': '3' });
  });

  test('answers under its prefix and nowhere else', async () => {
    assert.equal((await host.request('/api/v1/pusher/auth', await own())).status, 200);
    assert.equal((await host.request('/pusher/auth', await own())).status, 404);
  });

  test('leaves the routes of the host alone', async () => {
    for (const path of ['/api/v1/before', '/api/v1/pusher/other']) {
      const response = await host.request(path, { headers: { Origin: 'https://shop.example' } });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
      assert.equal(response.headers.get('cache-control'), null);
    }
  });

  test('keeps its own words for errors, whatever the host does with its own', async () => {
    const strict = new Hono();
    strict.onError((_, context) => context.text('host', 418 as never));
    strict.route('/', realtime.app);
    const response = await strict.request('/pusher/auth', { method: 'POST' });
    assert.equal(response.status, 401);
    assert.deepEqual(Object.keys((await response.json()) as object), ['error']);
  });

  test('gives routes of the host an identity and answers that need no handler', async () => {
    assert.deepEqual(await (await host.request('/api/v1/orders', { headers: await bearer('7') })).json(), {
      id: '7',
    });
    const nobody = await host.request('/api/v1/orders');
    assert.equal(nobody.status, 401);
    assert.equal(nobody.headers.get('www-authenticate'), 'Bearer');
    const refused = await host.request('/refused');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '3');
    assert.deepEqual(await refused.json(), { error: { code: 'rate_limited', message: 'Slowly, please.' } });
  });

  test('answers alone under any prefix, and JSON where there is nothing', async () => {
    for (const path of ['/pusher/auth', '/api/v1/pusher/auth', '/a/b/c/pusher/auth?x=1']) {
      assert.equal((await realtime.fetch(new Request(`http://host${path}`, await own()))).status, 200, path);
    }
    for (const path of ['/', '/pusher', '/pusher/auth/', '/pusher/auth/x', '/xpusher/authx']) {
      const response = await realtime.fetch(new Request(`http://host${path}`, await own()));
      assert.equal(response.status, 404, path);
      assert.deepEqual(await response.json(), {
        error: { code: 'not_found', message: 'There is nothing under this path.' },
      });
    }
  });
});
