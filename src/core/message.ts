/**
 * One message on its way: what it says, how long it may wait, and what became of it. A draft is the
 * part that can be stored and sent again; its id stays the same however often that happens.
 */
import {
  allowsClientEvents,
  byteLength,
  channelNameProblem,
  describeChannel,
  eventNameProblem,
  isClientEvent,
  limits,
  makeEnvelope,
  readEnvelope,
} from '../protocol.js';
import type { Timer } from './environment.js';
import { RealtimeError, type RealtimeErrorCode } from './errors.js';
import type { Observable, Undo } from './observable.js';

/** Where a message is, or what became of it. */
export type Fate = { readonly id: string } & (
  | {
      /**
       * `queued`: it waits for its turn. `sent`: it left; the end of a client event, which nobody
       * answers. `acknowledged`: a receiver or the backend has it.
       */
      readonly fate: 'queued' | 'sent' | 'acknowledged';
    }
  | {
      /** The server took it: the end of an ordinary event. */
      readonly fate: 'accepted';
      readonly eventId: string | undefined;
    }
  | {
      /**
       * `failed`: it did not get out. `expired`: it waited longer than it may. `rejected`: it cannot be
       * sent as it is. `unknown`: it left, and nobody knows whether it arrived.
       */
      readonly fate: 'failed' | 'expired' | 'rejected' | 'unknown';
      readonly error: RealtimeError;
    }
);

/** A fate that is an end, and no good one. */
export type BadEnd = Extract<Fate, { error: RealtimeError }>['fate'];

/** One step of one message. */
export interface MessageStep {
  readonly event: string;
  readonly channel: string;
  readonly fate: Fate;
}

/**
 * Where a message goes, and how. Client events leave for a channel in their order, and so do events that go through the
 * server; neither waits for the other, since a slow server would hold up what needs none.
 */
export interface SendOptions {
  channel: string;
  /**
   * Waits up to five seconds for a receiver's or the backend's `message.ack`. The payload travels in an
   * envelope, and is sent again under the same id when the connection breaks in between.
   */
  awaitAcknowledgment?: boolean;
  /** Whether it may wait when it cannot leave now; default true. Without, it goes at once or has failed. */
  queue?: boolean;
  /** Of the messages that wait under one key on one channel, only the latest is sent: for cursors and the like. */
  coalesce?: string;
  /** How long it may wait, in milliseconds; default two minutes. */
  ttl?: number;
  /** The id of an earlier message that is sent again: receivers that had it drop the repeat. */
  id?: string;
  /** Hears each step on the way, the last one included. */
  onFate?: (fate: Fate) => void;
}

/** What has to be known to send a message, also after a reload. Times in milliseconds since 1970. */
export interface Draft {
  readonly id: string;
  readonly event: string;
  readonly channel: string;
  readonly data: unknown;
  readonly awaitAcknowledgment: boolean;
  readonly queue: boolean;
  readonly coalesce: string | undefined;
  readonly queuedAt: number;
  readonly expiresAt: number;
}

export type MessageState =
  /** In the queue. */
  | 'waiting'
  /** On its way out; the next in its lane waits for it. */
  | 'leaving'
  /** With pusher-js, which gives it to the socket in the next task. */
  | 'handed-over'
  /** Out, and an acknowledgement is expected. */
  | 'unanswered'
  | 'ended';

export class Message {
  readonly draft: Draft;
  /** Resolves with the end; never rejects. */
  readonly end: Promise<Fate>;
  readonly isClientEvent: boolean;
  state: MessageState = 'waiting';
  /** Whether it has left, so that nobody can say that it did not arrive. */
  mayHaveArrived: boolean;
  failures = 0;
  /** It waits at least until then, in milliseconds since 1970. */
  notBefore = 0;
  /** Patience with the receiver. */
  timer: Timer | undefined;
  /** Lets go of the channel or connection that it needs. */
  release: Undo = () => {};
  readonly #steps: Observable<Fate>;
  #resolve: (fate: Fate) => void = () => {};

  /** @param wasStored Whether an earlier page had it, which may have sent it. */
  constructor(draft: Draft, steps: Observable<Fate>, wasStored = false) {
    this.draft = draft;
    this.#steps = steps;
    this.isClientEvent = isClientEvent(draft.event);
    this.mayHaveArrived = wasStored && draft.awaitAcknowledgment;
    this.end = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /**
   * Messages of one lane leave in their order. The two ways to a channel are two lanes: one needs the page's server, the
   * other an entry to the channel, and what one lacks for minutes is no reason to let messages of the other expire.
   */
  get lane(): string {
    return `${this.isClientEvent ? 'members' : 'server'} ${this.draft.channel}`;
  }

  /** Whether this page has to be on the channel: to be let through, or to hear the answer. */
  get needsChannel(): boolean {
    return this.isClientEvent || this.draft.awaitAcknowledgment;
  }

  step(fate: Fate): void {
    this.#steps.emit(fate);
  }

  finish(fate: Fate): void {
    this.state = 'ended';
    this.#steps.emit(fate);
    this.#resolve(fate);
  }
}

/**
 * Checks a message and makes it ready to travel.
 * @throws RealtimeError that says what is wrong with it.
 */
export function composeDraft(
  event: string,
  data: unknown,
  options: Omit<SendOptions, 'onFate'>,
  given: Pick<Draft, 'id' | 'queuedAt'> & { now: number; sender: string | undefined; ttlMs: number },
): Draft {
  const { queuedAt, now, sender, ttlMs } = given;
  const { channel, awaitAcknowledgment = false, queue = true, coalesce, ttl = ttlMs } = options;
  checkNames(event, channel);
  const plain = copyOf(data);
  const ownId = readEnvelope(event, plain).id;
  const id = ownId ?? given.id;
  // A bare payload has no place for the id that an acknowledgement names and that repeats are known by.
  const needsEnvelope = ownId === undefined && (awaitAcknowledgment || options.id !== undefined);
  const sent = needsEnvelope ? { ...makeEnvelope(event, plain, sender), id } : plain;
  checkSize(sent);
  return {
    id,
    event,
    channel,
    data: sent,
    awaitAcknowledgment,
    queue,
    coalesce,
    queuedAt,
    expiresAt: now + ttl,
  };
}

function checkNames(event: string, channel: string): void {
  const wrongEvent = eventNameProblem(event);
  if (wrongEvent) throw problem('message/wrong-event', wrongEvent, 'Choose another event name.');
  const wrongChannel = channelNameProblem(channel);
  if (wrongChannel) throw problem('message/wrong-channel', wrongChannel, 'Make names with channelNames.');
  if (!isClientEvent(event) || allowsClientEvents(channel)) return;
  throw problem(
    'message/no-client-events',
    `Members cannot send ${event} on ${channel}, which is ${describeChannel(channel).type}.`,
    'Client events are for private and presence channels; send an event without “client-” through the server.',
  );
}

/** What JSON makes of the data; later changes by the caller do not travel. */
function copyOf(data: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(data) ?? 'null');
  } catch (cause) {
    throw problem('message/no-json', 'The payload cannot be written as JSON.', 'The cause says why.', cause);
  }
}

function checkSize(data: unknown): void {
  const bytes = byteLength(JSON.stringify(data));
  if (bytes <= limits.payloadBytes) return;
  throw problem(
    'message/too-large',
    `The payload has ${bytes} bytes; at most ${limits.payloadBytes} can be sent.`,
    'Send an id, and let the receiver fetch the rest.',
  );
}

function problem(code: RealtimeErrorCode, message: string, hint: string, cause?: unknown): RealtimeError {
  return new RealtimeError(code, message, { hint, cause });
}
