import { expect } from '@open-wc/testing';
import { pageEnvironment } from '../../src/core/environment.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { Roster } from '../../src/core/roster.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { socketOf } from '../helpers/meeting.js';
import { stopTime } from '../helpers/virtual-time.js';

const channel = 'presence-class-1';
const ada = { id: '1', info: { name: 'Ada', role: 'teacher' } };
const bo = { id: '2', info: { name: 'Bo' } };

function rosterUntil(roster: Roster, isTrue: (roster: Roster) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isTrue(roster)) return;
      undo();
      resolve();
    };
    const undo = roster.changes.subscribe(look);
    look();
  });
}

function join(controller: RealtimeController): Roster {
  controller.hold(channel);
  return controller.presence(channel);
}

const look = ({ snapshot }: Roster) => snapshot.members.map(({ id, status }) => `${id} ${status}`);

describe('presence', () => {
  afterEach(endAll);

  it('lists who is there by name, with the reader marked', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: ada }));
    join(startController(emulator, { user: bo }));
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    expect(roster.snapshot.members.map(({ info }) => info.name)).to.deep.equal(['Ada', 'Bo']);
    expect(roster.snapshot.me?.id).to.equal('1');
    expect(roster.snapshot.members[0]?.info.role).to.equal('teacher');
  });

  it('counts the tabs of one person as one member', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: ada }));
    join(startController(emulator, { user: ada }));
    await emulator.driver.waitForSubscribers(channel, 2);
    await rosterUntil(roster, ({ snapshot }) => snapshot.known);
    expect(roster.snapshot.count).to.equal(1);
  });

  it('greys somebody who left before they go', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: ada, timing: { leaveMs: 30 } }));
    const other = startController(emulator, { user: bo });
    join(other);
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    const changes: string[] = [];
    roster.arrivals.subscribe(({ kind, member }) => changes.push(`${kind} ${member.id}`));
    other.disconnect();
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 1);
    expect(look(roster)).to.deep.equal(['1 online', '2 offline']);
    await rosterUntil(roster, ({ snapshot }) => snapshot.members.length === 1);
    expect(changes).to.deep.equal(['removed 2']);
  });

  it('lets those go together who left soon after each other', () => {
    const time = stopTime();
    try {
      const roster = new Roster(pageEnvironment, 4_000);
      const hash = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}`, { name: `Nr ${i}` }]));
      roster.read({ event: 'pusher_internal:subscription_succeeded', channel, data: { presence: { hash } } });
      for (const id of Object.keys(hash)) {
        roster.read({ event: 'pusher_internal:member_removed', channel, data: { user_id: id } });
        time.tick(4);
      }
      let pictures = 0;
      roster.changes.subscribe(() => {
        pictures += 1;
      });
      time.tick(3_600);
      expect([pictures, roster.snapshot.members.length]).to.deep.equal([1, 99]);
      time.tick(500);
      expect([pictures, roster.snapshot.members.length]).to.deep.equal([2, 0]);
    } finally {
      time.uninstall();
    }
  });

  it('takes a return within the grace for neither a leave nor a join', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: ada }));
    const other = startController(emulator, { user: bo });
    join(other);
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    const changes: string[] = [];
    roster.arrivals.subscribe(({ kind }) => changes.push(kind));
    other.disconnect();
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 1);
    other.connect();
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    expect(look(roster)).to.deep.equal(['1 online', '2 online']);
    expect(changes).to.deep.equal([]);
  });

  it('is told of who came and went once the list says so', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: ada, timing: { leaveMs: 30 } }));
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 1);
    const seen: string[] = [];
    roster.arrivals.subscribe(({ kind, member }) => seen.push(`${kind} ${member.id} of ${look(roster)}`));
    const other = startController(emulator, { user: bo });
    join(other);
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    other.disconnect();
    await rosterUntil(roster, ({ snapshot }) => snapshot.members.length === 1 && seen.length === 2);
    expect(seen).to.deep.equal(['added 2 of 1 online,2 online', 'removed 2 of 1 online']);
  });

  it('takes nothing but a text or a number for an id', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: ada }));
    await rosterUntil(roster, ({ snapshot }) => snapshot.known);
    const user_id = { toString: 1 } as unknown as string;
    roster.read({ event: 'client-news', channel, data: {}, user_id });
    roster.read({ event: 'pusher_internal:member_added', channel, data: { user_id } });
    roster.read({ event: 'pusher_internal:member_added', channel, data: { user_id: 7 } });
    expect(look(roster)).to.deep.equal(['7 online', '1 online']);
  });

  it('never falls to empty through a reconnect, and marks what it shows as stale meanwhile', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: ada, timing: { backoffBaseMs: 20 } });
    const roster = join(controller);
    join(startController(emulator, { user: bo, timing: { backoffBaseMs: 20 } }));
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    const seen: string[] = [];
    roster.changes.subscribe(() => {
      const { members, stale } = roster.snapshot;
      seen.push(`${members.length} ${stale ? 'stale' : 'live'}`);
    });
    emulator.driver.drop();
    await rosterUntil(roster, ({ snapshot }) => snapshot.stale);
    await rosterUntil(roster, ({ snapshot }) => !snapshot.stale && snapshot.count === 2);
    expect(seen.filter((entry) => entry.startsWith('0') || entry.startsWith('1'))).to.deep.equal([]);
    expect(seen).to.include('2 stale');
  });

  it('shows nobody any more to somebody who is put out, and takes nobody for new once they are back', async () => {
    const emulator = startEmulator();
    let isIn = true;
    const authorize = () => isIn;
    const controller = startController(emulator, { user: ada, authorize, timing: { backoffBaseMs: 10 } });
    const roster = join(controller);
    join(startController(emulator, { user: bo }));
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    const arrivals: string[] = [];
    roster.arrivals.subscribe(({ kind, member }) => arrivals.push(`${kind} ${member.id}`));
    isIn = false;
    const mine = socketOf(emulator, '1');
    emulator.driver.drop(({ socketId }) => socketId === mine);
    await rosterUntil(roster, ({ snapshot }) => snapshot.error !== undefined);
    const { members, count, me, known, error } = roster.snapshot;
    expect([members, count, me, known, error?.code]).to.deep.equal([
      [],
      0,
      undefined,
      false,
      'auth/forbidden',
    ]);
    isIn = true;
    controller.identify('a-fresh-token');
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    expect(arrivals).to.deep.equal([]);
  });

  it('keeps odd member ids and infos apart from the language', async () => {
    const emulator = startEmulator();
    const roster = join(startController(emulator, { user: { id: '__proto__', info: { name: 7 } } }));
    join(startController(emulator, { user: { id: 'constructor' } }));
    await rosterUntil(roster, ({ snapshot }) => snapshot.count === 2);
    expect(roster.snapshot.members.map(({ id, info }) => [id, info.name])).to.deep.equal([
      ['__proto__', '7'],
      ['constructor', 'constructor'],
    ]);
  });
});
