/**
 * The trigger endpoint in a page. It reads and checks an event as the server part does, and answers in the
 * same words; what a host decides there, who may send and what a hook makes of the data, it does not ask.
 */
import nacl from 'tweetnacl';
import {
  destinationProblem,
  eventsPerRequest,
  payloadProblem,
  serialise,
  sizeProblem,
  socketIdProblem,
  triggerBodyProblem,
  withSender,
} from '../protocol/outgoing-event.js';
import { describeChannel } from '../protocol.js';
import type { EmulatorApp } from './app.js';
import { isRecord, parseJson } from './frame.js';
import { HttpError } from './http-signature.js';
import { readPublication } from './publication.js';
import { asEntry, Refusal } from './refusal.js';
import { channelSharedSecret } from './signature.js';

interface PageTriggerParts {
  app: EmulatorApp;
  encryptionMasterKey: string;
  /** Who sends; envelopes carry this id. */
  userId: string | undefined;
}

/** An event of a request that has the right shape. */
interface RequestedEvent {
  channels: string[];
  event: string;
  data: unknown;
  socketId: string | undefined;
}

/** Where an event went. */
interface Sent {
  channels: string[];
  event_id: string;
}

/** Sends what one visitor posts. */
export class PageTrigger {
  readonly #parts: PageTriggerParts;
  #events = 0;

  constructor(parts: PageTriggerParts) {
    this.#parts = parts;
  }

  /**
   * Answers the text of a request's body with what is said under status 200.
   * @throws Refusal, or HttpError for what the engine refuses.
   */
  answer(body: string): unknown {
    const request = parseJson(body);
    if (request === undefined) throw invalid('The body should be JSON.');
    const events = readEvents(request);
    if (!events) throw invalid(triggerBodyProblem);
    if (events.length === 1 && !isBatch(request)) return { ok: true, result: this.#send(events[0]!) };
    const results = events.map((event) => {
      try {
        return { ok: true, result: this.#send(event) };
      } catch (error) {
        return { ok: false, ...asEntry(error) };
      }
    });
    return { ok: results.every(({ ok }) => ok), results };
  }

  #send({ channels, event, data: given = {}, socketId }: RequestedEvent): Sent {
    const { app, userId } = this.#parts;
    const data = userId === undefined ? given : withSender(given, userId);
    refuseFor(destinationProblem(channels, event));
    if (socketId !== undefined) refuseFor(socketIdProblem(socketId));
    refuseFor(payloadProblem(event, data));
    const serialised = serialise(data);
    if ('problem' in serialised) throw invalid(serialised.problem);
    const tooLarge = sizeProblem(channels, serialised.json);
    if (tooLarge) throw new Refusal(413, 'payload_too_large', tooLarge);
    if (!app.settings.enabled) throw new HttpError(403, 'The app is disabled');
    const text = this.#encrypt(channels[0]!, serialised.json);
    app.publish(readPublication(app, { name: event, channels, data: text, socket_id: socketId }).event);
    this.#events += 1;
    return { channels, event_id: `emulator-${this.#events}` };
  }

  /** The text itself, or what the members of an encrypted channel decrypt to it. */
  #encrypt(channel: string, text: string): string {
    if (describeChannel(channel).type !== 'encrypted') return text;
    const key = fromBase64(channelSharedSecret(channel, this.#parts.encryptionMasterKey));
    const nonce = nacl.randomBytes(nacl.secretbox.nonceLength);
    const ciphertext = nacl.secretbox(new TextEncoder().encode(text), nonce, key);
    return JSON.stringify({ nonce: toBase64(nonce), ciphertext: toBase64(ciphertext) });
  }
}

function isBatch(request: unknown): boolean {
  return isRecord(request) && request.batch !== undefined;
}

/** The events of a request, or `undefined` when it has another shape. */
function readEvents(request: unknown): RequestedEvent[] | undefined {
  if (!isRecord(request)) return undefined;
  const { batch, channel, channels } = request;
  if (batch === undefined) {
    if ((channel === undefined) === (channels === undefined)) return undefined;
    const event = readEvent(request, channels ?? [channel], request.event);
    return event && [event];
  }
  const isFitting = Array.isArray(batch) && batch.length >= 1 && batch.length <= eventsPerRequest;
  if (!isFitting || request.event !== undefined) return undefined;
  const events = batch.map((item: unknown) =>
    isRecord(item) ? readEvent(item, [item.channel], item.event ?? item.name) : undefined,
  );
  return events.every((event) => event !== undefined) ? events : undefined;
}

function readEvent(
  { data, socket_id: socketId = null }: Record<string, unknown>,
  channels: unknown,
  event: unknown,
): RequestedEvent | undefined {
  const areChannels = (list: unknown): list is string[] =>
    Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string');
  if (!areChannels(channels) || typeof event !== 'string') return undefined;
  if (socketId !== null && typeof socketId !== 'string') return undefined;
  return { channels: [...new Set(channels)], event, data, socketId: socketId ?? undefined };
}

function refuseFor(problem: string | undefined): void {
  if (problem !== undefined) throw invalid(problem);
}

function invalid(message: string): Refusal {
  return new Refusal(400, 'invalid_request', message);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
