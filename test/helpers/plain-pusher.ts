/**
 * pusher-js as people use it without the kit, on an emulator in the page: what it sends to the
 * `*.invalid` host of its client arrives there, sockets and authorization requests alike. Everything
 * else, the kit's own sockets among it, goes where it went before.
 */
import Pusher, { type Options } from 'pusher-js/worker/index.js';
import type { PageClientConfig } from '../../src/emulator/page.js';

const clients = new Map<string, PageClientConfig>();
const pushers: Pusher[] = [];

const clientOf = (url: string) => clients.get(new URL(url, document.baseURI).hostname);

const runtime = Pusher.Runtime as unknown as { createWebSocket(url: string): WebSocket };
const createWebSocket = runtime.createWebSocket.bind(runtime);
runtime.createWebSocket = (url) => clientOf(url)?.createSocket(url) ?? createWebSocket(url);

const fetchFromNetwork = globalThis.fetch.bind(globalThis);
globalThis.fetch = (input, init) => {
  const client = clientOf(input instanceof Request ? input.url : String(input));
  return client ? client.fetch(input, init) : fetchFromNetwork(input, init);
};

/** A pusher-js that connects to an emulator at once, as `emulator.client()` says. */
export function startPlainPusher(client: PageClientConfig, options: Partial<Options> = {}): Pusher {
  clients.set(client.host, client);
  const pusher = new Pusher(client.key, {
    cluster: 'emulator',
    wsHost: client.host,
    // Otherwise it turns to a host of its maker when the socket is slow.
    enabledTransports: ['ws', 'wss'],
    channelAuthorization: { transport: 'ajax', endpoint: client.authEndpoint },
    userAuthentication: { transport: 'ajax', endpoint: client.userAuthEndpoint },
    ...options,
  });
  pushers.push(pusher);
  return pusher;
}

/** Ends what was started. Call it in `afterEach`. */
export function endPlainPushers(): void {
  for (const pusher of pushers.splice(0)) pusher.disconnect();
  clients.clear();
}
