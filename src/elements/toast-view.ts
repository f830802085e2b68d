/** How one toast is drawn. */
import { html, nothing } from 'lit';
import type { NotificationAction } from '../protocol.js';
import { icon } from './icons.js';
import { safeUrl } from './safe-url.js';
import type { Toast } from './toast-queue.js';
import type { Words } from './words.js';

/** What a person may do with a toast. */
export interface ToastHandlers {
  onClose: (key: number) => void;
  onAction: (event: Event, toast: Toast, action: NotificationAction) => void;
  onPointerDown: (event: PointerEvent) => void;
}

/** The title; that of a toast which stands for many is their number. */
export function titleOf({ title, summaryOf }: Toast, words: Words): string | undefined {
  return summaryOf === undefined ? title : words.newNotifications(summaryOf);
}

export function renderToast(toast: Toast, words: Words, handlers: ToastHandlers) {
  const { level, message, key, durationMs, summaryOf } = toast;
  const title = titleOf(toast, words);
  const image = safeUrl(toast.image);
  const count = toast.count > 1 ? html`<span part="count" class="count">×${toast.count}</span>` : nothing;
  return html`<div
    part="toast"
    class="toast ${level}"
    data-level=${level}
    data-key=${key}
    role=${level === 'error' && summaryOf === undefined ? 'alert' : nothing}
    @pointerdown=${handlers.onPointerDown}
  >
    ${
      image
        ? html`<img part="image" src=${image} alt="" referrerpolicy="no-referrer" />`
        : html`<span part="icon" class="level">${icon(level)}</span>`
    }
    <div>
      ${title ? html`<div part="title" class="title"><bdi>${title}</bdi>${count}</div>` : nothing}
      ${message ? html`<div part="message" class="message"><bdi>${message}</bdi>${title ? nothing : count}</div>` : nothing}
      ${renderActions(toast, words, handlers)}
    </div>
    <button part="close" class="close" aria-label=${words.close} @click=${() => handlers.onClose(key)}>
      ${icon('close')}
    </button>
    ${durationMs < Number.POSITIVE_INFINITY ? html`<span part="time" class="time"></span>` : nothing}
  </div>`;
}

function renderActions(toast: Toast, words: Words, { onAction }: ToastHandlers) {
  const { url, actions = [] } = toast;
  const all = [...actions, ...(url ? [{ label: words.open, url }] : [])];
  const offered = all.filter((action) => action.event || safeUrl(action.url));
  if (offered.length === 0) return nothing;
  return html`<div class="actions">
    ${offered.map((action) => {
      const href = safeUrl(action.url);
      const choose = (event: Event) => onAction(event, toast, action);
      return href
        ? html`<a part="action" class="action" href=${href} rel="noopener" @click=${choose}><bdi>${action.label}</bdi></a>`
        : html`<button part="action" class="action" @click=${choose}><bdi>${action.label}</bdi></button>`;
    })}
  </div>`;
}
