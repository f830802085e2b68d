/**
 * Limits of Pusher Channels, as its documentation gives them. Page, server and emulator check against
 * the same numbers, so that what one of them lets through the others accept.
 */
export const limits = {
  /** Characters in a channel name, its prefix included. */
  channelNameLength: 164,
  /** Characters in an event name. */
  eventNameLength: 200,
  /** Bytes of one event's data, once it is JSON. */
  payloadBytes: 10_240,
  /** Client events that one connection may send in a second. */
  clientEventsPerSecond: 10,
  /** Members of one presence channel. */
  presenceMembers: 100,
  /** Characters in a user id. */
  userIdLength: 128,
  /** Bytes of a presence member's `user_info`, once it is JSON. */
  userInfoBytes: 1024,
  /** Channels that one publish may name. */
  channelsPerTrigger: 100,
  /** Events that one batch may hold. */
  eventsPerBatch: 10,
  /** People on one user's watchlist. */
  watchlistSize: 100,
  /** Channels that the kit asks for in one authorization request. */
  channelsPerAuthorization: 100,
} as const;

const encoder = new TextEncoder();

/** Bytes that a text takes on the wire (UTF-8). */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
