import type { RealtimeEvent } from '../core/listeners.js';
import { undoAll } from '../core/observable.js';
import { ChannelFollower, type ChannelSource } from './channel-follower.js';
import type { RealtimeHost } from './realtime-consumer.js';
import { userWatch } from './user-watch.js';

/** What to follow, and whom to tell. */
export interface EventFollowerOptions {
  channel: ChannelSource;
  events: readonly string[];
  onEvent: (event: RealtimeEvent) => void;
  /** From here on events are of another channel, or for another user: what came before may not stay. */
  onForeign: () => void;
}

/** Follows events of one channel for a host that gathers what they say. */
export function followEvents(
  host: RealtimeHost,
  { channel, events, onEvent, onForeign }: EventFollowerOptions,
): ChannelFollower {
  const watchUser = userWatch(onForeign);
  let followed: string | undefined;
  return new ChannelFollower(host, channel, (controller, name) => {
    if (followed !== undefined && followed !== name) onForeign();
    followed = name;
    const undos = [
      watchUser(controller),
      ...events.map((event) => controller.listen<string>({ channel: name, event, callback: onEvent })),
    ];
    return undoAll(undos);
  });
}
