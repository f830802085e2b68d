import type { RealtimeEvent } from '../core/listeners.js';
import { ChannelFollower, type ChannelSource } from './channel-follower.js';
import type { RealtimeHost } from './realtime-consumer.js';

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
  let followed: string | undefined;
  let user: string | undefined;
  return new ChannelFollower(host, channel, (controller, name) => {
    const look = () => {
      const { userId } = controller.identity;
      const isOther = followed !== undefined && followed !== name;
      // Until the token has come, nobody knows whose page it is.
      const isForeign = user !== undefined && user !== userId;
      followed = name;
      user = userId;
      if (isOther || isForeign) onForeign();
    };
    look();
    const undos = [
      controller.subscribe(look),
      ...events.map((event) => controller.listen<string>({ channel: name, event, callback: onEvent })),
    ];
    return () => {
      for (const undo of undos) undo();
    };
  });
}
