/** The demo as a child process, started as `npm start` does it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Pusher from 'pusher';

const program = fileURLToPath(new URL('../../demo/start.js', import.meta.url));
/** No `.env` stands here: what somebody has put into theirs is not what is tested. */
const folderWithoutEnv = fileURLToPath(new URL('.', import.meta.url));
/** A start may have to build the kit first. */
const startTimeoutMs = 180_000;

export interface Demo {
  /** `http://localhost:port`, or with the `HOST` that was asked for; the same after a restart. */
  url: string;
  port: number;
  /** The official SDK, with nothing but the emulator's credentials. */
  pusher: Pusher;
  /** Ends the process without a goodbye, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the demo on a free port, with the `.env` of a folder; resolves once it answers. */
export async function startDemo(
  variables: Record<string, string> = {},
  folder = folderWithoutEnv,
): Promise<Demo> {
  let { child, port } = await start({ PORT: '0', ...variables }, folder);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    url: `http://${hostOf(variables)}:${port}`,
    port,
    pusher: new Pusher({
      appId: '1000',
      key: 'emulator-key',
      secret: 'emulator-secret',
      host: 'localhost',
      port: String(port),
      useTLS: false,
    }),
    kill: () => end('SIGKILL'),
    restart: async () => {
      ({ child, port } = await start({ PORT: String(port), ...variables }, folder));
    },
    stop: () => end('SIGTERM'),
  };
}

function hostOf({ HOST = 'localhost' }: Record<string, string>): string {
  return HOST.includes(':') ? `[${HOST}]` : HOST;
}

/** Runs the demo until it ends by itself; for starts that fail. */
export async function runDemo(
  variables: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = launch(variables);
  const output = collect(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, output: output() };
}

async function start(
  variables: Record<string, string>,
  folder: string,
): Promise<{ child: ChildProcess; port: number }> {
  const child = launch(variables, folder);
  const output = collect(child);
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (why: string) => {
      child.kill();
      reject(new Error(`The demo ${why}:\n${output()}`));
    };
    const timer = setTimeout(() => fail('did not start in time'), startTimeoutMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
    child.stdout?.on('data', () => {
      const found = /The demo +http:\/\/\S+:(\d+)\//.exec(output())?.[1];
      if (!found) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(Number(found));
    });
  });
  return { child, port };
}

function launch(variables: Record<string, string>, folder = folderWithoutEnv): ChildProcess {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PUSHER_|CORS_|HOST$|PORT$|NODE_TEST_CONTEXT$)/.test(name),
    ),
  );
  return spawn(process.execPath, [program], {
    cwd: folder,
    env: { ...environment, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}

/** The token that the demo renders into a person's page. */
export async function tokenOf(demo: Demo, user: string): Promise<string> {
  const html = await (await fetch(`${demo.url}/?user=${user}`)).text();
  const token = /data-auth-token="([^"]+)"/.exec(html)?.[1];
  if (!token) throw new Error('The page holds no token.');
  return token;
}
