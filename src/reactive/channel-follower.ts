/**
 * What every controller of one channel shares: the channel's name may change, the provider may come
 * late or change, and the host's state follows from connection and channel together.
 */
import type { ReactiveController } from 'lit';
import type { ChannelState } from '../core/channels.js';
import type { RealtimeError } from '../core/errors.js';
import { type Undo, undoAll } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';
import { requestFlush } from './flush.js';
import { RealtimeConsumer, type RealtimeHost } from './realtime-consumer.js';
import { watchTogether } from './shared-watch.js';

/** A channel's name, or a function that reads it from the host before each render. */
export type ChannelSource = string | (() => string | undefined);

/** The state of something that follows a channel. */
export type FollowStatus =
  /** No provider, no channel, or nothing asked for yet. */
  | 'idle'
  /** Asked for, and nothing is known yet. */
  | 'loading'
  | 'live'
  /** What is shown is the last that was known. */
  | 'stale'
  /** Refused, and nothing is known, or not any more. `error` has the reason. */
  | 'error'
  | 'disabled';

export class ChannelFollower implements ReactiveController {
  readonly #host: RealtimeHost;
  readonly #channel: ChannelSource;
  readonly #attach: (controller: RealtimeController, channel: string) => Undo;
  readonly #consumer: RealtimeConsumer;
  #followed: RealtimeController | undefined;
  #name: string | undefined;
  /** How many users had gone when the channel was last known; what one has seen is nothing to the next. */
  #known: number | undefined;

  constructor(
    host: RealtimeHost,
    channel: ChannelSource,
    attach: (controller: RealtimeController, channel: string) => Undo,
  ) {
    this.#host = host;
    this.#channel = channel;
    this.#attach = attach;
    this.#consumer = new RealtimeConsumer(host, (controller) => this.#follow(controller));
    host.addController(this);
  }

  get controller(): RealtimeController | undefined {
    return this.#consumer.controller;
  }
  /** The name followed now. */
  get name(): string | undefined {
    return this.#name;
  }
  /** The channel's state, as long as it is held. */
  get state(): ChannelState | undefined {
    return this.#name === undefined
      ? undefined
      : this.controller?.channels.find(({ name }) => name === this.#name);
  }
  get error(): RealtimeError | undefined {
    return this.state?.error ?? this.controller?.error;
  }

  get status(): FollowStatus {
    const { controller, state } = this;
    if (!controller || !state) return controller?.status === 'disabled' ? 'disabled' : 'idle';
    if (controller.status === 'disabled') return 'disabled';
    if (state.status === 'subscribed') return 'live';
    if (this.#known === departuresOf(controller)) return 'stale';
    return state.status === 'failed' || controller.status === 'refused' ? 'error' : 'loading';
  }

  hostUpdate(): void {
    if (this.#wantedName !== this.#name) this.#consumer.reattach();
  }

  /** What was known outlives a move in the document, and nothing longer. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (!this.controller) this.#known = undefined;
    });
  }

  get #wantedName(): string | undefined {
    return (typeof this.#channel === 'function' ? this.#channel() : this.#channel) || undefined;
  }

  #follow(controller: RealtimeController): Undo {
    const name = this.#wantedName;
    if (controller !== this.#followed || name !== this.#name) this.#known = undefined;
    this.#followed = controller;
    this.#name = name;
    requestFlush(this.#host);
    const undos = [
      watchTogether(controller, () => {
        const { status, error } = this.state ?? {};
        if (status === 'subscribed') this.#known = departuresOf(controller);
        // Whoever is let in no more does not wait for news.
        else if (error && !error.retryable) this.#known = undefined;
        requestFlush(this.#host);
      }),
    ];
    if (name !== undefined) undos.push(this.#attach(controller, name));
    return undoAll(undos);
  }
}

/** The controller of an older copy of the kit, or of a test, does not count them. */
function departuresOf({ identity }: RealtimeController): number {
  return identity.departures ?? 0;
}
