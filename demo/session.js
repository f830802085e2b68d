// @ts-check
/**
 * The demo's sign-in: opening `/?user=2` is signing in as that person. From then on the signed token
 * alone says who somebody is. A real host has its own session here, with a password before it.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { jwtVerify, SignJWT } from 'jose';
import { classId, findPerson } from './people.js';

/** How long a token is believed: the longest that the server part accepts, since `/embed.html` renews none. */
const tokenLifetime = '1h';
/** An expired token still fetches a new one for so long: a laptop that slept over lunch goes on by itself. */
const renewalGrace = '12h';
const issuer = 'realtime-elements-demo';

/**
 * The secret that signs tokens. It outlives a restart, so that open pages come back by themselves.
 *
 * @param {URL} file Where it is kept; without a place to write it lasts as long as this process.
 * @returns {string}
 */
export function sessionSecret(file) {
  const fresh = randomBytes(32).toString('base64url');
  try {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, fresh, { flag: 'wx', mode: 0o600 });
  } catch {
    // It is there already, or cannot be written.
  }
  try {
    const kept = readFileSync(file, 'utf8');
    if (kept.length >= fresh.length) return kept;
  } catch {
    // Cannot be read either.
  }
  return fresh;
}

/**
 * @param {string} secret
 */
export function createSessions(secret) {
  const key = new TextEncoder().encode(secret);

  /**
   * @param {import('./people.js').Person} person
   * @returns {Promise<string>} A token that says who the person is, and in which classes.
   */
  const issue = ({ id, name, role }) =>
    new SignJWT({ name, role, classes: [classId] })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(id)
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime(tokenLifetime)
      .sign(key);

  return {
    /** What `createRealtimeServer` checks tokens by. */
    jwt: { secret, issuer },
    issue,

    /**
     * A new token for whoever holds an old one.
     * @param {string} token
     * @returns {Promise<string | undefined>} Nothing when the old one is not ours, or expired too long ago.
     */
    async renew(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer,
          clockTolerance: renewalGrace,
        });
        const person = findPerson(payload.sub);
        return person && (await issue(person));
      } catch {
        return undefined;
      }
    },
  };
}
