import { isIPv6 } from 'node:net';

/** How the address of a request is found. */
export interface AddressOptions {
  /**
   * Answers the address that a request came from, for hosts other than `@hono/node-server`. `env` is
   * what the host passed to `fetch` beside the request.
   */
  address?: (request: Request, env: unknown) => string | undefined;
  /** How many proxies of yours stand in front and append to `X-Forwarded-For`. Default 0: the header is not believed. */
  trustedProxies?: number;
}

/** Makes the function that answers a request's address, or `undefined` where nobody knows it. */
export function addressReader({ address, trustedProxies = 0 }: AddressOptions) {
  return (request: Request, env: unknown): string | undefined => {
    const found = address
      ? address(request, env)
      : (forwardedFor(request, trustedProxies) ?? socketAddress(env));
    return found ? network(found) : undefined;
  };
}

/** The entry that the outermost proxy of ours wrote: whatever stands left of it, the client may have invented. */
function forwardedFor(request: Request, trustedProxies: number): string | undefined {
  if (trustedProxies === 0) return undefined;
  return request.headers.get('x-forwarded-for')?.split(',').at(-trustedProxies)?.trim();
}

/** The socket's address, as `@hono/node-server` hands it over. */
function socketAddress(env: unknown): string | undefined {
  const incoming = (env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming;
  return incoming?.socket?.remoteAddress;
}

/** An IPv4 address as it is, an IPv6 one as its /64: one household or server has all of that. */
function network(found: string): string {
  const address = withoutPort(found);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address.slice(0, 45);
  const [head = [], tail = []] = address
    .replace(/%.*/, '')
    .split('::')
    .map((half) => half.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const groups = [...head, ...zeros, ...tail].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Some proxies write the port along, which is another one for each connection: `203.0.113.7:40000`, `[2001:db8::1]:443`. */
function withoutPort(address: string): string {
  return address.replace(/^\[([^\]]+)\](:\d+)?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
}
