import type { RealtimeError } from '../core/errors.js';
import type { RealtimeEvent } from '../core/listeners.js';
import { type NotificationLevel, type NotificationPayload, randomId } from '../protocol.js';
import type { ChannelFollower, ChannelSource, FollowStatus } from './channel-follower.js';
import { followEvents } from './event-follower.js';
import { requestFlush } from './flush.js';
import { PayloadReader } from './payload-reader.js';
import type { RealtimeHost } from './realtime-consumer.js';

/** A notification as it is listed. */
export interface NotificationItem {
  /** The payload's or the envelope's; random where neither has one. */
  readonly id: string;
  readonly event: string;
  readonly title: string | undefined;
  readonly message: string;
  readonly level: NotificationLevel;
  /** What was sent, with every field of the backend's own. */
  readonly payload: NotificationPayload & Record<string, unknown>;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly read: boolean;
}

/** Options of a `NotificationController`. */
export interface NotificationControllerOptions {
  channel: ChannelSource;
  /** How many are kept, the newest; default 100. */
  max?: number;
  /** Called with each new one, before the render. */
  onNotification?: (item: NotificationItem) => void;
}

/** What is listed; an achievement is a notification of its own level. */
const events = ['notification', 'user.notification', 'user.achievement'] as const;

/** The notifications of a channel, for a Lit host: listed, newest first, until they are removed or the user changes. */
export class NotificationController {
  readonly #host: RealtimeHost;
  readonly #max: number;
  readonly #onNotification: ((item: NotificationItem) => void) | undefined;
  readonly #reader: PayloadReader;
  readonly #follower: ChannelFollower;
  #list: readonly NotificationItem[] = [];

  constructor(host: RealtimeHost, { channel, max = 100, onNotification }: NotificationControllerOptions) {
    this.#host = host;
    this.#max = max;
    this.#onNotification = onNotification;
    this.#reader = new PayloadReader(host);
    this.#follower = followEvents(host, {
      channel,
      events,
      onEvent: (event) => this.#onEvent(event),
      onForeign: () => this.clear(),
    });
  }

  get status(): FollowStatus {
    return this.#follower.status;
  }
  get error(): RealtimeError | undefined {
    return this.#follower.error;
  }
  /** Newest first. */
  get list(): readonly NotificationItem[] {
    return this.#list;
  }
  /** How many are unread. */
  get unread(): number {
    return this.#list.filter(({ read }) => !read).length;
  }

  /** Marks one as read, or all. */
  markRead(id?: string): void {
    this.#change(
      this.#list.map((item) => (id === undefined || item.id === id ? { ...item, read: true } : item)),
    );
  }
  remove(id: string): void {
    this.#change(this.#list.filter((item) => item.id !== id));
  }
  clear(): void {
    this.#change([]);
  }

  #onEvent(event: RealtimeEvent): void {
    const isAchievement = event.event === 'user.achievement';
    const read = this.#reader.read(event);
    if (!read) return;
    const payload = read.payload as unknown as NotificationItem['payload'];
    const item: NotificationItem = {
      id: payload.id ?? read.id ?? randomId(),
      event: event.event,
      title: payload.title,
      message: payload.message ?? '',
      level: isAchievement ? 'achievement' : payload.level,
      payload,
      receivedAt: event.receivedAt,
      read: false,
    };
    // The same one again says what is true now; whoever has read it need not do so again.
    const before = this.#list.find(({ id }) => id === item.id);
    const rest = this.#list.filter((other) => other !== before);
    this.#list = [{ ...item, read: before?.read ?? false }, ...rest].slice(0, this.#max);
    requestFlush(this.#host);
    if (!before) this.#onNotification?.(item);
  }

  /** What a person did is shown at once. */
  #change(list: readonly NotificationItem[]): void {
    this.#list = list;
    this.#host.requestUpdate();
  }
}
