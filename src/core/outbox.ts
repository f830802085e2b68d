/** The messages on their way, in the order in which they were given, and not more than it can hold. */
import type { Message } from './message.js';

/** More than this is no backlog that somebody wants to see sent at once when the network is back. */
export const OUTBOX_SIZE = 100;

export class Outbox {
  #messages: readonly Message[] = [];

  /** Oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  get isFull(): boolean {
    return this.#messages.length >= OUTBOX_SIZE;
  }

  find(id: string): Message | undefined {
    return this.#messages.find(({ draft }) => draft.id === id);
  }

  /** The message that waits under the same key and would now say something outdated. */
  outdatedBy({ draft: { channel, event, coalesce } }: Message): Message | undefined {
    if (coalesce === undefined) return undefined;
    return this.#messages.find(
      ({ draft, state }) =>
        state === 'waiting' &&
        draft.coalesce === coalesce &&
        draft.channel === channel &&
        draft.event === event,
    );
  }

  /** Puts a message in its place: mostly the last, before that for one from an earlier page. */
  add(message: Message): void {
    const after = this.#messages.findLastIndex(({ draft }) => draft.queuedAt <= message.draft.queuedAt);
    this.#messages = this.#messages.toSpliced(after + 1, 0, message);
  }

  remove(message: Message): void {
    this.#messages = this.#messages.filter((other) => other !== message);
  }
}
