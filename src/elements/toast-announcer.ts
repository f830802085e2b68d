/** What screen readers hear of new toasts, and when. */
import type { Toast } from './toast-queue.js';
import { titleOf } from './toast-view.js';
import type { Words } from './words.js';

/** More at once is not listened to; the number of the rest is on the screen. */
const MOST_SAID = 3;

export class ToastAnnouncer {
  #waiting: Toast[] = [];
  #wasHeldBack = false;

  add(toast: Toast): void {
    this.#waiting.push(toast);
  }

  /**
   * Puts what is new into the live region. What is inert is not heard: then it waits for the next call.
   * An error's card announces itself, unless it came while it could not be heard.
   */
  announce(region: Element | null, words: Words, isInert: boolean): void {
    this.#wasHeldBack ||= isInert;
    if (isInert || this.#waiting.length === 0) return;
    const said = this.#waiting.filter(({ level }) => level !== 'error' || this.#wasHeldBack);
    this.#waiting = [];
    this.#wasHeldBack = false;
    const texts = said.slice(-MOST_SAID).flatMap((toast) => [titleOf(toast, words), toast.message]);
    if (region && said.length > 0) region.textContent = texts.filter(Boolean).join('. ');
  }
}
