/** What the server's tests share: people with tokens, an engine that records, a clock that is set by hand. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import {
  createRealtimeServer,
  type EngineOptions,
  type RealtimeServer,
  type RealtimeServerOptions,
} from '../../src/server/index.js';

export const jwtSecret = 'a secret that only these tests know, long enough';
export const engineSecret = 'engine-secret-of-these-tests';
export const socketId = '123.456';

/** An engine that no test reaches over the network. */
export const engine: EngineOptions = {
  appId: '1000',
  key: 'app-key',
  secret: engineSecret,
  host: '127.0.0.1',
  port: 9,
  scheme: 'http',
};

/** A server whose people carry tokens signed with `jwtSecret`. */
export function makeServer(options: Partial<RealtimeServerOptions> = {}): RealtimeServer {
  return createRealtimeServer({ engine, jwt: { secret: jwtSecret }, ...options });
}

/** A bearer token; `claims` may also hold `exp` and `iat` in seconds. */
export async function token(sub: unknown, claims: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ sub, iat: now, exp: now + 600, ...claims } as Record<string, unknown>)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(jwtSecret));
}

/** The header of a person. */
export async function bearer(sub: unknown, claims: Record<string, unknown> = {}) {
  return { Authorization: `Bearer ${await token(sub, claims)}` };
}

/** Posts a form, as pusher-js does. */
export function form(fields: readonly (readonly [string, string])[], headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields.map(([name, value]) => [name, value])).toString(),
  };
}

/** Posts JSON. */
export function json(body: unknown, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** Asks to join one channel. */
export async function authorize(
  server: RealtimeServer,
  channel: string,
  headers: Record<string, string>,
  socket = socketId,
): Promise<Response> {
  return server.app.request(
    '/pusher/auth',
    form(
      [
        ['socket_id', socket],
        ['channel_name', channel],
      ],
      headers,
    ),
  );
}

/** The signature that the engine expects. */
export function sign(text: string): string {
  return createHmac('sha256', engineSecret).update(text).digest('hex');
}

/** The code of an error's answer. */
export async function errorCode(response: Response): Promise<string> {
  const body = (await response.json()) as { error: { code: string; message: string } };
  return body.error.code;
}

/** What an engine was asked. */
export interface EngineCall {
  method: string;
  path: string;
  query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of many shapes
  body: any;
}

/** An HTTP API that records what it is asked and answers what the test tells it. */
export class RecordingEngine {
  readonly calls: EngineCall[] = [];
  /** Answers a call; `undefined` leaves it without an answer, `isEndless` without the end of one. */
  reply: (call: EngineCall) => { status: number; body: string; isEndless?: boolean } | undefined = () => ({
    status: 200,
    body: '{}',
  });
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<RecordingEngine> {
    const server = createServer();
    const recorder = new RecordingEngine(server);
    server.on('request', async (request, response) => {
      const call = await readCall(request);
      recorder.calls.push(call);
      const reply = recorder.reply(call);
      if (!reply) return;
      response.writeHead(reply.status, { Connection: 'close' }).write(reply.body);
      if (!reply.isEndless) response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  /** Options that lead a server here. */
  get options(): EngineOptions {
    return { ...engine, port: (this.#server.address() as AddressInfo).port };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function readCall(request: IncomingMessage): Promise<EngineCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url!, 'http://engine');
  return {
    method: request.method!,
    path: url.pathname,
    query: url.searchParams,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
