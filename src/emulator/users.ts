import type { Connection } from './connection.js';
import type { SignedInUser } from './sign-in.js';

type Presence = 'online' | 'offline';

/** Who is signed in to an app, on which connections, and who watches whom. */
export class Users {
  readonly #connections = new Map<string, Set<Connection>>();
  readonly #watchers = new Map<string, Set<Connection>>();

  /** The connections that are signed in as a user. */
  connectionsOf(userId: string): Connection[] {
    return [...(this.#connections.get(userId) ?? [])];
  }

  /** Signs a connection in, and tells it who on its watchlist is there. */
  signIn(connection: Connection, user: SignedInUser): void {
    connection.user = user;
    const isFirst = add(this.#connections, user.id, connection);
    for (const id of user.watchlist) add(this.#watchers, id, connection);
    tell([connection], {
      online: user.watchlist.filter((id) => this.#connections.has(id)),
      offline: user.watchlist.filter((id) => !this.#connections.has(id)),
    });
    if (isFirst) this.#announce(user.id, 'online', connection);
  }

  /** Forgets a connection that is gone. */
  signOut(connection: Connection): void {
    const { user } = connection;
    if (!user) return;
    for (const id of user.watchlist) remove(this.#watchers, id, connection);
    if (remove(this.#connections, user.id, connection)) this.#announce(user.id, 'offline');
  }

  #announce(userId: string, presence: Presence, except?: Connection): void {
    const watchers = [...(this.#watchers.get(userId) ?? [])].filter((watcher) => watcher !== except);
    tell(watchers, { [presence]: [userId] });
  }
}

function tell(connections: Connection[], ids: Partial<Record<Presence, string[]>>): void {
  const events = Object.entries(ids)
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => ({ name, user_ids: list }));
  if (events.length === 0) return;
  for (const connection of connections) {
    connection.send({ event: 'pusher_internal:watchlist_events', data: JSON.stringify({ events }) });
  }
}

/** Adds to one of a map's sets; answers whether it is the first there. */
function add(map: Map<string, Set<Connection>>, key: string, connection: Connection): boolean {
  const known = map.get(key);
  if (!known) map.set(key, new Set([connection]));
  else known.add(connection);
  return !known;
}

/** Takes out of one of a map's sets; answers whether it was the last there. */
function remove(map: Map<string, Set<Connection>>, key: string, connection: Connection): boolean {
  const known = map.get(key);
  if (!known?.delete(connection) || known.size > 0) return false;
  return map.delete(key);
}
