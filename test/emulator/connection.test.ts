import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/emulator/clock.js';
import { EmulatorEngine } from '../../src/emulator/engine.js';
import { EngineClient, engineWithClock } from './engine-client.js';

describe('the handshake', () => {
  it('says the socket id and the activity timeout in seconds', () => {
    const { engine } = engineWithClock({ activityTimeoutMs: 30_000 });
    const client = new EngineClient(engine);
    assert.equal(client.last?.event, 'pusher:connection_established');
    assert.equal(typeof client.last?.data, 'string');
    const { socket_id, activity_timeout } = client.lastData as Record<string, unknown>;
    assert.match(String(socket_id), /^\d+\.\d+$/);
    assert.equal(activity_timeout, 30);
  });

  it('gives every connection a socket id of its own, whatever chance says', () => {
    const numbers = [0.1, 0.1, 0.1, 0.1, 0.2, 0.2];
    const { engine } = engineWithClock({ clock: { ...systemClock, random: () => numbers.shift() ?? 0.3 } });
    assert.notEqual(new EngineClient(engine).socketId, new EngineClient(engine).socketId);
    for (const { socketId } of [...engine.app().connections.values()]) {
      engine.app().connections.get(socketId)?.terminate();
    }
  });

  const key = 'emulator-key';
  const refusals: [why: string, target: string, code: number][] = [
    ['the key is unknown', '/app/somebody-else?protocol=7', 4001],
    ['the app is disabled', '/app/disabled-key?protocol=7', 4003],
    ['the path is unknown', '/application?protocol=7', 4005],
    ['the path goes on', `/app/${key}/more?protocol=7`, 4005],
    ['the version is no whole number', `/app/${key}?protocol=seven`, 4006],
    ['the version is empty', `/app/${key}?protocol=`, 4006],
    ['the version is too old', `/app/${key}?protocol=3`, 4007],
    ['the version is unknown', `/app/${key}?protocol=8`, 4007],
    ['there is no version', `/app/${key}?client=js`, 4008],
    ['there is no query', `/app/${key}`, 4008],
    ['a prototype key is the key', '/app/__proto__?protocol=7', 4001],
  ];
  for (const [why, target, code] of refusals) {
    it(`is refused with ${code} when ${why}`, () => {
      const { engine } = engineWithClock({
        apps: [{ id: '2', key: 'disabled-key', secret: 's', enabled: false }],
      });
      const client = new EngineClient(engine, target);
      assert.equal(client.ending?.code, code);
      assert.notEqual(client.ending?.reason, '');
      client.send({ event: 'pusher:subscribe', data: { channel: 'news' } });
      client.session.disconnected(code);
      assert.deepEqual(client.frames, []);
      assert.equal(engine.app().connections.size, 0);
    });
  }

  it('takes versions 4 to 7 and any client', () => {
    const { engine } = engineWithClock();
    for (const protocol of [4, 5, 6, 7]) {
      const client = new EngineClient(
        engine,
        `/app/${key}?protocol=${protocol}&client=elm&version=0&flash=x`,
      );
      assert.equal(client.last?.event, 'pusher:connection_established');
    }
  });

  it('is refused with 4004 when the app has all the connections that it may have', () => {
    const { engine } = engineWithClock({ limits: { connections: 1 } });
    const first = new EngineClient(engine);
    assert.equal(new EngineClient(engine).ending?.code, 4004);
    first.session.disconnected(1000);
    assert.equal(new EngineClient(engine).ending, undefined);
  });
});

describe('a connection', () => {
  it('answers a ping', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.send({ event: 'pusher:ping', data: {} });
    assert.deepEqual(client.last, { event: 'pusher:pong', data: '{}' });
  });

  it('is pinged after silence, and closed with 4201 when the client does not answer', () => {
    const { engine, time } = engineWithClock();
    const client = new EngineClient(engine);
    time.tick(119_999);
    assert.notEqual(client.last?.event, 'pusher:ping');
    time.tick(1);
    assert.deepEqual(client.last, { event: 'pusher:ping', data: '{}' });
    time.tick(29_999);
    assert.ok(client.isOpen);
    time.tick(1);
    assert.equal(client.ending?.code, 4201);
    assert.equal(engine.app().connections.size, 0);
  });

  it('stays open while the client answers or says anything', () => {
    const { engine, time } = engineWithClock();
    const client = new EngineClient(engine);
    time.tick(120_000);
    client.send({ event: 'pusher:pong', data: {} });
    time.tick(119_999);
    assert.equal(client.take('pusher:ping').length, 1);
    client.send('not even JSON');
    time.tick(100_000);
    assert.equal(client.take('pusher:ping').length, 0);
    time.tick(20_000);
    assert.equal(client.take('pusher:ping').length, 1);
    assert.equal(client.ending, undefined);
  });

  it('is pinged and closed in time also when the clock is set back meanwhile', () => {
    const { engine, time } = engineWithClock();
    const client = new EngineClient(engine);
    time.tick(60_000);
    time.setSystemTime(time.now - 3_600_000);
    time.tick(60_000);
    assert.equal(client.last?.event, 'pusher:ping');
    time.setSystemTime(time.now - 3_600_000);
    time.tick(30_000);
    assert.equal(client.ending?.code, 4201);
  });

  it('leaves no timer behind when it ends', () => {
    const { engine, time } = engineWithClock({ authorizationTimeoutMs: 5_000 });
    const client = new EngineClient(engine);
    client.subscribe('private-a');
    assert.notEqual(time.countTimers(), 0);
    client.session.disconnected(1000);
    assert.equal(time.countTimers(), 0);
  });

  it('is closed with 4009 when the app wants authorized connections and nothing was authorized in time', () => {
    const { engine, time } = engineWithClock({ authorizationTimeoutMs: 5_000 });
    const [idle, subscribed, signedIn] = [1, 2, 3].map(() => new EngineClient(engine));
    idle!.subscribe('public-channel');
    subscribed!.subscribe('private-a');
    signedIn!.signIn({ id: '1' });
    time.tick(5_000);
    assert.equal(idle!.ending?.code, 4009);
    assert.equal(subscribed!.ending, undefined);
    assert.equal(signedIn!.ending, undefined);
  });

  it('is cut when its client reads so slowly that too much waits for it', async () => {
    const { engine } = engineWithClock({ bufferedBytes: 1_000 });
    const [slow, fast] = [new EngineClient(engine), new EngineClient(engine)];
    for (const client of [slow, fast]) client.subscribe('news');
    slow.bufferedBytes = 1_001;
    engine.app().publish({ name: 'headline', channels: ['news'], data: '1' });
    assert.equal(slow.ending?.code, 1006);
    assert.equal(fast.take('headline').length, 1);
    await Promise.resolve();
    assert.equal(engine.app().connections.size, 1);
  });

  it('is closed with 1009 by a frame that is too large, counted in bytes', () => {
    const { engine } = engineWithClock({ frameBytes: 100 });
    const [fits, doesNot] = [new EngineClient(engine), new EngineClient(engine)];
    fits.send('x'.repeat(100));
    doesNot.send('é'.repeat(51));
    assert.equal(fits.ending, undefined);
    assert.equal(doesNot.ending?.code, 1009);
  });

  const garbage: [what: string, frame: unknown][] = [
    ['no JSON', '{"event":'],
    ['a list', []],
    ['a number', 7],
    ['null', 'null'],
    ['no event', { data: {} }],
    ['an event that is no text', { event: { toString: 1 } }],
    ['an unknown event of the service', { event: 'pusher:format_disk', data: {} }],
    ['an unprefixed event', { event: 'hello', channel: 'news', data: 1 }],
    ['a subscription without data', { event: 'pusher:subscribe' }],
    ['a subscription with a list', { event: 'pusher:subscribe', data: ['news'] }],
    ['a subscription to a number', { event: 'pusher:subscribe', data: { channel: 7 } }],
    ['an unsubscription without a channel', { event: 'pusher:unsubscribe', data: {} }],
    [
      'nesting that goes too deep',
      `{"event":"client-x","channel":"private-a","data":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    ],
  ];
  for (const [what, frame] of garbage) {
    it(`answers ${what} with an error and stays open`, () => {
      const { engine } = engineWithClock();
      const client = new EngineClient(engine);
      client.subscribe('private-a');
      client.send(frame);
      assert.equal(client.last?.event, 'pusher:error');
      assert.equal((client.lastData as { code: number }).code, 4200);
      assert.equal(client.ending, undefined);
    });
  }

  it('reads brackets inside texts as text', () => {
    const { engine } = engineWithClock();
    const [sender, receiver] = [new EngineClient(engine), new EngineClient(engine)];
    for (const client of [sender, receiver]) client.subscribe('private-a');
    const data = { text: `\\"${'['.repeat(1_000)}` };
    sender.send({ event: 'client-x', channel: 'private-a', data });
    assert.deepEqual(receiver.lastData, data);
  });
});

describe('an engine', () => {
  it('keeps its apps apart', () => {
    const { engine } = engineWithClock({ apps: [{ id: '2', key: 'other-key', secret: 'other-secret' }] });
    const here = new EngineClient(engine);
    const there = new EngineClient(engine, '/app/other-key?protocol=7');
    for (const client of [here, there]) client.send({ event: 'pusher:subscribe', data: { channel: 'news' } });
    engine.app('2').publish({ name: 'headline', channels: ['news'], data: '1' });
    assert.equal(here.take('headline').length, 0);
    assert.equal(there.take('headline').length, 1);
  });

  it('does not take a signature of one app for another', () => {
    const { engine } = engineWithClock({ apps: [{ id: '2', key: 'other-key', secret: 'other-secret' }] });
    const there = new EngineClient(engine, '/app/other-key?protocol=7');
    there.subscribe('private-a');
    assert.equal(there.last?.event, 'pusher:subscription_error');
  });

  it('says which app it does not have', () => {
    assert.throws(() => engineWithClock().engine.app('7'), /no app "7"/);
  });

  it('says what is wrong with its options', () => {
    assert.throws(() => new EmulatorEngine({ apps: [{ key: 'b' }] }), /Two emulator apps have the id "1000"/);
    assert.throws(() => new EmulatorEngine({ apps: [{ id: '2' }] }), /Two emulator apps have the key/);
    assert.throws(() => new EmulatorEngine({ secret: '' }), /needs a text as its secret/);
    assert.throws(() => new EmulatorEngine({ key: 'a/b' }), /letters, digits, _ and -/);
    assert.throws(() => new EmulatorEngine({ cacheTtlMs: -1 }), /cacheTtlMs is a number/);
    assert.throws(
      () => new EmulatorEngine({ limits: { connections: Number.NaN } }),
      /connections is a number/,
    );
    const misspelt: object = { webhook: [] };
    assert.throws(() => new EmulatorEngine(misspelt), /no option "webhook".* webhooks/);
    const unknown: object = { messages: 1 };
    assert.throws(() => new EmulatorEngine({ limits: unknown }), /no limit "messages".* connections/);
    assert.throws(() => new EmulatorEngine({ activityTimeoutMs: 0 }), /activityTimeoutMs .* above 0/);
    assert.throws(() => new EmulatorEngine({ webhooks: [{ url: 'localhost:80' }] }), /unlike "localhost:80"/);
  });

  it('closes everything with 4100 when it shuts down, lets nobody in any more, and keeps no timer', () => {
    const { engine, time } = engineWithClock({ webhooks: [{ url: 'http://localhost/webhook' }] });
    const client = new EngineClient(engine);
    client.subscribe('presence-a', { user_id: '1' });
    engine.shutdown();
    assert.equal(client.ending?.code, 4100);
    assert.equal(new EngineClient(engine).ending?.code, 4100);
    assert.equal(time.countTimers(), 0);
  });
});
