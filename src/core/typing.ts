/**
 * Who is typing on a channel. Writers say so with `client-typing`, at most every two seconds; what is
 * said holds for five, or until the message comes, or the writer goes. The service names the author on
 * presence channels; elsewhere it is only known that somebody types.
 */
import { describeChannel, eventNames, readEnvelope, readPayload } from '../protocol.js';
import { type Environment, pageEnvironment, type Timer } from './environment.js';
import type { RealtimeEvent } from './listeners.js';
import { Observable, type Undo } from './observable.js';
import type { RealtimeController } from './realtime-controller.js';
import type { Roster } from './roster.js';

/** Somebody who is typing. */
export interface Typist {
  /** Undefined where the service does not name authors. */
  readonly id: string | undefined;
  /** As the channel's members list has it. */
  readonly name: string | undefined;
}

/** Times in milliseconds, and where they are taken from. */
export interface TypingOptions {
  /** At most one word in this time; default 2,000. */
  everyMs?: number;
  /** What was said holds for this long; default 5,000. */
  holdsMs?: number;
  environment?: Environment;
}

/** Under which somebody without a name is kept. */
const SOMEBODY = '';

export class Typing {
  /** `typists` is another list. */
  readonly changes = new Observable();

  readonly #controller: RealtimeController;
  readonly #channel: string;
  readonly #everyMs: number;
  readonly #holdsMs: number;
  readonly #world: Environment;
  readonly #release: Undo;
  readonly #undos: Undo[];
  readonly #roster: Roster | undefined;
  /** When each stops, unless they go on. */
  readonly #typing = new Map<string, Timer>();
  #typists: readonly Typist[] = [];
  /** What the others believe, since when, and what is true. */
  #said = false;
  #saidAt = Number.NEGATIVE_INFINITY;
  #isTyping = false;
  #sayTimer: Timer | undefined;
  #idleTimer: Timer | undefined;

  /** Holds the channel until `dispose()`. */
  constructor(
    controller: RealtimeController,
    channel: string,
    { everyMs = 2_000, holdsMs = 5_000, environment = pageEnvironment }: TypingOptions = {},
  ) {
    this.#controller = controller;
    this.#channel = channel;
    this.#everyMs = everyMs;
    this.#holdsMs = holdsMs;
    this.#world = environment;
    const listen = (event: string, callback: (event: RealtimeEvent) => void) =>
      controller.listen({ channel, event, subscribe: false, callback });
    const onMessage = (event: RealtimeEvent) => this.#onMessage(event);
    this.#release = controller.hold(channel);
    this.#undos = [
      listen(eventNames.typing, (event) => this.#onTyping(event)),
      listen(eventNames.message, onMessage),
      listen(`client-${eventNames.message}`, onMessage),
    ];
    if (describeChannel(channel).type !== 'presence') return;
    this.#roster = controller.presence(channel);
    this.#undos.push(this.#roster.changes.subscribe(() => this.#onRoster()));
  }

  /** Everybody else who types now; who began first comes first. */
  get typists(): readonly Typist[] {
    return this.#typists;
  }

  /** Something was typed here: call it at every keystroke. */
  input(): void {
    this.#isTyping = true;
    this.#world.clearTimeout(this.#idleTimer);
    this.#idleTimer = this.#world.setTimeout(() => {
      // By now nobody believes it any more.
      this.#isTyping = false;
      this.#said = false;
    }, this.#holdsMs);
    if (!this.#said || this.#waitMs === 0) this.#saySoon();
  }

  /** The message was sent, or the field was emptied or left. */
  stop(): void {
    this.#isTyping = false;
    this.#world.clearTimeout(this.#idleTimer);
    if (this.#said) this.#saySoon();
  }

  /** Lets go of the channel, as soon as the others may be told that nobody types here any more. */
  dispose(): void {
    for (const undo of this.#undos) undo();
    const timers = [...this.#typing.values(), this.#sayTimer, this.#idleTimer];
    for (const timer of timers) this.#world.clearTimeout(timer);
    this.#typing.clear();
    this.#isTyping = false;
    if (!this.#said) this.#release();
    else
      this.#world.setTimeout(() => {
        if (this.#said) this.#say();
        this.#release();
      }, this.#waitMs);
  }

  /** How long nothing may be said. */
  get #waitMs(): number {
    const leftMs = this.#saidAt + this.#everyMs - this.#world.now();
    // Further away than that it was said before the clock was set back.
    return leftMs > this.#everyMs ? 0 : Math.max(0, leftMs);
  }

  #saySoon(): void {
    const waitMs = this.#waitMs;
    if (waitMs === 0) this.#say();
    else
      this.#sayTimer ??= this.#world.setTimeout(() => {
        this.#sayTimer = undefined;
        if (this.#said !== this.#isTyping) this.#saySoon();
      }, waitMs);
  }

  #say(): void {
    this.#said = this.#isTyping;
    this.#saidAt = this.#world.now();
    const user = this.#roster?.myId ?? this.#controller.identity.userId ?? '';
    const end = this.#controller.send(
      eventNames.typing,
      { user, typing: this.#said },
      { channel: this.#channel, coalesce: eventNames.typing, ttl: this.#everyMs },
    );
    void end.then(({ fate }) => {
      // The others count from when it left.
      if (fate === 'sent') this.#saidAt = this.#world.now();
      else this.#said = false;
    });
  }

  #onTyping({ data, userId }: RealtimeEvent): void {
    const read = readPayload(eventNames.typing, data);
    if (!read.ok) return;
    // Whom the payload names does not count.
    const id = userId === undefined ? SOMEBODY : String(userId);
    this.#world.clearTimeout(this.#typing.get(id));
    // Another tab of the reader's own is nobody to wait for.
    if (!read.value.typing || (id !== SOMEBODY && id === this.#roster?.myId)) this.#typing.delete(id);
    else
      this.#typing.set(
        id,
        this.#world.setTimeout(() => this.#forget(id), this.#holdsMs),
      );
    this.#changed();
  }

  /** Whoever has sent the message is not typing it any more. What the envelope claims can only end, never begin. */
  #onMessage({ event, data, userId }: RealtimeEvent): void {
    const author = userId ?? readEnvelope(event, data).sender;
    if (author !== undefined) this.#forget(String(author));
  }

  #onRoster(): void {
    const present = new Set<string>();
    for (const { id, status } of this.#roster?.snapshot.members ?? [])
      if (status !== 'offline') present.add(id);
    for (const id of this.#typing.keys()) if (!present.has(id)) this.#forget(id);
  }

  #forget(id: string): void {
    this.#world.clearTimeout(this.#typing.get(id));
    if (this.#typing.delete(id)) this.#changed();
  }

  #changed(): void {
    this.#typists = [...this.#typing.keys()].map((id) => ({
      id: id === SOMEBODY ? undefined : id,
      name: this.#roster?.snapshot.members.find((member) => member.id === id)?.info.name,
    }));
    this.changes.emit();
  }
}
