import { expect } from '@open-wc/testing';
import type { Timing } from '../../src/core/config.js';
import { pageEnvironment, type TabLine } from '../../src/core/environment.js';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import { countByRole, selectMembers } from '../../src/core/member-selection.js';
import type { TabWord } from '../../src/core/own-presence.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { Member } from '../../src/core/roster.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { randomId } from '../../src/protocol.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { ada, bo, channel, eventually, join, meet, socketOf } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

/** Introductions at once, and no wait for the code. */
const timing: Partial<Timing> = { backoffBaseMs: 20, introduceMs: 0, lookMs: 0 };

const membersOf = (controller: RealtimeController) => controller.presence(channel).snapshot.members;
const member = (controller: RealtimeController, id: string) =>
  membersOf(controller).find((candidate) => candidate.id === id);
/** Resolves once one person sees another so. */
const sees = (controller: RealtimeController, id: string, status: Member['status'], activity?: string) =>
  eventually(() => {
    const seen = member(controller, id);
    return seen?.status === status && seen.activity === activity;
  });
const words = (emulator: PageEmulator) =>
  emulator.driver.received.filter(({ event }) => event === 'client-presence');

/** Somebody on the channel, in a world of their own. */
function startPerson(emulator: PageEmulator, user: typeof bo, times = timing) {
  const environment = new CountingEnvironment();
  return { environment, controller: startController(emulator, { user, environment, timing: times }) };
}

describe('own presence', () => {
  afterEach(endAll);

  it('is online by itself, of which nobody needs to be told', async () => {
    const emulator = startEmulator();
    const [first, second] = await meet(emulator, { timing });
    await sees(first, '2', 'online');
    await sees(second, '1', 'online');
    expect(first.ownPresence.status).to.equal('online');
    await join(startController(emulator, { user: { id: '3' } }));
    await first.send('client-last', {}, { channel });
    expect(words(emulator)).to.deep.equal([]);
  });

  it('is told in time when the clock was set back by an hour', async () => {
    const time = stopTime();
    time.setSystemTime(3_600_000);
    try {
      const emulator = startEmulator();
      const [first, second] = [ada, bo].map((user) => startPerson(emulator, user).controller);
      if (!first || !second) throw new Error('Two people were to come.');
      for (const person of [first, second]) person.hold(channel);
      await passUntil(
        time,
        () => first.presence(channel).count === 2 && second.presence(channel).count === 2,
      );
      first.setPresence({ busy: true });
      await passUntil(time, () => member(second, '1')?.status === 'busy');
      time.setSystemTime(time.now - 3_600_000);
      first.setPresence({ busy: false });
      await passUntil(time, () => member(second, '1')?.status === 'online', 3_000);
    } finally {
      time.uninstall();
    }
  });

  it('is told to who comes to a channel that was held again in the moment when it was left', async () => {
    const emulator = startEmulator();
    const first = startController(emulator, { user: ada, timing: { ...timing, releaseMs: 0 } });
    const undo = first.hold(channel);
    first.setPresence({ busy: true });
    await until(
      first,
      () => first.channels[0]?.status === 'subscribed' && first.ownPresence.status === 'busy',
    );
    const undoWatch = first.subscribe(() => {
      if (first.channels.length > 0) return;
      undoWatch();
      first.hold(channel);
    });
    undo();
    await emulator.driver.waitForFrame('pusher:unsubscribe', channel);
    await until(first, () => first.channels[0]?.status === 'subscribed');
    const second = startController(emulator, { user: bo, timing });
    await join(second);
    await sees(second, '1', 'busy');
  });

  it('is busy, and says what it does, when the person says so, and until they take it back', async () => {
    const emulator = startEmulator();
    const [first, second] = await meet(emulator, { timing });
    first.setPresence({ busy: true, activity: ' in lesson 3 ' });
    await sees(second, '1', 'busy', 'in lesson 3');
    await sees(first, '1', 'busy', 'in lesson 3');
    expect(first.ownPresence).to.include({ status: 'busy', activity: 'in lesson 3' });
    first.setPresence({ busy: false });
    await sees(second, '1', 'online', 'in lesson 3');
    first.setPresence({ activity: null });
    await sees(second, '1', 'online');
  });

  it('is away when nothing is done for five minutes, and back with the first movement', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const world = new CountingEnvironment();
      const first = startController(emulator, { user: ada, environment: world });
      const second = startController(emulator, { user: bo });
      first.hold(channel);
      second.hold(channel);
      const seen = () => member(second, '1');
      await passUntil(time, () => seen() !== undefined && world.listeners > 4);
      const since = time.now;
      await time.tickAsync(240_000);
      world.touch();
      await time.tickAsync(290_000);
      expect(seen()?.status).to.equal('online');
      await passUntil(time, () => seen()?.status === 'away', 15_000);
      expect(first.ownPresence.status).to.equal('away');
      expect(seen()?.lastActiveAt).to.be.within(since + 240_000, since + 241_000);
      world.touch();
      await passUntil(time, () => seen()?.status === 'online', 2_000);
      expect(seen()?.lastActiveAt).to.be.greaterThan(time.now - 2_000);
    } finally {
      time.uninstall();
    }
  });

  it('is away soon when the tab is hidden, and back when it is seen', async () => {
    const emulator = startEmulator();
    const first = startPerson(emulator, ada, { ...timing, hiddenAwayMs: 20 });
    const second = startPerson(emulator, bo, timing);
    await Promise.all([join(first.controller), join(second.controller)]);
    await eventually(() => first.environment.listeners > 4);
    first.environment.hide();
    await sees(second.controller, '1', 'away');
    first.environment.show();
    await sees(second.controller, '1', 'online');
  });

  it('follows somebody from the first look on, which is as soon as the tab is hidden', async () => {
    const time = stopTime();
    try {
      const { environment, controller } = startPerson(startEmulator(), ada, {});
      controller.hold(channel);
      await passUntil(time, () => member(controller, '1') !== undefined);
      expect(environment.listeners).to.equal(4);
      environment.hide();
      await passUntil(time, () => environment.listeners === 5);
      await time.tickAsync(61_000);
      expect(controller.ownPresence.status).to.equal('away');
    } finally {
      time.uninstall();
    }
  });

  it('follows somebody from the next connection on where the first look fell into an outage', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const { environment, controller } = startPerson(emulator, ada, {});
      controller.hold(channel);
      await passUntil(time, () => member(controller, '1') !== undefined);
      emulator.driver.unreachable(true);
      emulator.driver.drop();
      await time.tickAsync(20_000);
      expect([controller.status, environment.listeners]).to.deep.equal(['reconnecting', 4]);
      emulator.driver.unreachable(false);
      await passUntil(time, () => environment.listeners === 5);
      expect(controller.status).to.equal('connected');
    } finally {
      time.uninstall();
    }
  });

  it('is away a while after it came when the tab was never seen', async () => {
    const time = stopTime();
    try {
      const { environment, controller } = startPerson(startEmulator(), ada, {});
      environment.hide();
      controller.hold(channel);
      await passUntil(time, () => controller.ownPresence.status === 'away', 70_000);
    } finally {
      time.uninstall();
    }
  });

  it('stays busy when nothing is done', async () => {
    const time = stopTime();
    try {
      const { environment, controller } = startPerson(startEmulator(), ada, {});
      controller.hold(channel);
      controller.setPresence({ busy: true });
      await passUntil(time, () => member(controller, '1')?.status === 'busy');
      environment.hide();
      await time.tickAsync(600_000);
      expect(controller.ownPresence.status).to.equal('busy');
    } finally {
      time.uninstall();
    }
  });

  it('is told to newcomers once, for all who come within the window', async () => {
    const emulator = startEmulator();
    const environment = new CountingEnvironment(() => 0.99);
    const times = { ...timing, introduceMs: 200 };
    const first = startController(emulator, { user: ada, environment, timing: times });
    const second = startController(emulator, { user: bo, timing });
    await Promise.all([join(first), join(second)]);
    first.setPresence({ busy: true });
    await sees(second, '1', 'busy');
    expect(words(emulator)).to.have.length(1);
    const newcomers = ['3', '4', '5'].map((id) => startController(emulator, { user: { id }, timing }));
    await Promise.all(newcomers.map((newcomer) => join(newcomer)));
    await Promise.all(newcomers.map((newcomer) => sees(newcomer, '1', 'busy')));
    expect(words(emulator)).to.have.length(2);
  });

  it('is told again after a drop: the others have forgotten it', async () => {
    const emulator = startEmulator();
    const [first, second] = await meet(emulator, { timing });
    first.setPresence({ busy: true });
    await sees(second, '1', 'busy');
    emulator.driver.drop(({ socketId }) => socketId === socketOf(emulator, '1'));
    await sees(second, '1', 'offline');
    await sees(second, '1', 'busy');
  });

  it('leaves what the others said as it was through a reconnect', async () => {
    const emulator = startEmulator();
    const [first, second] = await meet(emulator, { timing });
    first.setPresence({ busy: true });
    await sees(second, '1', 'busy');
    const seen: (string | undefined)[] = [];
    second.presence(channel).changes.subscribe(() => seen.push(member(second, '1')?.status));
    const dropped = () => emulator.driver.drop(({ socketId }) => socketId === socketOf(emulator, '2'));
    expect(dropped()).to.equal(1);
    await until(second, () => second.status === 'reconnecting');
    await join(second);
    expect(new Set(seen)).to.deep.equal(new Set(['busy']));
  });

  it('is one for several tabs of a browser: who is active in one is not away in the others', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const { environment: tab, controller } = startPerson(emulator, ada, {});
      controller.identify(tokenFor('1'));
      controller.hold(channel);
      await passUntil(time, () => member(controller, '1') !== undefined && tab.listeners > 4);
      tab.hide();
      const hear = (presence: unknown) => tab.hearFromTab({ presence });
      for (let minute = 0; minute < 30; minute += 1) {
        hear({ user: '1', activeAt: Date.now() });
        await time.tickAsync(60_000);
        expect(controller.ownPresence.status).to.equal('online');
      }
      hear({ user: '1', busy: true, activity: 'writing' });
      expect(controller.ownPresence).to.include({ status: 'busy', activity: 'writing' });
      for (const odd of [{ user: '2', busy: false }, { user: '1', busy: 'no', activity: 7 }, 'nonsense'])
        hear(odd);
      expect(controller.ownPresence).to.include({ status: 'busy', activity: 'writing' });
      hear({ user: '1', busy: false, activity: null });
      await time.tickAsync(300_000);
      expect(controller.ownPresence).to.include({ status: 'away', activity: undefined });
    } finally {
      time.uninstall();
    }
  });

  it('tells the other tabs when the person does or says something, and whom it speaks for', async () => {
    const emulator = startEmulator();
    const environment = new CountingEnvironment();
    const told: unknown[] = [];
    environment.joinTabs = () => ({ post: (message) => told.push(message), close: () => {} });
    const controller = startController(emulator, {
      ...backendFor(emulator),
      environment,
      timing,
      token: tokenFor('1'),
    });
    await join(controller);
    await eventually(() => environment.listeners > 4);
    told.length = 0;
    environment.sleep(20_000);
    const before = environment.now();
    environment.touch();
    environment.touch();
    controller.setPresence({ busy: true });
    await eventually(() => told.length === 2);
    const [active, busy] = told.map((message) => (message as { presence: TabWord }).presence);
    expect(active?.user).to.equal('1');
    expect(active?.activeAt).to.be.within(before, environment.now());
    expect(busy).to.deep.equal({ user: '1', busy: true });
  });

  it('is one for several devices: who is active on one is not away on the others', async () => {
    const emulator = startEmulator();
    const watcher = startPerson(emulator, bo, timing);
    const desk = startPerson(emulator, ada, { ...timing, awayMs: 60_000 });
    const phone = startPerson(emulator, ada, { ...timing, hiddenAwayMs: 20 });
    const all = [watcher, desk, phone];
    await Promise.all(all.map(({ controller }) => join(controller)));
    await eventually(() => all.every(({ environment }) => environment.listeners > 4));
    const seen: (string | undefined)[] = [];
    watcher.controller
      .presence(channel)
      .changes.subscribe(() => seen.push(member(watcher.controller, '1')?.status));
    phone.environment.hide();
    await eventually(() => seen.includes('away') && seen.at(-1) === 'online');
    desk.controller.setPresence({ busy: true });
    await sees(watcher.controller, '1', 'busy');
    await eventually(() => phone.controller.ownPresence.status === 'busy');
    const before = words(emulator).length;
    phone.controller.setPresence({ busy: false });
    await sees(watcher.controller, '1', 'online');
    await eventually(() => desk.controller.ownPresence.status === 'online');
    expect(words(emulator).length - before).to.equal(1);
  });

  it('follows the person into tabs that are opened later, and through a reload beside them', async () => {
    const emulator = startEmulator();
    const name = randomId();
    const openTab = async () => {
      const environment = new CountingEnvironment();
      let line: TabLine | undefined;
      environment.joinTabs = (_, listener) => {
        line = pageEnvironment.joinTabs(name, listener);
        return line;
      };
      const tab = startController(emulator, { user: ada, environment, timing, token: tokenFor('1') });
      await join(tab);
      const close = () => {
        tab.disconnect();
        line?.close();
      };
      return { tab, close };
    };
    const watcher = startController(emulator, { user: bo, timing });
    await join(watcher);
    const first = await openTab();
    first.tab.setPresence({ busy: true, activity: 'marking' });
    await sees(watcher, '1', 'busy', 'marking');
    const second = await openTab();
    await sees(second.tab, '1', 'busy', 'marking');
    first.close();
    const third = await openTab();
    await sees(third.tab, '1', 'busy', 'marking');
    second.close();
    third.tab.setPresence({ busy: false });
    await sees(watcher, '1', 'online', 'marking');
  });

  it('tells a tab that asks what was set by hand, and nothing else', async () => {
    const emulator = startEmulator();
    const environment = new CountingEnvironment();
    const told: unknown[] = [];
    environment.joinTabs = (_, listener) => {
      environment.hearFromTab = listener;
      return { post: (message) => told.push(message), close: () => {} };
    };
    const controller = startController(emulator, { user: ada, environment, timing });
    await join(controller);
    await eventually(() => environment.listeners > 4);
    told.length = 0;
    environment.hearFromTab({ presence: { user: null, asks: true } });
    controller.setPresence({ activity: 'marking' });
    environment.hearFromTab({ presence: { user: '2', asks: true } });
    environment.hearFromTab({ presence: { user: null, asks: true } });
    expect(told).to.deep.equal([
      { presence: { user: null, activity: 'marking' } },
      { presence: { user: null, busy: false, activity: 'marking' } },
    ]);
  });

  it('is told when it is set by hand, though this page knows of nothing else: another device may have left it', async () => {
    const emulator = startEmulator();
    const [desk, watcher] = await meet(emulator, { timing });
    desk.setPresence({ busy: true });
    await sees(watcher, '1', 'busy');
    const phone = startController(emulator, { user: ada, timing });
    await join(phone);
    desk.disconnect();
    await eventually(() => emulator.driver.connections().length === 2);
    expect(member(watcher, '1')?.status).to.equal('busy');
    phone.setPresence({ busy: false });
    await sees(watcher, '1', 'online');
  });

  it('says no more on a connection where the service takes no such events', async () => {
    const emulator = startEmulator({ clientEvents: false });
    const [first] = await meet(emulator, { timing });
    first.setPresence({ busy: true });
    await emulator.driver.waitForFrame('client-presence');
    await first.send('client-after', {}, { channel });
    first.setPresence({ busy: false });
    await join(startController(emulator, { user: { id: '3' } }));
    await first.send('client-last', {}, { channel });
    expect(words(emulator)).to.have.length(1);
    expect(first.ownPresence.status).to.equal('online');
  });

  it('is the user’s own: the next one begins online', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { ...backendFor(emulator), token: tokenFor('1') });
    await join(controller);
    controller.setPresence({ busy: true, activity: 'private matters' });
    await sees(controller, '1', 'busy', 'private matters');
    controller.identify(tokenFor('2'));
    expect(controller.ownPresence).to.include({ status: 'online', activity: undefined });
    await sees(controller, '2', 'online');
  });

  it('watches nobody when no presence channel is held', async () => {
    const emulator = startEmulator();
    const { controller, environment } = startPerson(emulator, ada, {
      ...timing,
      releaseMs: 0,
      idleMs: 0,
    });
    const release = controller.hold(channel);
    await eventually(() => environment.listeners > 4);
    release();
    await until(controller, () => controller.status === 'idle');
    await eventually(() => environment.timers === 0 && environment.listeners === 0);
  });

  it('watches nobody for the roster of a channel that is looked at and not held', async () => {
    const emulator = startEmulator();
    const times = { releaseMs: 0, idleMs: 0 };
    const { controller, environment } = startPerson(emulator, ada, times);
    const release = controller.hold(channel);
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    expect(controller.presence('presence-class-2').snapshot.known).to.equal(false);
    release();
    await until(controller, () => controller.status === 'idle' && controller.channels.length === 0);
    expect([environment.timers, environment.listeners]).to.deep.equal([0, 0]);
  });
});

describe('what members say of themselves', () => {
  afterEach(endAll);

  it('is believed of themselves alone, in its shape and length, and never of the future', async () => {
    const emulator = startEmulator();
    const [first, second] = await meet(emulator, { timing });
    const say = (data: unknown) => first.send('client-presence', data, { channel });
    for (const nonsense of [null, 'busy', { status: 'gone' }, { status: 'offline' }, { user: '2' }])
      await say(nonsense);
    await say({
      user_id: '2',
      status: 'away',
      activity: `<b>${'x'.repeat(200)}`,
      lastActive: '2999-01-01T00:00:00Z',
    });
    await eventually(() => member(second, '1')?.status === 'away');
    expect(member(second, '1')?.activity).to.equal(`<b>${'x'.repeat(97)}`);
    expect(member(second, '1')?.lastActiveAt).to.be.at.most(Date.now());
    expect(member(second, '2')?.status).to.equal('online');
    await say({ status: 'online', activity: 7, lastActive: 'yesterday' });
    await sees(second, '1', 'online');
  });

  it('is a sign of life, as is whatever else they say', async () => {
    const emulator = startEmulator();
    const environment = new CountingEnvironment();
    const first = startController(emulator, { user: ada, timing });
    const second = startController(emulator, { user: bo, timing, environment });
    await Promise.all([join(first), join(second)]);
    await eventually(() => membersOf(second).length === 2);
    const before = member(second, '1')?.lastActiveAt ?? 0;
    environment.sleep(60_000);
    await first.send('client-wave', {}, { channel });
    await eventually(() => (member(second, '1')?.lastActiveAt ?? 0) >= before + 60_000);
  });

  it('is neither said nor shown among more than fifty: it would be said to everybody', async function () {
    this.timeout(20_000);
    const emulator = startEmulator();
    const [first, second] = await meet(emulator, { timing: { ...timing, releaseMs: 0 } });
    first.setPresence({ busy: true });
    await sees(second, '1', 'busy');
    const crowd = Array.from({ length: 49 }, (_, n) => startController(emulator, { user: { id: `c${n}` } }));
    await Promise.all(crowd.map((controller) => join(controller)));
    await eventually(() => membersOf(second).length === 51);
    await sees(second, '1', 'online');
    await sees(first, '1', 'busy');
    first.setPresence({ activity: 'in lesson 3' });
    await first.send('client-last', {}, { channel });
    expect(words(emulator).filter(({ data }) => 'activity' in (data as object))).to.deep.equal([]);
    crowd[0]?.disconnect();
    await sees(second, '1', 'busy', 'in lesson 3');
  });
});

describe('a presence channel that is full', () => {
  const reported: string[] = [];
  const onError = (event: Event) => reported.push((event as RealtimeErrorEvent).error.code);
  beforeEach(() => document.addEventListener('realtime-error', onError));
  afterEach(() => {
    document.removeEventListener('realtime-error', onError);
    reported.length = 0;
    endAll();
  });

  it('shows a number in place of members, with an explanation and no error, and members once there is room', async () => {
    const emulator = startEmulator({ limits: { presenceMembers: 1 } });
    const first = startController(emulator, { user: ada });
    await join(first);
    const second = startController(emulator, { user: bo, timing });
    second.hold(channel);
    const roster = second.presence(channel);
    await eventually(() => roster.snapshot.degraded);
    const { count, explanation, error, members } = roster.snapshot;
    expect({ count, error, members }).to.deep.equal({ count: 100, error: undefined, members: [] });
    expect(explanation).to.match(/number/);
    expect(reported).to.deep.equal([]);
    first.disconnect();
    await eventually(() => !roster.snapshot.degraded);
    expect(roster.snapshot).to.include({ count: 1, explanation: undefined });
  });

  it('reports the limit of a connection’s channels, which is another one', async () => {
    const emulator = startEmulator({ limits: { channelsPerConnection: 1 } });
    const controller = startController(emulator, { user: ada });
    await join(controller, 'news');
    controller.hold('sport');
    await eventually(() => reported.includes('subscription/full'));
  });
});

describe('members', () => {
  const people = (
    [
      ['Ada', 'online', 'teacher', 3],
      ['Bo', 'away', 'student', 1],
      ['Cleo', 'offline', 'student', 9],
      ['Dan', 'busy', undefined, 5],
    ] as const
  ).map(
    ([name, status, role, lastActiveAt]): Member => ({
      id: name,
      info: { name, role },
      status,
      isMe: false,
      activity: undefined,
      lastActiveAt,
    }),
  );
  const names = (selection: Parameters<typeof selectMembers>[1]) =>
    selectMembers(people, selection).map(({ id }) => id);

  it('are filtered by status, role and part of the name', () => {
    expect(names({ status: 'away' })).to.deep.equal(['Bo']);
    expect(names({ status: ['online', 'busy'] })).to.deep.equal(['Ada', 'Dan']);
    expect(names({ role: 'student', name: 'CL' })).to.deep.equal(['Cleo']);
    expect(names({})).to.deep.equal(['Ada', 'Bo', 'Cleo', 'Dan']);
  });

  it('are sorted by name, status, role or activity, and equals stay as they were', () => {
    expect(names({ sort: 'name' })).to.deep.equal(['Ada', 'Bo', 'Cleo', 'Dan']);
    expect(names({ sort: 'status' })).to.deep.equal(['Ada', 'Dan', 'Bo', 'Cleo']);
    expect(names({ sort: 'role' })).to.deep.equal(['Dan', 'Bo', 'Cleo', 'Ada']);
    expect(names({ sort: 'activity' })).to.deep.equal(['Cleo', 'Dan', 'Ada', 'Bo']);
    expect(people[0]?.id).to.equal('Ada');
  });

  it('are counted by role, without those who have just left', () => {
    expect(Object.fromEntries(countByRole(people))).to.deep.equal({ teacher: 1, student: 1, '': 1 });
  });
});

describe('the word to newcomers', () => {
  afterEach(endAll);

  it('comes at a moment of its own within two seconds: a full class does not answer at once', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const environment = new CountingEnvironment(() => 0.5);
      const first = startController(emulator, { user: ada, environment });
      const second = startController(emulator, { user: bo });
      for (const controller of [first, second]) controller.hold(channel);
      first.setPresence({ busy: true });
      await passUntil(time, () => member(second, '1')?.status === 'busy');
      await time.tickAsync(10_000);
      const before = words(emulator).length;
      startController(emulator, { user: { id: '3' } }).hold(channel);
      await passUntil(time, () => membersOf(first).length === 3);
      await time.tickAsync(950);
      expect(words(emulator)).to.have.length(before);
      await time.tickAsync(100);
      expect(words(emulator)).to.have.length(before + 1);
    } finally {
      time.uninstall();
    }
  });
});

describe('the word of another tab', () => {
  afterEach(endAll);

  it('is not believed of the future: a clock that is wrong keeps nobody here', async () => {
    const time = stopTime();
    try {
      const { environment, controller } = startPerson(startEmulator(), ada, {});
      controller.identify(tokenFor('1'));
      controller.hold(channel);
      await passUntil(time, () => member(controller, '1') !== undefined && environment.listeners > 4);
      environment.hide();
      environment.hearFromTab({ presence: { user: '1', activeAt: time.now + 3_600_000 } });
      expect(controller.ownPresence.lastActiveAt).to.be.at.most(time.now);
      await time.tickAsync(301_000);
      expect(controller.ownPresence.status).to.equal('away');
    } finally {
      time.uninstall();
    }
  });
});
