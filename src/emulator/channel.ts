import { type ChannelDescription, describeChannel } from '../protocol.js';
import type { Connection } from './connection.js';
import type { Frame } from './frame.js';
import { Roster } from './roster.js';

const userChannelPrefix = '#server-to-user-';

/** The channel through which events reach one signed-in user. */
export function userChannel(userId: string): string {
  return userChannelPrefix + userId;
}

/** The user whose channel this is, or `undefined` when it is an ordinary channel. */
export function userOfChannel(name: string): string | undefined {
  return name.startsWith(userChannelPrefix) ? name.slice(userChannelPrefix.length) : undefined;
}

/** A channel with at least one subscriber. */
export class Channel {
  readonly name: string;
  readonly description: ChannelDescription;
  /** Who is here, on presence channels. */
  readonly roster: Roster | undefined;
  readonly subscribers = new Set<Connection>();
  /** Whether the app was told that nothing is cached; told once until something is. */
  cacheMissReported = false;

  constructor(name: string) {
    this.name = name;
    this.description = describeChannel(name);
    this.roster = this.description.type === 'presence' ? new Roster() : undefined;
  }

  /** Whether the app hears of this channel. The channels of single users are the service's own. */
  get isListed(): boolean {
    return userOfChannel(this.name) === undefined;
  }

  /** Sends a frame to all subscribers but one. It is written as JSON once. */
  broadcast(frame: Frame, except?: Connection): void {
    const text = JSON.stringify(frame);
    for (const connection of this.subscribers) {
      if (connection !== except) connection.send(frame, text);
    }
  }
}
