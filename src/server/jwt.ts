import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { RealtimeServerError } from './errors.js';
import { type Identity, readIdentity } from './identity.js';

/** How bearer tokens are checked. Give `secret` or `jwks`, never both. */
export interface JwtOptions {
  /** The shared secret of HS256 tokens, at least 32 bytes. */
  secret?: string;
  /** The issuer's public keys: their address, or the set itself. */
  jwks?: string | URL | JSONWebKeySet;
  /** Accepted signature algorithms. Default: `HS256` with a secret, `RS256`, `ES256`, `PS256` and `EdDSA` with keys. */
  algorithms?: readonly string[];
  /** The longest life that a token may have, in seconds. Default 3600. */
  maxLifetimeSeconds?: number;
  /** What `iss` must be. Default: anything. */
  issuer?: string | string[];
  /** What `aud` must hold. Default: anything. */
  audience?: string | string[];
}

/** How far the clocks of two machines may be apart. */
const toleranceSeconds = 30;

/** The algorithms that a kind of key can serve; `none` is in no list. */
export const jwtAlgorithms = {
  secret: ['HS256', 'HS384', 'HS512'],
  jwks: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
} as const;

/** Makes the function that answers whose bearer token a request carries; it throws when nobody's. */
export function bearerIdentity(
  options: JwtOptions,
  clock: () => number,
): (request: Request) => Promise<Identity> {
  const maxLifetime = options.maxLifetimeSeconds ?? 3600;
  const key = options.secret === undefined ? keySet(options.jwks!) : new TextEncoder().encode(options.secret);
  const algorithms = [
    ...(options.algorithms ?? (options.secret ? ['HS256'] : ['RS256', 'ES256', 'PS256', 'EdDSA'])),
  ];

  return async (request) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.get('authorization')?.trim() ?? '')?.[1];
    if (token === undefined) throw unauthenticated('This needs a bearer token: "Authorization: Bearer …".');

    const now = clock();
    const { payload } = await jwtVerify(token, key as Parameters<typeof jwtVerify>[1], {
      algorithms,
      clockTolerance: toleranceSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'sub'],
      issuer: options.issuer,
      audience: options.audience,
    }).catch((error: unknown) => {
      throw refusal(error);
    });

    // A token that says when it was issued is measured from there, any other from now.
    const issuedAt = Math.min(payload.iat ?? Infinity, now / 1000);
    if (payload.exp! - issuedAt > maxLifetime + toleranceSeconds) {
      throw unauthenticated(
        `The token lives longer than ${maxLifetime} seconds; issue shorter ones and refresh them.`,
      );
    }
    const identity = readIdentity(payload.sub, payload);
    if (!identity) throw unauthenticated('The token\'s "sub" is no id of 1 to 128 characters.');
    return identity;
  };
}

/** Codes of errors that come from the address of the keys, not from the token. */
const keyFetchFailures = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

function keySet(jwks: string | URL | JSONWebKeySet) {
  return typeof jwks === 'string' || jwks instanceof URL
    ? createRemoteJWKSet(new URL(jwks))
    : createLocalJWKSet(jwks);
}

/** Tells a bad token from keys that could not be fetched; the words are ours, so no token stands in them. */
function refusal(error: unknown): RealtimeServerError {
  if (error instanceof errors.JWTExpired) return unauthenticated('The token has expired; fetch a new one.');
  const isTokensFault = error instanceof errors.JOSEError && !keyFetchFailures.has(error.code);
  if (!isTokensFault) {
    return new RealtimeServerError(
      'identity_unavailable',
      'The keys that check tokens cannot be fetched now.',
      {},
      { cause: error },
    );
  }
  return unauthenticated('The token is not valid here.');
}

function unauthenticated(message: string): RealtimeServerError {
  return new RealtimeServerError('unauthenticated', message, { 'WWW-Authenticate': 'Bearer' });
}
