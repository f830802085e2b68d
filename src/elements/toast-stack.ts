/**
 * The toasts that are seen, and what people do with them. Fetched with the first notification; until
 * then `<notification-toast>` only listens. Which are seen is the queue's to say; here they meet the page.
 */
import { html, nothing, type ReactiveController } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RealtimeEvent } from '../core/listeners.js';
import type { NotificationAction } from '../protocol.js';
import { requestFlush } from '../reactive/flush.js';
import type { RealtimeHost } from '../reactive/realtime-consumer.js';
import { iconStyles } from './icons.js';
import {
  NotificationActivatedEvent,
  NotificationDismissedEvent,
  NotificationShownEvent,
} from './notification-events.js';
import { ReachWatch } from './reach-watch.js';
import { adopt } from './styles.js';
import { followSwipe } from './swipe.js';
import { ToastAnnouncer } from './toast-announcer.js';
import { ToastReader, type ToastTexts } from './toast-content.js';
import { ToastFocus } from './toast-focus.js';
import { ToastMotion } from './toast-motion.js';
import { type DismissReason, type Toast, type ToastContent, ToastQueue } from './toast-queue.js';
import { styles } from './toast-stack.styles.js';
import { renderToast, type ToastHandlers } from './toast-view.js';
import type { Words } from './words.js';

/** What the stack reads from its element. */
export interface ToastStackHost extends RealtimeHost, ToastTexts {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly position: string;
  readonly max: number;
  readonly duration: number | undefined;
}

export class ToastStack implements ReactiveController {
  readonly #host: ToastStackHost;
  readonly #queue: ToastQueue;
  readonly #reader: ToastReader;
  readonly #reach = new ReachWatch(() => this.#onReach());
  readonly #focus: ToastFocus;
  readonly #motion = new ToastMotion();
  readonly #announcer = new ToastAnnouncer();
  /** Toasts on their way out. */
  readonly #leaving = new Set<number>();
  #drawn: Toast[] = [];
  #hadFocus = false;
  #isOpen = false;
  #words: Words;

  constructor(host: ToastStackHost, words: Words) {
    this.#host = host;
    this.#words = words;
    this.#queue = new ToastQueue({
      onChange: () => requestFlush(host),
      onShown: (toast) => {
        this.#announcer.add(toast);
        host.dispatchEvent(new NotificationShownEvent(toast));
      },
      onDismissed: (toast, reason) => {
        // It is drawn until it has faded.
        if (this.#drawn.some(({ key }) => key === toast.key)) this.#leaving.add(toast.key);
        host.dispatchEvent(new NotificationDismissedEvent(toast, reason));
      },
    });
    this.#reader = new ToastReader(host);
    this.#focus = new ToastFocus({
      host,
      cards: () => this.#cards().filter((card) => !this.#leaving.has(keyOf(card))),
      onClose: (card) => this.#dismiss(keyOf(card), 'closed'),
    });
    this.#configure();
    adopt(host.renderRoot, iconStyles, styles);
    // Its code may come after the host has gone: time runs from `hostConnected` on.
    this.#queue.pause('removed');
    host.addController(this);
  }

  get isEmpty(): boolean {
    return this.#queue.visible.length === 0;
  }

  /** Shows what an event says. */
  read(event: RealtimeEvent, burst: number | undefined): void {
    const content = this.#reader.read(event, this.#words);
    if (content) this.add(content, burst);
  }

  add(content: ToastContent, burst?: number): void {
    // The page may have set a property just now.
    this.#configure();
    this.#queue.add(content, burst);
  }

  clear(): void {
    this.#queue.clear();
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#onVisibility();
    this.#queue.resume('removed');
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#watch(null);
    this.#isOpen = false;
    this.#queue.pause('removed');
    this.#motion.stop();
    // A finger that is on one is not told to the end of it.
    for (const card of this.#cards()) card.dispatchEvent(new Event('pointercancel'));
  }

  hostUpdate(): void {
    this.#configure();
    this.#hadFocus = this.#hasFocus;
    // Where nothing is drawn, there is no place to glide from.
    this.#motion.remember(this.#isOpen ? this.#cards() : []);
  }

  hostUpdated(): void {
    const { isConnected, renderRoot } = this.#host;
    const region = renderRoot.querySelector('[role=status]');
    const isThere = this.#drawn.length > 0 && isConnected;
    this.#watch(isThere ? region : null);
    const isSeen = isThere && this.#reach.isDrawn;
    if (isSeen !== this.#isOpen) this.#toggle(isSeen);
    if (isConnected) for (const card of this.#cards()) this.#animate(card);
    // The toast that had it is closed, or has lost its place.
    if (this.#hadFocus && !this.#hasFocus) this.#focus.next();
    const isUnheard = !isConnected || this.#reach.isBlocked;
    this.#announcer.announce(region, this.#words, isUnheard, this.#queue.visible);
  }

  render(words: Words) {
    this.#words = words;
    const { visible, waiting } = this.#queue;
    this.#drawn = this.#withLeaving(visible);
    return html`<div
      part="base"
      class="base ${this.#host.position.replace('-', ' ')}"
      popover="manual"
      role="region"
      aria-label=${words.notifications}
      aria-keyshortcuts="F8"
      @pointerenter=${() => this.#queue.pause('hover')}
      @pointerleave=${() => this.#queue.resume('hover')}
      @focusin=${this.#onFocusIn}
      @focusout=${() => this.#queue.resume('focus')}
      @keydown=${this.#focus.onKeyDown}
    >
      <div class="stack">
        ${repeat(
          this.#drawn,
          ({ key }) => key,
          (toast) => renderToast(toast, words, this.#handlers),
        )}
        ${waiting > 0 ? html`<div class="waiting"></div>` : nothing}
      </div>
    </div>`;
  }

  #configure(): void {
    this.#queue.max = Math.max(1, this.#host.max);
    this.#queue.durationMs = this.#host.duration;
  }

  get #base(): HTMLElement | null {
    return this.#host.renderRoot.querySelector('[popover]');
  }

  /** Toasts stand in the browser's top layer, above everything that the page has. */
  #toggle(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (isOpen) this.#base?.showPopover?.();
    else this.#base?.hidePopover?.();
  }

  #cards(): HTMLElement[] {
    return [...this.#host.renderRoot.querySelectorAll<HTMLElement>('.toast')];
  }

  get #hasFocus(): boolean {
    const { activeElement } = this.#host.renderRoot as ShadowRoot;
    return activeElement?.closest('.toast:not([inert])') != null;
  }

  #dismiss(key: number, reason: DismissReason): void {
    this.#queue.dismiss(key, reason);
    this.#host.requestUpdate();
  }

  /** Listens and watches only while there is something to be seen. */
  #watch(probe: Element | null): void {
    if (probe) this.#reach.start(probe);
    else {
      this.#reach.stop();
      this.#queue.resume('reach');
    }
    if (probe && this.#reach.isDrawn) this.#focus.start();
    else {
      this.#focus.stop();
      // What has gone from under the pointer never hears that the pointer has left.
      for (const reason of ['hover', 'focus'] as const) this.#queue.resume(reason);
    }
  }

  /** What cannot be read or closed has no time that runs out; where it is only inert, it is drawn above the dialog. */
  #onReach(): void {
    const { isBlocked, isDrawn } = this.#reach;
    if (isBlocked) this.#queue.pause('reach');
    else this.#queue.resume('reach');
    requestFlush(this.#host);
    if (!isBlocked || !isDrawn || !this.#isOpen) return;
    this.#toggle(false);
    this.#toggle(true);
  }

  /** Those that go stay behind the one that they stood behind: what is moved in the document loses the keyboard. */
  #withLeaving(visible: readonly Toast[]): Toast[] {
    const drawn = [...visible];
    let place = 0;
    for (const toast of this.#drawn) {
      if (this.#leaving.has(toast.key)) drawn.splice(place++, 0, toast);
      else place = drawn.findIndex(({ key }) => key === toast.key) + 1 || place;
    }
    return drawn;
  }

  #animate(card: HTMLElement): void {
    const key = keyOf(card);
    const toast = this.#queue.visible.find((visible) => visible.key === key);
    if (!toast) {
      this.#motion.leave(card, () => {
        this.#leaving.delete(key);
        this.#host.requestUpdate();
      });
      return;
    }
    this.#motion.settle(card, this.#host.position.startsWith('top'));
    this.#motion.setTime(card, toast.durationMs, this.#queue.remainingMs(key), this.#queue.isPaused);
  }

  /** A click leaves the focus behind as well, and nobody waits there. */
  readonly #onFocusIn = ({ target }: FocusEvent): void => {
    if ((target as Element).matches(':focus-visible')) this.#queue.pause('focus');
  };

  readonly #onVisibility = (): void => {
    if (document.visibilityState === 'hidden') this.#queue.pause('hidden');
    else this.#queue.resume('hidden');
  };

  readonly #handlers: ToastHandlers = {
    onClose: (key) => this.#dismiss(key, 'closed'),
    onAction: (event: Event, toast: Toast, action: NotificationAction) => {
      const isFree = this.#host.dispatchEvent(new NotificationActivatedEvent(toast, action));
      if (!isFree) event.preventDefault();
      this.#dismiss(toast.key, 'activated');
    },
    onPointerDown: (event) => {
      const { position } = this.#host;
      const directions = position.endsWith('left') ? [-1] : position.endsWith('right') ? [1] : [-1, 1];
      const card = event.currentTarget as HTMLElement;
      followSwipe(event, card, directions, () => this.#dismiss(keyOf(card), 'swiped'));
    },
  };
}

function keyOf({ dataset }: HTMLElement): number {
  return Number(dataset.key);
}
