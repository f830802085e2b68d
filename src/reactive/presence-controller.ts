import type { RealtimeError } from '../core/errors.js';
import { emptyRoster, type Member, type RosterChange, type RosterSnapshot } from '../core/roster.js';
import { ChannelFollower, type ChannelSource, type FollowStatus } from './channel-follower.js';
import { requestFlush } from './flush.js';
import type { RealtimeHost } from './realtime-consumer.js';

/** Options of a `PresenceController`. */
export interface PresenceControllerOptions {
  channel: ChannelSource;
  /** Called when somebody came or went, before the render. */
  onChange?: (change: RosterChange) => void;
}

/** Who is on a presence channel, for a Lit host: renders it when the roster changes. */
export class PresenceController {
  readonly #follower: ChannelFollower;
  #read: () => RosterSnapshot = () => emptyRoster;

  constructor(host: RealtimeHost, { channel, onChange }: PresenceControllerOptions) {
    this.#follower = new ChannelFollower(host, channel, (controller, name) => {
      const release = controller.hold(name);
      const roster = controller.presence(name);
      this.#read = () => roster.snapshot;
      const undos = [
        release,
        roster.changes.subscribe(() => requestFlush(host)),
        roster.arrivals.subscribe((change) => onChange?.(change)),
      ];
      return () => {
        for (const undo of undos) undo();
        this.#read = () => emptyRoster;
      };
    });
  }

  /** A channel that is full is `live`: how many are there is known. */
  get status(): FollowStatus {
    return this.degraded ? 'live' : this.#follower.status;
  }
  /** Sorted by name; somebody who has just left is still there, `offline`. */
  get members(): readonly Member[] {
    return this.#read().members;
  }
  /** How many are there; leavers do not count. When `degraded`, at least as many. */
  get count(): number {
    return this.#read().count;
  }
  /** Whether the channel has reached its limit, so that only a number of people is known. */
  get degraded(): boolean {
    return this.#read().degraded;
  }
  /** Why it is degraded, as a sentence for a person. */
  get explanation(): string | undefined {
    return this.#read().explanation;
  }
  get me(): Member | undefined {
    return this.#read().me;
  }
  /** Whether this is what was last known, and the channel is being joined again. */
  get stale(): boolean {
    return this.#read().stale;
  }
  get error(): RealtimeError | undefined {
    return this.degraded ? undefined : this.#follower.error;
  }
}
