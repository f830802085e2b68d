/**
 * Which of a site's tabs speaks when nobody looks at any: the one that was looked at last. Tabs ask
 * each other at the moment they need to know, so that nothing is stored and nobody has to be told of a
 * tab that crashed.
 */

import type { ReactiveController } from 'lit';

/** Tabs answer within milliseconds; a browser holds a hidden tab's timer back, never its messages. */
const ANSWER_MS = 150;
/** What comes together is asked about once; later, the tab that was seen may have been left. */
const BURST_MS = 50;

interface Message {
  /** A question's name; what answers it has that in `to`. */
  ask?: string;
  to?: string;
  /** When this tab was looked at last, in milliseconds since 1970; `Infinity` while it is. */
  seenAt?: number;
  id: string;
}

/** Elements of one page do not ask each other. */
const thisTab = `${Math.random()}`;
/** When this tab was looked at last: an element that is made while it is hidden has not seen that. */
let seenAt = globalThis.document && isVisible() ? Date.now() : 0;

export class Tabs implements ReactiveController {
  readonly #name: string;
  readonly #id: string;
  #channel: BroadcastChannel | undefined;
  /** The last question's answer, and when it was asked. */
  #answer: Promise<boolean> | undefined;
  #askedAt = 0;
  /** Questions that wait for answers, and whether nobody said to have been looked at later. */
  readonly #waiting = new Map<string, boolean>();

  /** @param name Tabs that share it ask each other. */
  constructor(name: string, id = thisTab) {
    this.#name = name;
    this.#id = id;
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    // An open channel would keep the page out of the back/forward cache.
    window.addEventListener('pagehide', this.#close);
    window.addEventListener('pageshow', this.#open);
    this.#open();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('pagehide', this.#close);
    window.removeEventListener('pageshow', this.#open);
    this.#close();
  }

  /** Whether this tab is the one that shows what is new. A visible tab always is. */
  isSpeaker(): boolean | Promise<boolean> {
    if (isVisible() || !this.#channel) return true;
    if (Date.now() - this.#askedAt > BURST_MS) this.#answer = undefined;
    this.#answer ??= this.#ask();
    return this.#answer;
  }

  #ask(): Promise<boolean> {
    this.#askedAt = Date.now();
    const question = `${Math.random()}`;
    this.#waiting.set(question, true);
    this.#post({ ask: question, id: this.#id });
    return new Promise((resolve) => {
      setTimeout(() => {
        resolve(this.#waiting.get(question) === true);
        this.#waiting.delete(question);
      }, ANSWER_MS);
    });
  }

  #post(message: Message): void {
    this.#channel?.postMessage(message);
  }

  readonly #open = (): void => {
    if (this.#channel || typeof BroadcastChannel !== 'function') return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message | null>) => {
      if (!data || data.id === this.#id) return;
      if (data.ask) {
        this.#post({ to: data.ask, seenAt: isVisible() ? Number.POSITIVE_INFINITY : seenAt, id: this.#id });
      } else if (data.to && this.#waiting.has(data.to) && isAfter(data, seenAt, this.#id)) {
        this.#waiting.set(data.to, false);
      }
    });
  };

  readonly #close = (): void => {
    this.#channel?.close();
    this.#channel = undefined;
  };

  /** Both ends of being seen count: the last moment is when the tab is left. */
  readonly #onVisibility = (): void => {
    seenAt = Date.now();
    this.#answer = undefined;
  };
}

function isAfter({ seenAt = 0, id }: Message, otherSeenAt: number, otherId: string): boolean {
  return seenAt === otherSeenAt ? id > otherId : seenAt > otherSeenAt;
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}
