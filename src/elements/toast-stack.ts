/**
 * The toasts that are seen: their drawing, and what people do with them. Fetched with the first
 * notification; until then `<notification-toast>` only listens.
 */
import { html, nothing, type ReactiveController } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RealtimeEvent } from '../core/listeners.js';
import type { NotificationAction } from '../protocol.js';
import { requestFlush } from '../reactive/flush.js';
import type { RealtimeHost } from '../reactive/realtime-consumer.js';
import { icon, iconStyles } from './icons.js';
import { ModalWatch } from './modal-watch.js';
import {
  NotificationActivatedEvent,
  NotificationDismissedEvent,
  NotificationShownEvent,
} from './notification-events.js';
import { safeUrl } from './safe-url.js';
import { adopt } from './styles.js';
import { followSwipe } from './swipe.js';
import { Tabs } from './tabs.js';
import { ToastReader, type ToastTexts } from './toast-content.js';
import { ToastMotion } from './toast-motion.js';
import { type DismissReason, type Toast, type ToastContent, ToastQueue } from './toast-queue.js';
import { styles } from './toast-stack.styles.js';
import type { Words } from './words.js';

/** The key that takes the keyboard to the newest toast. */
const FOCUS_KEY = 'F8';

/** What the stack reads from its element. */
export interface ToastStackHost extends RealtimeHost, ToastTexts {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly position: string;
  readonly max: number;
  readonly duration: number | undefined;
}

type PauseReason = 'hover' | 'focus' | 'hidden' | 'modal';

export class ToastStack implements ReactiveController {
  readonly #host: ToastStackHost;
  readonly #queue: ToastQueue;
  readonly #reader: ToastReader;
  readonly #tabs: Tabs;
  readonly #modal: ModalWatch;
  readonly #motion = new ToastMotion();
  readonly #pauses = new Set<PauseReason>();
  /** Toasts on their way out, with the places where they stood. */
  readonly #leaving = new Map<number, { toast: Toast; index: number }>();
  #drawn: Toast[] = [];
  #isOpen = false;
  #toAnnounce: Toast[] = [];
  /** Whether what is to be announced had to wait for a dialog to close. */
  #wasHeldBack = false;
  /** How often everything was taken away: what was on its way then does not come any more. */
  #clears = 0;
  #focusedBefore: HTMLElement | undefined;
  #words: Words;

  constructor(host: ToastStackHost, words: Words) {
    this.#host = host;
    this.#words = words;
    this.#queue = new ToastQueue({
      onChange: () => requestFlush(host),
      onShown: (toast) => {
        this.#toAnnounce.push(toast);
        host.dispatchEvent(new NotificationShownEvent(toast));
      },
      onDismissed: (toast, reason) => {
        this.#leave(toast);
        host.dispatchEvent(new NotificationDismissedEvent(toast, reason));
      },
    });
    this.#reader = new ToastReader(host);
    this.#tabs = new Tabs(`realtime-elements:${host.localName}`);
    this.#modal = new ModalWatch(host, () => this.#onModal());
    this.#configure();
    adopt(host.renderRoot, iconStyles, styles);
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

  /** Shows a notification, if this is the tab to do so. */
  async add(content: ToastContent, burst?: number): Promise<void> {
    const isSpeaker = this.#tabs.isSpeaker();
    const clears = this.#clears;
    if (isSpeaker === true || ((await isSpeaker) && clears === this.#clears)) this.#queue.add(content, burst);
  }

  clear(): void {
    this.#clears += 1;
    this.#queue.clear();
  }

  hostConnected(): void {
    this.#tabs.connect();
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#onVisibility();
  }

  hostDisconnected(): void {
    this.#tabs.disconnect();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#watch(false);
    this.#isOpen = false;
    this.#queue.pause();
  }

  hostUpdate(): void {
    this.#configure();
    this.#motion.remember(this.#cards());
  }

  hostUpdated(): void {
    const isSeen = this.#drawn.length > 0 && this.#host.isConnected;
    this.#watch(isSeen);
    if (isSeen !== this.#isOpen) this.#toggle(isSeen);
    for (const card of this.#cards()) this.#animate(card);
    this.#announce();
  }

  render(words: Words) {
    this.#words = words;
    const { visible, waiting } = this.#queue;
    this.#drawn = [...visible];
    for (const { toast, index } of this.#leaving.values()) this.#drawn.splice(index, 0, toast);
    return html`<div
      part="base"
      class="base ${this.#host.position.replace('-', ' ')}"
      popover="manual"
      role="region"
      aria-label=${words.notifications}
      @pointerenter=${() => this.#pause('hover')}
      @pointerleave=${() => this.#resume('hover')}
      @focusin=${() => this.#pause('focus')}
      @focusout=${() => this.#resume('focus')}
      @keydown=${this.#onKeyDown}
    >
      <div class="stack">
        ${repeat(
          this.#drawn,
          ({ key }) => key,
          (toast) => this.#renderToast(toast, words),
        )}
        ${waiting > 0 ? html`<div class="waiting"></div>` : nothing}
      </div>
    </div>`;
  }

  #renderToast(toast: Toast, words: Words) {
    const { level, message, key, durationMs, summaryOf } = toast;
    const title = titleOf(toast, words);
    const image = safeUrl(toast.image);
    const count = toast.count > 1 ? html`<span part="count" class="count">×${toast.count}</span>` : nothing;
    return html`<div
      part="toast"
      class="toast ${level} ${this.#leaving.has(key) ? 'leaving' : ''}"
      data-level=${level}
      data-key=${key}
      role=${level === 'error' && summaryOf === undefined ? 'alert' : nothing}
      @pointerdown=${this.#onPointerDown}
    >
      ${
        image
          ? html`<img part="image" src=${image} alt="" referrerpolicy="no-referrer" />`
          : html`<span part="icon" class="level">${icon(level)}</span>`
      }
      <div>
        ${title ? html`<div part="title" class="title">${title}${count}</div>` : nothing}
        ${message ? html`<div part="message" class="message">${message}${title ? nothing : count}</div>` : nothing}
        ${this.#renderActions(toast, words)}
      </div>
      <button part="close" class="close" aria-label=${words.close} @click=${() => this.#dismiss(key, 'closed')}>
        ${icon('close')}
      </button>
      ${durationMs < Number.POSITIVE_INFINITY ? html`<span part="time" class="time"></span>` : nothing}
    </div>`;
  }

  #renderActions(toast: Toast, words: Words) {
    const { url, actions = [] } = toast;
    const all = [...actions, ...(url ? [{ label: words.open, url }] : [])];
    const offered = all.filter((action) => action.event || safeUrl(action.url));
    if (offered.length === 0) return nothing;
    return html`<div class="actions">
      ${offered.map((action) => {
        const href = safeUrl(action.url);
        const choose = (event: Event) => this.#activate(event, toast, action);
        return href
          ? html`<a part="action" class="action" href=${href} rel="noopener" @click=${choose}>${action.label}</a>`
          : html`<button part="action" class="action" @click=${choose}>${action.label}</button>`;
      })}
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

  #dismiss(key: number, reason: DismissReason): void {
    const hadFocus = this.#base?.contains((this.#host.renderRoot as ShadowRoot).activeElement);
    this.#queue.dismiss(key, reason);
    this.#host.requestUpdate();
    if (hadFocus) this.#focusNext();
  }

  #activate(event: Event, toast: Toast, action: NotificationAction): void {
    const isFree = this.#host.dispatchEvent(new NotificationActivatedEvent(toast, action));
    if (!isFree) event.preventDefault();
    this.#dismiss(toast.key, 'activated');
  }

  /** The newest of the others, or where the keyboard came from. */
  #focusNext(): void {
    const cards = this.#cards().filter(({ dataset }) => !this.#leaving.has(Number(dataset.key)));
    const next = cards.at(-1)?.querySelector<HTMLElement>('a, button') ?? this.#focusedBefore;
    next?.focus();
  }

  #pause(reason: PauseReason): void {
    this.#pauses.add(reason);
    this.#queue.pause();
  }

  #resume(reason: PauseReason): void {
    this.#pauses.delete(reason);
    if (this.#pauses.size === 0) this.#queue.resume();
  }

  /** Listens and watches only while there is something to be seen. */
  #watch(isSeen: boolean): void {
    window.removeEventListener('keydown', this.#onWindowKeyDown);
    if (isSeen) {
      window.addEventListener('keydown', this.#onWindowKeyDown);
      this.#modal.start();
    } else {
      this.#modal.stop();
      for (const reason of ['hover', 'focus', 'modal'] as const) this.#pauses.delete(reason);
      if (this.#pauses.size === 0 && this.#queue.isPaused) this.#queue.resume();
    }
  }

  /** What is inert cannot be read or closed: its time stops, and it is drawn above the dialog. */
  #onModal(): void {
    if (this.#modal.isBlocked) {
      this.#pause('modal');
      if (!this.#isOpen) return;
      this.#toggle(false);
      this.#toggle(true);
    } else {
      this.#resume('modal');
    }
  }

  /** The live region hears of what is new, once nothing makes it inert. An error's card announces itself. */
  #announce(): void {
    this.#wasHeldBack ||= this.#modal.isBlocked;
    if (this.#modal.isBlocked || this.#toAnnounce.length === 0) return;
    const said = this.#toAnnounce.filter(({ level }) => level !== 'error' || this.#wasHeldBack);
    this.#toAnnounce = [];
    this.#wasHeldBack = false;
    const texts = said.slice(-3).flatMap((toast) => [titleOf(toast, this.#words), toast.message]);
    const region = this.#host.renderRoot.querySelector('[role=status]');
    if (region && said.length > 0) region.textContent = texts.filter(Boolean).join('. ');
  }

  /** Keeps drawing a toast that has gone until it has faded. */
  #leave(toast: Toast): void {
    const index = this.#drawn.findIndex(({ key }) => key === toast.key);
    if (index >= 0) this.#leaving.set(toast.key, { toast, index });
  }

  #animate(card: HTMLElement): void {
    const key = Number(card.dataset.key);
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

  readonly #onVisibility = (): void => {
    if (document.visibilityState === 'hidden') this.#pause('hidden');
    else this.#resume('hidden');
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const card = (event.target as Element).closest<HTMLElement>('.toast');
    if (event.key !== 'Escape' || !card) return;
    event.stopPropagation();
    this.#dismiss(Number(card.dataset.key), 'closed');
  };

  readonly #onWindowKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== FOCUS_KEY || event.defaultPrevented || this.isEmpty) return;
    event.preventDefault();
    const { activeElement } = document;
    if (activeElement !== this.#host) this.#focusedBefore = activeElement as HTMLElement;
    this.#focusNext();
  };

  readonly #onPointerDown = (event: PointerEvent): void => {
    const { position } = this.#host;
    const directions = position.endsWith('left') ? [-1] : position.endsWith('right') ? [1] : [-1, 1];
    const card = event.currentTarget as HTMLElement;
    followSwipe(event, card, directions, () => this.#dismiss(Number(card.dataset.key), 'swiped'));
  };
}

function titleOf({ title, summaryOf }: Toast, words: Words): string | undefined {
  return summaryOf === undefined ? title : words.newNotifications(summaryOf);
}
