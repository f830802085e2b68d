import { html, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { RealtimeErrorEvent } from '../core/errors.js';
import type { RealtimeEvent } from '../core/listeners.js';
import type { NotificationLevel } from '../protocol.js';
import { ChannelController } from '../reactive/channel-controller.js';
import type { FollowStatus } from '../reactive/channel-follower.js';
import { ConnectionController } from '../reactive/connection-controller.js';
import { RealtimeConsumer } from '../reactive/realtime-consumer.js';
import { userWatch } from '../reactive/user-watch.js';
import { lazy } from './lazy.js';
import { numeric, RealtimeElement } from './realtime-element.js';
import { Tabs } from './tabs.js';
import type { ToastDescriber } from './toast-content.js';
import type { ToastContent } from './toast-queue.js';
import type { ToastStack, ToastStackHost } from './toast-stack.js';

export type {
  NotificationActivatedEvent,
  NotificationDismissedEvent,
  NotificationShownEvent,
} from './notification-events.js';

/** A corner or edge of the window. */
export type ToastPosition =
  | 'top-left'
  | 'top-center'
  | 'top-right'
  | 'bottom-left'
  | 'bottom-center'
  | 'bottom-right';

/** What comes so soon after a reconnect has gathered meanwhile. */
const BURST_MS = 2_000;
/** Kept while the code for toasts is on its way; it is there in a moment, or it is not coming. */
const MOST_EARLY = 100;

/** Events that become toasts without being asked to. */
const toastEvents = [
  'notification',
  'user.notification',
  'user.achievement',
  'content.generated',
  'trade-executed',
  'bot-created',
  'bot-updated',
  'strategy-modified',
];

const stackModule = lazy(() => import('./toast-stack.js'));

/**
 * Shows notifications of a channel as toasts, in the tab that somebody looks at. F8 takes the keyboard
 * to the newest, Escape closes the one that has it.
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
 * @cssprop [--rt-toast-width=22.5em] - Width of a toast where there is room.
 *
 * @fires {NotificationShownEvent} notification-shown - A toast is to be seen.
 * @fires {NotificationActivatedEvent} notification-activated - Somebody chose an action; `preventDefault()` keeps a link from being followed.
 * @fires {NotificationDismissedEvent} notification-dismissed - A toast has gone; `reason` tells why.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that no toast is to be seen.
 *
 * @element notification-toast
 */
export class NotificationToastElement extends RealtimeElement implements ToastStackHost {
  readonly #channel = new ChannelController(this, {
    channel: () => this.channel,
    handlers: { '*': (event) => this.#onEvent(event) },
    filter: ({ event }) =>
      toastEvents.includes(event) ||
      Object.hasOwn(this.texts, event) ||
      this.event.split(/\s+/).includes(event),
  });
  readonly #connection = new ConnectionController(this, { onChange: () => this.#onConnection() });
  /** From the beginning: a tab that nobody has asked yet knows when it was seen, and answers the others. */
  readonly #tabs = new Tabs(`realtime-elements:${this.localName}`);

  /** The channel whose notifications are shown. Without one, the element shows what `show()` is given. */
  @property() channel = '';
  /** Further events to show, by name with spaces between; their payload is read as that of `notification`. */
  @property() event = '';
  /** Where on the window. */
  @property() position: ToastPosition = 'bottom-right';
  /** How long a toast is seen, in milliseconds; 0 is until it is closed. Default: by its length, 6,000 at least. */
  @property(numeric) duration: number | undefined;
  /** How many are seen at once. */
  @property(numeric) max = 3;
  /** Shows the kit's own errors as well. */
  @property({ type: Boolean }) errors = false;
  /** Levels by a notification's `type`, beside those that the kit knows. */
  @property({ attribute: false }) levels: Readonly<Record<string, NotificationLevel>> = {};
  /** What to say about events, by name: a function gets the payload and answers `{title, message, level, …}`. */
  @property({ attribute: false }) texts: Readonly<Record<string, ToastDescriber>> = {};

  #stack: ToastStack | undefined;
  /** What is to be done as soon as the stack's code is there. */
  #early: ((stack: ToastStack) => void)[] = [];
  /** How often everything was taken away: what was on its way then does not come any more. */
  #clears = 0;
  #isConnected = false;
  #wasConnected = false;
  #reconnectedAt: number | undefined;

  constructor() {
    super();
    this.addController(this.#tabs);
    new RealtimeConsumer(
      this,
      userWatch(() => this.clear()),
    );
  }

  /** Where the element stands. */
  get status(): FollowStatus {
    return this.#channel.status;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('realtime-error', this.#onError);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('realtime-error', this.#onError);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const module = this.#early.length > 0 ? stackModule(this) : undefined;
    // What a toast says of an event is said once, and not in English while another language is on its way.
    if (module && this.localizer.isReady) {
      this.#stack ??= new module.ToastStack(this, this.localizer.words);
      for (const task of this.#early.splice(0)) {
        // A text of the page's own may fail, and is no other's trouble.
        try {
          task(this.#stack);
        } catch (error) {
          reportError(error);
        }
      }
    }
    this.reflect(this.status, this.#stack?.isEmpty ?? true);
  }

  protected override renderContent() {
    return html`<span class="hidden" role="status"></span>${this.#stack?.render(this.localizer.words)}`;
  }

  /** Shows a notification of the page's own, in this tab, whoever looks at it. */
  show(notification: ToastContent): void {
    this.#use((stack) => stack.add(notification));
  }

  /** Takes every toast away. */
  clear(): void {
    this.#clears += 1;
    this.#early = [];
    this.#stack?.clear();
  }

  #use(task: (stack: ToastStack) => void): void {
    if (this.#stack) {
      task(this.#stack);
      return;
    }
    this.#early = [...this.#early, task].slice(-MOST_EARLY);
    this.requestUpdate();
  }

  /** Every tab hears the event; one of them shows it. */
  async #onEvent(event: RealtimeEvent): Promise<void> {
    const burst = this.#burst;
    const clears = this.#clears;
    const isSpeaker = this.#tabs.isSpeaker();
    if (isSpeaker === true || ((await isSpeaker) && clears === this.#clears)) {
      this.#use((stack) => stack.read(event, burst));
    }
  }

  /** The number of the burst that an event of this moment belongs to. */
  get #burst(): number | undefined {
    const isBurst = this.#reconnectedAt !== undefined && Date.now() - this.#reconnectedAt < BURST_MS;
    return isBurst ? this.#reconnectedAt : undefined;
  }

  #onConnection(): void {
    const isConnected = this.#connection.status === 'connected';
    if (isConnected && !this.#isConnected && this.#wasConnected) this.#reconnectedAt = Date.now();
    this.#isConnected = isConnected;
    this.#wasConnected ||= isConnected;
  }

  readonly #onError = ({ error }: RealtimeErrorEvent): void => {
    if (this.errors) this.show({ level: 'error', title: error.message, message: error.hint });
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'notification-toast': NotificationToastElement;
  }
}
