import { byteLength, channelNameProblem, eventNameProblem } from '../protocol.js';
import type { PublishedEvent } from './activity.js';
import type { EmulatorApp } from './app.js';
import { userOfChannel } from './channel.js';
import { HttpError } from './http-signature.js';

const attributes = ['user_count', 'subscription_count', 'cache'] as const;

/** Something about a channel that a request asks for. */
export type Attribute = (typeof attributes)[number];

/** An event that a backend publishes, checked, and what it wants to know about the channels. */
export interface Publication {
  event: PublishedEvent;
  attributes: Attribute[];
}

/**
 * Checks an event as the HTTP API takes it.
 * @throws HttpError with 400, or 413 when the data is too large.
 */
export function readPublication({ settings }: EmulatorApp, fields: Record<string, unknown>): Publication {
  const { eventNameLength, payloadBytes, channelsPerTrigger, channelNameLength } = settings.limits;
  const { name, data, channel, socket_id: socketId } = fields;
  const problem = eventNameProblem(name);
  if (typeof name !== 'string' || problem !== undefined)
    throw new HttpError(400, problem ?? 'name is a text');
  if (name.length > eventNameLength) {
    throw new HttpError(400, `An event name has at most ${eventNameLength} characters`);
  }
  if (typeof data !== 'string') throw new HttpError(400, 'data is a text; encode other values as JSON');
  if (byteLength(data) > payloadBytes) {
    const message = `The data content of this event exceeds the allowed maximum (${payloadBytes} bytes)`;
    throw new HttpError(413, message);
  }
  const channels: unknown = fields.channels ?? [channel];
  if (!Array.isArray(channels) || channels.length === 0) {
    throw new HttpError(400, 'channels is a list of names');
  }
  if (channels.length > channelsPerTrigger) {
    throw new HttpError(400, `An event goes to at most ${channelsPerTrigger} channels`);
  }
  for (const name of channels) checkChannelName(name, channelNameLength);
  const isExcluding = socketId !== undefined && socketId !== null;
  if (isExcluding && !(typeof socketId === 'string' && /^\d+\.\d+$/.test(socketId))) {
    throw new HttpError(400, 'socket_id is a text like 123.456');
  }
  return {
    event: { name, data, channels, ...(isExcluding ? { socketId } : {}) },
    attributes: readAttributes(fields.info),
  };
}

/**
 * Checks the name of a channel, which may be that of a single user.
 * @throws HttpError with 400.
 */
export function checkChannelName(name: unknown, maxLength: number): void {
  const checked = typeof name === 'string' ? (userOfChannel(name) ?? name) : name;
  const problem = channelNameProblem(checked);
  if (problem !== undefined) throw new HttpError(400, problem);
  if ((checked as string).length > maxLength) {
    throw new HttpError(400, `A channel name has at most ${maxLength} characters`);
  }
}

/**
 * Reads what a request wants to know: names, separated by commas.
 * @throws HttpError with 400.
 */
export function readAttributes(info: unknown): Attribute[] {
  if (info === undefined || info === null || info === '') return [];
  if (typeof info !== 'string') throw new HttpError(400, 'info is a text like user_count,subscription_count');
  return info.split(',').map((name) => {
    const attribute = attributes.find((known) => known === name.trim());
    if (!attribute) throw new HttpError(400, `info knows ${attributes.join(', ')} only`);
    return attribute;
  });
}
