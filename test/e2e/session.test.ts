import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { createSessions, sessionSecret } from '../../demo/session.js';

const secret = 'a secret of the demo that is long enough for HS256';
const key = new TextEncoder().encode(secret);
const sessions = createSessions(secret);
const jonas = { id: '2', name: 'Jonas Okafor', role: 'student' } as const;

/** A token whose life ended so many hours ago. */
function expired(hours: number, { sub = '2', signedBy = key } = {}): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setIssuer('realtime-elements-demo')
    .setExpirationTime(Math.floor(Date.now() / 1000) - hours * 3600)
    .sign(signedBy);
}

describe('the demo’s tokens', () => {
  it('say who somebody is, for an hour', async () => {
    const { payload } = await jwtVerify(await sessions.issue(jonas), key);
    assert.equal(payload.sub, '2');
    assert.deepEqual(payload.classes, ['1']);
    assert.equal(payload.exp! - payload.iat!, 3600);
  });

  it('are renewed for the same person, also some hours after they expired', async () => {
    assert.equal(decodeJwt((await sessions.renew(await sessions.issue(jonas)))!).sub, '2');
    assert.equal(decodeJwt((await sessions.renew(await expired(11)))!).sub, '2');
  });

  it('are not renewed when they are too old, signed by somebody else, or nobody’s', async () => {
    const foreign = new TextEncoder().encode('another secret that is long enough for HS256');
    for (const token of [
      await expired(13),
      await expired(0, { signedBy: foreign }),
      await expired(0, { sub: '99' }),
      '',
    ]) {
      assert.equal(await sessions.renew(token), undefined);
    }
  });
});

describe('the secret that signs them', () => {
  it('outlives a restart, in a file for its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'realtime-elements-'));
    try {
      const file = pathToFileURL(join(folder, 'deeper', 'secret'));
      const first = sessionSecret(file);
      assert.ok(first.length >= 32);
      assert.equal(sessionSecret(file), first);
      assert.equal(statSync(file).mode & 0o077, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lasts as long as the process where nothing can be written', () => {
    const nowhere = pathToFileURL('/dev/null/secret');
    assert.ok(sessionSecret(nowhere).length >= 32);
    assert.notEqual(sessionSecret(nowhere), sessionSecret(nowhere));
  });
});
