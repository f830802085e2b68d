import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { ConnectionStatus } from '../core/connection.js';
import { ConnectionController } from '../reactive/connection-controller.js';
import type { ConnectionDetails } from './connection-details.js';
import { styles } from './connection-status.styles.js';
import { lazy } from './lazy.js';
import { RealtimeElement } from './realtime-element.js';

/** A mark, a mark with its word, or a bar that shows only while the connection is lost. */
export type ConnectionStatusVariant = 'dot' | 'pill' | 'bar';
export type ConnectionStatusSize = 'small' | 'medium' | 'large';
/** In the text's flow, or fixed in a corner of the window. */
export type CornerPosition = 'inline' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** The connection's status changed. */
export class StatusChangedEvent extends Event {
  static readonly eventName = 'status-changed';
  readonly status: ConnectionStatus;
  readonly previous: ConnectionStatus;

  constructor(status: ConnectionStatus, previous: ConnectionStatus) {
    super(StatusChangedEvent.eventName, { bubbles: true, composed: true });
    this.status = status;
    this.previous = previous;
  }
}

/** The connection has been gone for five seconds, or is back after that. */
export class LostChangedEvent extends Event {
  static readonly eventName = 'lost-changed';
  readonly lost: boolean;

  constructor(lost: boolean) {
    super(LostChangedEvent.eventName, { bubbles: true, composed: true });
    this.lost = lost;
  }
}

/** The good news stays long enough to be read, and no longer. */
const BACK_ONLINE_MS = 3_000;

/** Classes of the mark, by status: shape and colour both tell. */
const marks: Record<ConnectionStatus, string> = {
  idle: '',
  connecting: 'waiting pulse',
  connected: 'good',
  reconnecting: 'waiting pulse',
  offline: 'waiting square',
  refused: 'trouble square',
  disconnected: '',
  disabled: 'square',
};

/** While the page hopes, its words wait for `lost`; what is settled is said at once. */
const hopeful: readonly ConnectionStatus[] = ['connecting', 'reconnecting', 'offline'];

/** Whoever said last what all of them show: once is enough for screen readers. */
let speaker: ConnectionStatusElement | undefined;

const detailsModule = lazy(() => import('./connection-details.js'));

/**
 * Shows how the page's connection is, and needs one. The mark follows the status at once; its words,
 * the bar and what screen readers hear wait until the connection has been gone for five seconds.
 *
 * @csspart base - The wrapper.
 * @csspart trigger - The dot or pill.
 * @csspart mark - The mark that tells the status by shape and colour.
 * @csspart label - The word beside it.
 * @csspart bar - The bar at the window's top edge.
 * @csspart details - The popover, or the details in place.
 * @csspart reason - Why there is no connection.
 * @csspart retry - The button that tries again at once.
 *
 * @cssprop [--rt-layer=9999] - The `z-index` of a status in a corner.
 *
 * @fires {StatusChangedEvent} status-changed - The status changed.
 * @fires {LostChangedEvent} lost-changed - The connection has been gone for five seconds, or is back after that.
 *
 * @attr {ConnectionStatus} status - Reflects the status; read it, do not set it.
 * @attr {boolean} lost - Reflects that the connection has been gone for five seconds.
 *
 * @element connection-status
 */
export class ConnectionStatusElement extends RealtimeElement {
  static override styles = [RealtimeElement.styles, styles];

  readonly #connection = new ConnectionController(this, { need: true, onChange: () => this.#onChange() });

  /** A mark (`dot`), a mark with its word (`pill`), or a bar that shows only while the connection is lost. */
  @property() variant: ConnectionStatusVariant = 'pill';
  /** How large mark and word are. */
  @property() size: ConnectionStatusSize = 'medium';
  /** In the text's flow, or fixed in a corner of the window. */
  @property() position: CornerPosition = 'inline';
  /** Shows the details in place instead of in a popover. */
  @property({ type: Boolean, attribute: 'show-details' }) showDetails = false;

  #status: ConnectionStatus = 'idle';
  #lost = false;
  /** The status whose word is shown. */
  #said: ConnectionStatus = 'idle';
  #announcement = '';
  #details: ConnectionDetails | undefined;
  /** What holds the details, once it was opened. */
  #popover: HTMLElement | undefined;
  #backTimer: ReturnType<typeof setTimeout> | undefined;

  /** The status now, at the moment of the change. */
  get status(): ConnectionStatus {
    return this.#connection.status;
  }
  /** Whether the connection has been gone for five seconds although one is wanted. */
  get lost(): boolean {
    return this.#connection.lost;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#onChange();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forgetGoodNews();
    if (speaker === this) speaker = undefined;
  }

  protected override renderContent() {
    const isBar = this.variant === 'bar';
    return html`<div part="base" class="base ${this.#corner} ${this.showDetails && !isBar ? 'wide' : ''}">
      ${isBar ? this.#renderBar() : [this.#renderTrigger(), this.#renderDetails()]}
      <span class="hidden" role="status">${this.#announcement}</span>
    </div>`;
  }

  /** Above the page, and out of boxes that hold what is fixed in them; over a modal dialog it could not be used. */
  protected override updated(): void {
    const bar = this.renderRoot.querySelector<HTMLElement>('.bar');
    if (!bar?.isConnected || !bar.showPopover || bar.matches(':popover-open')) return;
    if (!document.querySelector(':modal')) bar.showPopover();
  }

  #renderTrigger() {
    const { variant, status, showDetails } = this;
    const { words } = this.localizer;
    const word = words.status[this.#said];
    const longest = Object.values(words.status).reduce((a, b) => (b.length > a.length ? b : a));
    const content = html`<span part="mark" class="mark ${marks[status]}"></span>
      ${
        variant === 'dot'
          ? html`<span class="hidden">${words.connection}: ${word}</span>`
          : html`<span class="hidden">${words.connection}: </span
              ><span part="label" class="word ${status === this.#said ? '' : 'outdated'}"
                ><span>${word}</span><span aria-hidden="true">${longest}</span></span
              >`
      }`;
    const classes = `trigger ${variant === 'dot' ? '' : 'pill'}`;
    return showDetails
      ? html`<div part="trigger" class=${classes}>${content}</div>`
      : html`<button
          part="trigger"
          class=${classes}
          popovertarget="details"
          @pointerenter=${this.#prefetch}
          @focus=${this.#prefetch}
        >${content}</button>`;
  }

  #renderDetails() {
    const { words, language } = this.localizer;
    // A popover that is taken out of the document closes without a word.
    const isShown = this.showDetails || this.#popover?.matches(':popover-open');
    if (isShown) this.#loadDetails();
    const content = isShown ? this.#details?.render(words, language, () => this.retry()) : nothing;
    return this.showDetails
      ? html`<div part="details" class="details in-place" tabindex="-1">${content}</div>`
      : html`<div
          part="details"
          class="details"
          id="details"
          popover
          tabindex="-1"
          role="dialog"
          aria-label=${words.connection}
          @toggle=${this.#onToggle}
        >${content}</div>`;
  }

  #renderBar() {
    const { lost, status } = this;
    const { words } = this.localizer;
    if (!lost && this.#backTimer === undefined) return nothing;
    return html`<div part="bar" class="bar ${lost ? '' : 'back'}" popover="manual">
      <span part="mark" class="mark ${marks[status]}"></span>
      <span part="label">${lost ? words.explanation[status] : words.backOnline}</span>
      ${lost ? html`<button part="retry" @click=${this.retry} @focus=${this.#onFocus}>${words.retry}</button>` : nothing}
    </div>`;
  }

  /** Tries at once, whatever the backoff says. */
  retry(): void {
    this.#connection.retry();
  }

  get #corner(): string {
    return this.position === 'inline' || this.variant === 'bar'
      ? ''
      : `corner ${this.position.replace('-', ' ')}`;
  }

  /** At the moment of the change: the attributes and events are true before the next render. */
  #onChange(): void {
    // Another element, or whom it told, may have removed this one.
    if (!this.isConnected) return;
    const { status, lost } = this;
    const [previous, wasLost] = [this.#status, this.#lost];
    this.#status = status;
    this.#lost = lost;
    this.setAttribute('status', status);
    this.toggleAttribute('lost', lost);
    if (lost || !hopeful.includes(status) || this.#said === 'idle') this.#said = status;
    if (lost) this.#say(this.localizer.words.explanation[status]);
    if (lost !== wasLost) this.#onLostChanged(lost);
    // Last: whoever hears of it may remove the element.
    if (status !== previous) this.dispatchEvent(new StatusChangedEvent(status, previous));
    if (lost !== wasLost) this.dispatchEvent(new LostChangedEvent(lost));
  }

  /** Says nothing that is being said by another; one that is not drawn is not heard. */
  #say(text: string): void {
    const isSaid = speaker !== this && speaker?.checkVisibility?.() && speaker.#announcement === text;
    if (!isSaid) speaker = this;
    this.#announcement = isSaid ? '' : text;
  }

  readonly #prefetch = (): void => {
    detailsModule(this);
  };

  readonly #onToggle = ({ currentTarget }: Event): void => {
    this.#popover = currentTarget as HTMLElement;
    this.requestUpdate();
  };

  readonly #onFocus = ({ relatedTarget }: FocusEvent): void => {
    const before = relatedTarget as HTMLElement | null;
    // Of what has it inside another element, only that one is known.
    const heir = before?.shadowRoot?.querySelector('button') ?? before;
    this.focusedBefore = heir ? new WeakRef(heir) : undefined;
  };

  #loadDetails(): void {
    const module = detailsModule(this);
    if (module) this.#details ??= new module.ConnectionDetails(this, this.#connection);
  }

  #onLostChanged(lost: boolean): void {
    this.#forgetGoodNews();
    if (!lost && this.status === 'connected') {
      this.#say(this.localizer.words.backOnline);
      this.#backTimer = setTimeout(() => {
        this.#forgetGoodNews();
        this.requestUpdate();
      }, BACK_ONLINE_MS);
    }
  }

  #forgetGoodNews(): void {
    clearTimeout(this.#backTimer);
    this.#backTimer = undefined;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'connection-status': ConnectionStatusElement;
  }
  interface GlobalEventHandlersEventMap {
    'status-changed': StatusChangedEvent;
    'lost-changed': LostChangedEvent;
  }
}
