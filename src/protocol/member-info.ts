/** What a server says of a presence member, read into one shape. */

/** What a presence member's info holds at least. */
export interface MemberInfo {
  name: string;
  avatar?: string;
  role?: string;
}

/**
 * Reads a presence member's info: a name of some kind, and an avatar and a role when there are any. Of what
 * is no text nothing is taken, and the id is the name, as it is where the name is blank.
 */
export function readMemberInfo(raw: unknown, id: string): MemberInfo & Record<string, unknown> {
  const given = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? raw : {};
  const info: Record<string, unknown> = { ...given };
  // A name that nobody can see is none.
  if (typeof info.name === 'string' && !/[^\s\p{Cf}]/u.test(info.name)) info.name = id;
  info.name ??= id;
  for (const field of ['name', 'avatar', 'role']) {
    const value = info[field];
    if (value === undefined || value === null) delete info[field];
    else if (typeof value === 'number' && Number.isFinite(value)) info[field] = String(value);
    else if (typeof value !== 'string') return { name: id };
  }
  return info as MemberInfo & Record<string, unknown>;
}
