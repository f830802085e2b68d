/** A backend that knows who asks from the bearer token alone, as real ones do. */
import type { RealtimeConfig } from '../../src/core/config.js';
import type { PageEmulator, PageUser } from '../../src/emulator/page.js';

/** A token of a user, in the shape of a JWT; `exp` in seconds since 1970. */
export function tokenFor(userId: string, exp = Math.floor(Date.now() / 1000) + 3600): string {
  const part = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '');
  return `${part({ alg: 'none' })}.${part({ sub: userId, exp })}.signature`;
}

/** The user of a request's token, unchecked. */
export function userIn(headers: Headers): string | undefined {
  const token = headers.get('Authorization')?.replace('Bearer ', '');
  return token && JSON.parse(atob(token.split('.')[1] ?? '')).sub;
}

/** A configuration whose endpoints let in `private-user-{id}` that user alone, and everyone with a token elsewhere. */
export function backendFor(
  emulator: PageEmulator,
  users: PageUser[] = [{ id: '1' }, { id: '2' }],
): RealtimeConfig {
  const clients = new Map(users.map((user) => [user.id, emulator.client({ user, authorize: mayJoin })]));
  const first = [...clients.values()][0];
  if (!first) throw new Error('A backend needs users.');
  return {
    ...first,
    fetch: async (input, init) => {
      const client = clients.get(userIn(new Headers(init?.headers)) ?? '');
      if (!client)
        return new Response('{"error":{"code":"unauthorized","message":"No token."}}', { status: 401 });
      return client.fetch(
        String(input).replace(new URL(first.authEndpoint).origin, new URL(client.authEndpoint).origin),
        init,
      );
    },
  };
}

function mayJoin({ channel, user }: { channel: string; user: PageUser | undefined }): boolean {
  const owner = /^private-user-(.+)$/.exec(channel)?.[1];
  return owner === undefined || owner === user?.id;
}
