import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { EmulatorDriver } from '../../src/emulator/driver.js';
import type { EmulatorEngine } from '../../src/emulator/engine.js';
import { startEmulator } from '../../src/emulator/node.js';
import { createPageEmulator } from '../../src/emulator/page.js';
import { BoundedRecord } from '../../src/emulator/record.js';
import { EngineClient, engineWithClock } from './engine-client.js';

/** What both doors offer to these tests. */
interface Door {
  driver: EmulatorDriver;
  open(): Socket;
  stop(): void | Promise<void>;
}

/** A socket through either door, with its frames and its end. */
interface Socket {
  frames: { event: string; channel?: string; data?: unknown }[];
  opened: Promise<void>;
  closed: Promise<number>;
  send(event: string, data: unknown, channel?: string): void;
  close(): void;
}

function wrap(socket: globalThis.WebSocket): Socket {
  const frames: Socket['frames'] = [];
  socket.addEventListener('message', ({ data }) => frames.push(JSON.parse(String(data))));
  socket.addEventListener('error', () => {});
  return {
    frames,
    opened: new Promise((resolve) => socket.addEventListener('open', () => resolve())),
    closed: new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code))),
    send: (event, data, channel) => socket.send(JSON.stringify({ event, channel, data })),
    close: () => socket.close(),
  };
}

const doors: Record<string, () => Promise<Door>> = {
  Node: async () => {
    const { driver, stop, host, port, key } = await startEmulator();
    const url = `ws://${host}:${port}/app/${key}?protocol=7`;
    return { driver, stop, open: () => wrap(new WebSocket(url) as unknown as globalThis.WebSocket) };
  },
  'the page': async () => {
    const { driver, stop, client } = createPageEmulator();
    const { createSocket, host, key } = client();
    return { driver, stop, open: () => wrap(createSocket(`wss://${host}/app/${key}?protocol=7`)) };
  },
};

for (const [name, openDoor] of Object.entries(doors)) {
  describe(`the driver in ${name}`, () => {
    let door: Door;
    let driver: EmulatorDriver;
    const sockets: Socket[] = [];
    before(async () => {
      door = await openDoor();
      driver = door.driver;
    });
    after(() => door.stop());
    afterEach(async () => {
      driver.clear();
      for (const socket of sockets.splice(0)) socket.close();
      await driver.waitForConnections(0);
      driver.clear();
    });

    const open = () => {
      const socket = door.open();
      sockets.push(socket);
      return socket;
    };
    const connect = async () => {
      const socket = open();
      const before = driver.connections().map(({ socketId }) => socketId);
      const socketId = await driver.waitFor(
        () => driver.connections().find((connection) => !before.includes(connection.socketId))?.socketId,
      );
      await socket.opened;
      return { ...socket, socketId };
    };

    it('lists connections, subscriptions and what arrived', async () => {
      const { socketId, send } = await connect();
      send('pusher:subscribe', { channel: 'news' });
      assert.deepEqual(await driver.waitForSubscribers('news'), [socketId]);
      assert.deepEqual(driver.connections(), [{ socketId, appId: '1000', channels: ['news'] }]);
      const { at, ...frame } = await driver.waitForFrame('pusher:subscribe', 'news');
      assert.ok(at > 0);
      assert.deepEqual(frame, {
        socketId,
        event: 'pusher:subscribe',
        channel: 'news',
        data: { channel: 'news' },
      });
    });

    it('triggers events as the API does, and lists them', async () => {
      const [ada, bob] = [await connect(), await connect()];
      for (const socket of [ada, bob]) socket.send('pusher:subscribe', { channel: 'news' });
      await driver.waitForSubscribers('news', 2);
      driver.trigger('news', 'headline', { n: 1 }, { socketId: ada.socketId });
      driver.trigger(['news', 'sports'], 'text', 'as it is');
      driver.trigger('news', 'nothing', undefined);
      const { at: _, ...triggered } = driver.triggered[0]!;
      assert.deepEqual(triggered, {
        appId: '1000',
        name: 'headline',
        channels: ['news'],
        data: '{"n":1}',
        socketId: ada.socketId,
      });
      const events = (frames: Socket['frames']) =>
        frames.filter(({ event }) => !event.startsWith('pusher')).map(({ event, data }) => [event, data]);
      ada.send('pusher:ping', {});
      bob.send('pusher:ping', {});
      await untilPong(ada);
      await untilPong(bob);
      assert.deepEqual(events(ada.frames), [
        ['text', 'as it is'],
        ['nothing', 'null'],
      ]);
      assert.deepEqual(events(bob.frames), [
        ['headline', '{"n":1}'],
        ['text', 'as it is'],
        ['nothing', 'null'],
      ]);
      assert.throws(() => driver.trigger('a b', 'headline', {}), /A channel name holds/);
      assert.throws(() => driver.trigger('news', 'headline', 'x'.repeat(10_241)), /10240 bytes/);
    });

    it('drops connections, all or some, which their clients see as 1006', async () => {
      const [ada, bob] = [await connect(), await connect()];
      assert.equal(
        driver.drop(({ socketId }) => socketId === ada.socketId),
        1,
      );
      assert.equal(await ada.closed, 1006);
      assert.equal(driver.connections().length, 1);
      assert.equal(driver.drop(), 1);
      assert.equal(await bob.closed, 1006);
    });

    it('closes connections with a code', async () => {
      const ada = await connect();
      assert.equal(driver.close(4200), 1);
      assert.equal(await ada.closed, 4200);
      assert.equal(driver.connections().length, 0);
    });

    it('refuses new connections with a code after they opened, until it lets them in again', async () => {
      const stays = await connect();
      driver.refuse(4004);
      const refused = open();
      await refused.opened;
      assert.equal(await refused.closed, 4004);
      assert.deepEqual(refused.frames, []);
      assert.equal(driver.connections()[0]?.socketId, stays.socketId);
      driver.refuse(null);
      await connect();
    });

    it('says at once which codes and reasons no socket is closed with, and leaves everything as it was', async () => {
      const { socketId } = await connect();
      for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 4000.5, Number.NaN]) {
        assert.throws(() => driver.close(code), /closed with a code from 3000 to 4999.* drop\(\)/);
        assert.throws(() => driver.refuse(code), /closed with a code/);
      }
      assert.throws(() => driver.close(4004, 'é'.repeat(62)), /at most 123 bytes/);
      assert.throws(() => driver.refuse(4004, 'é'.repeat(62)), /at most 123 bytes/);
      assert.equal(driver.connections()[0]?.socketId, socketId);
      await connect();
      for (const code of [1000, 1003, 1007, 1014, 3000, 4999]) {
        driver.refuse(code, 'x'.repeat(123));
        assert.equal(await open().closed, code);
      }
    });

    it('is unreachable: new connections fail before they open', async () => {
      driver.unreachable(true);
      const socket = open();
      let isOpened = false;
      void socket.opened.then(() => {
        isOpened = true;
      });
      assert.equal(await socket.closed, 1006);
      assert.equal(isOpened, false);
      driver.unreachable(false);
      await connect();
    });

    it('is silent: open connections hear and say nothing, new ones hang until it ends', async () => {
      const ada = await connect();
      ada.send('pusher:subscribe', { channel: 'news' });
      await driver.waitForSubscribers('news');
      await untilFrame(ada, 'pusher_internal:subscription_count');
      driver.silence(true);
      const before = ada.frames.length;
      driver.trigger('news', 'headline', 1);
      ada.send('pusher:ping', {});
      const late = open();
      let isOpened = false;
      void late.opened.then(() => {
        isOpened = true;
      });
      const givesUp = open();
      givesUp.close();
      assert.equal(await givesUp.closed, 1006);
      assert.equal(driver.connections().length, 1);
      assert.equal(ada.frames.length, before);
      assert.equal(isOpened, false);
      driver.silence(false);
      await late.opened;
      ada.send('pusher:ping', {});
      await untilPong(ada);
      assert.deepEqual(
        ada.frames.slice(before).map(({ event }) => event),
        ['pusher:pong'],
      );
      await driver.waitForConnections(2);
    });

    it('notices in silence that a client closes', async () => {
      const ada = await connect();
      driver.silence(true);
      ada.close();
      await ada.closed;
      await driver.waitForConnections(0);
    });

    it('loses the frames that a test picks, by direction and content', async () => {
      const ada = await connect();
      driver.lose(
        ({ direction, frame }) =>
          (direction === 'in' && frame.channel === 'lost') ||
          (direction === 'out' && frame.event === 'lost-event'),
      );
      for (const channel of ['lost', 'news']) ada.send('pusher:subscribe', { channel });
      await driver.waitForSubscribers('news');
      driver.trigger('news', 'lost-event', 1);
      driver.trigger('news', 'headline', 2);
      await untilFrame(ada, 'headline');
      assert.equal(driver.subscriptions().has('lost'), false);
      assert.equal(
        ada.frames.some(({ event }) => event === 'lost-event'),
        false,
      );
      driver.lose(null);
      driver.trigger('news', 'lost-event', 1);
      await untilFrame(ada, 'lost-event');
    });
  });
}

async function until(socket: Socket, find: () => boolean): Promise<void> {
  const isGone = socket.closed.then(() => 'closed');
  while (!find()) {
    const next = new Promise<void>((resolve) => setImmediate(resolve));
    if ((await Promise.race([next, isGone])) === 'closed') throw new Error('The socket was closed.');
  }
}

const untilFrame = (socket: Socket, event: string) =>
  until(socket, () => socket.frames.some((frame) => frame.event === event));
const untilPong = (socket: Socket) => untilFrame(socket, 'pusher:pong');

describe('the driver', () => {
  const driverOf = (engine: EmulatorEngine) => new EmulatorDriver(engine);

  it('shows who signed in and who is on a presence channel', () => {
    const { engine } = engineWithClock();
    const driver = driverOf(engine);
    const client = new EngineClient(engine);
    client.signIn({ id: '7' });
    client.subscribe('presence-a', { user_id: 7, user_info: { name: 'Seven' } });
    assert.equal(driver.connections()[0]?.userId, '7');
    assert.deepEqual(driver.members('presence-a'), [{ id: 7, info: { name: 'Seven' } }]);
    assert.deepEqual(driver.members('presence-b'), []);
  });

  it('keeps signatures out of its records', () => {
    const { engine } = engineWithClock();
    const driver = driverOf(engine);
    const client = new EngineClient(engine);
    client.subscribe('private-a');
    client.signIn({ id: '7' });
    assert.doesNotMatch(JSON.stringify(driver.received), /[0-9a-f]{64}/);
    assert.match(JSON.stringify(driver.received), /"auth":"\[hidden\]"/);
  });

  it('bounds its records, oldest first', () => {
    const { engine } = engineWithClock();
    const driver = driverOf(engine);
    const client = new EngineClient(engine);
    for (let index = 0; index < 1_010; index += 1) {
      client.send({ event: 'pusher:ping', data: index });
      driver.trigger('news', 'headline', index);
    }
    assert.equal(driver.received.length, 1_000);
    assert.equal(driver.received[0]?.data, 10);
    assert.equal(driver.triggered.length, 1_000);
    assert.equal(driver.triggered[0]?.data, '10');
    for (let index = 0; index < 100; index += 1) {
      client.send({ event: 'pusher:ping', data: 'x'.repeat(99_000) });
    }
    assert.ok(driver.received.length <= 41);
    driver.clear();
    assert.deepEqual([driver.received, driver.triggered, driver.webhooks], [[], [], []]);
  });

  it('rejects a wait after its time, with what was waited for, and leaves no timer', async () => {
    const { engine, time } = engineWithClock();
    const driver = driverOf(engine);
    const waits = [
      assert.rejects(driver.waitForConnections(1), /waited 5000 ms for 1 connections/),
      assert.rejects(driver.waitForSubscribers('news'), /waited 5000 ms for 1 subscribers of news/),
      assert.rejects(driver.waitForFrame('client-x'), /waited 5000 ms for client-x from a client/),
      assert.rejects(
        driver.waitFor(() => null, { timeoutMs: 10, what: 'nothing' }),
        /10 ms for nothing/,
      ),
    ];
    time.tick(5_000);
    await Promise.all(waits);
    await assert.rejects(
      driver.waitFor(() => {
        throw new Error('the test is wrong');
      }),
      /the test is wrong/,
    );
    assert.equal(time.countTimers(), 0);
  });

  it('knows the documented reason of a code that it refuses with', () => {
    const { engine } = engineWithClock();
    const driver = driverOf(engine);
    driver.refuse(4001);
    assert.deepEqual(new EngineClient(engine).ending, { code: 4001, reason: 'Application does not exist' });
    driver.refuse(4555);
    assert.equal(new EngineClient(engine).ending?.reason, 'Refused by the test');
    driver.refuse(4555, 'Because');
    assert.equal(new EngineClient(engine).ending?.reason, 'Because');
  });

  it('does not let a connection be closed for its silence while it is the driver’s', () => {
    const { engine, time } = engineWithClock();
    const driver = driverOf(engine);
    const client = new EngineClient(engine);
    driver.silence(true);
    time.tick(600_000);
    assert.ok(client.isOpen);
    driver.silence(false);
    time.tick(150_000);
    assert.equal(client.closeCode, 4201);
  });

  it('is the authorization endpoint’s weather: late, failing so often, hanging', async () => {
    const { engine, time } = engineWithClock();
    const { authorization } = driverOf(engine);
    assert.equal(await authorization.admit(), undefined);
    authorization.fail(503, 2);
    const three = [await authorization.admit(), await authorization.admit(), await authorization.admit()];
    assert.deepEqual(three, [503, 503, undefined]);
    assert.deepEqual([authorization.requests, authorization.failed], [4, 2]);

    authorization.delayMs = 300;
    let isAnswered = false;
    const late = authorization.admit().then(() => {
      isAnswered = true;
    });
    await time.tickAsync(299);
    assert.equal(isAnswered, false);
    await time.tickAsync(1);
    await late;

    authorization.delayMs = 0;
    authorization.fail(403);
    authorization.hang(true);
    authorization.hang(true);
    const hanging = [authorization.admit(), authorization.admit()];
    assert.equal(authorization.pending, 2);
    authorization.hang(false);
    assert.deepEqual(await Promise.all(hanging), [403, 403]);

    authorization.clear();
    assert.equal(await authorization.admit(), undefined);
    assert.deepEqual([authorization.requests, authorization.failed, authorization.pending], [1, 0, 0]);
  });
});

describe('a bounded record', () => {
  it('keeps the newest entries, as many as fit by number and by weight', () => {
    const record = new BoundedRecord<string>(3, 10);
    for (const entry of ['a', 'b', 'c', 'd']) record.add(entry, 2);
    assert.deepEqual(record.entries, ['b', 'c', 'd']);
    record.add('heavy', 8);
    assert.deepEqual(record.entries, ['d', 'heavy']);
    record.add('heavier than everything', 11);
    assert.deepEqual(record.entries, []);
  });
});
