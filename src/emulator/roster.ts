import type { Connection } from './connection.js';

/** A member of a presence channel. */
export interface Member {
  /** Keeps the JSON type that the authorization gave it. */
  id: string | number;
  info?: Record<string, unknown>;
}

/**
 * Who is on a presence channel: one member per user id, however many connections that user has. The
 * info of a member's first connection stands until the member has left, so that all subscribers see
 * the same.
 */
export class Roster {
  readonly #members = new Map<string, { member: Member; connections: Set<Connection> }>();
  readonly #keys = new Map<Connection, string>();

  get size(): number {
    return this.#members.size;
  }

  get members(): Member[] {
    return [...this.#members.values()].map(({ member }) => member);
  }

  has(id: string | number): boolean {
    return this.#members.has(String(id));
  }

  /** The member that a connection stands for. */
  memberOf(connection: Connection): Member | undefined {
    const key = this.#keys.get(connection);
    return key === undefined ? undefined : this.#members.get(key)?.member;
  }

  /** Adds a connection; answers the member when it is new. */
  join(connection: Connection, member: Member): Member | undefined {
    const key = String(member.id);
    this.#keys.set(connection, key);
    const known = this.#members.get(key);
    if (known) {
      known.connections.add(connection);
      return undefined;
    }
    this.#members.set(key, { member, connections: new Set([connection]) });
    return member;
  }

  /** Takes a connection out; answers the member when it was the last of that user. */
  leave(connection: Connection): Member | undefined {
    const key = this.#keys.get(connection);
    const entry = key === undefined ? undefined : this.#members.get(key);
    if (key === undefined || !entry) return undefined;
    this.#keys.delete(connection);
    entry.connections.delete(connection);
    if (entry.connections.size > 0) return undefined;
    this.#members.delete(key);
    return entry.member;
  }

  /** As a subscriber is told: `{presence: {count, ids, hash}}`. */
  toJSON(): unknown {
    const members = this.members;
    return {
      presence: {
        count: members.length,
        ids: members.map(({ id }) => String(id)),
        // fromEntries defines its keys, so that a user called __proto__ is a member like any other.
        hash: Object.fromEntries(members.map(({ id, info }) => [String(id), info ?? null])),
      },
    };
  }
}
