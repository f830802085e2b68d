import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { RealtimeEvent } from '../core/listeners.js';
import type { Undo } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';
import type { RosterSnapshot } from '../core/roster.js';
import { describeChannel, needsAuthorization, readEnvelope } from '../protocol.js';
import { ChannelFollower, type FollowStatus } from '../reactive/channel-follower.js';
import { requestFlush } from '../reactive/flush.js';
import { userWatch } from '../reactive/user-watch.js';
import { styles } from './realtime-badge.styles.js';
import { numeric, RealtimeElement } from './realtime-element.js';

/**
 * The last number of an event, how many events there were, how many people are on the channel, or
 * that something is live.
 */
export type BadgeKind = 'count' | 'unread' | 'viewers' | 'live';

/** What is said of a channel that is to be live and is not, while there is a connection. */
const channelWords = {
  loading: 'connecting',
  stale: 'reconnecting',
  error: 'refused',
  disabled: 'disabled',
} as const;

/** A number that changes sooner again runs, and is read better standing still. */
const STREAM_MS = 500;

/** A ring that leaves the dot. */
const pulse: Keyframe[] = [
  { outline: '1.5px solid var(--_good)', outlineOffset: '0px' },
  { outline: '1.5px solid transparent', outlineOffset: '6px' },
];

/**
 * A small mark that sits on a word, a bell or an avatar, or stands alone.
 *
 * @slot - What the badge sits on; without anything it stands alone.
 *
 * @csspart base - The wrapper.
 * @csspart badge - The badge itself.
 * @csspart dot - The dot of a "live" mark.
 * @csspart value - The number or word.
 *
 * @cssprop [--rt-badge-text] - Colour of the number; without it that of the surface.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that there is no number to show.
 *
 * @element realtime-badge
 */
export class RealtimeBadgeElement extends RealtimeElement {
  static override styles = [RealtimeElement.styles, styles];

  readonly #follower = new ChannelFollower(
    this,
    () => this.channel,
    (controller, channel) => this.#follow(controller, channel),
  );

  /** What somebody has not read, or was let in to see, is nobody else's. What is public stays. */
  readonly #watchUser = userWatch(() => {
    const { channel, kind } = this;
    if (kind === 'unread' || channel === '#user' || needsAuthorization(channel)) this.value = undefined;
  });

  /** The channel. */
  @property() channel = '';
  /** The event that counts. Default for `unread`: `notification`; for `live` and `count`: every event. */
  @property() event = '';
  /** What is shown. */
  @property() kind: BadgeKind = 'count';
  /** The field of the payload that has the number, for `count`. A payload that is a number needs none. */
  @property() field = 'count';
  /** Larger numbers are shown as this one and a plus. */
  @property(numeric) max = 99;
  /**
   * What is counted, for screen readers: "new orders" is read as "12 new orders". For `live`, the word that
   * is shown.
   */
  @property() label = '';
  #roster: (() => RosterSnapshot) | undefined;
  #value: number | undefined;
  #shownBefore: number | undefined;
  #changedAt = 0;
  #isHeard = false;

  /** The number, for `count` and `unread`; a page may begin with one, and set it back. */
  @property(numeric)
  get value(): number | undefined {
    return this.#value;
  }
  set value(value: number | undefined) {
    this.#value = value;
  }

  /** Where the element stands. A channel that is full is `live` to who counts: how many are there is known. */
  get status(): FollowStatus {
    return this.#isFull ? 'live' : this.#follower.status;
  }

  /** The number that is shown, before it is cut at `max`; `undefined` while none is known. */
  get count(): number | undefined {
    if (this.kind !== 'viewers') return this.value;
    return this.#roster ? this.#knownCount(this.#roster()) : this.#follower.state?.subscriptionCount;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // The number was another channel's.
    if (changed.get('channel') && !changed.has('value')) this.#value = undefined;
    this.reflect(this.status, this.kind !== 'live' && !this.#isShown);
  }

  protected override renderContent() {
    const words = [...this.childNodes].some(isWord) ? 'on word' : nothing;
    const content = this.children.length > 0 ? 'on' : words;
    // What it sits on stays the page's: it stands beside the wrapper that keeps the page's type away.
    return html`<span class=${content}
      ><slot @slotchange=${() => this.requestUpdate()}></slot
      ><span part="base" class="base ${this.status}"
        >${this.kind === 'live' ? this.#renderLive() : this.#renderCount()}</span
      ></span
    >`;
  }

  /** It says "live" only while it is. */
  #renderLive() {
    const { words } = this.localizer;
    const { status, label } = this;
    if (status === 'idle') return nothing;
    const { status: connection = 'connected' } = this.#follower.controller ?? {};
    const isLive = status === 'live';
    const word = isLive
      ? label || words.live
      : words.status[connection === 'connected' ? channelWords[status] : connection];
    return html`<span part="badge" class="badge quiet ${isLive ? '' : 'waiting'}"
      ><span part="dot" class="dot"></span><span part="value">${word}</span></span
    >`;
  }

  #renderCount() {
    const { count = 0, kind, label } = this;
    const max = Math.max(0, this.max);
    const { words, language } = this.localizer;
    if (!this.#isShown) return nothing;
    const number = count.toLocaleString(language) + (this.#isFull ? '+' : '');
    const spoken =
      kind === 'viewers' ? words.viewers(number) : kind === 'unread' ? words.unread(number) : number;
    return html`<span
      part="badge"
      class="badge ${kind === 'viewers' ? 'quiet' : ''} ${this.#shownBefore === undefined ? 'grow' : ''}"
      role="img"
      aria-label=${label ? `${number} ${label}` : spoken}
      ><span part="value">${count > max ? `${max.toLocaleString(language)}+` : number}</span></span
    >`;
  }

  protected override updated(): void {
    if (this.#isHeard && this.kind === 'live') this.#animate('dot', pulse, 700);
    this.#isHeard = false;
    const count = this.#isShown ? this.count : undefined;
    if (count === this.#shownBefore) return;
    const now = Date.now();
    const isSlid = this.#shownBefore !== undefined && count !== undefined;
    if (isSlid && now - this.#changedAt > STREAM_MS) {
      this.#animate('value', [{ opacity: 0, translate: '0 0.5em' }], 160);
    }
    this.#changedAt = now;
    this.#shownBefore = count;
  }

  /** Everything has been read: `unread` begins at nothing again. */
  markRead(): void {
    this.value = 0;
  }

  get #isShown(): boolean {
    return this.count !== undefined && !(this.kind === 'unread' && this.count === 0);
  }

  /** Whether it counts people on a channel that has reached its limit: they are at least as many. */
  get #isFull(): boolean {
    return this.kind === 'viewers' && this.#roster?.().degraded === true;
  }

  #knownCount({ known, degraded, count }: RosterSnapshot): number | undefined {
    return known || degraded ? count : undefined;
  }

  #follow(controller: RealtimeController, channel: string): Undo {
    const undos = [
      this.#watchUser(controller),
      controller.listen({ channel, event: '*', callback: (event) => this.#onEvent(event) }),
    ];
    if (describeChannel(channel).type === 'presence') {
      const roster = controller.presence(channel);
      this.#roster = () => roster.snapshot;
      undos.push(roster.changes.subscribe(() => requestFlush(this)));
    }
    return () => {
      for (const undo of undos) undo();
      this.#roster = undefined;
    };
  }

  #onEvent({ event, data }: RealtimeEvent): void {
    const wanted = this.event || (this.kind === 'unread' ? 'notification' : '');
    if (event.startsWith('pusher:') || (wanted && event !== wanted)) return;
    this.#isHeard = true;
    if (this.kind === 'unread') this.#value = (this.#value ?? 0) + 1;
    if (this.kind === 'count') this.#value = this.#numberIn(readEnvelope(event, data).data) ?? this.#value;
    requestFlush(this);
  }

  #numberIn(payload: unknown): number | undefined {
    const found =
      typeof payload === 'object' && payload !== null && Object.hasOwn(payload, this.field)
        ? (payload as Record<string, unknown>)[this.field]
        : payload;
    const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }

  #animate(part: string, frames: Keyframe[], duration: number): void {
    if (globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches) return;
    const moved = this.renderRoot.querySelector(`[part="${part}"]`);
    if (!moved?.getAnimations?.().length) moved?.animate?.(frames, { duration, easing: 'ease-out' });
  }
}

/** Comments and the spaces of the page's source are no content. */
function isWord(node: Node): boolean {
  return node instanceof Text && node.data.trim() !== '';
}

declare global {
  interface HTMLElementTagNameMap {
    'realtime-badge': RealtimeBadgeElement;
  }
}
