import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { describeActivity } from '../../src/emulator/traffic-log.js';
import { joined, pusherClient, sdkFor } from './clients.js';

const command = fileURLToPath(new URL('../../src/emulator/bin.ts', import.meta.url));

/** What the command must not take from whoever runs the tests is left out; coverage goes on. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name === 'PATH' || name === 'NODE_V8_COVERAGE'),
);

/** The command in a process of its own, with what it has printed so far. */
class Run {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(args: string[], environment: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', command, ...args], {
      env: { ...inherited, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
      for (const look of [...this.#waiting]) look();
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
  }

  /** Resolves with the match once the command has printed it; fails when it ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const match = new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(this.stdout);
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
    const end = this.ended.then((code) => {
      throw new Error(`The command ended with ${code}: ${this.stderr}`);
    });
    return await Promise.race([match, end]);
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }
}

const startUpLine =
  /^Pusher Channels emulator on (http:\/\/127\.0\.0\.1:(\d+)), app id (\S+), key (\S+), secret (\S+) \(for development, not for production\)$/m;

describe('the command', () => {
  it('says address, credentials and what it is for, serves clients, and ends on an interrupt', async () => {
    const run = new Run(['emulator', '--port', '0', '--log']);
    const [, url, port, appId, key, secret] = await run.printed(startUpLine);
    assert.deepEqual([appId, key, secret], ['1000', 'emulator-key', 'emulator-secret']);
    const address = { appId: appId!, key: key!, secret: secret!, host: '127.0.0.1', port: Number(port) };
    const client = pusherClient(address, { id: '7' });
    await joined(client, 'private-a');
    await sdkFor(address).trigger('private-a', 'headline', { n: 1 });
    await run.printed(/POST \/apps\/1000\/events 200/);
    client.disconnect();
    await run.printed(/disconnected/);
    assert.match(run.stdout, /→ pusher:subscribe .*private-a/);
    assert.match(run.stdout, /event headline to private-a: \{"n":1\}/);
    assert.doesNotMatch(run.stdout, /[0-9a-f]{64}/);
    run.interrupt();
    assert.equal(await run.ended, 0);
    await assert.rejects(fetch(url!));
  });

  it('takes port and credentials from the environment, and flags before them', async () => {
    const environment = { PORT: '0', PUSHER_APP_ID: '7', PUSHER_KEY: 'k', PUSHER_SECRET: 's' };
    const run = new Run(['emulator', '--key', 'other'], environment);
    const [, , , appId, key, secret] = await run.printed(startUpLine);
    assert.deepEqual([appId, key, secret], ['7', 'other', 's']);
    assert.doesNotMatch(run.stdout, /connected/);
    run.interrupt();
    assert.equal(await run.ended, 0);
  });

  it('explains itself', async () => {
    const run = new Run(['--help']);
    assert.equal(await run.ended, 0);
    for (const word of ['--port', '--log', 'PUSHER_SECRET', 'for development, not for production']) {
      assert.ok(run.stdout.includes(word), word);
    }
  });

  const mistakes: [args: string[], error: RegExp][] = [
    [[], /Which command\? There is one: emulator/],
    [['server'], /No such command: server/],
    [['emulator', '--prot', '6001'], /Unknown option '--prot'/],
    [['emulator', '--port', 'http'], /A port is a number from 0 to 65535, not "http"/],
    [['emulator', '--port', '65536'], /A port is a number/],
  ];
  for (const [args, error] of mistakes) {
    it(`ends with 2 and a clear text for "${args.join(' ')}"`, async () => {
      const run = new Run(args);
      assert.equal(await run.ended, 2);
      assert.match(run.stderr, error);
      assert.match(run.stderr, /--help/);
      assert.doesNotMatch(run.stderr, /^\s+at /m);
    });
  }

  it('ends with 1 and a clear text when it cannot start', async () => {
    const emulator: Emulator = await startEmulator();
    const run = new Run(['emulator', '--port', String(emulator.port)]);
    assert.equal(await run.ended, 1);
    assert.match(run.stderr, /is in use/);
    const wrongWebhook = new Run(['emulator', '--port', '0', '--webhook', 'localhost:80']);
    assert.equal(await wrongWebhook.ended, 1);
    assert.match(wrongWebhook.stderr, /A webhook's address begins with/);
    await emulator.stop();
  });
});

describe('the log', () => {
  const at = Date.parse('2026-01-02T03:04:05.678Z');
  const app = { appId: '1000', socketId: '1.2' };

  it('has one line for everything that happens', () => {
    const frame = { event: 'pusher:subscribe', channel: 'news', data: { channel: 'news' } };
    const event = { name: 'headline', channels: ['a', 'b'], data: '{"n":1}' };
    const lines = [
      describeActivity({ at, type: 'connected', ...app }),
      describeActivity({ at, type: 'received', ...app, frame, size: 1 }),
      describeActivity({ at, type: 'sent', ...app, frame: { event: 'headline', channel: 'a', data: '1' } }),
      describeActivity({ at, type: 'lost', ...app, direction: 'in', frame }),
      describeActivity({ at, type: 'lost', ...app, direction: 'out', frame: { event: 'x' } }),
      describeActivity({ at, type: 'published', appId: '1000', event }),
      describeActivity({ at, type: 'changed', appId: '1000', channel: 'a' }),
      describeActivity({ at, type: 'requested', method: 'GET', path: '/apps/1000/channels', status: 401 }),
      describeActivity({
        at,
        type: 'webhook',
        appId: '1000',
        url: 'http://b/',
        names: ['x', 'y'],
        attempt: 2,
        status: 500,
      }),
      describeActivity({ at, type: 'disconnected', ...app, code: 1006 }),
      describeActivity({ at, type: 'refused', code: 4001, reason: 'Application does not exist' }),
    ];
    assert.deepEqual(
      lines.map((line) => line.replace('2026-01-02T03:04:05.678Z ', '')),
      [
        '1.2 connected to app 1000',
        '1.2 → pusher:subscribe {"channel":"news"}',
        '1.2 ← headline a 1',
        '1.2 → lost: pusher:subscribe {"channel":"news"}',
        '1.2 ← lost: x ',
        'event headline to a, b: {"n":1}',
        'subscribers of a changed',
        'GET /apps/1000/channels 401',
        'webhook x, y to http://b/, attempt 2: 500',
        '1.2 disconnected (1006)',
        'connection refused (4001 Application does not exist)',
      ],
    );
  });

  it('shortens what is long', () => {
    const frame = { event: 'headline', data: 'x'.repeat(10_000) };
    assert.ok(describeActivity({ at, type: 'sent', ...app, frame }).length < 500);
  });
});
