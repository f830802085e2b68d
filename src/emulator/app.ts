import { describeChannel } from '../protocol.js';
import type { PublishedEvent } from './activity.js';
import { Channel } from './channel.js';
import { closeReasons } from './close-codes.js';
import type { Connection } from './connection.js';
import type { EngineContext } from './context.js';
import { EventCache } from './event-cache.js';
import type { AppSettings } from './options.js';
import type { Member } from './roster.js';
import { SubscriptionCounts } from './subscription-counts.js';
import { Users } from './users.js';
import { Webhooks } from './webhooks.js';

/** One app: its connections, channels and users, and what goes on between them. */
export class EmulatorApp {
  readonly settings: AppSettings;
  /** By socket id. */
  readonly connections = new Map<string, Connection>();
  /** The channels that have subscribers, by name. */
  readonly channels = new Map<string, Channel>();
  readonly users = new Users();
  readonly cache: EventCache;
  readonly webhooks: Webhooks;
  readonly #counts: SubscriptionCounts;
  readonly #context: EngineContext;

  constructor(context: EngineContext, settings: AppSettings) {
    const { clock } = context;
    this.#context = context;
    this.settings = settings;
    this.cache = new EventCache(clock, settings.cacheTtlMs, settings.limits.cachedEvents);
    this.webhooks = new Webhooks(context, settings);
    this.#counts = new SubscriptionCounts(clock, settings.subscriptionCountIntervalMs, (channel, count) =>
      this.webhooks.add({ name: 'subscription_count', channel, subscription_count: count }),
    );
  }

  get id(): string {
    return this.settings.id;
  }

  /** Subscribes a connection that was let in, and tells it and the others. */
  join(connection: Connection, name: string, member?: Member): void {
    let channel = this.channels.get(name);
    if (!channel) {
      channel = new Channel(name);
      this.channels.set(name, channel);
      if (channel.isListed) this.webhooks.occupied(name);
    }
    channel.subscribers.add(connection);
    connection.channels.add(name);
    const joined = member && channel.roster?.join(connection, member);
    connection.send({
      event: 'pusher_internal:subscription_succeeded',
      channel: name,
      data: JSON.stringify(channel.roster ?? {}),
    });
    if (joined) {
      const data = { user_id: joined.id, ...(joined.info ? { user_info: joined.info } : {}) };
      channel.broadcast(
        { event: 'pusher_internal:member_added', channel: name, data: JSON.stringify(data) },
        connection,
      );
      this.webhooks.memberAdded(name, String(joined.id));
    }
    if (channel.description.cache) this.#replay(channel, connection);
    this.#changed(channel);
  }

  /** Takes a connection off a channel. Nothing happens when it is not on it. */
  leave(connection: Connection, name: string): void {
    const channel = this.channels.get(name);
    if (!channel?.subscribers.delete(connection)) return;
    connection.channels.delete(name);
    const left = channel.roster?.leave(connection);
    if (left) {
      channel.broadcast({
        event: 'pusher_internal:member_removed',
        channel: name,
        data: JSON.stringify({ user_id: left.id }),
      });
      this.webhooks.memberRemoved(name, String(left.id));
    }
    if (channel.subscribers.size === 0) {
      this.channels.delete(name);
      if (channel.isListed) this.webhooks.vacated(name);
    }
    this.#changed(channel);
  }

  /** Sends an event to the subscribers of its channels. */
  publish(event: PublishedEvent): void {
    const { name, data, channels, socketId } = event;
    const except = socketId === undefined ? undefined : this.connections.get(socketId);
    this.#context.report({ type: 'published', appId: this.id, event });
    for (const channelName of new Set(channels)) {
      const channel = this.channels.get(channelName);
      if (describeChannel(channelName).cache) {
        this.cache.set(channelName, { name, data });
        if (channel) channel.cacheMissReported = false;
      }
      channel?.broadcast({ event: name, channel: channelName, data }, except);
    }
  }

  /** Closes every connection that is signed in as a user. */
  terminateUser(userId: string): void {
    for (const connection of this.users.connectionsOf(userId)) connection.close(closeReasons.terminated);
  }

  /** Forgets a connection that is gone. */
  remove(connection: Connection): void {
    this.connections.delete(connection.socketId);
    for (const name of [...connection.channels]) this.leave(connection, name);
    this.users.signOut(connection);
  }

  /** Ends everything that still waits. */
  stop(): void {
    this.webhooks.stop();
    this.#counts.clear();
    this.cache.clear();
  }

  #replay(channel: Channel, connection: Connection): void {
    const { name } = channel;
    const cached = this.cache.get(name);
    if (cached) {
      connection.send({ event: cached.name, channel: name, data: cached.data });
      return;
    }
    connection.send({ event: 'pusher:cache_miss', channel: name, data: '{}' });
    if (!channel.cacheMissReported) this.webhooks.add({ name: 'cache_miss', channel: name });
    channel.cacheMissReported = true;
  }

  #changed(channel: Channel): void {
    if (this.settings.subscriptionCount && channel.isListed && !channel.roster) this.#counts.changed(channel);
    this.#context.report({ type: 'changed', appId: this.id, channel: channel.name });
  }
}
