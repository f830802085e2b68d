/**
 * The server of the bench, a process of its own: the emulator's Node door, the pages, and the kit's
 * files, compressed as a host would. It does what its parent asks for and answers each request once.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { channelAuth, createEmulator } from '../../src/emulator/node.js';
import { eventOf, memberOf, presenceChannel } from './workload.js';

/** What the parent may ask for, with its arguments. */
export interface Commands {
  /** Forgets the page before: its events begin at the first again, and nobody but the next page is there. */
  begin(): void;
  /** Resolves when a page has joined so many channels. */
  joined(channels: number): Promise<void>;
  /** Sends so many events: all at once, or so many a second. */
  events(count: number, perSecond?: number): Promise<void>;
  /** So many people come on the presence channel. */
  come(count: number, perSecond?: number): Promise<void>;
  /** So many of them leave, in the order in which they came. */
  leave(count: number, perSecond?: number): Promise<void>;
}

const [siteFolder = '', kitFolder = ''] = process.argv.slice(2);
const pollMs = 5;
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const emulator = createEmulator({
  // Only what the bench sends is to arrive.
  subscriptionCount: false,
  limits: { presenceMembers: 20_000, connections: 20_000 },
  bufferedBytes: 256 * 1_048_576,
});
const { driver, engine } = emulator;
const app = engine.app().settings;

const compressed = new Map<string, Promise<Buffer>>();
const sockets = new Set<Socket>();

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(404).end());
});
server.on('upgrade', (request, socket, head) => {
  sockets.add(socket as Socket);
  socket.on('close', () => sockets.delete(socket as Socket));
  emulator.handleUpgrade(request, socket, head);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://bench');
  if (pathname === '/pusher/auth') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(authorize(new URLSearchParams(await bodyOf(request)))));
    return;
  }
  const isKit = pathname.startsWith('/cdn/');
  const path = normalize(isKit ? pathname.slice('/cdn'.length) : pathname);
  const file = join(isKit ? kitFolder : siteFolder, path);
  const encoding = /\bbr\b/.test(String(request.headers['accept-encoding'])) ? 'br' : 'gzip';
  const known = compressed.get(`${encoding} ${file}`);
  const body = known ?? compress(file, encoding);
  compressed.set(`${encoding} ${file}`, body);
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Encoding': encoding,
    'Cache-Control': 'no-store',
    'Content-Length': (await body).length,
  });
  response.end(await body);
}

async function compress(file: string, encoding: string): Promise<Buffer> {
  const { port } = server.address() as AddressInfo;
  const text = (await readFile(file, 'utf8')).replaceAll('{{port}}', String(port));
  return encoding === 'br' ? brotliCompressSync(text) : gzipSync(text, { level: 9 });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

function authorize(form: URLSearchParams): object {
  const channel = form.get('channel_name') ?? '';
  const member = channel.startsWith('presence-') ? JSON.stringify(memberOf(0)) : undefined;
  const auth = channelAuth(app, form.get('socket_id') ?? '', channel, member);
  return { auth, ...(member ? { channel_data: member } : {}) };
}

/** How many events went to each channel already. */
let sent = 0;
/** How many people came, and how many of them have left. */
let came = 0;
let left = 0;

/**
 * Tells the page that somebody came or left. Not by a connection for each of them: thousands of those
 * would hear of each other, which is millions of frames that nobody reads.
 */
function announce(
  event: 'member_added' | 'member_removed',
  person: Partial<ReturnType<typeof memberOf>>,
): void {
  engine
    .app()
    .channels.get(presenceChannel)
    ?.broadcast({
      event: `pusher_internal:${event}`,
      channel: presenceChannel,
      data: JSON.stringify(person),
    });
}

/** Does a thing so many times: so that all of it leaves in one write, or at a pace. */
async function perform(count: number, perSecond: number | null | undefined, act: () => void): Promise<void> {
  // Between processes, what is missing arrives as null.
  if (!perSecond) {
    for (const socket of sockets) socket.cork();
    for (let index = 0; index < count; index += 1) act();
    for (const socket of sockets) socket.uncork();
    return;
  }
  const startedAt = performance.now();
  for (let done = 0; done < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1000));
    for (; done < due; done += 1) act();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const commands: Commands = {
  begin() {
    came = 0;
    left = 0;
    sent = 0;
    driver.drop();
  },
  async joined(channels) {
    while (!driver.connections().some((connection) => connection.channels.length >= channels)) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  },
  events: (count, perSecond) =>
    perform(count, perSecond, () => {
      const { channel, event, data } = eventOf(sent++);
      driver.trigger(channel, event, data);
    }),
  come: (count, perSecond) =>
    perform(count, perSecond, () => {
      came += 1;
      announce('member_added', memberOf(came));
    }),
  leave: (count, perSecond) =>
    perform(count, perSecond, () => {
      left += 1;
      announce('member_removed', { user_id: memberOf(left).user_id });
    }),
};

process.on('message', async ({ id, command, parameters }: Request) => {
  try {
    await (commands[command] as (...all: unknown[]) => unknown)(...parameters);
    process.send?.({ id });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit());

/** One request of the parent. */
export interface Request {
  id: number;
  command: keyof Commands;
  parameters: unknown[];
}

server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
