/**
 * Sending: through the page's server, or to the other members directly as a client event. What cannot
 * leave now waits in the outbox; every message has an end that its sender hears of, and none is
 * dropped without a word. Nothing is sent twice, unless an acknowledgement is awaited: then repeats
 * carry the same id, and receivers drop them.
 */
import { randomId, readEnvelope, readPayload } from '../protocol.js';
import type { Channels } from './channels.js';
import { type ClientEventRefusal, ClientEventRoute } from './client-event-route.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import { type Environment, LONGEST_TIMER_MS, type Timer } from './environment.js';
import { messageExpired, RealtimeError } from './errors.js';
import type { Identity } from './identity.js';
import {
  type BadEnd,
  composeDraft,
  type Draft,
  type Fate,
  Message,
  type MessageStep,
  type SendOptions,
} from './message.js';
import {
  brokenOff,
  notConnected,
  outboxFull,
  refusedByService,
  superseded,
  switchedOff,
  unanswered,
  userChanged,
} from './message-errors.js';
import { Observable } from './observable.js';
import { findObstacle, type Obstacle } from './obstacle.js';
import { OUTBOX_SIZE, Outbox } from './outbox.js';
import { OutboxStore } from './outbox-store.js';
import type { Frame } from './pusher.js';
import { isAcknowledgement } from './receipts.js';
import { postDraft } from './trigger-route.js';

/** What sending leans on. */
export interface SendingParts {
  readonly config: ResolvedConfig;
  readonly connection: Connection;
  readonly channels: Channels;
  readonly endpoint: Endpoint;
  readonly identity: Identity;
}

/** A message that was begun before the code to send with had come. */
interface Begun {
  readonly id: string;
  readonly steps: Observable<Fate>;
  /** Whether its author has signed out since. */
  readonly isOrphan: boolean;
}

export class Sending {
  /** Every step of every message. */
  readonly steps = new Observable<MessageStep>();
  readonly errors = new Observable<RealtimeError>();
  /** No client event may leave for a moment, or one may again. */
  readonly changes = new Observable();

  readonly #parts: SendingParts;
  readonly #world: Environment;
  readonly #members: ClientEventRoute;
  readonly #outbox = new Outbox();
  readonly #store: OutboxStore | undefined;
  #isExhausted = false;
  #lastQueuedAt = 0;
  /** Grows with every change of user. */
  #epoch = 0;
  #isPumpPlanned = false;
  #timer: Timer | undefined;

  constructor(parts: SendingParts) {
    this.#parts = parts;
    const { config, connection, channels, identity } = parts;
    this.#world = config.environment;
    this.#members = new ClientEventRoute(this.#world, connection);
    if (config.remember) {
      this.#store = new OutboxStore(config, identity);
      // A provider may say late whose messages are to be taken up; a change of user is to be through by then.
      let known = identity.snapshot.userId;
      identity.changes.subscribe(({ userId }) => {
        // Not at each change of the state: the store asks for the token, which may change it.
        if (userId !== undefined && userId !== known) queueMicrotask(() => void this.#restore());
        known = userId;
      });
    }
    connection.changes.subscribe(() => this.#pumpSoon());
    channels.changes.subscribe(() => this.#pumpSoon());
    connection.opened.subscribe(() => void this.#restore());
    connection.closed.subscribe(() => this.#onClosed());
    connection.frames.subscribe((frame) => this.#onFrame(frame));
    this.#members.refusals.subscribe((refusal) => this.#onRefusal(refusal));
    void this.#restore();
  }

  /** Client events that may leave now. */
  get remaining(): number {
    return this.#members.remaining;
  }
  /** Milliseconds until a client event may leave; 0 when one may now. */
  get retryAfter(): number {
    return this.#members.retryAfter;
  }

  /** Whether a message is one of this page's, and still on its way. */
  has(id: string): boolean {
    return this.#outbox.find(id) !== undefined;
  }

  /** Resolves with what became of the message in the end; never rejects. */
  send(
    event: string,
    data: unknown,
    options: Omit<SendOptions, 'onFate'>,
    {
      id = options.id ?? randomId(),
      steps = this.#follow(event, options.channel),
      isOrphan,
    }: Partial<Begun> = {},
  ): Promise<Fate> {
    const now = this.#world.now();
    // Grows with every message, so that their order survives a reload.
    this.#lastQueuedAt = Math.max(now, this.#lastQueuedAt + 0.001);
    const queuedAt = this.#lastQueuedAt;
    const { identity, config } = this.#parts;
    const sender = identity.snapshot.userId;
    try {
      const { ttlMs } = config.timing;
      const draft = composeDraft(event, data, options, { id, queuedAt, now, sender, ttlMs });
      const message = new Message(draft, steps);
      if (isOrphan) this.#end(message, 'failed', userChanged(), { quiet: true });
      else this.#add(message);
      return message.end;
    } catch (error) {
      if (!(error instanceof RealtimeError)) throw error;
      const fate: Fate = { id, fate: 'rejected', error };
      this.errors.emit(error);
      steps.emit(fate);
      return Promise.resolve(fate);
    }
  }

  /** Another user: nothing that the last one wrote is sent any more. */
  reset(): void {
    this.#epoch += 1;
    for (const message of this.#outbox.messages) this.#end(message, 'failed', userChanged(), { quiet: true });
    void this.#restore();
  }

  #follow(event: string, channel: string): Observable<Fate> {
    const steps = new Observable<Fate>();
    steps.subscribe((fate) => this.steps.emit({ event, channel, fate }));
    return steps;
  }

  #add(message: Message): void {
    const { config, channels, connection } = this.#parts;
    if (!config.enabled) this.#end(message, 'failed', switchedOff(), { quiet: true });
    else if (this.#outbox.isFull) this.#end(message, 'failed', outboxFull(OUTBOX_SIZE));
    else {
      const outdated = this.#outbox.outdatedBy(message);
      this.#outbox.add(message);
      if (outdated) this.#end(outdated, 'expired', superseded(), { quiet: true });
      message.release = message.needsChannel ? channels.hold(message.draft.channel) : connection.need();
      // Whoever heard of that may have changed the user.
      if (message.state === 'ended') message.release();
      else this.#wait(message);
    }
  }

  #wait(message: Message): void {
    message.state = 'waiting';
    message.step({ id: message.draft.id, fate: 'queued' });
    this.#pumpSoon();
  }

  /** After the present task: of what is sent in one breath under one key, only the latest need leave. */
  #pumpSoon(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    queueMicrotask(() => {
      this.#isPumpPlanned = false;
      this.#pump();
    });
  }

  /** Lets go what can go, in order. */
  #pump(): void {
    const busyLanes = new Set<string>();
    let lookAgainMs = Number.POSITIVE_INFINITY;
    for (const message of this.#outbox.messages) {
      const { lane, draft } = message;
      if (message.state === 'waiting') {
        const obstacle = this.#obstacleTo(message);
        const leftMs = draft.expiresAt - this.#world.now();
        if (leftMs <= 0) this.#expire(message, obstacle);
        else if (draft.queue && busyLanes.has(lane)) lookAgainMs = Math.min(lookAgainMs, leftMs);
        else if (!obstacle) this.#dispatch(message);
        else if (obstacle.isFinal) this.#end(message, 'rejected', obstacle.error);
        else if (!draft.queue) this.#end(message, 'failed', obstacle.error);
        else lookAgainMs = Math.min(lookAgainMs, leftMs, obstacle.afterMs ?? leftMs);
      }
      if (message.state === 'waiting' || message.state === 'leaving') busyLanes.add(lane);
    }
    for (const { draft, state } of this.#outbox.messages) {
      if (draft.queue && (state === 'waiting' || draft.awaitAcknowledgment)) this.#store?.keep(draft);
    }
    this.#noteTurns(lookAgainMs);
  }

  /** Tells when client events are used up and when they are back, and looks again when that is. */
  #noteTurns(lookAgainMs: number): void {
    const { retryAfter } = this.#members;
    const afterMs = Math.ceil(retryAfter > 0 ? Math.min(retryAfter, lookAgainMs) : lookAgainMs);
    this.#world.clearTimeout(this.#timer);
    if (Number.isFinite(afterMs))
      this.#timer = this.#world.setTimeout(() => this.#pump(), Math.min(afterMs, LONGEST_TIMER_MS));
    if (this.#isExhausted === retryAfter > 0) return;
    this.#isExhausted = retryAfter > 0;
    this.changes.emit();
  }

  #obstacleTo(message: Message): Obstacle | undefined {
    return findObstacle(message, this.#parts, this.#members, this.#world.now());
  }

  #dispatch(message: Message): void {
    const { draft } = message;
    if (draft.awaitAcknowledgment || !this.#store?.holds(draft)) {
      this.#send(message);
      return;
    }
    // Out of the store first: what came back after a crash would be sent twice.
    message.state = 'leaving';
    const goOn = () => {
      if (message.state !== 'leaving') return;
      message.state = 'waiting';
      this.#pump();
    };
    this.#store.drop(draft).then(goOn, goOn);
  }

  #send(message: Message): void {
    if (message.isClientEvent) void this.#sendToMembers(message);
    else void this.#sendToServer(message);
  }

  async #sendToMembers(message: Message): Promise<void> {
    message.state = 'handed-over';
    const way = await this.#members.send(message.draft);
    if (message.state !== 'handed-over') return;
    const { awaitAcknowledgment, id } = message.draft;
    message.mayHaveArrived ||= way === 'unknown';
    const error = way === 'unknown' ? brokenOff() : notConnected(this.#parts.connection.error);
    if (way === 'left') this.#arrive(message, { id, fate: 'sent' });
    else if (way === 'unknown' && !awaitAcknowledgment) this.#end(message, 'unknown', error);
    else this.#giveBack(message, 'failed', error, this.#backoffMs(message));
  }

  async #sendToServer(message: Message): Promise<void> {
    const { endpoint, config } = this.#parts;
    const { id, awaitAcknowledgment } = message.draft;
    message.state = 'leaving';
    message.step({ id, fate: 'sent' });
    if (message.state !== 'leaving') return;
    const outcome = await postDraft(endpoint, config.triggerEndpoint, message.draft);
    // Acknowledged before the server's answer came, or dropped with its user.
    if (message.state !== 'leaving') return;
    if (outcome.accepted) {
      this.#arrive(message, { id, fate: 'accepted', eventId: outcome.eventId });
      return;
    }
    const { fate, error, again, afterMs } = outcome;
    message.mayHaveArrived ||= fate === 'unknown';
    if (again === 'yes' || (again === 'if-acknowledged' && awaitAcknowledgment))
      this.#giveBack(message, fate, error, afterMs ?? this.#backoffMs(message));
    else this.#end(message, fate, error);
  }

  /** It got through, as far as anybody can say without an acknowledgement. */
  #arrive(message: Message, fate: Fate): void {
    message.mayHaveArrived = true;
    if (!message.draft.awaitAcknowledgment) {
      this.#finish(message, fate);
      return;
    }
    message.state = 'unanswered';
    message.timer = this.#world.setTimeout(
      () => this.#end(message, 'unknown', unanswered()),
      this.#parts.config.timing.acknowledgeMs,
    );
    message.step(fate);
    // The next in its lane need not wait for the answer.
    this.#pumpSoon();
  }

  /** It did not get through: back to its place in the queue, or to its end where it may not wait. */
  #giveBack(message: Message, fate: BadEnd, error: RealtimeError, afterMs: number): void {
    const { queue, expiresAt } = message.draft;
    this.#world.clearTimeout(message.timer);
    message.notBefore = this.#world.now() + afterMs;
    if (queue && message.notBefore < expiresAt) this.#wait(message);
    else this.#end(message, message.mayHaveArrived ? 'unknown' : fate, error);
  }

  #backoffMs(message: Message): number {
    const { backoffBaseMs, backoffCapMs } = this.#parts.config.timing;
    const windowMs = Math.min(backoffCapMs, backoffBaseMs * 2 ** message.failures);
    message.failures += 1;
    return this.#world.random() * windowMs;
  }

  #onClosed(): void {
    for (const message of this.#outbox.messages) {
      if (message.state === 'unanswered') this.#giveBack(message, 'unknown', brokenOff(), 0);
    }
  }

  #onFrame({ event, data }: Frame): void {
    if (!isAcknowledgement(event)) return;
    const read = readPayload('message.ack', readEnvelope(event, data).data);
    const message = read.ok ? this.#outbox.find(String(read.value.id)) : undefined;
    if (message?.draft.awaitAcknowledgment)
      this.#finish(message, { id: message.draft.id, fate: 'acknowledged' });
  }

  /** Which event the service refused it does not say: those that await an answer are sent again. */
  #onRefusal({ channel, reason, isRepeat }: ClientEventRefusal): void {
    const error = refusedByService(reason);
    if (!isRepeat) this.errors.emit(error);
    for (const message of this.#outbox.messages) {
      const { state, isClientEvent, draft } = message;
      const isOut = state === 'unanswered' || state === 'handed-over';
      const isMeant = isClientEvent && (channel === undefined || channel === draft.channel);
      if (isOut && isMeant && draft.awaitAcknowledgment)
        this.#giveBack(message, 'unknown', error, this.#backoffMs(message));
    }
    this.#pump();
  }

  #expire(message: Message, obstacle: Obstacle | undefined): void {
    if (message.mayHaveArrived) this.#end(message, 'unknown', brokenOff());
    else
      this.#end(message, 'expired', messageExpired(obstacle?.error), {
        quiet: message.draft.coalesce !== undefined,
      });
  }

  #end(message: Message, fate: BadEnd, error: RealtimeError, { quiet = false } = {}): void {
    if (!quiet) this.errors.emit(error);
    this.#finish(message, { id: message.draft.id, fate, error });
  }

  #finish(message: Message, fate: Fate): void {
    // By somebody who heard of another's end, perhaps.
    if (message.state === 'ended') return;
    this.#world.clearTimeout(message.timer);
    this.#outbox.remove(message);
    this.#store?.drop(message.draft).catch(() => {});
    message.finish(fate);
    message.release();
    this.#pumpSoon();
  }

  /** Takes up what an earlier page of this user could not send. */
  async #restore(): Promise<void> {
    const epoch = this.#epoch;
    const drafts: Draft[] = (await this.#store?.claim().catch(() => undefined)) ?? [];
    for (const draft of drafts) {
      if (epoch === this.#epoch)
        this.#add(new Message(draft, this.#follow(draft.event, draft.channel), true));
      // Claimed for a user who has gone meanwhile, or is another provider's.
      else await this.#store?.giveBack(draft);
    }
    if (epoch !== this.#epoch && drafts.length > 0) await this.#restore();
  }
}
