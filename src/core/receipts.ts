/**
 * What becomes of messages that carry an id: each is heard once, however often it was sent, and can be
 * acknowledged. A repeat of one that was acknowledged is acknowledged again: the first word was lost.
 */
import { allowsClientEvents, channelNameProblem } from '../protocol.js';
import type { RealtimeEvent } from './listeners.js';
import type { Fate } from './message.js';

/** Sends `message.ack` in answer to an event, for the user who has heard it. */
export type SendAcknowledgement = (
  event: string,
  id: string,
  channel: string,
  author: number,
) => Promise<Fate>;

/** Ids that are remembered; a message is sent again within minutes, if at all. */
const REMEMBERED = 1_000;

export class Receipts {
  readonly #send: SendAcknowledgement;
  /** Of each message that was heard, whether it was acknowledged. */
  readonly #heard = new Map<string, boolean>();

  constructor(send: SendAcknowledgement) {
    this.#send = send;
  }

  /**
   * The event with its `acknowledge`, or `undefined` when it was heard before.
   * @param isOwn Whether this page sent it: nobody acknowledges to themselves.
   * @param author Who hears it.
   */
  admit(event: RealtimeEvent, isOwn: boolean, author: number): RealtimeEvent | undefined {
    const { id, channel } = event;
    if (id === undefined || isAcknowledgement(event.event)) return event;
    // The author as well: nobody can make a message of somebody else look like a repeat.
    const key = JSON.stringify([channel, event.event, event.userId, id]);
    const acknowledged = this.#heard.get(key);
    if (acknowledged) void this.#acknowledge(id, channel, author);
    if (acknowledged !== undefined) return undefined;
    this.#heard.set(key, false);
    if (this.#heard.size > REMEMBERED) this.#heard.delete(this.#heard.keys().next().value as string);
    // Nobody can answer where only the backend speaks.
    if (isOwn || channelNameProblem(channel)) return event;
    const acknowledge = () => {
      if (this.#heard.has(key)) this.#heard.set(key, true);
      return this.#acknowledge(id, channel, author);
    };
    return { ...event, acknowledge };
  }

  /** Another user has heard nothing yet. */
  reset(): void {
    this.#heard.clear();
  }

  #acknowledge(id: string, channel: string, author: number): Promise<Fate> {
    return this.#send(
      allowsClientEvents(channel) ? 'client-message.ack' : 'message.ack',
      id,
      channel,
      author,
    );
  }
}

/** Members answer each other directly, the backend by an ordinary event. */
export function isAcknowledgement(event: string): boolean {
  return event === 'message.ack' || event === 'client-message.ack';
}
