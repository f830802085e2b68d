/** Who is on a presence channel of a fixed controller, as a test says. */
import { Observable } from '../core/observable.js';
import { emptyRoster, type Member, type Roster, type RosterChange } from '../core/roster.js';

/** Somebody on a presence channel; what is left out is as for somebody who has just come. */
export interface FixedMember {
  readonly id: string;
  readonly name?: string;
  readonly avatar?: string;
  readonly role?: string;
  readonly status?: Member['status'];
  readonly activity?: string;
  readonly isMe?: boolean;
}

/** The part of a roster that pages look at. */
export class FixedRoster implements Pick<Roster, 'snapshot' | 'changes' | 'arrivals' | 'count' | 'myId'> {
  readonly changes = new Observable();
  readonly arrivals = new Observable<RosterChange>();
  snapshot = emptyRoster;

  get count(): number {
    return this.snapshot.count;
  }
  get myId(): string | undefined {
    return this.snapshot.me?.id;
  }

  fill(given: readonly FixedMember[], isJoined: boolean): void {
    const { members: before, known } = this.snapshot;
    const members = given.map(memberOf).sort((a, b) => a.info.name.localeCompare(b.info.name));
    this.snapshot = {
      ...emptyRoster,
      members,
      count: members.filter(({ status }) => status !== 'offline').length,
      me: members.find(({ isMe }) => isMe),
      stale: !isJoined,
      known: known || isJoined,
    };
    for (const member of members) {
      if (known && !before.some(({ id }) => id === member.id)) this.arrivals.emit({ kind: 'added', member });
    }
    for (const member of before) {
      if (!members.some(({ id }) => id === member.id)) this.arrivals.emit({ kind: 'removed', member });
    }
    this.changes.emit();
  }
}

function memberOf({ id, name = id, avatar, role, status, activity, isMe }: FixedMember): Member {
  const info = { name, ...(avatar ? { avatar } : {}), ...(role ? { role } : {}) };
  return {
    id,
    info,
    status: status ?? 'online',
    isMe: isMe ?? false,
    activity,
    lastActiveAt: Date.now(),
  };
}
