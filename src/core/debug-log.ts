/**
 * What happens, in the console, with the time since the last line; loaded only where `debug` is on.
 * Names and states alone: no payload, no token, no signature.
 */
import type { Channels } from './channels.js';
import type { Connection } from './connection.js';
import type { Environment } from './environment.js';
import type { Listeners } from './listeners.js';

/** Many listeners on one event are mostly ones that somebody forgot to remove. */
const MANY_LISTENERS = 100;

/** What the log looks at. */
export interface DebugSources {
  readonly environment: Environment;
  readonly connection: Connection;
  readonly channels: Channels;
  readonly listeners: Listeners;
}

/** Writes to the console from now on. */
export function startDebugLog({ environment: world, connection, channels, listeners }: DebugSources): void {
  let last = world.now();
  const log = (...parts: unknown[]) => {
    const now = world.now();
    console.debug(`[realtime-elements] +${now - last} ms`, ...parts);
    last = now;
  };
  let status = connection.status;
  log('status', status);
  connection.changes.subscribe(() => {
    if (connection.status === status) return;
    status = connection.status;
    log('status', status, connection.error?.code ?? '');
  });
  channels.changes.subscribe((name) => {
    const channel = channels.get(name);
    log(
      'channel',
      name,
      channel ? `${channel.status}, held by ${channel.holders}` : 'left',
      channel?.error?.code ?? '',
    );
  });
  listeners.dispatched.subscribe(({ event, listenerCount, tookMs }) => {
    log('event', event.channel, event.event, `${listenerCount} listeners, ${tookMs} ms`);
    if (listenerCount > MANY_LISTENERS) {
      console.warn(
        `[realtime-elements] ${listenerCount} listeners of ${event.event} on ${event.channel}: is one added again and again?`,
      );
    }
  });
}
