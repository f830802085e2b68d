import { expect } from '@open-wc/testing';
import type { RealtimeConfig } from '../../src/core/config.js';
import { type Environment, pageEnvironment } from '../../src/core/environment.js';
import type { Fate } from '../../src/core/message.js';
import type { Undo } from '../../src/core/observable.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { makeEnvelope } from '../../src/protocol.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { channel, codeOf, eventually, join, meet, record, recordSteps } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';
import { TestWorld } from '../helpers/world.js';

describe('the outbox', () => {
  afterEach(endAll);

  it('keeps what is sent without connection, and sends it in order once there is one', async () => {
    const emulator = startEmulator();
    const [sender, receiver] = await meet(emulator);
    const [spoken, published] = [record(receiver, 'client-line'), record(receiver, 'line')];
    emulator.driver.unreachable(true);
    emulator.driver.drop((connection) => connection.socketId === emulator.driver.connections()[0]?.socketId);
    await until(sender, () => sender.status === 'reconnecting');
    const { steps, onFate } = recordSteps();
    const numbers = [1, 2, 3, 4, 5];
    const ends = numbers.flatMap((n) => [
      sender.send('client-line', { n }, { channel, onFate }),
      sender.send('line', { n }, { channel }),
    ]);
    await eventually(() => steps.length === 5);
    expect(steps).to.deep.equal(Array(5).fill('queued'));
    emulator.driver.unreachable(false);
    await Promise.all(ends);
    await eventually(() => spoken.length === 5 && published.length === 5);
    for (const heard of [spoken, published])
      expect(heard.map(({ data }) => (data as { n: number }).n)).to.deep.equal(numbers);
  });

  it('keeps what is sent while the page is disconnected by hand, until it connects', async () => {
    const controller = startController(startEmulator());
    controller.disconnect();
    const { steps, onFate } = recordSteps();
    const end = controller.send('line', {}, { channel: 'news', onFate });
    await eventually(() => steps.length > 0);
    controller.connect();
    expect((await end).fate).to.equal('accepted');
  });

  it('lets a message expire after its time, with the reason why it could not leave', async () => {
    const emulator = startEmulator();
    emulator.driver.unreachable(true);
    const controller = startController(emulator);
    const fate = await controller.send('line', {}, { channel: 'news', ttl: 20 });
    expect([fate.fate, codeOf(fate)]).to.deep.equal(['expired', 'message/expired']);
    const { cause } = (fate as Extract<Fate, { error: Error }>).error;
    expect(cause).to.have.property('code', 'message/not-connected');
    emulator.driver.unreachable(false);
    controller.connect();
    controller.retry();
    await until(controller, () => controller.status === 'connected');
    expect(emulator.driver.triggered).to.deep.equal([]);
  });

  it('lets a message expire after its time that waits behind one that may wait longer', async () => {
    const emulator = startEmulator();
    emulator.driver.unreachable(true);
    const controller = startController(emulator);
    void controller.send('line', {}, { channel: 'news' });
    const { fate } = await controller.send('line', {}, { channel: 'news', ttl: 20 });
    expect(fate).to.equal('expired');
  });

  it('lets a message expire after its time where the clock is a coarse one', async () => {
    const environment = new CountingEnvironment();
    const { now } = environment;
    environment.now = () => Math.floor(now() / 100) * 100;
    const controller = startController(startEmulator(), { environment });
    controller.disconnect();
    const { fate } = await controller.send('line', {}, { channel: 'news', ttl: 20 });
    expect(fate).to.equal('expired');
  });

  it('lets a message expire after its time when the clock was set back by an hour', async () => {
    const time = stopTime();
    time.setSystemTime(3_600_000);
    try {
      const controller = startController(startEmulator());
      const sent = controller.send('line', {}, { channel: 'news' });
      let end: Fate | undefined;
      await passUntil(time, () => controller.status === 'connected');
      await sent;
      controller.disconnect();
      time.setSystemTime(time.now - 3_600_000);
      void controller.send('line', {}, { channel: 'news', ttl: 1_000 }).then((fate) => {
        end = fate;
      });
      await passUntil(time, () => end?.fate === 'expired', 2_000);
    } finally {
      time.uninstall();
    }
  });

  it('lets a message expire that slept with its page, before it could leave', async () => {
    const emulator = startEmulator();
    emulator.driver.unreachable(true);
    const environment = new CountingEnvironment();
    const controller = startController(emulator, { environment });
    const { steps, onFate } = recordSteps();
    const end = controller.send('line', {}, { channel: 'news', onFate });
    await eventually(() => steps.length > 0);
    environment.sleep(3_600_000);
    emulator.driver.unreachable(false);
    environment.wake('slept');
    controller.retry();
    expect((await end).fate).to.equal('expired');
    expect(emulator.driver.triggered).to.deep.equal([]);
  });

  it('keeps a message for two minutes, or as long as it is told to', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      emulator.driver.unreachable(true);
      const controller = startController(emulator);
      const told: string[] = [];
      const send = (name: string, ttl?: number) =>
        controller.send(
          name,
          {},
          { channel: 'news', ttl, onFate: ({ fate }) => told.push(`${name} ${fate}`) },
        );
      void send('default');
      void send('for-ever', Number.POSITIVE_INFINITY);
      await passUntil(time, () => told.length === 2);
      await time.tickAsync(119_000);
      expect(told).to.have.length(2);
      await passUntil(time, () => told.length === 3, 2_000);
      await time.tickAsync(3_600_000);
      expect(told).to.deep.equal(['default queued', 'for-ever queued', 'default expired']);
    } finally {
      time.uninstall();
    }
  });

  describe('without a network, before the code that sends has come', () => {
    let world: TestWorld;
    let controller: RealtimeController;
    let told: string[];
    let errors: string[];
    let heard: AbortController;
    beforeEach(() => {
      told = [];
      errors = [];
      heard = new AbortController();
      world = new TestWorld();
      world.online = false;
      const emulator = startEmulator();
      emulator.driver.unreachable(true);
      const createSocket = (url: string) => {
        emulator.driver.unreachable(!world.online);
        return emulator.client().createSocket(url);
      };
      controller = startController(emulator, { environment: world, createSocket });
      controller.connect();
      controller.onFate(({ event, fate }) => told.push(`${event} ${fate.fate}`), heard.signal);
      document.addEventListener('realtime-error', ({ error }) => errors.push(error.code), heard);
    });
    afterEach(() => heard.abort());

    it('tells that a message waits, and that it has expired, with the reason', async () => {
      const fates: Fate[] = [];
      const onFate = (fate: Fate) => fates.push(fate);
      const end = await controller.send('line', {}, { channel: 'news', ttl: 20, onFate });
      expect(fates.map(({ fate }) => fate)).to.deep.equal(['queued', 'expired']);
      expect(new Set(fates.map(({ id }) => id)).size).to.equal(1);
      expect(fates[1]).to.equal(end);
      expect(told).to.deep.equal(['line queued', 'line expired']);
      expect((end as Extract<Fate, { error: Error }>).error.cause).to.have.property(
        'code',
        'connection/offline',
      );
      expect(errors).to.deep.equal(['message/expired']);
    });

    it('tells what may not wait that it has failed, and why', async () => {
      const { steps, onFate } = recordSteps();
      const end = await controller.send('line', {}, { channel: 'news', queue: false, onFate });
      expect([end.fate, codeOf(end)]).to.deep.equal(['failed', 'connection/offline']);
      expect(steps).to.deep.equal(['failed']);
      expect(told).to.deep.equal(['line failed']);
      expect(errors).to.deep.equal(['connection/offline']);
    });

    it('keeps a message as long as it may wait, and sends it under its id once the network is back', async () => {
      const fates: Fate[] = [];
      const onFate = (fate: Fate) => fates.push(fate);
      const options = { channel: 'news', ttl: Number.POSITIVE_INFINITY, onFate };
      const end = controller.send('line', makeEnvelope('line', {}), options);
      const bare = controller.send('line', {}, { channel: 'news' });
      await eventually(() => controller.getSnapshot().attempts > 0);
      expect(fates.map(({ fate }) => fate)).to.deep.equal(['queued']);
      world.goOnline();
      expect((await bare).fate).to.equal('accepted');
      expect((await end).fate).to.equal('accepted');
      expect(fates.map(({ fate }) => fate)).to.deep.equal(['queued', 'sent', 'accepted']);
      expect(new Set(fates.map(({ id }) => id)).size).to.equal(1);
      expect(errors).to.deep.equal([]);
    });

    it('counts the time without network towards what a message may wait', async () => {
      const { steps, onFate } = recordSteps();
      const end = controller.send('line', {}, { channel: 'news', ttl: 60_000, onFate });
      await eventually(() => steps.length > 0);
      world.clockOffsetMs += 120_000;
      world.goOnline();
      expect((await end).fate).to.equal('expired');
    });
  });

  it('is bounded: one more than a hundred fails at once, and says that it can be sent later', async () => {
    const emulator = startEmulator();
    emulator.driver.unreachable(true);
    const controller = startController(emulator);
    const waiting = Array.from({ length: 100 }, (_, n) => controller.send('line', n, { channel: 'news' }));
    const fate = await controller.send('line', 100, { channel: 'news' });
    expect([fate.fate, codeOf(fate)]).to.deep.equal(['failed', 'message/outbox-full']);
    emulator.driver.unreachable(false);
    controller.retry();
    const ends = await Promise.all(waiting);
    expect(ends.every(({ fate: end }) => end === 'accepted')).to.equal(true);
    expect(emulator.driver.triggered.map(({ data }) => Number(data))).to.deep.equal(
      Array.from({ length: 100 }, (_, n) => n),
    );
  });

  it('takes the latest of what waits under one key, event and channel, and leaves the rest alone', async () => {
    const emulator = startEmulator();
    emulator.driver.unreachable(true);
    const controller = startController(emulator);
    const send = (data: string, on: string, key?: string) =>
      controller.send('line', data, { channel: on, coalesce: key });
    const ends = [
      send('old', 'news', 'a'),
      send('plain', 'news'),
      send('other key', 'news', 'b'),
      send('other channel', 'sport', 'a'),
      send('new', 'news', 'a'),
    ];
    expect((await ends[0])?.fate).to.equal('expired');
    emulator.driver.unreachable(false);
    controller.retry();
    await Promise.all(ends);
    const news = emulator.driver.triggered.filter(({ channels }) => channels[0] === 'news');
    expect(news.map(({ data }) => data)).to.deep.equal(['"plain"', '"other key"', '"new"']);
  });

  it('leaves no channel, need or timer behind when all is sent', async () => {
    const emulator = startEmulator();
    const environment = new CountingEnvironment();
    const controller = startController(emulator, {
      environment,
      timing: { releaseMs: 0, idleMs: 0, acknowledgeMs: 20 },
    });
    await Promise.all([
      controller.send('line', {}, { channel: 'news' }),
      controller.send('client-line', {}, { channel: 'private-x' }),
      controller.send('client-line', {}, { channel: 'private-y', awaitAcknowledgment: true }),
      controller.send('client-line', {}, { channel: 'news' }),
    ]);
    await until(controller, () => controller.status === 'idle' && controller.channels.length === 0);
    await eventually(() => environment.timers === 0);
  });

  describe('with `remember`', () => {
    let scope: string;
    let pages = 0;
    beforeEach(() => {
      pages += 1;
      scope = `outbox-test-${Date.now()}-${pages}`;
    });

    /** A tab with the browser's own store and locks; closing it gives up its locks, as the browser does. */
    class Tab {
      readonly #locks: Undo[] = [];
      readonly environment: Environment = {
        ...pageEnvironment,
        lock: async (name) => {
          const unlock = await pageEnvironment.lock(name);
          if (unlock) this.#locks.push(unlock);
          return unlock;
        },
      };
      #controller: RealtimeController | undefined;

      /** A page in this tab, as one user. Each page is another controller, and yet the same visitor. */
      open(config: RealtimeConfig, userId: string | null = '1'): RealtimeController {
        pages += 1;
        const token = userId === null ? undefined : tokenFor(userId);
        const page = { port: 10_000 + pages, scope, environment: this.environment, remember: true, token };
        this.#controller = startController(emulator, { ...config, ...page });
        return this.#controller;
      }

      close(): void {
        this.#controller?.disconnect();
        for (const unlock of this.#locks.splice(0)) unlock();
      }
    }

    let emulator: PageEmulator;
    let visitor: RealtimeConfig;
    beforeEach(() => {
      emulator = startEmulator();
      emulator.driver.unreachable(true);
      visitor = backendFor(emulator);
    });

    const steps = (controller: RealtimeController): string[] => {
      const list: string[] = [];
      controller.onFate(({ event, fate }) => list.push(`${event} ${fate.fate}`));
      return list;
    };
    const keyOf = (id: string) => `${JSON.stringify(['emulator-key', visitor.host, scope, '1'])} ${id}`;
    const triggered = () => emulator.driver.triggered.map(({ name }) => name);
    const storedEvents = async (): Promise<string[]> => {
      const store = await pageEnvironment.openStore('outbox');
      const keys = (await store.keys()).filter((key) => key.includes(scope));
      const drafts = await Promise.all(keys.map((key) => store.get(key)));
      return drafts.flatMap((draft) => (draft ? [(draft as { event: string }).event] : [])).sort();
    };
    const untilStored = async (...events: string[]) => {
      while (String(await storedEvents()) !== String(events))
        await new Promise((resolve) => setTimeout(resolve, 5));
    };

    it('sends after a reload what the page before could not, in order, and tells what became of it', async () => {
      const tab = new Tab();
      const before = tab.open(visitor);
      for (const event of ['a', 'b', 'c']) void before.send(event, {}, { channel: 'news' });
      await untilStored('a', 'b', 'c');
      tab.close();
      emulator.driver.unreachable(false);
      const after = new Tab().open(visitor);
      const told = steps(after);
      await eventually(() => told.filter((step) => step.endsWith('accepted')).length === 3);
      expect(triggered()).to.deep.equal(['a', 'b', 'c']);
      await untilStored();
    });

    it('leaves to another tab what that tab will send', async () => {
      const first = new Tab().open(visitor);
      const end = first.send('a', {}, { channel: 'news' });
      await untilStored('a');
      const second = new Tab().open(visitor);
      const told = steps(second);
      emulator.driver.unreachable(false);
      second.connect();
      await until(second, () => second.status === 'connected');
      first.retry();
      expect((await end).fate).to.equal('accepted');
      await untilStored();
      expect(told).to.deep.equal([]);
      expect(triggered()).to.deep.equal(['a']);
    });

    it('never sends one user’s messages as another; they wait for their author', async () => {
      const tab = new Tab();
      void tab.open(visitor, '1').send('a', {}, { channel: 'news' });
      await untilStored('a');
      tab.close();
      emulator.driver.unreachable(false);
      const other = new Tab().open(visitor, '2');
      const { fate } = await other.send('b', {}, { channel: 'news' });
      expect(fate).to.equal('accepted');
      expect(await storedEvents()).to.deep.equal(['a']);
      const author = new Tab().open(visitor, '1');
      const told = steps(author);
      await eventually(() => told.includes('a accepted'));
      expect(triggered()).to.deep.equal(['b', 'a']);
    });

    it('forgets what waits when the user changes, and takes up what the next one had left', async () => {
      const tab = new Tab();
      void tab.open(visitor, '2').send('left', {}, { channel: 'news' });
      await untilStored('left');
      tab.close();
      const page = new Tab().open(visitor, '1');
      const told = steps(page);
      void page.send('a', {}, { channel: 'news' });
      await untilStored('a', 'left');
      emulator.driver.unreachable(false);
      page.identify(tokenFor('2'));
      await eventually(() => told.includes('left accepted'));
      await untilStored();
      expect(told).to.include('a failed');
      expect(triggered()).to.deep.equal(['left']);
    });

    it('asks a provider who the user is before it stores or takes up anything', async () => {
      const tab = new Tab();
      const before = tab.open({ ...visitor, token: undefined }, null);
      before.identify(() => tokenFor('1'));
      void before.send('a', {}, { channel: 'news' });
      await untilStored('a');
      expect(before.identity.userId).to.equal('1');
      tab.close();
      emulator.driver.unreachable(false);
      const told = steps(new Tab().open(visitor, '1'));
      await eventually(() => told.includes('a accepted'));
    });

    describe('while the token provider fails', () => {
      let asked: number;
      let isFailing: boolean;
      beforeEach(() => {
        asked = 0;
        isFailing = true;
      });
      const open = () => {
        const page = new Tab().open({ ...visitor, timing: { backoffBaseMs: 20, backoffCapMs: 20 } }, null);
        page.identify(async () => {
          asked += 1;
          if (isFailing) throw new TypeError('Failed to fetch');
          return tokenFor('1');
        });
        return page;
      };

      it('takes up what an earlier page left as soon as the user is known', async () => {
        const tab = new Tab();
        void tab.open(visitor).send('a', {}, { channel: 'news' });
        await untilStored('a');
        tab.close();
        emulator.driver.unreachable(false);
        const page = open();
        const told = steps(page);
        page.hold('private-user-1');
        await until(page, () => page.status === 'connected');
        const before = asked;
        await eventually(() => asked > before + 2);
        isFailing = false;
        await eventually(() => told.includes('a accepted'));
        await untilStored();
      });

      it('stores what waits as soon as the user is known', async () => {
        void open().send('a', {}, { channel: 'news' });
        await eventually(() => asked > 2);
        expect(await storedEvents()).to.deep.equal([]);
        isFailing = false;
        await untilStored('a');
      });
    });

    it('asks a provider that fails no more often than without', async () => {
      const time = stopTime();
      try {
        let asked = 0;
        const token = async () => {
          asked += 1;
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (asked > 1) throw new TypeError('Failed to fetch');
          return tokenFor('1', Date.now() / 1_000 + 20);
        };
        const environment = new CountingEnvironment();
        const controller = startController(startEmulator(), { remember: true, environment, token });
        controller.connect();
        await passUntil(time, () => controller.identity.userId === '1');
        controller.hold('private-class-1');
        await passUntil(time, () => asked > 1);
        await time.tickAsync(1_000);
        expect(asked).to.be.below(5);
      } finally {
        time.uninstall();
      }
    });

    it('stores at the next occasion what the browser had no room for', async () => {
      let failures = 0;
      const environment: Environment = {
        ...pageEnvironment,
        async openStore(name) {
          const store = await pageEnvironment.openStore(name);
          return {
            ...store,
            async set(key, value) {
              failures += 1;
              if (failures < 3) throw new DOMException('Full.', 'QuotaExceededError');
              await store.set(key, value);
            },
          };
        },
      };
      const timing = { backoffBaseMs: 20, backoffCapMs: 20 };
      const page = { ...visitor, scope, environment, timing, remember: true, token: tokenFor('1') };
      void startController(emulator, page).send('a', {}, { channel: 'news' });
      await untilStored('a');
      expect(failures).to.equal(3);
    });

    it('stores nothing of somebody whom the token does not name', async () => {
      const tab = new Tab();
      const kept: string[] = [];
      tab.environment.openStore = async (name) => {
        const store = await pageEnvironment.openStore(name);
        const set = (key: string, value: unknown) => {
          kept.push(key);
          return store.set(key, value);
        };
        return { ...store, set };
      };
      const page = tab.open(visitor, null);
      page.identify('opaque');
      const end = page.send('a', {}, { channel: 'news', ttl: 50 });
      expect((await end).fate).to.equal('expired');
      // What is stored later is stored after it.
      void new Tab().open(visitor).send('b', {}, { channel: 'news' });
      await untilStored('b');
      expect(kept).to.deep.equal([]);
    });

    it('sends what an earlier page left before what this one wrote, though it comes later', async () => {
      const tab = new Tab();
      const before = tab.open(visitor);
      for (const event of ['a', 'b']) void before.send(event, {}, { channel: 'news' });
      await untilStored('a', 'b');
      tab.close();
      const after = new Tab().open(visitor);
      const told = steps(after);
      const end = after.send('c', {}, { channel: 'news' });
      await eventually(() => ['a', 'b', 'c'].every((event) => told.includes(`${event} queued`)));
      expect(told[0]).to.equal('c queued');
      emulator.driver.unreachable(false);
      after.retry();
      await end;
      expect(triggered()).to.deep.equal(['a', 'b', 'c']);
      await untilStored();
    });

    it('tells of what is too old that it has expired, and does not send it', async () => {
      const store = await pageEnvironment.openStore('outbox');
      const old = { channel: 'news', data: {}, queue: true, queuedAt: 1, expiresAt: 2 };
      for (const [event, awaitAcknowledgment] of [
        ['a', false],
        ['b', true],
      ] as const)
        await store.set(keyOf(event), { ...old, id: event, event, awaitAcknowledgment });
      emulator.driver.unreachable(false);
      const told = steps(new Tab().open(visitor));
      await eventually(() => told.includes('a expired') && told.includes('b unknown'));
      expect(triggered()).to.deep.equal([]);
      await untilStored();
    });

    it('sends again after a reload, under the same id, what was never acknowledged', async () => {
      const [receiver] = [startController(emulator, { user: { id: '9' } })];
      const heard = record(receiver, 'client-a', 'private-x');
      emulator.driver.unreachable(false);
      await join(receiver, 'private-x');
      const tab = new Tab();
      void tab.open(visitor).send('client-a', {}, { channel: 'private-x', awaitAcknowledgment: true });
      await eventually(() => heard.length === 1);
      await untilStored('client-a');
      tab.close();
      const told = steps(new Tab().open(visitor));
      const resent = await emulator.driver.waitFor(
        ({ received }) => received.filter(({ event }) => event === 'client-a')[1],
      );
      expect((resent.data as { id: string }).id).to.equal(heard[0]?.id);
      emulator.driver.trigger('private-x', 'message.ack', { id: heard[0]?.id });
      await eventually(() => told.includes('client-a acknowledged'));
      expect(heard).to.have.length(1);
      await untilStored();
    });

    it('throws away what it cannot read', async () => {
      const store = await pageEnvironment.openStore('outbox');
      const key = keyOf('odd');
      await store.set(key, { id: 'odd', from: 'another version' });
      emulator.driver.unreachable(false);
      const page = new Tab().open(visitor);
      expect((await page.send('a', {}, { channel: 'news' })).fate).to.equal('accepted');
      while (await store.get(key)) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    it('sends as without it where the browser stores nothing', async () => {
      const environment: Environment = {
        ...pageEnvironment,
        openStore: () => Promise.reject(new DOMException('No.', 'SecurityError')),
      };
      const page = startController(emulator, {
        ...visitor,
        scope,
        environment,
        remember: true,
        token: tokenFor('1'),
      });
      const { steps: own, onFate } = recordSteps();
      const end = page.send('a', {}, { channel: 'news', onFate });
      await eventually(() => own.length > 0);
      emulator.driver.unreachable(false);
      page.retry();
      expect((await end).fate).to.equal('accepted');
    });
  });
});
