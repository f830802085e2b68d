/**
 * The emulator in Node: sockets by ws, the HTTP API beside them on the same port. Either with a server
 * of its own (`startEmulator`), or on somebody else's (`createEmulator`).
 *
 * For development, tests and demos, not for production.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { closeReasons } from './close-codes.js';
import type { Transport } from './context.js';
import { EmulatorDriver } from './driver.js';
import { EmulatorEngine } from './engine.js';
import type { EngineOptions } from './options.js';

export type { Activity, Direction, PublishedEvent, ReceivedFrame } from './activity.js';
export type { AuthorizationControl } from './authorization-control.js';
export type { Clock } from './clock.js';
export * from './driver.js';
export * from './engine.js';
export type { PassingFrame } from './faults.js';
export type { ApiRequest, ApiResponse } from './http-api.js';
export type { AppLimits, AppOptions, EngineOptions, WebhookOptions } from './options.js';
export type { Member } from './roster.js';
export { channelAuth, channelSharedSecret, userAuth } from './signature.js';

/** An emulator on somebody else's HTTP server. */
export interface MountedEmulator {
  driver: EmulatorDriver;
  engine: EmulatorEngine;
  /** Answers a request to `/apps/:id/…`; `false` when the path is not the emulator's. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes a socket to `/app/:key`; `false` when the path is not the emulator's. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Closes all connections with 4100; resolves when they are gone. The HTTP server stays. */
  stop(): Promise<void>;
}

/** An emulator with a server of its own. */
export interface Emulator {
  /** `http://host:port`. */
  url: string;
  host: string;
  port: number;
  appId: string;
  key: string;
  secret: string;
  driver: EmulatorDriver;
  engine: EmulatorEngine;
  /** Closes all connections with 4100 and the server; resolves when all is down. */
  stop(): Promise<void>;
}

/** Options of `startEmulator`. */
export interface EmulatorOptions extends EngineOptions {
  /** 0 takes any free one. Default 0. */
  port?: number;
  /** Address to listen on. Default `127.0.0.1`: nobody but this machine. */
  host?: string;
}

/** Bytes of the largest request body that is read. */
const maxBodyBytes = 1_048_576;
/** How long a client may take to answer a close before its socket is cut. */
const closeTimeoutMs = 500;

/** Makes an emulator that a host mounts on its own HTTP server. */
export function createEmulator(options: EngineOptions = {}): MountedEmulator {
  const { handle, upgrade, ...rest } = mount(options);
  return {
    ...rest,
    handleRequest: (request, response) => {
      if (!/^\/apps\//.test(request.url ?? '')) return false;
      handle(request, response);
      return true;
    },
    handleUpgrade: (request, socket, head) => {
      if (!/^\/app\//.test(request.url ?? '')) return false;
      upgrade(request, socket, head);
      return true;
    },
  };
}

/**
 * Starts an emulator with a server of its own.
 * @throws Error (rejects) with a clear text when the port is in use or not allowed.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port: wantedPort = 0, host = '127.0.0.1', ...engineOptions } = options;
  const { driver, engine, handle, upgrade, stop } = mount(engineOptions);
  const server = createServer(handle);
  server.on('upgrade', upgrade);
  const port = await listen(server, wantedPort, host);
  const { id, key, secret } = engine.app().settings;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    host,
    port,
    appId: id,
    key,
    secret,
    driver,
    engine,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await stop();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Mounted = Pick<MountedEmulator, 'driver' | 'engine' | 'stop'> & {
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
};

function mount(options: EngineOptions): Mounted {
  const engine = new EmulatorEngine(options);
  const driver = new EmulatorDriver(engine);
  const { faults } = engine;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: engine.settings.frameBytes,
    autoPong: false,
  });
  return {
    driver,
    engine,
    handle: (request, response) => void answerRequest(engine, request, response),
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      if (faults.unreachable) {
        socket.destroy();
        return;
      }
      faults.afterSilence(() => {
        if (socket.destroyed) return;
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          sockets.emit('connection', webSocket, request);
          attach(engine, webSocket, request.url ?? '/');
        });
      });
    },
    stop: async () => {
      faults.silent = false;
      const gone = [...sockets.clients].map(closed);
      engine.shutdown();
      await Promise.all(gone);
      // Who came meanwhile was refused, and may answer that close as little.
      for (const late of sockets.clients) late.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** Joins a socket and the engine. */
function attach(engine: EmulatorEngine, socket: WebSocket, target: string): void {
  const transport: Transport = {
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
  // ws reports a broken frame here and then closes the socket by itself.
  socket.on('error', () => {});
  const session = engine.connect(target, transport);
  socket.on('ping', (data) => {
    if (!engine.faults.silent && socket.readyState === socket.OPEN) socket.pong(data);
  });
  socket.on('message', (data, isBinary) => {
    if (!isBinary) {
      session.receive(String(data));
      return;
    }
    const { code, reason } = closeReasons.notText;
    socket.close(code, reason);
    session.disconnected(code);
  });
  socket.on('close', (code) => session.disconnected(code));
}

/** Resolves when a socket is gone; one that does not answer the close is cut. */
function closed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), closeTimeoutMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function answerRequest(
  engine: EmulatorEngine,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    response.writeHead(413, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end(`The body of a request has at most ${maxBodyBytes} bytes\n`);
    return;
  }
  const answer = engine.handle({ method: request.method ?? 'GET', target: request.url ?? '/', body });
  response.writeHead(answer.status, { 'content-type': answer.contentType });
  response.end(answer.body);
}

/** The body as text, or `undefined` when it is too large. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve(undefined));
  });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          new Error(`Port ${port} on ${host} is in use. Take another, or 0 for any free one.`, {
            cause: error,
          }),
        );
      } else if (error.code === 'EACCES') {
        reject(
          new Error(`Port ${port} on ${host} is not allowed to this user. Take one above 1023.`, {
            cause: error,
          }),
        );
      } else {
        reject(
          new Error(`The emulator cannot listen on ${host}:${port}: ${error.message}`, { cause: error }),
        );
      }
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
