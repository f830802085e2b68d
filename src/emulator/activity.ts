/**
 * Everything that happens in an engine is reported once, as an activity. The driver's records and
 * waits, and the command's log, are made of nothing else.
 */
import { type ClientFrame, type Frame, isRecord } from './frame.js';

/** Something that happened. `at` is in milliseconds since 1970. */
export type Activity = { at: number } & ActivityDetail;

export type ActivityDetail =
  | { type: 'connected'; appId: string; socketId: string }
  | { type: 'disconnected'; appId: string; socketId: string; code: number }
  /** A connection that was turned away before it got a socket id. */
  | { type: 'refused'; code: number; reason: string }
  /** `size` is in characters. */
  | { type: 'received'; appId: string; socketId: string; frame: ReceivedFrame; size: number }
  | { type: 'sent'; appId: string; socketId: string; frame: Frame }
  /** A frame that the driver lost on demand. */
  | { type: 'lost'; appId: string; socketId: string; direction: Direction; frame: Frame | ReceivedFrame }
  /** Members of a channel, or what its members see, changed. */
  | { type: 'changed'; appId: string; channel: string }
  | { type: 'published'; appId: string; event: PublishedEvent }
  | { type: 'requested'; method: string; path: string; status: number }
  | {
      type: 'webhook';
      appId: string;
      url: string;
      names: string[];
      attempt: number;
      status: number | 'failed';
    };

/** `in` is from a client to the emulator, `out` the other way. */
export type Direction = 'in' | 'out';

/** A frame from a client, without the signature that it may have carried. */
export interface ReceivedFrame {
  event: string;
  channel?: string;
  data: unknown;
}

/** An event that came in through the HTTP API, or that the driver triggered. */
export interface PublishedEvent {
  name: string;
  channels: string[];
  /** As it goes over the wire: a text, usually JSON. */
  data: string;
  /** The connection that does not get it. */
  socketId?: string;
}

/** Describes a client's frame for records and logs; signatures never get there. */
export function describeFrame({ event, channel, data }: ClientFrame): ReceivedFrame {
  const subject = channel ?? (isRecord(data) ? data.channel : undefined);
  const hidden = isRecord(data) && 'auth' in data ? { ...data, auth: '[hidden]' } : data;
  return { event, ...(typeof subject === 'string' ? { channel: subject } : {}), data: hidden };
}
