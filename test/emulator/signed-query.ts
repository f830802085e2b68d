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
}: SignedRequest): string {
  const all: Record<string, string> = {
    ...params,
    auth_key: key,
    auth_timestamp: String(timestamp ?? Math.floor(Date.now() / 1000)),
    auth_version: '1.0',
    ...(body === '' ? {} : { body_md5: createHash('md5').update(body).digest('hex') }),
  };
  const pairs = Object.entries(all)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const text = [method.toUpperCase(), path, pairs.map((pair) => pair.join('=')).join('&')].join('\n');
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  const encoded = Object.entries({ ...all, auth_signature: signature }).map((pair) =>
    pair.map(encodeURIComponent).join('='),
  );
  return encoded.join('&');
}
