/** A presence channel that becomes a crowd, and one that was. */
import { expect } from '@open-wc/testing';
import { pageEnvironment } from '../../src/core/environment.js';
import { Roster } from '../../src/core/roster.js';
import { stopTime } from '../helpers/virtual-time.js';

const channel = 'presence-class-1';

describe('the roster of a crowd', () => {
  let roster: Roster;
  afterEach(() => roster.dispose());

  const enter = (count: number) => {
    const hash = Object.fromEntries(Array.from({ length: count }, (_, id) => [id, { name: `Nr ${id}` }]));
    roster.read({ event: 'pusher_internal:subscription_succeeded', channel, data: { presence: { hash } } });
  };
  const say = (data: object) =>
    roster.read({ event: 'client-presence', channel, data: { status: 'busy', ...data }, user_id: '1' });
  const one = () => {
    const member = roster.snapshot.members.find(({ id }) => id === '1');
    return [member?.status, member?.activity];
  };

  beforeEach(() => {
    roster = new Roster(pageEnvironment, 4_000);
  });

  it('forgets what its members said of themselves when it is entered: nobody would take it back', () => {
    enter(50);
    say({ activity: 'in lesson 3' });
    expect(one()).to.deep.equal(['busy', 'in lesson 3']);
    roster.setStale();
    enter(51);
    expect(one()).to.deep.equal(['online', undefined]);
  });

  it('keeps nobody who has left for an hour when the clock is set back by one', async () => {
    const time = stopTime();
    try {
      enter(2);
      roster.read({ event: 'pusher_internal:member_removed', channel, data: { user_id: '1' } });
      time.setSystemTime(time.now - 3_600_000);
      await time.tickAsync(5_000);
      expect(roster.snapshot.members.map(({ id }) => id)).to.deep.equal(['0']);
    } finally {
      time.uninstall();
    }
  });

  it('asks everybody to say how they are once it has thinned to fifty, and not before', () => {
    enter(52);
    let asked = 0;
    roster.newcomers.subscribe(() => {
      asked += 1;
    });
    const leave = (id: string) =>
      roster.read({ event: 'pusher_internal:member_removed', channel, data: { user_id: id } });
    leave('51');
    expect(asked).to.equal(0);
    leave('50');
    expect(asked).to.equal(1);
    leave('49');
    expect(asked).to.equal(1);
  });
});
