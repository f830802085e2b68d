/** The kit's files on an origin of their own, with faults on demand. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export interface KitHost {
  url: string;
  /** Files asked for, in order. */
  requests: string[];
  /** From now on a file is served with a line that sets `window.altered`. */
  alter(file: string): void;
  /** From now on a file is not found. */
  block(file: string): void;
  /** From now on a file is not answered until `restore`. */
  delay(file: string): void;
  /** From now on files are for those alone who send this cookie. */
  protect(cookie: string): void;
  /** All files are as they were built; what waited is answered. */
  restore(): void;
  stop(): Promise<void>;
}

/** @param folder Where the files are, each as it is or as `.gz`. */
export async function startKitHost(folder = 'dist/cdn'): Promise<KitHost> {
  const requests: string[] = [];
  const altered = new Set<string>();
  const blocked = new Set<string>();
  const delayed = new Set<string>();
  let release: (() => void)[] = [];
  let pass: string | undefined;
  const server = createServer(async (request, response) => {
    const file = new URL(request.url ?? '/', 'http://kit').pathname.slice(1);
    requests.push(file);
    if (delayed.has(file)) await new Promise<void>((resolve) => release.push(resolve));
    const isServed = /^[\w.-]+$/.test(file) && !blocked.has(file);
    const isWelcome = !pass || request.headers.cookie?.includes(pass);
    const code = isServed && isWelcome ? await read(join(folder, file)) : undefined;
    response.writeHead(code === undefined ? 404 : 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Access-Control-Allow-Origin': (pass && request.headers.origin) || '*',
      'Access-Control-Allow-Credentials': 'true',
      'Cache-Control': 'no-cache',
    });
    response.end(code !== undefined && altered.has(file) ? `window.altered = '${file}';${code}` : code);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    alter: (file) => altered.add(file),
    block: (file) => blocked.add(file),
    delay: (file) => delayed.add(file),
    protect(cookie) {
      pass = cookie;
    },
    restore() {
      pass = undefined;
      for (const faults of [altered, blocked, delayed]) faults.clear();
      for (const goOn of release) goOn();
      release = [];
      requests.length = 0;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(path: string): Promise<string | undefined> {
  const whole = readFile(path);
  const packed = async () => promisify(gunzip)(await readFile(`${path}.gz`));
  return (await whole.catch(packed).catch(() => undefined))?.toString();
}
