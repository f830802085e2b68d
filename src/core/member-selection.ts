/** Members filtered, sorted and counted, for a page's own lists. */
import type { Member, MemberStatus } from './roster.js';

/** Which members, and in which order; each part narrows. */
export interface MemberSelection {
  status?: MemberStatus | readonly MemberStatus[];
  role?: string;
  /** Part of the name, in any case. */
  name?: string;
  /** Default `name`. `status`: who is there before who is away. `activity`: who did something last comes first. */
  sort?: 'name' | 'status' | 'role' | 'activity';
}

const statusOrder: readonly MemberStatus[] = ['online', 'busy', 'away', 'offline'];

/** A new list of the members that match. Members come sorted by name, and equals keep that order. */
export function selectMembers(
  members: readonly Member[],
  { status, role, name, sort = 'name' }: MemberSelection = {},
): Member[] {
  const wanted = typeof status === 'string' ? [status] : status;
  const part = name?.toLocaleLowerCase();
  const selected = members.filter(
    ({ status: is, info }) =>
      (!wanted || wanted.includes(is)) &&
      (role === undefined || info.role === role) &&
      (!part || info.name.toLocaleLowerCase().includes(part)),
  );
  return sort === 'name' ? selected : selected.sort(orders[sort]);
}

/** How many there are of each role, under `''` those without one. Somebody who has just left does not count. */
export function countByRole(members: readonly Member[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status, info } of members) {
    if (status === 'offline') continue;
    const role = info.role ?? '';
    counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  return counts;
}

const collator = new Intl.Collator();

const orders: Record<'status' | 'role' | 'activity', (a: Member, b: Member) => number> = {
  status: (a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status),
  role: (a, b) => collator.compare(a.info.role ?? '', b.info.role ?? ''),
  activity: (a, b) => b.lastActiveAt - a.lastActiveAt,
};
