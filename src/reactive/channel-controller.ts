import type { RealtimeError } from '../core/errors.js';
import type { RealtimeEvent } from '../core/listeners.js';
import { type Undo, undoAll } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';
import { type ChannelType, type PayloadOf, withChannelType } from '../protocol.js';
import { ChannelFollower, type ChannelSource, type FollowStatus } from './channel-follower.js';
import { requestFlush } from './flush.js';
import type { RealtimeHost } from './realtime-consumer.js';

/** Handlers by event name; `*` hears every event. */
export type ChannelHandlers = { [E in string]?: (event: RealtimeEvent<PayloadOf<E>>) => unknown };

/** Options of a `ChannelController`. */
export interface ChannelControllerOptions {
  channel: ChannelSource;
  /** Puts the name under this guard, whatever it was. */
  type?: ChannelType;
  handlers?: ChannelHandlers;
  /** Whether the channel is joined as soon as the host is connected; default true. */
  autoSubscribe?: boolean;
  /** Only events for which it answers true reach the handlers. */
  filter?: (event: RealtimeEvent) => boolean;
}

/** One channel and its events, for a Lit host: renders it when the state changes and after each handled event. */
export class ChannelController {
  readonly #host: RealtimeHost;
  readonly #options: ChannelControllerOptions;
  readonly #follower: ChannelFollower;
  #wanted: boolean;
  #release: Undo | undefined;

  constructor(host: RealtimeHost, options: ChannelControllerOptions) {
    this.#host = host;
    this.#options = options;
    this.#wanted = options.autoSubscribe ?? true;
    const { channel, type } = options;
    const typed = (name: string | undefined) => (name && type ? withChannelType(name, type) : name);
    const source = () => typed(typeof channel === 'function' ? channel() : channel);
    this.#follower = new ChannelFollower(host, source, (controller, name) => {
      if (this.#wanted) this.#hold(controller, name);
      return () => this.#letGo();
    });
  }

  get status(): FollowStatus {
    return this.#follower.status;
  }
  get isSubscribed(): boolean {
    return this.#follower.state?.status === 'subscribed';
  }
  get error(): RealtimeError | undefined {
    return this.#follower.error;
  }

  subscribe(): void {
    this.#wanted = true;
    const { controller, name } = this.#follower;
    if (controller && name !== undefined) this.#hold(controller, name);
  }
  unsubscribe(): void {
    this.#wanted = false;
    this.#letGo();
  }

  #hold(controller: RealtimeController, channel: string): void {
    if (this.#release) return;
    const { handlers = {}, filter } = this.#options;
    const undos = Object.entries(handlers).map(([event, handler]) =>
      controller.listen({
        channel,
        event,
        filter,
        subscribe: false,
        callback: (received) => {
          requestFlush(this.#host);
          return (handler as ((event: RealtimeEvent) => unknown) | undefined)?.(received);
        },
      }),
    );
    undos.push(controller.hold(channel));
    this.#release = undoAll(undos);
  }

  #letGo(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }
}
