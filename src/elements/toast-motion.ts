/**
 * How toasts come, make room, run out and go. By animations of the platform, not of CSS: they survive
 * a toast's moving between the page's layers, and stand exactly where the queue's clock stands.
 */
import { animate } from './animate.js';

const ENTER_MS = 200;
const LEAVE_MS = 160;
/** How far a new toast comes from its edge. */
const ENTER_PX = 12;

export class ToastMotion {
  /** The running line of each toast. */
  readonly #lines = new Map<HTMLElement, Animation>();
  #tops = new Map<Element, number>();

  /** Remembers where the toasts stand, before they are drawn anew, and forgets those that have lost their place. */
  remember(cards: readonly HTMLElement[]): void {
    this.#tops = new Map(cards.map((card) => [card, topOf(card)]));
    for (const card of this.#lines.keys()) if (!card.isConnected) this.#stop(card);
  }

  /** Brings a new toast in from its edge, or lets one that was there glide to its new place. */
  settle(card: HTMLElement, isAtTop: boolean): void {
    const before = this.#tops.get(card);
    const top = topOf(card);
    if (before === undefined) {
      animate(card, [{ opacity: 0, translate: `0 ${isAtTop ? -ENTER_PX : ENTER_PX}px` }], ENTER_MS);
    } else if (before !== top) {
      animate(card, [{ translate: `0 ${before - top}px` }], ENTER_MS);
    }
  }

  /** Fades a toast out, then calls back: at once where nobody could see it. */
  leave(card: HTMLElement, onGone: () => void): void {
    if (card.inert) return;
    card.inert = true;
    const end = () => {
      this.#stop(card);
      onGone();
    };
    const animation = animate(card, [{}, { opacity: 0, scale: '0.96' }], LEAVE_MS, 'ease-in');
    if (animation && document.visibilityState === 'visible') animation.finished.then(end, end);
    else end();
  }

  /** Stops the lines: an animation that runs or waits keeps its element in memory, also one that was removed. */
  stop(): void {
    for (const card of this.#lines.keys()) this.#stop(card);
  }

  /** Sets the line that shows the time left. */
  setTime(card: HTMLElement, durationMs: number, remainingMs: number, isPaused: boolean): void {
    const line = card.querySelector('.time');
    const animation =
      this.#lines.get(card) ?? animate(line, [{ scale: '1 1' }, { scale: '0 1' }], durationMs, 'linear');
    if (!animation) return;
    this.#lines.set(card, animation);
    animation.currentTime = durationMs - remainingMs;
    if (isPaused) animation.pause();
    else animation.play();
  }

  #stop(card: HTMLElement): void {
    this.#lines.get(card)?.cancel();
    this.#lines.delete(card);
  }
}

/** Where a toast stands in the window, running animations aside. */
function topOf(card: HTMLElement): number {
  return card.offsetTop + ((card.offsetParent as HTMLElement | null)?.offsetTop ?? 0);
}
