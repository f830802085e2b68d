import { type Credentials, isSameText, md5Hex, sign } from './signature.js';

/** How far a request's time may be from the emulator's. */
const maxAgeSeconds = 600;

/** A request that is answered with a status and a sentence. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The parts of a request that are signed, as they were sent. */
interface SignedRequest {
  method: string;
  path: string;
  query: string;
  body: string;
}

/**
 * Checks who signed a request, and when; answers the parameters of its query, decoded.
 * @throws HttpError with 400 or 401.
 */
export function verifyRequest(
  credentials: Credentials,
  { method, path, query, body }: SignedRequest,
  nowMs: number,
): Map<string, string[]> {
  const params = readQuery(query);
  const single = (name: string) => params.get(name)?.[0] ?? '';
  if (!isSameText(single('auth_key'), credentials.key))
    throw new HttpError(401, 'auth_key is not the key of this app');
  if (single('auth_version') !== '1.0') throw new HttpError(401, 'auth_version is 1.0');
  const timestamp = single('auth_timestamp');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowMs / 1000 - Number(timestamp)) > maxAgeSeconds) {
    throw new HttpError(401, `auth_timestamp is more than ${maxAgeSeconds} seconds away from the time here`);
  }
  if (body !== '' && !isSameText(single('body_md5'), md5Hex(body))) {
    throw new HttpError(401, 'body_md5 is not the MD5 of the body');
  }
  const text = [method.toUpperCase(), path, signedQuery(params)].join('\n');
  if (!isSameText(single('auth_signature'), sign(credentials.secret, text))) {
    throw new HttpError(
      401,
      'auth_signature is wrong: check the secret, and that nothing changes the request on its way',
    );
  }
  return params;
}

/** All parameters but the signature: keys in lower case, sorted, values as they are, joined by `&`. */
function signedQuery(params: Map<string, string[]>): string {
  return [...params]
    .filter(([name]) => name !== 'auth_signature')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, values]) => values.map((value) => `${name}=${value}`))
    .join('&');
}

function readQuery(query: string): Map<string, string[]> {
  const params = new Map<string, string[]>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const [rawName, rawValue] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    try {
      const name = decodeURIComponent(rawName).toLowerCase();
      params.set(name, [...(params.get(name) ?? []), decodeURIComponent(rawValue)]);
    } catch {
      throw new HttpError(400, 'The query is not encoded well');
    }
  }
  return params;
}
