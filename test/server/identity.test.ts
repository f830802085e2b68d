import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { RealtimeServer } from '../../src/server/index.js';
import { authorize, bearer, errorCode, jwtSecret, makeServer, token } from './fixtures.js';

const key = new TextEncoder().encode(jwtSecret);
const now = () => Math.floor(Date.now() / 1000);

async function status(server: RealtimeServer, authorization?: string, channel = 'private-user-1') {
  const response = await authorize(server, channel, authorization ? { Authorization: authorization } : {});
  return response.status;
}

describe('identity by bearer token', () => {
  const server = makeServer({ limits: { authorizationsPerMinute: 1000 } });

  test('a token that is signed, in time and short is believed', async () => {
    assert.equal(await status(server, `Bearer ${await token('1')}`), 200);
    assert.equal(await status(server, `bearer ${await token('1')}`), 200);
    assert.equal(await status(server, `Bearer ${await token(1)}`), 200, 'a whole number is an id too');
  });

  test('nobody is asked for a token, in JSON, with the header that says so', async () => {
    const response = await authorize(server, 'private-user-1', {});
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    assert.equal(await errorCode(response), 'unauthenticated');
  });

  test('a token elsewhere than in the header is none', async () => {
    const response = await server.app.request(`/pusher/auth?access_token=${await token('1')}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: `token=${await token('1')}` },
      body: `socket_id=1.2&channel_name=private-user-1&access_token=${await token('1')}`,
    });
    assert.equal(response.status, 401);
  });

  const bad: Record<string, () => string | Promise<string>> = {
    'no token behind the word': () => 'Bearer ',
    'another scheme': async () => `Basic ${await token('1')}`,
    'two tokens': async () => `Bearer ${await token('1')}, Bearer ${await token('1')}`,
    'something that is no token': () => 'Bearer a.b.c',
    'a signature that was changed': async () => {
      const [head, body, signature = ''] = (await token('1')).split('.');
      return `Bearer ${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    },
    'a payload that was changed': async () => {
      const [head, , signature] = (await token('1')).split('.');
      const body = Buffer.from(JSON.stringify({ sub: '1', exp: now() + 60 })).toString('base64url');
      return `Bearer ${head}.${body}.${signature}`;
    },
    'another secret': async () =>
      `Bearer ${await new SignJWT({ sub: '1', exp: now() + 60 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode('another secret, which is long enough too'))}`,
    'no signature (none)': () =>
      `Bearer ${new UnsecuredJWT({ sub: '1' }).setExpirationTime(now() + 60).encode()}`,
    'an algorithm that is not in the list': async () =>
      `Bearer ${await new SignJWT({ sub: '1', exp: now() + 60 }).setProtectedHeader({ alg: 'HS512' }).sign(key)}`,
    'no end': async () => `Bearer ${await token('1', { exp: undefined })}`,
    'an end that is no number': async () => `Bearer ${await token('1', { exp: 'soon' })}`,
    'no sub': async () => `Bearer ${await token(undefined)}`,
    'an empty sub': async () => `Bearer ${await token('')}`,
    'a sub that is an object': async () => `Bearer ${await token({ toString: '1' })}`,
    'a sub that is a list': async () => `Bearer ${await token(['1'])}`,
    'a sub of half a number': async () => `Bearer ${await token(1.5)}`,
    'a sub beyond 128 characters': async () => `Bearer ${await token('1'.repeat(129))}`,
    'an end that is past': async () => `Bearer ${await token('1', { iat: now() - 600, exp: now() - 31 })}`,
    'a start that is to come': async () => `Bearer ${await token('1', { nbf: now() + 60 })}`,
    'a life beyond an hour': async () => `Bearer ${await token('1', { exp: now() + 3700 })}`,
    'a life beyond an hour, its end near': async () =>
      `Bearer ${await token('1', { iat: now() - 7200, exp: now() + 60 })}`,
    'a life beyond an hour, issued in the future': async () =>
      `Bearer ${await token('1', { iat: now() + 7200, exp: now() + 7260 })}`,
    'a life beyond an hour, no time of issue': async () =>
      `Bearer ${await token('1', { iat: undefined, exp: now() + 3700 })}`,
  };
  for (const [what, make] of Object.entries(bad)) {
    test(`a token with ${what} is refused`, async () => {
      assert.equal(await status(server, await make()), 401);
    });
  }

  test('clocks may differ by half a minute', async () => {
    assert.equal(
      await status(server, `Bearer ${await token('1', { iat: now() - 60, exp: now() - 20 })}`),
      200,
    );
    assert.equal(await status(server, `Bearer ${await token('1', { exp: now() + 3620 })}`), 200);
  });

  test('an expired token is told apart, so that a page fetches a new one', async () => {
    const response = await authorize(server, 'private-user-1', await bearer('1', { exp: now() - 100 }));
    assert.match(await response.text(), /expired/);
  });

  test('the longest life, issuer and audience can be set', async () => {
    const strict = makeServer({
      jwt: { secret: jwtSecret, maxLifetimeSeconds: 60, issuer: 'https://id.example', audience: 'realtime' },
    });
    const claims = { exp: now() + 50, iss: 'https://id.example', aud: 'realtime' };
    assert.equal(await status(strict, `Bearer ${await token('1', claims)}`), 200);
    assert.equal(await status(strict, `Bearer ${await token('1', { ...claims, exp: now() + 100 })}`), 401);
    assert.equal(await status(strict, `Bearer ${await token('1', { ...claims, iss: 'other' })}`), 401);
    assert.equal(await status(strict, `Bearer ${await token('1', { ...claims, aud: 'other' })}`), 401);
  });

  test('claims of a wrong type give no rights', async () => {
    const person = await bearer('1', {
      classes: { 1: true },
      roles: { admin: true },
      role: ['student', 7, {}],
    });
    assert.equal((await authorize(server, 'presence-class-1', person)).status, 403);
    assert.equal((await authorize(server, 'presence-admin', person)).status, 403);
    assert.equal((await authorize(server, 'presence-student', person)).status, 200);
  });
});

describe('identity by public keys', () => {
  async function issuer(alg: string, kid: string) {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const jwk = { ...(await exportJWK(publicKey)), kid, alg };
    const sign = (sub: string, header: Record<string, unknown> = {}) =>
      new SignJWT({ sub, exp: now() + 60 }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
    return { jwk, sign };
  }

  test('tokens of RS256 and ES256 are believed by a set that is given', async () => {
    const [rsa, curve] = [await issuer('RS256', 'a'), await issuer('ES256', 'b')];
    const server = makeServer({ jwt: { jwks: { keys: [rsa.jwk, curve.jwk] } } });
    assert.equal(await status(server, `Bearer ${await rsa.sign('1')}`), 200);
    assert.equal(await status(server, `Bearer ${await curve.sign('1')}`), 200);
    assert.equal(await status(server, `Bearer ${await (await issuer('RS256', 'a')).sign('1')}`), 401);
    assert.equal(await status(server, `Bearer ${await rsa.sign('1', { kid: 'other' })}`), 401);
  });

  test('a public key is never taken for a shared secret', async () => {
    const rsa = await issuer('RS256', 'a');
    const server = makeServer({ jwt: { jwks: { keys: [rsa.jwk] } } });
    for (const secret of [JSON.stringify(rsa.jwk), rsa.jwk.n!]) {
      const forged = await new SignJWT({ sub: '1', exp: now() + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: 'a' })
        .sign(new TextEncoder().encode(secret));
      assert.equal(await status(server, `Bearer ${forged}`), 401);
    }
  });

  test('keys are fetched from their address; while they cannot be, the answer is 503', async () => {
    const rsa = await issuer('RS256', 'a');
    let answer = { status: 500, body: '' };
    const http = createServer((_, response) => {
      response.writeHead(answer.status, { Connection: 'close' }).end(answer.body);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const jwks = `http://127.0.0.1:${(http.address() as AddressInfo).port}/keys`;
    const server = makeServer({ jwt: { jwks } });
    const authorization = `Bearer ${await rsa.sign('1')}`;

    const response = await authorize(server, 'private-user-1', { Authorization: authorization });
    assert.equal(response.status, 503);
    assert.equal(await errorCode(response), 'identity_unavailable');
    answer = { status: 200, body: '{"keys": "none"}' };
    assert.equal(await status(server, authorization), 503);
    answer = { status: 200, body: JSON.stringify({ keys: [rsa.jwk] }) };
    assert.equal(await status(server, authorization), 200);

    await new Promise((resolve) => http.close(resolve));
    const away = makeServer({ jwt: { jwks: new URL(jwks) } });
    assert.equal(await status(away, authorization), 503);
  });
});

describe("identity by the host's own session", () => {
  const server = makeServer({
    jwt: undefined,
    identify: async (request) => {
      const id = /session=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
      if (id === 'broken') throw new Error('session store is away');
      return id === undefined
        ? null
        : { id: id === 'empty' ? '' : id, name: 'Ada', roles: ['admin'], team: 'x' };
    },
    rules: { 'private-team-{id}': ({ identity, id }) => identity.claims.team === id },
    logger: { error: () => {} },
  });
  const ask = (cookie: string, channel: string) => authorize(server, channel, { Cookie: cookie });

  test('whom it names is let in', async () => {
    assert.equal((await ask('session=7', 'private-user-7')).status, 200);
    assert.equal((await ask('session=7', 'private-user-8')).status, 403);
    assert.equal((await ask('session=7', 'presence-admin')).status, 200);
    assert.equal((await ask('session=7', 'private-team-x')).status, 200);
  });

  test('nobody, and an empty id, are 401', async () => {
    assert.equal((await ask('', 'private-user-7')).status, 401);
    assert.equal((await ask('session=empty', 'private-user-')).status, 401);
  });

  test('a bearer token means nothing there', async () => {
    assert.equal((await authorize(server, 'private-user-1', await bearer('1'))).status, 401);
  });

  test('a failure of the host is 500 and lets nobody in', async () => {
    assert.equal((await ask('session=broken', 'private-user-broken')).status, 500);
  });

  test('routes of the host ask the same way', async () => {
    const identity = await server.identify(new Request('http://x/', { headers: { Cookie: 'session=7' } }));
    assert.equal(identity.id, '7');
    await assert.rejects(server.identify(new Request('http://x/')), { code: 'unauthenticated', status: 401 });
  });
});
