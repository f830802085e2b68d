// @ts-check
/**
 * Puts everything on one port: the demo's pages, the kit, the server part's routes, and the emulator's
 * sockets and HTTP API.
 */
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createDemo } from './app.js';

/**
 * Starts the demo; resolves once it listens.
 *
 * @param {NodeJS.ProcessEnv} environment `PORT` (8008), `HOST` (this machine alone; `0.0.0.0` for others too),
 *   `PUSHER_*`, `CORS_ORIGINS`.
 * @returns {Promise<{ url: string, engine: string, stop(): Promise<void> }>}
 * @throws Error with a sentence for people: a wrong variable, or a port that is taken.
 */
export async function startServer(environment) {
  const wantedPort = readPort(environment.PORT);
  const host = environment.HOST || undefined;
  const server = createServer();
  const listening = await listen(server, wantedPort, host);
  try {
    const demo = createDemo(environment, listening);
    const answer = getRequestListener(demo.fetch);
    // The demo hands out tokens to whoever asks, so without HOST it answers this machine alone.
    if (host === undefined) {
      server.on('connection', (socket) => {
        if (!isLoopback(socket.remoteAddress)) socket.destroy();
      });
    }
    server.on('request', (request, response) => {
      if (!demo.emulator?.handleRequest(request, response)) void answer(request, response);
    });
    server.on('upgrade', (request, socket, head) => {
      if (!demo.emulator?.handleUpgrade(request, socket, head)) socket.destroy();
    });
    return {
      url: `http://${host?.includes(':') ? `[${host}]` : (host ?? 'localhost')}:${listening.port}`,
      engine: demo.engineName,
      async stop() {
        await demo.stop();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

/**
 * @param {string | undefined} address Of a socket.
 */
function isLoopback(address = '') {
  return /^(::ffff:)?127\.|^::1$/.test(address);
}

/**
 * @param {string | undefined} text
 */
function readPort(text = '8008') {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`PORT should be a number from 0 to 65535, not "${text}".`);
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string | undefined} host
 * @returns {Promise<import('./engine.js').Listening>} With the port, also when any free one was asked for.
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const remedies = /** @type {Record<string, string>} */ ({
        EADDRINUSE: `Port ${port} is taken. Stop what uses it, or take another: PORT=${port + 1} npm start`,
        EACCES: `Port ${port} is not allowed to this user. Take one above 1023: PORT=8008 npm start`,
        EADDRNOTAVAIL: `HOST=${host} is no address of this machine.`,
      });
      reject(new Error(remedies[error.code ?? ''] ?? `Cannot listen on port ${port}: ${error.message}`));
    });
    server.listen(port, host, () => {
      resolve(/** @type {import('node:net').AddressInfo} */ (server.address()));
    });
  });
}
