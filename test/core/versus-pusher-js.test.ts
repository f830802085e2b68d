/**
 * What a page would feel of pusher-js, and does not feel of the kit: each test drives both on an
 * emulator, and each stands in the table of docs/pusher-js.md.
 */
import { expect } from '@open-wc/testing';
import type { Clock } from '@sinonjs/fake-timers';
import type { PresenceChannel } from 'pusher-js/worker/index.js';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageClientConfig, PageEmulator } from '../../src/emulator/page.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { endPlainPushers, startPlainPusher } from '../helpers/plain-pusher.js';
import { seededRandom } from '../helpers/seeded-random.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

const MINUTE_MS = 60_000;
const PAGES = 8;
const ada = { id: '1', info: { name: 'Ada' } };
const bo = { id: '2', info: { name: 'Bo' } };
const rooms = Array.from({ length: 32 }, (_, n) => `private-room-${n}`);

const stateOf = (kit: RealtimeController, name: string) =>
  kit.channels.find((channel) => channel.name === name);

const isIn = (kit: RealtimeController, name: string) => stateOf(kit, name)?.status === 'subscribed';

/** The channels that an emulator has. */
const namesIn = ({ driver }: PageEmulator) => [...driver.subscriptions().keys()];

/** The moments at which connections are made or turned away, from now on. */
function recordArrivals(emulator: PageEmulator): number[] {
  const arrivals: number[] = [];
  emulator.engine.observe(({ type, at }) => {
    if (type === 'connected' || type === 'refused') arrivals.push(at);
  });
  return arrivals;
}

/** A client whose endpoint answers its first request with something else. */
function withFirstAnswer(client: PageClientConfig, answer: typeof fetch): PageClientConfig {
  let requests = 0;
  return {
    ...client,
    fetch: (input, init) => {
      requests += 1;
      return requests === 1 ? answer(input, init) : client.fetch(input, init);
    },
  };
}

const forged = async () => new Response('{"auth":"emulator-key:forged"}');

/** Answers nothing, until it is given up. */
const nobody: typeof fetch = (_, init) =>
  new Promise((_, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new Error('given up')));
  });

describe('versus pusher-js', () => {
  let time: Clock;
  /** In slices, with room between them for what takes no virtual time: requests and their bodies. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 200) await time.tickAsync(Math.min(left, 200));
  };
  const comeTrue = (isTrue: () => boolean) => passUntil(time, isTrue);

  beforeEach(() => {
    time = stopTime();
  });
  afterEach(() => {
    endPlainPushers();
    endAll();
    time.uninstall();
  });

  const table = describe('the kit', () => {
    it('says at the moment of a drop that the connection is lost', async () => {
      const emulator = startEmulator();
      const pusher = startPlainPusher(emulator.client());
      const kit = startController(emulator);
      kit.connect();
      await comeTrue(() => pusher.connection.state === 'connected' && kit.status === 'connected');
      emulator.driver.drop();
      await time.tickAsync(0);
      expect(kit.status).to.equal('reconnecting');
      await pass(900);
      expect(pusher.connection.state).to.equal('connected');
    });

    it('comes back at a moment of its own when many were dropped together', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      const pushers = Array.from({ length: PAGES }, () => startPlainPusher(emulators[0].client()));
      const kits = Array.from({ length: PAGES }, (_, n) =>
        startController(emulators[1], { environment: new CountingEnvironment(seededRandom(n)) }),
      );
      for (const kit of kits) kit.connect();
      await comeTrue(
        () =>
          pushers.every(({ connection }) => connection.state === 'connected') &&
          kits.every(({ status }) => status === 'connected'),
      );
      const [theirs, ours] = emulators.map(recordArrivals) as [number[], number[]];
      for (const { driver } of emulators) driver.drop();
      await pass(3_000);
      expect(theirs).to.have.length(PAGES);
      expect(new Set(theirs).size).to.equal(1);
      expect(ours).to.have.length(PAGES);
      expect(Math.max(...ours) - Math.min(...ours)).to.be.above(1_000);
    });

    it('does not storm a service that asks to be connected to again at once', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      const [theirs, ours] = emulators.map(recordArrivals) as [number[], number[]];
      for (const { driver } of emulators) driver.refuse(4200);
      startPlainPusher(emulators[0].client());
      startController(emulators[1], { environment: new CountingEnvironment(seededRandom(1)) }).connect();
      await pass(1_000);
      expect(theirs.length).to.be.above(100);
      expect(ours.length).to.be.within(1, 5);
    });

    it('comes back by itself when the service has room again', async () => {
      const emulator = startEmulator();
      emulator.driver.refuse(4004);
      const pusher = startPlainPusher(emulator.client());
      const kit = startController(emulator);
      kit.connect();
      await comeTrue(() => pusher.connection.state === 'disconnected' && kit.status === 'refused');
      emulator.driver.refuse(null);
      await pass(5 * MINUTE_MS);
      expect(pusher.connection.state).to.equal('disconnected');
      expect(kit.status).to.equal('connected');
    });

    it('tells a refusal, with its reason, from a disconnect that was asked for', async () => {
      const emulator = startEmulator();
      const pushers = [startPlainPusher(emulator.client()), startPlainPusher(emulator.client())] as const;
      const kits = [startController(emulator), startController(emulator)] as const;
      for (const kit of kits) kit.connect();
      await comeTrue(
        () =>
          pushers.every(({ connection }) => connection.state === 'connected') &&
          kits.every(({ status }) => status === 'connected'),
      );
      pushers[0].disconnect();
      kits[0].disconnect();
      await pass(10);
      emulator.driver.close(4009);
      await pass(10);
      expect(pushers.map(({ connection }) => connection.state)).to.deep.equal([
        'disconnected',
        'disconnected',
      ]);
      expect(kits.map(({ status }) => status)).to.deep.equal(['disconnected', 'refused']);
      expect(kits[1].error?.code).to.equal('connection/unauthorized');
    });

    it('notices within a minute that an open connection is dead', async () => {
      const emulator = startEmulator();
      const pusher = startPlainPusher(emulator.client());
      const kit = startController(emulator);
      kit.connect();
      await comeTrue(() => pusher.connection.state === 'connected' && kit.status === 'connected');
      emulator.driver.silence(true);
      await pass(MINUTE_MS);
      expect(pusher.connection.state).to.equal('connected');
      expect(kit.status).to.equal('reconnecting');
    });

    it('is back within half a minute after an outage, and at once when somebody looks', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      const pusher = startPlainPusher(emulators[0].client());
      const world = new CountingEnvironment(seededRandom(1));
      const kits = [startController(emulators[0]), startController(emulators[1], { environment: world })];
      for (const kit of kits) kit.connect();
      await comeTrue(
        () => pusher.connection.state === 'connected' && kits.every(({ status }) => status === 'connected'),
      );
      for (const { driver } of emulators) {
        driver.unreachable(true);
        driver.drop();
      }
      await pass(48_000);
      for (const { driver } of emulators) driver.unreachable(false);
      world.wake('focus');
      await pass(100);
      expect(kits[1]?.status).to.equal('connected');
      await pass(30_000);
      expect(kits[0]?.status).to.equal('connected');
      await pass(15_000);
      expect(pusher.connection.state).not.to.equal('connected');
    });

    it('turns to nobody else when the service is slow to answer', async () => {
      const asked: string[] = [];
      class Request {
        open(_: string, url: string) {
          asked.push(url);
        }
        setRequestHeader() {}
        send() {}
        abort() {}
      }
      const { XMLHttpRequest } = globalThis;
      globalThis.XMLHttpRequest = Request as never;
      try {
        const emulator = startEmulator();
        emulator.driver.silence(true);
        const kit = startController(emulator);
        kit.connect();
        await pass(9_000);
        expect(kit.status).to.equal('connecting');
        expect(asked).to.deep.equal([]);
        startPlainPusher(emulator.client(), { cluster: 'eu', enabledTransports: undefined });
        await pass(9_000);
        expect(asked[0]).to.match(/^https:\/\/sockjs-eu\.pusher\.com[:/]/);
      } finally {
        globalThis.XMLHttpRequest = XMLHttpRequest;
      }
    });

    it('keeps the people of a presence channel on show while it reconnects', async () => {
      const emulator = startEmulator();
      const pusher = startPlainPusher(emulator.client({ user: ada }));
      const { members } = pusher.subscribe('presence-class-1') as PresenceChannel;
      const kit = startController(emulator, { user: bo });
      kit.hold('presence-class-1');
      const roster = kit.presence('presence-class-1');
      await comeTrue(() => members.count === 2 && roster.snapshot.count === 2);
      emulator.driver.unreachable(true);
      emulator.driver.drop();
      await pass(2_000);
      expect(members.count).to.equal(0);
      expect(roster.snapshot.members.map(({ info }) => info.name)).to.deep.equal(['Ada', 'Bo']);
      expect(roster.snapshot.stale).to.equal(true);
    });

    it('lets one part of a page leave a channel without silencing another', async () => {
      const emulator = startEmulator();
      const heard: string[] = [];
      const pusher = startPlainPusher(emulator.client());
      pusher.subscribe('news').bind('headline', () => heard.push('one, by pusher-js'));
      pusher.subscribe('news').bind('headline', () => heard.push('another, by pusher-js'));
      const kit = startController(emulator);
      const undo = kit.listen({ channel: 'news', event: 'headline', callback: () => heard.push('one') });
      kit.listen({ channel: 'news', event: 'headline', callback: () => heard.push('another') });
      await comeTrue(() => pusher.channel('news').subscribed && isIn(kit, 'news'));
      pusher.unsubscribe('news');
      undo();
      await pass(5_000);
      emulator.driver.trigger('news', 'headline', {});
      await time.tickAsync(0);
      expect(heard).to.deep.equal(['another']);
    });

    it('asks once for many channels where the endpoint can answer so', async () => {
      const requests = async (emulator: PageEmulator, areIn: () => boolean) => {
        const { authorization } = emulator.driver;
        await comeTrue(areIn);
        const atStart = authorization.requests;
        emulator.driver.drop();
        await comeTrue(() => !areIn());
        await comeTrue(areIn);
        return [atStart, authorization.requests - atStart];
      };
      const emulators = [startEmulator({ batch: true }), startEmulator({ batch: true })] as const;
      const pusher = startPlainPusher(emulators[0].client());
      for (const name of rooms) pusher.subscribe(name);
      const kit = startController(emulators[1]);
      for (const name of rooms) kit.hold(name);
      const areIn = () => pusher.allChannels().every(({ subscribed }) => subscribed);
      expect(await requests(emulators[0], areIn)).to.deep.equal([32, 32]);
      expect(await requests(emulators[1], () => rooms.every((name) => isIn(kit, name)))).to.deep.equal([
        2, 1,
      ]);
    });

    it('asks again after an authorization that failed', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      for (const { driver } of emulators) driver.authorization.fail(503, 1);
      const channel = startPlainPusher(emulators[0].client()).subscribe('private-room-1');
      const kit = startController(emulators[1]);
      kit.hold('private-room-1');
      await pass(5 * MINUTE_MS);
      expect(channel.subscribed).to.equal(false);
      expect(emulators[0].driver.authorization.requests).to.equal(1);
      await comeTrue(() => isIn(kit, 'private-room-1'));
    });

    it('gives up an authorization that nobody answers, and asks again', async () => {
      const emulator = startEmulator();
      const channel = startPlainPusher(withFirstAnswer(emulator.client(), nobody)).subscribe(
        'private-room-1',
      );
      const kit = startController(emulator, withFirstAnswer(emulator.client(), nobody));
      kit.hold('private-room-1');
      await pass(5 * MINUTE_MS);
      expect(channel.subscribed).to.equal(false);
      await comeTrue(() => isIn(kit, 'private-room-1'));
    });

    it('says that the service rejected a subscription, and can ask again', async () => {
      const emulator = startEmulator();
      const pusher = startPlainPusher(withFirstAnswer(emulator.client(), forged));
      const channel = pusher.subscribe('private-room-1');
      const kit = startController(emulator, withFirstAnswer(emulator.client(), forged));
      kit.hold('private-room-1');
      await comeTrue(() => stateOf(kit, 'private-room-1')?.error?.code === 'subscription/rejected');
      await pass(MINUTE_MS);
      expect(channel.subscriptionPending).to.equal(true);
      pusher.subscribe('private-room-1');
      kit.identify(null);
      await pass(MINUTE_MS);
      expect(channel.subscribed).to.equal(false);
      await comeTrue(() => isIn(kit, 'private-room-1'));
    });

    it('asks again when the service does not answer to a subscription', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      for (const { driver } of emulators) {
        let answers = 0;
        driver.lose(({ frame }) => {
          if (frame.event !== 'pusher_internal:subscription_succeeded') return false;
          answers += 1;
          return answers === 1;
        });
      }
      const channel = startPlainPusher(emulators[0].client()).subscribe('news');
      const kit = startController(emulators[1]);
      kit.hold('news');
      await pass(MINUTE_MS);
      expect(channel.subscriptionPending).to.equal(true);
      await comeTrue(() => isIn(kit, 'news'));
    });

    it('leaves no ghost of a channel that was left before its authorization failed', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      for (const { driver } of emulators) driver.authorization.hang(true);
      const pusher = startPlainPusher(emulators[0].client());
      pusher.subscribe('private-room-1');
      const kit = startController(emulators[1]);
      kit.hold('news');
      const undo = kit.hold('private-room-1');
      await comeTrue(() => emulators.every(({ driver }) => driver.authorization.pending === 1));
      pusher.unsubscribe('private-room-1');
      undo();
      await pass(2_000);
      for (const { driver } of emulators) {
        driver.authorization.fail(503, 1);
        driver.authorization.hang(false);
      }
      await pass(1_000);
      for (const { driver } of emulators) driver.drop();
      await comeTrue(() => namesIn(emulators[0]).includes('private-room-1'));
      await comeTrue(() => isIn(kit, 'news'));
      expect(namesIn(emulators[1])).to.deep.equal(['news']);
    });

    it('leaves no ghost of a channel that was left before a drop took the answer', async () => {
      const emulators = [startEmulator(), startEmulator()] as const;
      const pusher = startPlainPusher(emulators[0].client());
      const kit = startController(emulators[1]);
      kit.hold('news');
      await comeTrue(() => pusher.connection.state === 'connected' && isIn(kit, 'news'));
      for (const { driver } of emulators)
        driver.lose(({ frame }) => frame.event === 'pusher_internal:subscription_succeeded');
      pusher.subscribe('sport');
      const undo = kit.hold('sport');
      await comeTrue(() => emulators.every((emulator) => namesIn(emulator).includes('sport')));
      pusher.unsubscribe('sport');
      undo();
      await pass(2_000);
      for (const { driver } of emulators) {
        driver.lose(null);
        driver.drop();
      }
      await comeTrue(() => namesIn(emulators[0]).includes('sport'));
      await comeTrue(() => isIn(kit, 'news'));
      expect(namesIn(emulators[1])).to.deep.equal(['news']);
    });

    it('lets no handler that throws stop the others, and reports it', async () => {
      const emulator = startEmulator();
      const heard: string[] = [];
      const thrown: string[] = [];
      const fail = () => {
        throw new Error('a handler’s own mistake');
      };
      const onReport = ({ error }: RealtimeErrorEvent) => thrown.push(error.code);
      const { onerror } = window;
      // Otherwise the test runner would take it for a mistake of the test.
      window.onerror = (message) => thrown.push(String(message)) > 0;
      document.addEventListener('realtime-error', onReport);
      try {
        const channel = startPlainPusher(emulator.client()).subscribe('news');
        channel.bind('headline', fail);
        channel.bind('headline', () => heard.push('by pusher-js'));
        const kit = startController(emulator);
        kit.listen({ channel: 'news', event: 'headline', callback: fail });
        kit.listen({ channel: 'news', event: 'headline', callback: () => heard.push('by the kit') });
        await comeTrue(() => channel.subscribed && isIn(kit, 'news'));
        emulator.driver.trigger('news', 'headline', {});
        await time.tickAsync(0);
        expect(heard).to.deep.equal(['by the kit']);
        expect(thrown).to.have.length(2);
        expect(thrown[0]).to.contain('a handler’s own mistake');
        expect(thrown[1]).to.equal('message/listener-failed');
      } finally {
        window.onerror = onerror;
        document.removeEventListener('realtime-error', onReport);
      }
    });

    it('sends after a drop what was written during it, and tells what became of it', async () => {
      const emulator = startEmulator();
      const channel = startPlainPusher(emulator.client({ user: ada })).subscribe('private-room-1');
      const kit = startController(emulator, { user: bo });
      kit.hold('private-room-1');
      await comeTrue(() => channel.subscribed && isIn(kit, 'private-room-1'));
      emulator.driver.drop();
      await time.tickAsync(0);
      expect(channel.trigger('client-note', 'by pusher-js')).to.equal(false);
      const fate = kit.send('client-note', 'by the kit', { channel: 'private-room-1' });
      await pass(10_000);
      expect((await fate).fate).to.equal('sent');
      const sent = emulator.driver.received.filter(({ event }) => event === 'client-note');
      expect(sent.map(({ data }) => data)).to.deep.equal(['by the kit']);
    });

    it('sends no faster than the service takes, and loses nothing over it', async () => {
      const emulator = startEmulator();
      const heard: string[] = [];
      const channel = startPlainPusher(emulator.client({ user: ada })).subscribe('private-room-1');
      const sender = startController(emulator, { user: bo });
      const kit = startController(emulator);
      sender.hold('private-room-1');
      kit.listen<string>({
        channel: 'private-room-1',
        event: 'client-note',
        callback: ({ data }) => heard.push(data as string),
      });
      await comeTrue(
        () => channel.subscribed && isIn(sender, 'private-room-1') && isIn(kit, 'private-room-1'),
      );
      const numbers = Array.from({ length: 25 }, (_, n) => n);
      for (const n of numbers) channel.trigger('client-note', `pusher-js ${n}`);
      await pass(10_000);
      expect(heard).to.have.length(10);
      heard.length = 0;
      for (const n of numbers) void sender.send('client-note', `kit ${n}`, { channel: 'private-room-1' });
      await pass(10_000);
      expect(heard).to.deep.equal(numbers.map((n) => `kit ${n}`));
    });

    it('leaves the page’s own Pusher as it was', async () => {
      const page = window as { Pusher?: unknown };
      const kit = startController(startEmulator());
      kit.connect();
      await comeTrue(() => kit.status === 'connected');
      expect(page.Pusher).to.equal(undefined);
      page.Pusher = 'the page’s own';
      await import('pusher-js');
      expect(page.Pusher).to.be.a('function');
      delete page.Pusher;
    });
  });

  it('has its table in the docs, a row for each test and a test for each row', async () => {
    const text = await (await fetch('/docs/pusher-js.md')).text();
    const rows = text
      .split('\n')
      .filter((line) => line.includes('](../test/'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    for (const row of rows) expect(row.slice(1, 4).every((cell) => cell.length > 10)).to.equal(true);
    const links = rows.map((row) => row[3]);
    expect(links).to.deep.equal(
      table.tests.map(({ title }) => `[${title}](../test/core/versus-pusher-js.test.ts)`),
    );
  });
});
