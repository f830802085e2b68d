import { createHash, createHmac } from 'node:crypto';

/** A request to the HTTP API, as far as it is signed. */
export interface SignedRequest {
  key: string;
  secret: string;
  method: string;
  path: string;
  params?: Record<string, string>;
  body?: string;
  /** Seconds since 1970; default now. */
  timestamp?: number;
  /** Parameters that are to be wrong, or (undefined) missing, under a signature that is right for them. */
  wrong?: Record<string, string | undefined>;
}

/** The query that signs a request, made from the documentation alone, with nothing of the product or the SDK. */
export function signedQuery({
  key,
  secret,
  method,
  path,
  params = {},
  body = '',
  timestamp,
  wrong = {},
}: SignedRequest): string {
  const meant: Record<string, string | undefined> = {
    ...params,
    auth_key: key,
    auth_timestamp: String(timestamp ?? Math.floor(Date.now() / 1000)),
    auth_version: '1.0',
    ...(body === '' ? {} : { body_md5: createHash('md5').update(body).digest('hex') }),
    ...wrong,
  };
  const all = Object.entries(meant).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const pairs = all
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const text = [method.toUpperCase(), path, pairs.map((pair) => pair.join('=')).join('&')].join('\n');
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  return [...all, ['auth_signature', signature]]
    .map((pair) => pair.map(encodeURIComponent).join('='))
    .join('&');
}
