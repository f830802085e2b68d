/**
 * Garbage in: whatever clients and callers send, nothing crashes, nobody gets what is another's, and
 * nothing is kept. Repeat a run with FUZZ_SEED=…; FUZZ_RUNS sets how many cases each property has.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { systemClock } from '../../src/emulator/clock.js';
import { EmulatorDriver } from '../../src/emulator/driver.js';
import { EmulatorEngine } from '../../src/emulator/engine.js';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { createPageEmulator } from '../../src/emulator/page.js';
import { joined, next, pusherClient, RawClient, sdkFor } from './clients.js';
import { EngineClient, engineWithClock, manualClock, signerOf } from './engine-client.js';
import { signedQuery } from './signed-query.js';

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.FUZZ_RUNS ?? 2_000);
console.log(`Fuzz seed ${seed}, ${numRuns} cases a property`);
const check = { seed, numRuns };

/** Stands in everything that is the victim's alone. */
const secret = 'only-for-the-victim';

const victimChannels = [
  'private-user-victim',
  'presence-room',
  'private-encrypted-vault',
  'private-cache-memory',
  '#server-to-user-victim',
];

const channelName = fc.oneof(
  fc.constantFrom(...victimChannels),
  fc.constantFrom(
    'news',
    'private-attacker',
    '__proto__',
    'constructor',
    'presence-__proto__',
    '#server-to-user-',
    '#server-to-user-attacker',
    'PRIVATE-user-victim',
    'private-user-victim ',
    'private-user-victi',
    'private-',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

const eventName = fc.oneof(
  fc.constantFrom(
    'pusher:subscribe',
    'pusher:unsubscribe',
    'pusher:signin',
    'pusher:ping',
    'pusher:pong',
    'pusher:error',
    'pusher:connection_established',
    'pusher_internal:member_added',
    'pusher_internal:subscription_succeeded',
    'client-x',
    'client-',
    '__proto__',
  ),
  fc.string({ maxLength: 250 }),
);

/** A signature that an attacker may have: none, invented, their own for something else, or one that was overheard. */
const signature = fc.constantFrom('none', 'invented', 'own', 'overheard', 'number', 'proto');

interface Attempt {
  event: string;
  channel: unknown;
  data: unknown;
  signature: string;
  withChannelData: boolean;
  extra: unknown;
}

const attempt: fc.Arbitrary<Attempt> = fc.record({
  event: eventName,
  channel: fc.oneof({ weight: 4, arbitrary: channelName }, { weight: 1, arbitrary: fc.jsonValue() }),
  data: fc.oneof(fc.constant('fields'), fc.jsonValue(), fc.string()),
  signature,
  withChannelData: fc.boolean(),
  extra: fc.jsonValue({ maxDepth: 3 }),
});

const frame = fc.oneof(
  { weight: 6, arbitrary: attempt },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 500 }) },
  { weight: 1, arbitrary: fc.json() },
);

/** Whoever may see the secret, on every kind of channel. */
function makeVictim(engine: EmulatorEngine): EngineClient {
  const victim = new EngineClient(engine);
  victim.signIn({ id: 'victim', user_info: { name: secret } });
  for (const channel of victimChannels) {
    victim.subscribe(
      channel,
      channel.startsWith('presence-') ? { user_id: 'victim', user_info: { name: secret } } : undefined,
    );
  }
  victim.frames.length = 0;
  return victim;
}

/** Turns an attempt into the text that an attacker sends. */
function write(
  made: Attempt | string,
  attacker: EngineClient,
  victim: EngineClient,
  engine: EmulatorEngine,
): string {
  if (typeof made === 'string') return made;
  const signer = signerOf(engine);
  const member = '{"user_id":"victim","user_info":{}}';
  const overheard = signer.authorizeChannel(victim.socketId, 'presence-room', { user_id: 'victim' });
  const auth = {
    none: undefined,
    invented: 'emulator-key:0123456789abcdef',
    own: signer.authorizeChannel(attacker.socketId, 'private-attacker').auth,
    overheard: overheard.auth,
    number: 7,
    proto: { __proto__: null },
  }[made.signature];
  const data =
    made.data === 'fields'
      ? {
          channel: made.channel,
          auth,
          ...(made.withChannelData ? { channel_data: member, user_data: '{"id":"victim"}' } : {}),
          extra: made.extra,
        }
      : made.data;
  return JSON.stringify({
    event: made.event,
    channel: made.channel,
    data,
    user_id: 'victim',
    extra: made.extra,
  });
}

describe('whatever clients send', () => {
  it('crashes nothing, gives nobody what is another’s, and leaves nothing behind', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), frame), { maxLength: 20 }), (frames) => {
        const { engine, time } = engineWithClock();
        const driver = new EmulatorDriver(engine);
        const victim = makeVictim(engine);
        const attackers = [new EngineClient(engine), new EngineClient(engine)];
        attackers[0]!.signIn({ id: 'attacker' });
        for (const [index, made] of frames) {
          const attacker = attackers[index]!;
          attacker.send(write(made, attacker, victim, engine));
          for (const channel of victimChannels) driver.trigger(channel, 'event', secret);
          victim.send({ event: 'client-note', channel: 'private-user-victim', data: secret });
        }
        for (const attacker of attackers) {
          const seen = JSON.stringify(attacker.frames);
          assert.ok(!seen.includes(secret), 'an attacker sees what is the victim’s');
          assert.equal(attacker.ending, undefined);
        }
        const foreign = victim.frames.filter(({ event }) => !['event', 'pusher:error'].includes(event));
        assert.deepEqual(foreign, [], 'the victim hears from an attacker');

        for (const client of [victim, ...attackers]) client.session.disconnected(1006);
        const app = engine.app();
        assert.deepEqual([app.connections.size, app.channels.size], [0, 0]);
        assert.deepEqual(app.users.connectionsOf('victim'), []);
        assert.equal(time.countTimers(), 0);
      }),
      check,
    );
  });

  it('is answered as long as it is text: every frame of a client gets at most one error, and pings get pongs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (text) => {
        const { engine } = engineWithClock();
        const client = new EngineClient(engine);
        client.send(text);
        assert.ok(client.frames.length <= 2);
        client.send({ event: 'pusher:ping' });
        assert.equal(client.last?.event, 'pusher:pong');
      }),
      check,
    );
  });

  it('may be ten thousand subscriptions on one socket: errors above the limit, and nothing for the others', () => {
    const { engine } = engineWithClock();
    const [greedy, other] = [new EngineClient(engine), new EngineClient(engine)];
    other.subscribe('news');
    other.frames.length = 0;
    for (let index = 0; index < 10_000; index += 1) greedy.subscribe(`channel-${index}`);
    assert.equal(greedy.take('pusher:subscription_error').length, 9_000);
    assert.equal(engine.app().channels.size, 1_001);
    assert.deepEqual(other.frames, []);
    greedy.session.disconnected(1000);
    assert.equal(engine.app().channels.size, 1);
  });
});

describe('whatever callers of the HTTP API send', () => {
  const target = fc.oneof(
    fc.constantFrom(
      '/apps/1000/events',
      '/apps/1000/batch_events',
      '/apps/1000/channels',
      '/apps/1000/channels/presence-room',
      '/apps/1000/channels/presence-room/users',
      '/apps/1000/users/victim/terminate_connections',
      '/apps/__proto__/events',
    ),
    fc.webPath().map((path) => `/apps/1000${path}`),
    fc.string({ unit: 'binary', maxLength: 100 }),
  );
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'get', '');

  it('is never answered with success unless it was signed, and changes nothing', () => {
    fc.assert(
      fc.property(method, target, fc.webQueryParameters(), fc.json(), (method, path, query, body) => {
        const { engine } = engineWithClock();
        const victim = makeVictim(engine);
        const response = engine.handle({ method, target: `${path}?auth_key=emulator-key&${query}`, body });
        assert.ok([400, 401, 404].includes(response.status), String(response.status));
        assert.doesNotMatch(response.body, /emulator-secret|[0-9a-f]{32}/);
        assert.deepEqual(victim.frames, []);
        assert.equal(victim.ending, undefined);
      }),
      check,
    );
  });

  const publication = fc.record(
    {
      name: fc.oneof(fc.constantFrom('event', '__proto__'), fc.jsonValue()),
      data: fc.oneof(fc.string(), fc.jsonValue()),
      channel: fc.oneof(channelName, fc.jsonValue()),
      channels: fc.oneof(fc.array(channelName), fc.jsonValue()),
      socket_id: fc.oneof(fc.constant('1.1'), fc.jsonValue()),
      info: fc.oneof(fc.constantFrom('user_count', 'subscription_count,cache'), fc.jsonValue()),
      batch: fc.oneof(fc.array(fc.object()), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const params = fc.dictionary(
    fc.oneof(fc.constantFrom('info', 'filter_by_prefix', '__proto__', 'channels[]'), fc.string()),
    fc.string(),
  );

  it('is answered with 200, 400, 404 or 413 when it was signed', () => {
    fc.assert(
      fc.property(
        method,
        target,
        params,
        fc.oneof(publication, fc.jsonValue()),
        (method, target, params, body) => {
          const path = target.split('?')[0]!;
          const { engine } = engineWithClock({ clock: systemClock });
          const text = JSON.stringify(body);
          const fields = Object.fromEntries(
            Object.entries(params)
              .map(([name, value]) => [name.toLowerCase(), value])
              .filter(([name]) => !/^(auth_.*|body_md5)$/.test(name!)),
          );
          const credentials = { key: 'emulator-key', secret: 'emulator-secret' };
          const query = signedQuery({ ...credentials, method, path, params: fields, body: text });
          const response = engine.handle({ method, target: `${path}?${query}`, body: text });
          assert.ok([200, 400, 404, 413].includes(response.status), String(response.status));
          if (response.status === 200) assert.doesNotThrow(() => JSON.parse(response.body));
        },
      ),
      check,
    );
  });

  it('is answered by the page’s endpoints with a status below 500, and JSON', async () => {
    const { client, stop } = createPageEmulator({ batch: true });
    const { authEndpoint, userAuthEndpoint, triggerEndpoint, fetch } = client({ user: { id: 'attacker' } });
    const form = fc
      .array(
        fc.tuple(
          fc.oneof(fc.constantFrom('socket_id', 'channel_name', 'channel_name[]', '__proto__'), fc.string()),
          fc.oneof(channelName, fc.constant('1.1'), fc.string()),
        ),
      )
      .map((pairs) => new URLSearchParams(pairs).toString());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(authEndpoint, userAuthEndpoint, triggerEndpoint),
        fc.oneof(
          form,
          fc.json(),
          publication.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        async (endpoint, body) => {
          const response = await fetch(endpoint, { method: 'POST', body });
          assert.ok(response.status < 500, String(response.status));
          assert.equal(typeof (await response.json()), 'object');
        },
      ),
      check,
    );
    stop();
  });
});

describe('garbage over the network', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it('is closed with 1009 when a frame is huge, and with 1003 when it is no text; the others go on', async () => {
    const channel = await joined(pusherClient(emulator), 'news');
    const [huge, binary] = [await RawClient.connect(emulator), await RawClient.connect(emulator)];
    huge.send('x'.repeat(5_000_000));
    binary.socket.send(Buffer.from([1, 2, 3]));
    assert.equal((await huge.closed).code, 1009);
    assert.equal((await binary.closed).code, 1003);
    const event = next(channel, 'headline');
    await sdkFor(emulator).trigger('news', 'headline', { n: 1 });
    assert.deepEqual(await event, { n: 1 });
  });

  it('does no harm below the protocol: broken requests, half handshakes, broken frames', async () => {
    const handshake = [
      `GET /app/${emulator.key}?protocol=7 HTTP/1.1`,
      `Host: ${emulator.host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
    ];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const attacks = [
      '\0\xff\xfe\r\n\r\n',
      'GET /app/x HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
      [...handshake, '', ''].join('\r\n'),
      [...handshake, 'Sec-WebSocket-Key: short', '', ''].join('\r\n'),
      [...handshake.map((line) => line.replace('13', '99')), key, '', ''].join('\r\n'),
      [...handshake, key, '', '\xff\xff\xff\xff\xff'].join('\r\n'),
      'POST /apps/1000/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    ];
    for (const attack of attacks) {
      await new Promise<void>((resolve) => {
        const socket = connect(emulator.port, emulator.host, () => socket.write(attack, 'latin1'));
        socket.on('data', () => {});
        socket.on('error', () => {});
        socket.on('close', () => resolve());
      });
    }
    await emulator.driver.waitFor((driver) =>
      driver.connections().every(({ channels }) => channels.length > 0),
    );
    assert.equal((await sdkFor(emulator).get({ path: '/channels' })).status, 200);
  });
});

describe('memory', () => {
  it('is back where it was after many clients and much garbage', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { clock, time } = manualClock();
    const engine = new EmulatorEngine({
      clock,
      webhooks: [{ url: 'http://nobody.invalid/' }],
      fetch: async () => new Response(),
    });
    const driver = new EmulatorDriver(engine);
    const frames = fc.sample(attempt, { numRuns: 200, seed });
    const round = async (number: number) => {
      const victim = makeVictim(engine);
      for (const [index, made] of frames.entries()) {
        const attacker = new EngineClient(engine);
        attacker.signIn({ id: `user-${number}-${index}`, watchlist: [`user-${number}-${index + 1}`] });
        attacker.subscribe(`cache-${number}-${index}`);
        driver.trigger(`cache-${number}-${index}`, 'event', 'x'.repeat(1_000));
        attacker.send(write(made, attacker, victim, engine));
        attacker.session.disconnected(1006);
      }
      victim.session.disconnected(1006);
      await time.tickAsync(10_000);
    };
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    // What is bounded (records, cached events) is full after a few rounds.
    for (let number = 0; number < 10; number += 1) await round(number);
    const before = heap();
    for (let number = 10; number < 40; number += 1) await round(number);
    const grownBytes = heap() - before;
    assert.ok(grownBytes < 1_000_000, `the heap grew by ${grownBytes} bytes`);
  });
});
