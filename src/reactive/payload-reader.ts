import type { RealtimeEvent } from '../core/listeners.js';
import { readEnvelope, readPayload } from '../protocol.js';
import { report } from './report.js';

/** More kinds of wrong than this need no telling apart; payloads come from outside. */
const MOST_PROBLEMS = 20;

/** What was found wrong with an event last: each who follows its channel reads it, and one report will do. */
const found = new WeakMap<RealtimeEvent, string>();

/** Reads the payloads of events for an element: out of envelopes, in either spelling, with what is wrong said once. */
export class PayloadReader {
  readonly #host: EventTarget;
  readonly #problems = new Set<string>();

  constructor(host: EventTarget) {
    this.#host = host;
  }

  /**
   * The payload of an event, and the id of its envelope; `undefined` for one that cannot be read.
   * @param as The event whose payload it is like, where it is another than its own.
   * @param map Changes the raw payload before it is read.
   */
  read(
    received: RealtimeEvent,
    as: string = received.event,
    map: (raw: unknown) => unknown = (raw) => raw,
  ): { payload: Record<string, unknown>; id: string | undefined } | undefined {
    const { event, channel, data } = received;
    const envelope = readEnvelope(event, data);
    const result = readPayload(as, map(envelope.data));
    if (result.ok) return { payload: result.value, id: envelope.id };
    const { problem } = result;
    const isKnown = found.get(received) === problem;
    found.set(received, problem);
    if (!this.#problems.has(problem) && this.#problems.size < MOST_PROBLEMS) {
      this.#problems.add(problem);
      if (!isKnown)
        report(this.#host, 'message/unreadable', `An event ${event} on ${channel} was skipped: ${problem}.`, {
          hint: 'The documentation lists the payload of each event; further ones like it are skipped without a word.',
        });
    }
    return undefined;
  }
}
