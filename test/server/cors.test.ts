import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bearer, form, makeServer } from './fixtures.js';

const shop = 'https://shop.example';

async function ask(
  server: ReturnType<typeof makeServer>,
  origin: string,
  headers: Record<string, string> = {},
) {
  return server.app.request('/pusher/auth', form([], { Origin: origin, ...headers }));
}

async function preflight(server: ReturnType<typeof makeServer>, origin: string, path = '/pusher/auth') {
  return server.app.request(path, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,x-csrf-token',
    },
  });
}

describe('pages on other origins', () => {
  const server = makeServer({ origins: [shop] });

  test('may call when their origin is listed, with credentials', async () => {
    const response = await preflight(server, shop);
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-origin'), shop);
    assert.equal(response.headers.get('access-control-allow-credentials'), 'true');
    assert.equal(response.headers.get('access-control-allow-headers'), 'authorization,x-csrf-token');
    assert.match(response.headers.get('access-control-allow-methods')!, /POST/);
    assert.match(response.headers.get('vary')!, /Origin/);
  });

  test('read errors as well as answers', async () => {
    for (const [headers, status] of [
      [{}, 401],
      [await bearer('1'), 400],
    ] as const) {
      const response = await ask(server, shop, headers);
      assert.equal(response.status, status);
      assert.equal(response.headers.get('access-control-allow-origin'), shop);
      assert.match(response.headers.get('access-control-expose-headers')!, /X-Realtime-Batch.*Retry-After/);
    }
  });

  test('are kept out when it only looks like one that is listed, and by default', async () => {
    for (const origin of [
      `${shop}.evil.example`,
      'https://evilshop.example',
      'http://shop.example',
      `${shop}:8443`,
      'null',
      '*',
      'http://localhost:8008',
    ]) {
      for (const response of [
        await preflight(server, origin),
        await ask(server, origin),
        await preflight(makeServer(), origin),
      ]) {
        assert.equal(response.headers.get('access-control-allow-origin'), null, origin);
      }
    }
  });

  test('every route answers them', async () => {
    for (const path of [
      '/pusher/auth',
      '/pusher/user-auth',
      '/pusher/webhook',
      '/realtime/trigger',
      '/realtime/metrics',
    ]) {
      assert.equal(
        (await preflight(server, shop, path)).headers.get('access-control-allow-origin'),
        shop,
        path,
      );
    }
  });

  test('for development, every origin of this machine may call', async () => {
    const local = makeServer({ origins: 'loopback' });
    for (const origin of [
      'http://localhost',
      'http://localhost:5173',
      'https://localhost:3000',
      'http://127.0.0.1:8008',
      'http://127.1.2.3',
      'http://[::1]:80',
      'http://app.localhost:3000',
    ]) {
      assert.equal((await ask(local, origin)).headers.get('access-control-allow-origin'), origin);
      assert.equal(local.isAllowedOrigin(origin), true, origin);
    }
    for (const origin of [
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://evil.example',
      'http://192.168.0.1',
      'null',
      '',
      'file://',
      'ftp://localhost',
      'http://xlocalhost',
    ]) {
      assert.equal((await ask(local, origin)).headers.get('access-control-allow-origin'), null, origin);
      assert.equal(local.isAllowedOrigin(origin), false, origin);
    }
  });

  test('a host’s own routes ask for the same rule', () => {
    assert.equal(server.isAllowedOrigin(shop), true);
    assert.equal(server.isAllowedOrigin(`${shop}.evil.example`), false);
    assert.equal(makeServer().isAllowedOrigin(shop), false, 'nobody, when no origin is listed');
  });
});
