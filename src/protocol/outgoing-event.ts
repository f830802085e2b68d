/**
 * What is asked of an event before it is sent, by the server part and by the emulator in a page alike: what
 * one of them refuses the other refuses in the same words. No part of the public protocol.
 */
import { allowsClientEvents, channelNameProblem, describeChannel } from './channel-names.js';
import { type Envelope, readEnvelope } from './envelope.js';
import { eventNameProblem, isClientEvent } from './event-names.js';
import { byteLength, limits } from './limits.js';
import { readPayload } from './payloads.js';

/** Events that one batch request may hold; the engine takes them in tens. */
export const eventsPerRequest = 100;

/** What is said to a body of another shape. */
export const triggerBodyProblem = `The body should be {channel or channels, event, data, socket_id?}, or {batch: [{channel, event, data, socket_id?}, …]} with 1 to ${eventsPerRequest} events.`;

const socketIdPattern = /^\d{1,20}\.\d{1,20}$/;
const sensitiveField = /passw(or)?d|passphrase|token|secret/i;

/** What is wrong with a socket id: it is two numbers with a dot between them. */
export function socketIdProblem(socketId: unknown): string | undefined {
  const isOne = typeof socketId === 'string' && socketIdPattern.test(socketId);
  return isOne ? undefined : 'socket_id should be two numbers with a dot between.';
}

/** What is wrong with sending an event of this name to these channels; none of them means a signed-in person. */
export function destinationProblem(channels: readonly string[], event: unknown): string | undefined {
  for (const name of channels) {
    const problem = channelNameProblem(name);
    if (problem) return problem;
  }
  if (channels.length > limits.channelsPerTrigger) {
    return `An event goes to at most ${limits.channelsPerTrigger} channels at once.`;
  }
  if (channels.length > 1 && channels.some(isEncrypted)) {
    return 'An event for an encrypted channel goes to it alone.';
  }
  const problem = eventNameProblem(event);
  if (problem) return problem;
  if (isClientEvent(event as string) && (channels.length === 0 || !channels.every(allowsClientEvents))) {
    return 'Events named "client-…" belong to private and presence channels.';
  }
  return undefined;
}

/** Reads the payload, bare or in an envelope, with the reader of its event. */
export function payloadProblem(event: string, data: unknown): string | undefined {
  const { type, data: inner } = readEnvelope(event, data);
  for (const name of new Set([event, type])) {
    const result = readPayload(name, inner);
    if (!result.ok) return result.problem;
  }
  return undefined;
}

/** An envelope that came from a page carries the id of who really sent it. */
export function withSender(data: unknown, senderId: string): unknown {
  const isEnvelope = readEnvelope('', data).id !== undefined;
  return isEnvelope ? { ...(data as Envelope), sender: senderId } : data;
}

/**
 * JSON of an event's data, refused when a field at any depth is named like something that nobody should
 * send, unless it is allowed by name.
 */
export function serialise(
  data: unknown,
  allowedFields: ReadonlySet<string> = new Set(),
): { json: string } | { problem: string } {
  let problem = 'The data of an event should be JSON.';
  try {
    const json: string | undefined = JSON.stringify(data, (key, value: unknown) => {
      if (sensitiveField.test(key) && !allowedFields.has(key)) {
        problem = `The field "${key}" looks like a secret, which everybody in the channel would read; allow its name in allowedFields if it is none.`;
        throw new TypeError(problem);
      }
      return value;
    });
    if (json !== undefined) return { json };
  } catch {
    // Cyclic, not representable, or named like a secret.
  }
  return { problem };
}

/** What is wrong with the size of an event's JSON; encrypted it grows. */
export function sizeProblem(channels: readonly string[], json: string): string | undefined {
  const size = channels.some(isEncrypted) ? encryptedBytes(byteLength(json)) : byteLength(json);
  if (size <= limits.payloadBytes) return undefined;
  return `An event holds at most ${limits.payloadBytes} bytes; this one has ${size}. Send a link to the rest.`;
}

function isEncrypted(channel: string): boolean {
  return describeChannel(channel).type === 'encrypted';
}

/** Bytes of `{"nonce":"…","ciphertext":"…"}` around so many bytes of JSON (16 of authentication, base64). */
function encryptedBytes(bytes: number): number {
  return '{"nonce":"","ciphertext":""}'.length + 32 + Math.ceil((bytes + 16) / 3) * 4;
}
