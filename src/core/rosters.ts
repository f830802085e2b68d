/** Who is on which presence channel. A roster is as true as its channel: stale while that is not joined, gone when nobody holds it. */
import { describeChannel } from '../protocol.js';
import type { Channels } from './channels.js';
import type { ResolvedConfig } from './config.js';
import { Observable } from './observable.js';
import type { Frame } from './pusher.js';
import { Roster } from './roster.js';

export class Rosters {
  /** Whether the page is on a presence channel; told with each that is joined, and with the last that is left. */
  readonly presence = new Observable<boolean>();
  readonly #config: ResolvedConfig;
  readonly #channels: Channels;
  readonly #rosters = new Map<string, Roster>();

  constructor(config: ResolvedConfig, channels: Channels) {
    this.#config = config;
    this.#channels = channels;
    channels.changes.subscribe((name) => this.#follow(name));
    channels.entered.subscribe(({ channel, userId }) => this.of(channel).setMe(userId));
  }

  /** Whether no presence channel is held; a page may look at the roster of another. */
  get isEmpty(): boolean {
    return ![...this.#rosters.keys()].some((name) => this.#channels.get(name));
  }

  of(channel: string): Roster {
    const roster =
      this.#rosters.get(channel) ?? new Roster(this.#config.environment, this.#config.timing.leaveMs);
    this.#rosters.set(channel, roster);
    return roster;
  }

  read(channel: string, frame: Frame): void {
    this.#rosters.get(channel)?.read(frame);
  }

  /** Another user: whom the last one saw is none of theirs. */
  reset(): void {
    for (const roster of this.#rosters.values()) roster.reset();
  }

  #follow(name: string): void {
    if (describeChannel(name).type !== 'presence') return;
    const channel = this.#channels.get(name);
    if (!channel) {
      this.#rosters.get(name)?.dispose();
      this.#rosters.delete(name);
      if (this.isEmpty) this.presence.emit(false);
    } else if (channel.status === 'subscribed') {
      this.presence.emit(true);
    } else {
      this.of(name).setStale(channel.error, channel.subscriptionCount);
    }
  }
}
