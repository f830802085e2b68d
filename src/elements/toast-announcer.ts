/** What screen readers hear of new toasts, and when. */
import type { Toast } from './toast-queue.js';
import { titleOf } from './toast-view.js';
import type { Words } from './words.js';

/** More at once is not listened to; the number of the rest is on the screen. */
const MOST_SAID = 3;

export class ToastAnnouncer {
  #waiting: Toast[] = [];
  #wasHeldBack = false;
  /** The number of the flood that was said last. */
  #number = 0;

  /** A flood's number is read from the screen: it rises until it is said. */
  add(toast: Toast): void {
    if (toast.summaryOf === undefined) this.#waiting.push(toast);
  }

  /**
   * Puts what is new into the live region, and the number of a flood again when it has doubled. What is
   * inert is not heard: then it waits for the next call. An error's card announces itself, unless it came
   * while it could not be heard.
   */
  announce(region: Element | null, words: Words, isInert: boolean, visible: readonly Toast[]): void {
    this.#wasHeldBack ||= isInert;
    if (isInert) return;
    const said = this.#waiting.filter(({ level }) => level !== 'error' || this.#wasHeldBack);
    const flood = visible.find(({ summaryOf }) => summaryOf !== undefined);
    const number = flood?.summaryOf ?? 0;
    if (!flood || number >= 2 * this.#number) {
      this.#number = number;
      if (flood) said.push(flood);
    }
    this.#waiting = [];
    this.#wasHeldBack = false;
    const texts = said.slice(-MOST_SAID).flatMap((toast) => [titleOf(toast, words), toast.message]);
    if (region && said.length > 0) region.textContent = texts.filter(Boolean).join('. ');
  }
}
