import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RealtimeEvent } from '../core/listeners.js';
import { type NotificationAction, readEnvelope, readPayload } from '../protocol.js';
import { ConnectionController } from '../reactive/connection-controller.js';
import { EventController } from '../reactive/event-controller.js';
import { requestFlush } from '../reactive/flush.js';
import { icon } from './icons.js';
import { styles } from './notification-toast.styles.js';
import { RealtimeElement } from './realtime-element.js';
import { safeUrl } from './safe-url.js';
import { describeEvent, toastEvents } from './toast-content.js';
import { type DismissReason, type Toast, type ToastContent, ToastQueue } from './toast-queue.js';

/** A corner or edge of the window. */
export type ToastPosition =
  | 'top-left'
  | 'top-center'
  | 'top-right'
  | 'bottom-left'
  | 'bottom-center'
  | 'bottom-right';

/** A toast is to be seen. */
export class NotificationShownEvent extends Event {
  static readonly eventName = 'notification-shown';
  readonly notification: ToastContent;

  constructor(notification: ToastContent) {
    super(NotificationShownEvent.eventName, { bubbles: true, composed: true });
    this.notification = notification;
  }
}

/** Somebody chose an action of a toast. */
export class NotificationActivatedEvent extends Event {
  static readonly eventName = 'notification-activated';
  readonly notification: ToastContent;
  /** `action.event` is a name from the payload: compare it, do not dispatch it. */
  readonly action: NotificationAction;

  constructor(notification: ToastContent, action: NotificationAction) {
    super(NotificationActivatedEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.notification = notification;
    this.action = action;
  }
}

/** A toast has gone. */
export class NotificationDismissedEvent extends Event {
  static readonly eventName = 'notification-dismissed';
  readonly notification: ToastContent;
  readonly reason: DismissReason;

  constructor(notification: ToastContent, reason: DismissReason) {
    super(NotificationDismissedEvent.eventName, { bubbles: true, composed: true });
    this.notification = notification;
    this.reason = reason;
  }
}

/** What comes so soon after a reconnect is what has gathered meanwhile. */
const BURST_MS = 2_000;

/**
 * Shows notifications of a channel as toasts.
 *
 * @csspart base - The stack.
 * @csspart toast - One toast, with `data-level`.
 * @csspart icon - The icon of its level.
 * @csspart image - The picture in the icon's place.
 * @csspart title - The title.
 * @csspart message - The text.
 * @csspart count - How many times the same was said.
 * @csspart action - A link or button of the notification.
 * @csspart close - The button that closes the toast.
 * @csspart time - The line that shows the time left.
 *
 * @cssprop [--rt-toast-width=360px] - Width of a toast where there is room.
 * @cssprop [--rt-layer=9999] - Height of what is fixed above the page.
 *
 * @fires notification-shown - A toast is to be seen.
 * @fires notification-activated - Somebody chose an action; `preventDefault()` keeps a link from being followed.
 * @fires notification-dismissed - A toast has gone; `reason` tells why.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that no toast is to be seen.
 */
export class NotificationToastElement extends RealtimeElement {
  static override styles = [RealtimeElement.styles, styles].flat();

  readonly #queue = new ToastQueue({
    onChange: () => requestFlush(this),
    onShown: (toast) => this.#onShown(toast),
    onDismissed: (toast, reason) => this.dispatchEvent(new NotificationDismissedEvent(toast, reason)),
  });
  readonly #events = new EventController(this, {
    channel: () => this.channel,
    event: toastEvents,
    callback: (event) => this.#onEvent(event),
  });
  readonly #connection = new ConnectionController(this, { onChange: () => this.#onConnection() });

  /** The channel whose notifications are shown. Without one, the element shows what `show()` is given. */
  @property() channel = '';
  /** Where on the window. */
  @property() position: ToastPosition = 'bottom-right';
  /** How long a toast is seen, in milliseconds; 0 is until it is closed. Default: by its length, 6,000 at least. */
  @property({ type: Number }) duration: number | undefined;
  /** How many are seen at once. */
  @property({ type: Number }) max = 3;

  #announcement = '';
  #wasConnected = false;
  #isConnected = false;
  #burstTimer: ReturnType<typeof setTimeout> | undefined;

  get status() {
    return this.#events.status;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endBurst();
    this.#queue.pause();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#queue.resume();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.#queue.max = Math.max(1, this.max);
    this.#queue.durationMs = this.duration;
    this.setAttribute('status', this.status);
    this.toggleAttribute('empty', this.#queue.visible.length === 0);
  }

  protected override render() {
    const { words } = this;
    const { visible, waiting, paused } = this.#queue;
    return html`<div
      part="base"
      class="base ${this.position.replace('-', ' ')} ${paused ? 'paused' : ''}"
      role="region"
      aria-label=${words.notifications}
      @pointerenter=${this.#pause}
      @pointerleave=${this.#resume}
      @focusin=${this.#pause}
      @focusout=${this.#resume}
      @keydown=${this.#onKeyDown}
    >
      <span class="hidden" role="status">${this.#announcement}</span>
      <ol>
        ${repeat(
          visible,
          ({ key }) => key,
          (toast) => this.#renderToast(toast),
        )}
        ${waiting > 0 ? html`<li class="waiting" aria-hidden="true"></li>` : nothing}
      </ol>
    </div>`;
  }

  #renderToast(toast: Toast) {
    const { level, message, count, key, durationMs, summaryOf } = toast;
    const title = summaryOf === undefined ? toast.title : this.words.newNotifications(summaryOf);
    const image = safeUrl(toast.image);
    return html`<li
      part="toast"
      class="toast ${level}"
      data-level=${level}
      data-key=${key}
      role=${level === 'error' ? 'alert' : nothing}
    >
      ${
        image
          ? html`<img part="image" src=${image} alt="" referrerpolicy="no-referrer" />`
          : html`<span part="icon" class="level">${icon(level)}</span>`
      }
      <div>
        ${title ? html`<div part="title" class="title">${title}${this.#renderCount(count)}</div>` : nothing}
        ${message ? html`<div part="message" class="message">${message}${title ? nothing : this.#renderCount(count)}</div>` : nothing}
        ${this.#renderActions(toast)}
      </div>
      <button part="close" class="close" aria-label=${this.words.close} @click=${() => this.#queue.dismiss(key, 'closed')}>${icon('close')}</button>
      ${durationMs < Number.POSITIVE_INFINITY ? html`<span part="time" class="time"></span>` : nothing}
    </li>`;
  }

  #renderCount(count: number) {
    return count > 1 ? html`<span part="count" class="count">×${count}</span>` : nothing;
  }

  #renderActions(toast: Toast) {
    const { url, actions = [] } = toast;
    const all = [...actions, ...(url ? [{ label: this.words.open, url }] : [])];
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

  protected override updated(): void {
    const { visible } = this.#queue;
    this.renderRoot.querySelectorAll<HTMLElement>('.toast').forEach((element, index) => {
      const durationMs = visible[index]?.durationMs ?? 0;
      element.style.setProperty('--_time', `${durationMs}ms`);
    });
  }

  /** Shows a notification of the page's own. */
  show(notification: ToastContent): void {
    this.#queue.add(notification);
  }

  /** Takes every toast away. */
  clear(): void {
    this.#queue.clear();
  }

  #onEvent({ event, data }: RealtimeEvent): void {
    const envelope = readEnvelope(event, data);
    const payload = readPayload(event, envelope.data);
    if (!payload.ok) return;
    const content = describeEvent(event, payload.value, this.words);
    if (content) this.#queue.add({ ...content, id: content.id ?? envelope.id });
  }

  #onShown(toast: Toast): void {
    if (toast.level !== 'error') this.#announcement = this.#sayToast(toast);
    this.dispatchEvent(new NotificationShownEvent(toast));
  }

  #sayToast({ title, message, summaryOf }: Toast): string {
    if (summaryOf !== undefined) return this.words.newNotifications(summaryOf);
    return [title, message].filter(Boolean).join('. ');
  }

  #onConnection(): void {
    const isConnected = this.#connection.status === 'connected';
    if (isConnected && !this.#isConnected && this.#wasConnected) {
      this.#endBurst();
      this.#queue.beginBurst();
      this.#burstTimer = setTimeout(() => this.#endBurst(), BURST_MS);
    }
    this.#isConnected = isConnected;
    this.#wasConnected ||= isConnected;
  }

  #endBurst(): void {
    clearTimeout(this.#burstTimer);
    this.#burstTimer = undefined;
    this.#queue.endBurst();
  }

  #activate(event: Event, toast: Toast, action: NotificationAction): void {
    const activated = new NotificationActivatedEvent(toast, action);
    if (!this.dispatchEvent(activated)) event.preventDefault();
    this.#queue.dismiss(toast.key, 'activated');
  }

  readonly #pause = (): void => {
    this.#queue.pause();
    this.requestUpdate();
  };

  readonly #resume = (): void => {
    this.#queue.resume();
    this.requestUpdate();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    const toast = (event.target as Element).closest<HTMLElement>('.toast');
    if (toast) this.#queue.dismiss(Number(toast.dataset.key), 'closed');
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'notification-toast': NotificationToastElement;
  }
  interface GlobalEventHandlersEventMap {
    'notification-shown': NotificationShownEvent;
    'notification-activated': NotificationActivatedEvent;
    'notification-dismissed': NotificationDismissedEvent;
  }
}
