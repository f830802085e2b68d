import { Typing, type Typist } from '../core/typing.js';
import { ChannelFollower, type ChannelSource, type FollowStatus } from './channel-follower.js';
import { requestFlush } from './flush.js';
import type { RealtimeHost } from './realtime-consumer.js';

/** Options of a `TypingController`. */
export interface TypingControllerOptions {
  channel: ChannelSource;
}

/** Who is typing on a channel, for a Lit host: renders it when that changes, and tells the others about its own user. */
export class TypingController {
  readonly #follower: ChannelFollower;
  #typing: Typing | undefined;

  constructor(host: RealtimeHost, { channel }: TypingControllerOptions) {
    this.#follower = new ChannelFollower(host, channel, (controller, name) => {
      const typing = new Typing(controller, name);
      this.#typing = typing;
      typing.changes.subscribe(() => requestFlush(host));
      return () => {
        this.#typing = undefined;
        typing.dispose();
      };
    });
  }

  get status(): FollowStatus {
    return this.#follower.status;
  }
  /** Everybody else who types now; who began first comes first. */
  get typists(): readonly Typist[] {
    return this.#typing?.typists ?? [];
  }

  /** Something was typed: call it at every keystroke. */
  input(): void {
    this.#typing?.input();
  }
  /** The message was sent, or the field was emptied or left. */
  stop(): void {
    this.#typing?.stop();
  }
}
