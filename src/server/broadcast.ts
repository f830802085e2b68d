/**
 * The way of an event out: checked, seen by the host's hook, serialised once, handed to the engine. The
 * route and the functions for backend code take the same way.
 */
import {
  destinationProblem,
  payloadProblem,
  serialise,
  sizeProblem,
  socketIdProblem,
} from '../protocol/outgoing-event.js';
import { channelNameProblem, describeChannel, encodeId, limits, randomId } from '../protocol.js';
import type { Engine, EngineEvent } from './engine.js';
import { RealtimeServerError } from './errors.js';
import type { Identity } from './identity.js';
import type { Logger } from './log.js';

/** An event before it is sent. */
export interface Broadcast {
  /** Names of the channels; empty when the event goes to a signed-in person. */
  channels: readonly string[];
  event: string;
  data: unknown;
  /** Who sends, when the event came from a page; `undefined` for backend code. */
  identity?: Identity;
}

/** Answers the data to send in place of `data`; `undefined` refuses the event. */
export type BroadcastHook = (broadcast: Broadcast) => unknown;

/** What `canTrigger` is asked about: one event on one channel. */
export interface TriggerRequest {
  identity: Identity;
  channel: string;
  event: string;
  data: unknown;
}

/** Allows an event by answering `true`; anything else denies. */
export type TriggerRule = (request: TriggerRequest) => boolean | Promise<boolean>;

/** Where an event went. `event_id` is `mock` when realtime is disabled. */
export interface TriggerResult {
  channels: string[];
  event_id: string;
}

/** What may stand beside an event. */
export interface TriggerOptions {
  /** The connection that shall not receive the event, mostly the sender's. */
  socketId?: string;
  /** Who sends, for the metrics and for `beforeBroadcast`. */
  identity?: Identity;
}

/** One event of a batch, for one channel. */
export interface BatchItem {
  channel: string;
  event: string;
  data?: unknown;
  socketId?: string;
}

/** What became of one event of a batch. */
export type BatchResult = { ok: true; result: TriggerResult } | { ok: false; error: RealtimeServerError };

/** What the route for pages adds: who may send this, asked once for each channel; it throws when nobody may. */
interface Guarded {
  guard?: (channel: string, event: string, data: unknown) => Promise<void>;
}

interface BroadcasterParts {
  /** Undefined when realtime is disabled. */
  engine: Engine | undefined;
  beforeBroadcast: BroadcastHook | undefined;
  allowedFields: readonly string[];
  onSent: (event: string, userId: string | undefined) => Promise<void>;
  logger: Logger;
}

const mockEventId = 'mock';

/** Refuses what is no socket id: two numbers with a dot between them. */
export function checkSocketId(socketId: unknown): asserts socketId is string {
  refuseFor(socketIdProblem(socketId));
}

/** Refuses what is no channel name. */
export function checkChannelName(name: unknown): asserts name is string {
  refuseFor(channelNameProblem(name));
}

/** Sends events. */
export class Broadcaster {
  readonly #parts: BroadcasterParts;
  readonly #allowedFields: ReadonlySet<string>;

  constructor(parts: BroadcasterParts) {
    this.#parts = parts;
    this.#allowedFields = new Set(parts.allowedFields);
  }

  /**
   * Sends one event to up to 100 channels; an encrypted channel stands alone.
   *
   * @throws RealtimeServerError when the event cannot be sent as it is, or the engine does not take it.
   */
  async trigger(
    channels: string | readonly string[],
    event: string,
    data?: unknown,
    options: TriggerOptions & Guarded = {},
  ): Promise<TriggerResult> {
    const names = [...new Set(typeof channels === 'string' ? [channels] : channels)];
    if (names.length === 0) throw new RealtimeServerError('invalid_request', 'An event needs a channel.');
    const ready = await this.#prepare(names, event, data, options).catch(this.#fail);
    if (!this.#parts.engine) return { channels: names, event_id: mockEventId };
    await this.#parts.engine.publish(ready);
    await this.#parts.onSent(event, options.identity?.id);
    return { channels: names, event_id: randomId() };
  }

  /** Sends any number of events in order, ten in a call to the engine; answers what became of each. */
  async triggerBatch(
    items: readonly BatchItem[],
    options: { identity?: Identity } & Guarded = {},
  ): Promise<BatchResult[]> {
    const results: BatchResult[] = [];
    for (let start = 0; start < items.length; start += limits.eventsPerBatch) {
      results.push(...(await this.#sendGroup(items.slice(start, start + limits.eventsPerBatch), options)));
    }
    return results;
  }

  /** Sends an event to every connection that a person signed in on. */
  async sendToUser(userId: string | number, event: string, data?: unknown): Promise<TriggerResult> {
    const id = encodeId(userId);
    if (id === '') throw new RealtimeServerError('invalid_request', 'A user id should not be empty.');
    const ready = await this.#prepare([], event, data, {}).catch(this.#fail);
    const channels = [`#server-to-user-${id}`];
    if (!this.#parts.engine) return { channels, event_id: mockEventId };
    await this.#parts.engine.publishToUser(id, event, ready.data);
    await this.#parts.onSent(event, undefined);
    return { channels, event_id: randomId() };
  }

  async #sendGroup(
    items: readonly BatchItem[],
    options: { identity?: Identity } & Guarded,
  ): Promise<BatchResult[]> {
    const prepared = await Promise.all(
      items.map(({ channel, event, data, socketId }) =>
        this.#prepare([channel], event, data, { ...options, socketId }).catch((error: unknown) =>
          this.#failure(error),
        ),
      ),
    );
    const ready = prepared.filter((entry): entry is EngineEvent => !(entry instanceof RealtimeServerError));
    let failure: RealtimeServerError | undefined;
    if (this.#parts.engine && ready.length > 0) {
      failure = await this.#parts.engine.publishBatch(ready).then(
        () => undefined,
        (error: unknown) => this.#failure(error),
      );
      if (!failure) {
        await Promise.all(ready.map(({ event }) => this.#parts.onSent(event, options.identity?.id)));
      }
    }
    return prepared.map((entry): BatchResult => {
      if (entry instanceof RealtimeServerError) return { ok: false, error: entry };
      if (failure) return { ok: false, error: failure };
      const event_id = this.#parts.engine ? randomId() : mockEventId;
      return { ok: true, result: { channels: [...entry.channels], event_id } };
    });
  }

  readonly #fail = (error: unknown): never => {
    throw this.#failure(error);
  };

  /** An error of ours as it is; what a hook threw goes to the log, and nobody else hears of it. */
  #failure(error: unknown): RealtimeServerError {
    if (error instanceof RealtimeServerError) return error;
    this.#parts.logger.error('An event could not be prepared.', error);
    return new RealtimeServerError('internal', 'The event could not be sent.');
  }

  async #prepare(
    channels: readonly string[],
    event: string,
    data: unknown = {},
    { socketId, identity, guard }: TriggerOptions & Guarded,
  ): Promise<EngineEvent> {
    refuseFor(destinationProblem(channels, event));
    if (socketId !== undefined) checkSocketId(socketId);
    for (const channel of channels) await guard?.(channel, event, data);
    refuseFor(payloadProblem(event, data));
    const { beforeBroadcast } = this.#parts;
    const outgoing = beforeBroadcast ? await beforeBroadcast({ channels, event, data, identity }) : data;
    if (outgoing === undefined) {
      throw new RealtimeServerError('forbidden', 'This server does not send this event.');
    }
    const serialised = serialise(outgoing, this.#allowedFields);
    if ('problem' in serialised) throw new RealtimeServerError('invalid_request', serialised.problem);
    const { json } = serialised;
    const isEncrypted = channels.some((name) => describeChannel(name).type === 'encrypted');
    if (isEncrypted && this.#parts.engine && !this.#parts.engine.encrypts) {
      throw new RealtimeServerError(
        'not_configured',
        'Encrypted channels need engine.encryptionMasterKeyBase64.',
      );
    }
    const tooLarge = sizeProblem(channels, json);
    if (tooLarge) throw new RealtimeServerError('payload_too_large', tooLarge);
    return { channels, event, data: json, socketId };
  }
}

function refuseFor(problem: string | undefined): void {
  if (problem) throw new RealtimeServerError('invalid_request', problem);
}
