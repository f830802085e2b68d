import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readyEvents } from '../../demo/public/ready-events.js';
import { startEmulator } from '../../src/emulator/node.js';
import { eventNames } from '../../src/protocol.js';
import { type Demo, runDemo, startDemo, tokenOf } from './demo-process.js';

let demo: Demo;
const tokens: Record<string, string> = {};
before(async () => {
  demo = await startDemo();
  for (const user of ['1', '2']) tokens[user] = await tokenOf(demo, user);
});
after(() => demo.stop());

function post(path: string, user: string | undefined, body: unknown, headers: Record<string, string> = {}) {
  return fetch(demo.url + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(user === undefined ? {} : { Authorization: `Bearer ${tokens[user]}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

describe('what a page may trigger', () => {
  const allowed = [
    ['1', 'private-user-1'],
    ['1', 'private-user-2'],
    ['1', 'presence-class-1'],
    ['2', 'private-user-2'],
    ['2', 'private-class-1'],
    ['2', 'presence-class-1'],
    ['2', 'public-announcements'],
  ];
  const denied = [
    ['2', 'private-user-1'],
    ['2', 'private-cache-user-1'],
    ['2', 'private-user-3'],
    ['2', 'presence-class-2'],
    ['2', 'presence-teacher'],
    ['1', 'private-user-99'],
    ['1', 'private-bot-updates'],
  ];
  for (const [user, channel] of allowed) {
    it(`user ${user} may write to ${channel}`, async () => {
      const response = await post('/realtime/trigger', user, {
        channel,
        event: 'notification',
        data: { title: 'A' },
      });
      assert.equal(response.status, 200);
    });
  }
  for (const [user, channel] of denied) {
    it(`user ${user} may not write to ${channel}`, async () => {
      const response = await post('/realtime/trigger', user, {
        channel,
        event: 'notification',
        data: { title: 'A' },
      });
      assert.equal(response.status, 403);
    });
  }

  it('nobody may without a token', async () => {
    const response = await post('/realtime/trigger', undefined, {
      channel: 'private-user-1',
      event: 'notification',
      data: { title: 'A' },
    });
    assert.equal(response.status, 401);
  });
});

describe('the ready-made events', () => {
  it('hold every event that the kit knows by name', () => {
    const ready = new Set(readyEvents('1').map(({ event }) => event));
    assert.deepEqual(
      Object.values(eventNames).filter((name) => !ready.has(name)),
      [],
    );
  });

  for (const { label, channel, event, data } of readyEvents('2')) {
    it(`are taken by the server as they are: ${label}`, async () => {
      const response = await post('/realtime/trigger', '2', { channel, event, data });
      assert.equal(response.status, 200, await response.text());
    });
  }
});

describe('the classroom', () => {
  it('lets a student raise a hand, and the teacher alone call the class back', async () => {
    assert.equal((await post('/class/hand', '2', {})).status, 200);
    assert.equal((await post('/class/reminder', '1', {})).status, 200);
    assert.equal((await post('/class/reminder', '2', {})).status, 403);
    assert.equal((await post('/class/hand', undefined, {})).status, 401);
  });

  it('shows its metrics to the teacher alone', async () => {
    const read = (user: string) =>
      fetch(`${demo.url}/realtime/metrics?range=15m`, {
        headers: { Authorization: `Bearer ${tokens[user]}` },
      });
    assert.equal((await read('2')).status, 403);
    const { events } = (await (await read('1')).json()) as { events: { event: string; count: number }[] };
    assert.ok(events.some(({ event, count }) => event === 'notification' && count > 0));
  });
});

describe('other origins', () => {
  const paths = ['/pusher/auth', '/realtime/trigger', '/content/generate'];
  /** What the preflight of each route answers; one for all of them. */
  const allowedOrigin = async (url: string, origin: string) => {
    const answers = await Promise.all(
      paths.map(async (path) => {
        const headers = {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        };
        const response = await fetch(url + path, { method: 'OPTIONS', headers });
        return response.headers.get('access-control-allow-origin');
      }),
    );
    assert.equal(new Set(answers).size, 1, `${origin}: ${answers}`);
    return answers[0];
  };

  it('are allowed on this machine, and nowhere else', async () => {
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:5173', 'http://[::1]:4000']) {
      assert.equal(await allowedOrigin(demo.url, origin), origin);
    }
    for (const origin of ['https://localhost.example', 'http://127.0.0.1.example', 'null']) {
      assert.equal(await allowedOrigin(demo.url, origin), null);
    }
  });

  it('read what they asked for, and why not', async () => {
    const from = { Origin: 'http://localhost:3000' };
    const accepted = await post('/content/generate', '2', { subject: 'Tides' }, from);
    const refused = await post('/content/generate', undefined, { subject: 'Tides' }, from);
    assert.deepEqual([accepted.status, refused.status], [202, 401]);
    for (const { headers } of [accepted, refused]) {
      assert.equal(headers.get('access-control-allow-origin'), from.Origin);
      assert.match(headers.get('access-control-expose-headers')!, /Retry-After/);
    }
  });

  it('are what CORS_ORIGINS says, once it is set', async () => {
    const other = await startDemo({ CORS_ORIGINS: 'https://school.example' });
    try {
      assert.equal(await allowedOrigin(other.url, 'https://school.example'), 'https://school.example');
      assert.equal(await allowedOrigin(other.url, 'http://localhost:3000'), null);
    } finally {
      await other.stop();
    }
  });
});

describe('an address of its own', () => {
  const own = Object.values(networkInterfaces()).flatMap((found) => found?.map(({ address }) => address));
  const inANetwork = own.find((address) => /^\d/.test(address!) && address !== '127.0.0.1');
  for (const host of [
    '0.0.0.0',
    ...['127.0.0.1', '::1', inANetwork].filter((address) => own.includes(address)),
  ]) {
    it(`given as HOST=${host}, carries events all the same`, async () => {
      const other = await startDemo({ HOST: host! });
      try {
        const headers = {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${await tokenOf(other, '1')}`,
        };
        const body = '{"channel":"public","event":"message","data":{}}';
        const sent = await fetch(`${other.url}/realtime/trigger`, { method: 'POST', headers, body });
        assert.equal(sent.status, 200, await sent.text());
      } finally {
        await other.stop();
      }
    });
  }
});

describe('another engine', () => {
  it('is used when PUSHER_* names one, and then no emulator runs', async () => {
    const engine = await startEmulator({ appId: '77', key: 'school-key', secret: 'school-secret' });
    const other = await startDemo({
      PUSHER_APP_ID: '77',
      PUSHER_KEY: 'school-key',
      PUSHER_SECRET: 'school-secret',
      PUSHER_HOST: '127.0.0.1',
      PUSHER_PORT: String(engine.port),
      PUSHER_SCHEME: 'http',
    });
    try {
      const html = await (await fetch(`${other.url}/embed.html`)).text();
      assert.match(
        html,
        new RegExp(`data-key="school-key" data-host="127.0.0.1" data-port="${engine.port}" data-tls="false"`),
      );
      assert.doesNotMatch(html, /school-secret/);
      assert.equal((await fetch(`${other.url}/apps/1000/channels`)).status, 404);

      const headers = {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${await tokenOf(other, '1')}`,
      };
      const sent = await fetch(`${other.url}/realtime/trigger`, {
        method: 'POST',
        headers,
        body: JSON.stringify({
          channel: 'private-user-1',
          event: 'notification',
          data: { title: 'Elsewhere' },
        }),
      });
      assert.equal(sent.status, 200);
      assert.deepEqual(
        engine.driver.triggered.map(({ name }) => name),
        ['notification'],
      );
      const cut = await fetch(`${other.url}/demo/faults`, {
        method: 'POST',
        headers,
        body: '{"action":"cut"}',
      });
      assert.equal(cut.status, 403);
      assert.match(await cut.text(), /only the emulator can be cut/);
    } finally {
      await other.stop();
      await engine.stop();
    }
  });

  it('is named by cluster for hosted Pusher Channels', async () => {
    const other = await startDemo({
      PUSHER_APP_ID: '77',
      PUSHER_KEY: 'school-key',
      PUSHER_SECRET: 'school-secret',
      PUSHER_CLUSTER: 'eu',
    });
    try {
      assert.match(await (await fetch(other.url)).text(), /data-key="school-key" data-cluster="eu"/);
    } finally {
      await other.stop();
    }
  });

  it('may stand in a file .env; what is set already wins over it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'demo-'));
    const lines = ['PORT=1', 'PUSHER_APP_ID=77', 'PUSHER_KEY=file-key', 'PUSHER_SECRET=file-secret'];
    await writeFile(join(folder, '.env'), [...lines, 'PUSHER_CLUSTER=eu', ''].join('\n'));
    const other = await startDemo({ PUSHER_CLUSTER: 'us2' }, folder);
    try {
      assert.match(await (await fetch(other.url)).text(), /data-key="file-key" data-cluster="us2"/);
    } finally {
      await other.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('may be none, and the page then says so to the kit', async () => {
    const other = await startDemo({ PUSHER_ENABLED: 'false' });
    try {
      assert.match(await (await fetch(other.url)).text(), /data-enabled="false"/);
    } finally {
      await other.stop();
    }
  });
});

describe('a start that cannot be', () => {
  it('names the variable that is missing, and no value', async () => {
    const { code, output } = await runDemo({
      PORT: '0',
      PUSHER_APP_ID: '77',
      PUSHER_KEY: 'school-key',
      PUSHER_CLUSTER: 'eu',
    });
    assert.equal(code, 1);
    assert.match(output, /PUSHER_SECRET/);
    assert.doesNotMatch(output, /school-key/);
  });

  it('says that the port is taken, and how to take another', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, resolve));
    const { port } = other.address() as AddressInfo;
    const { code, output } = await runDemo({ PORT: String(port) });
    other.close();
    assert.equal(code, 1);
    assert.match(output, new RegExp(`Port ${port} is taken.*PORT=${port + 1} npm start`, 's'));
    assert.doesNotMatch(output, /at .*\.js:\d+/);
  });

  it('says what a port is', async () => {
    const { code, output } = await runDemo({ PORT: 'eighty' });
    assert.equal(code, 1);
    assert.match(output, /PORT should be a number/);
  });
});
