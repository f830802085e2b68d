import type { RealtimeError } from '../core/errors.js';
import type { RealtimeEvent } from '../core/listeners.js';
import { undoAll } from '../core/observable.js';
import type { PayloadOf } from '../protocol.js';
import { ChannelFollower, type ChannelSource, type FollowStatus } from './channel-follower.js';
import { requestFlush } from './flush.js';
import type { RealtimeHost } from './realtime-consumer.js';

/** Options of an `EventController`. */
export interface EventControllerOptions<E extends string> {
  channel: ChannelSource;
  /** One event, several, or `*` for every event of the channel. */
  event: E | readonly E[];
  callback: (event: RealtimeEvent<PayloadOf<E>>) => unknown;
  filter?: (event: RealtimeEvent<PayloadOf<E>>) => boolean;
}

/** Events of one channel, for a Lit host: renders it after each. */
export class EventController<E extends string = string> {
  readonly #follower: ChannelFollower;

  constructor(host: RealtimeHost, { channel, event, callback, filter }: EventControllerOptions<E>) {
    const events: readonly E[] = typeof event === 'string' ? [event] : event;
    this.#follower = new ChannelFollower(host, channel, (controller, name) => {
      const undos = events.map((each) =>
        controller.listen<E>({
          channel: name,
          event: each,
          filter,
          callback: (received) => {
            requestFlush(host);
            return callback(received);
          },
        }),
      );
      return undoAll(undos);
    });
  }

  get status(): FollowStatus {
    return this.#follower.status;
  }
  get error(): RealtimeError | undefined {
    return this.#follower.error;
  }
}
