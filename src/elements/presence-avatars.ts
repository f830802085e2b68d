import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Member, RosterChange } from '../core/roster.js';
import type { FollowStatus } from '../reactive/channel-follower.js';
import { PresenceController } from '../reactive/presence-controller.js';
import { avatarStyles, paintAvatars, renderFace } from './avatar.js';
import { lazy } from './lazy.js';
import type { MemberList } from './member-list.js';
import { styles } from './presence-avatars.styles.js';
import { numeric, RealtimeElement } from './realtime-element.js';

/** The order of the avatars; whoever reads the page always comes first. */
export type MemberSort = 'joined' | 'name' | 'status' | 'role';

/** Somebody came. */
export class MemberAddedEvent extends Event {
  static readonly eventName = 'member-added';
  readonly member: Member;

  constructor(member: Member) {
    super(MemberAddedEvent.eventName, { bubbles: true, composed: true });
    this.member = member;
  }
}

/** Somebody has gone; coming back within the grace is no leaving. */
export class MemberRemovedEvent extends Event {
  static readonly eventName = 'member-removed';
  readonly member: Member;

  constructor(member: Member) {
    super(MemberRemovedEvent.eventName, { bubbles: true, composed: true });
    this.member = member;
  }
}

const listModule = lazy(() => import('./member-list.js'));

const statusOrder = ['online', 'busy', 'away', 'offline'];
const collator = new Intl.Collator();

/**
 * Shows who is on a presence channel; the row opens a list of all.
 *
 * @slot - Shown until it is known who is there.
 *
 * @csspart base - The wrapper.
 * @csspart heading - The heading with the count.
 * @csspart list - The row of avatars.
 * @csspart avatar - One person, with `data-member-id` and `data-status`.
 * @csspart face - Picture or initials of somebody.
 * @csspart image - The picture.
 * @csspart mark - The mark of somebody's status.
 * @csspart more - How many more there are.
 * @csspart people - The list of all.
 * @csspart search - The search in it.
 * @csspart person - One person in it.
 *
 * @cssprop [--rt-avatar-size=2em] - Diameter of an avatar.
 *
 * @fires {MemberAddedEvent} member-added - Somebody came.
 * @fires {MemberRemovedEvent} member-removed - Somebody has gone.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that nobody is to be shown.
 * @attr {string} role - The same as `member-role`.
 *
 * @element presence-avatars
 */
export class PresenceAvatarsElement extends RealtimeElement {
  static override styles = [RealtimeElement.styles, avatarStyles, styles];

  readonly #presence = new PresenceController(this, {
    channel: () => this.channel,
    onChange: (change) => this.#onChange(change),
  });

  /** The presence channel. */
  @property() channel = '';
  /** How many avatars are shown before the rest becomes a number. */
  @property(numeric) max = 5;
  /** The order; whoever reads the page always comes first. */
  @property() sort: MemberSort = 'joined';
  /** Only people of this role. `role` says the same, but is also what assistive technology reads. */
  @property({ attribute: 'member-role' }) memberRole = '';
  /** Only people of these statuses, with spaces between: `online away busy`. */
  @property({ attribute: 'member-status' }) memberStatus = '';
  /** Leaves out whoever reads the page. */
  @property({ type: Boolean, attribute: 'hide-self' }) hideSelf = false;
  /** A heading, shown with the count. */
  @property() heading = '';

  /** @internal `role` as an attribute; as a property it is the platform's. */
  @property({ attribute: 'role' }) roleText = '';

  /** What holds the list, once it was opened. */
  #popover: HTMLElement | undefined;
  #list: MemberList | undefined;
  /** The first of those who match; all of them while the list is open. */
  #shown: readonly Member[] = [];
  #matching: readonly Member[] = [];
  readonly #brokenImages = new Set<string>();
  /** Who came after this page, as growing numbers. */
  readonly #arrived = new Map<string, number>();
  #arrivals = 0;

  /** Where the element stands. */
  get status(): FollowStatus {
    return this.#presence.status;
  }
  /** Everyone that the element shows or counts: filtered and in order. */
  get members(): readonly Member[] {
    return this.#select().sort(this.#compare);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // On another channel others have come.
    if (changed.get('channel')) this.#arrived.clear();
    this.#matching = this.#select();
    this.#shown = this.#isListOpen ? this.members : first(this.#matching, this.#room, this.#compare);
    const module = this.#isListOpen ? listModule(this) : undefined;
    if (module) this.#list ??= new module.MemberList(this);
    // What could not be loaded while there was no network may be loaded now.
    if (this.status === 'live' && this.getAttribute('status') === 'stale') this.#brokenImages.clear();
    const { degraded } = this.#presence;
    this.reflect(this.status, this.status === 'live' && !degraded && this.#shown.length === 0);
  }

  protected override renderContent() {
    const { status } = this;
    if (this.#isKnown || status === 'error') return this.#wrap('', this.#renderHeading(), this.#renderBody());
    // What the page says meanwhile stays in the page's own type.
    const ghost = html`<li class="avatar ghost"></li>`;
    return html`${this.heading ? this.#wrap('block', this.#renderHeading()) : nothing}<slot
        >${status === 'loading' ? this.#wrap('', html`<ul class="row" aria-hidden="true">${[ghost, ghost, ghost]}</ul>`) : nothing}</slot
      >`;
  }

  #wrap(classes: string, ...content: unknown[]) {
    return html`<div
      part="base"
      class="base ${classes} ${this.status}"
      @error=${{ handleEvent: this.#onImageError, capture: true }}
    >${content}</div>`;
  }

  get #isKnown(): boolean {
    return this.status === 'live' || this.status === 'stale';
  }

  #renderHeading() {
    const { heading } = this;
    if (!heading) return nothing;
    return html`<div part="heading" class="heading">
      ${heading}${this.#isKnown ? html` <span>${this.#count}</span>` : nothing}
    </div>`;
  }

  #renderBody() {
    const { words } = this.localizer;
    const { degraded } = this.#presence;
    if (degraded) {
      const label = `${this.#count}. ${words.crowded}`;
      return html`<span part="more" class="more" role="img" aria-label=${label} title=${words.crowded}
        ><span>${this.#count}</span></span
      >`;
    }
    if (this.status === 'error') return html`<span class="note">${words.unavailable}</span>`;
    return this.#shown.length === 0 ? html`<span class="note">${words.nobody}</span>` : this.#renderRow();
  }

  #renderRow() {
    const { words, language } = this.localizer;
    const visible = this.#shown.slice(0, this.#room);
    const rest = this.#matching.length - visible.length;
    const name = this.heading || words.people;
    return html`<ul
        part="list"
        class="row"
        role="list"
        tabindex="-1"
        aria-label=${name}
        @pointerenter=${this.#prefetch}
        @focusin=${this.#prefetch}
      >
        ${repeat(
          visible,
          ({ id }) => id,
          (member, index) => this.#renderMember(member, index === 0 && rest <= 0),
        )}
        ${
          rest > 0
            ? html`<li>
                <button
                  part="more"
                  class="more"
                  popovertarget="people"
                  aria-label=${words.more(rest)}
                ><span>+${rest.toLocaleString(language)}</span></button>
              </li>`
            : nothing
        }
      </ul>
      <div
        part="people"
        class="popover"
        id="people"
        popover
        tabindex="-1"
        role="dialog"
        aria-label=${name}
        @toggle=${this.#onToggle}
      >${this.#isListOpen ? this.#list?.render(this.#shown, words, this.#brokenImages) : nothing}</div>`;
  }

  /** Fingers open the list from every avatar; the keyboard needs one stop only. */
  #renderMember(member: Member, isStop: boolean) {
    const { words } = this.localizer;
    const { id, info, status, isMe } = member;
    const label = [info.name, isMe ? words.you : '', words.presence[status]].filter(Boolean).join(', ');
    // An image that the button holds: its initials are no words to call the button by.
    return html`<li><button class="opener" popovertarget="people" tabindex=${isStop ? nothing : -1}>
      <span
        part="avatar"
        role="img"
        class="avatar ${isMe ? 'me' : ''} ${this.#arrived.has(id) ? 'new' : ''}"
        data-member-id=${id}
        data-status=${status}
        aria-label=${label}
        title=${label}
      >${renderFace(member, this.#brokenImages)}</span>
    </button></li>`;
  }

  protected override updated(): void {
    paintAvatars(this.renderRoot as ShadowRoot);
  }

  /** How many there are; leavers do not count. */
  get #count(): string {
    const { degraded, count } = this.#presence;
    if (degraded) return `${count.toLocaleString(this.localizer.language)}+`;
    const present = this.#matching.filter(({ status }) => status !== 'offline');
    return present.length.toLocaleString(this.localizer.language);
  }

  /** A popover that is taken out of the document closes without a word. */
  get #isListOpen(): boolean {
    return this.#popover?.matches(':popover-open') === true;
  }

  /** How many avatars there is room for. */
  get #room(): number {
    return Math.max(1, this.max);
  }

  /** Everyone who matches, in no order of the element's. */
  #select(): Member[] {
    const { members } = this.#presence;
    const role = this.memberRole || this.roleText;
    const statuses = this.memberStatus.split(/\s+/).filter(Boolean);
    return members.filter(
      ({ isMe, info, status }) =>
        !(this.hideSelf && isMe) &&
        (!role || info.role === role) &&
        (statuses.length === 0 || statuses.includes(status)),
    );
  }

  /** The roster is in the order of names already, and sorting keeps the order of equals. */
  readonly #compare = (a: Member, b: Member): number => {
    const { sort } = this;
    if (a.isMe !== b.isMe) return a.isMe ? -1 : 1;
    if (sort === 'status') return statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status);
    if (sort === 'role') return collator.compare(a.info.role ?? '', b.info.role ?? '');
    return sort === 'joined' ? (this.#arrived.get(a.id) ?? 0) - (this.#arrived.get(b.id) ?? 0) : 0;
  };

  #onChange({ kind, member }: RosterChange): void {
    const { id } = member;
    if (kind === 'added') {
      this.#arrivals += 1;
      this.#arrived.set(id, this.#arrivals);
      this.dispatchEvent(new MemberAddedEvent(member));
    } else {
      this.#arrived.delete(id);
      this.dispatchEvent(new MemberRemovedEvent(member));
    }
  }

  readonly #prefetch = (): void => {
    listModule(this);
  };

  readonly #onToggle = ({ currentTarget }: Event): void => {
    this.#popover = currentTarget as HTMLElement;
    this.requestUpdate();
  };

  /** Pictures fail without a word to anybody above them: only the capture phase hears of it. */
  readonly #onImageError = ({ target }: Event): void => {
    if (!(target instanceof HTMLImageElement)) return;
    this.#brokenImages.add(target.src);
    this.requestUpdate();
  };
}

/** The first few of many in an order, equals as they come: to sort thousands for five is work for nobody. */
function first<T>(all: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  const found: T[] = [];
  for (const each of all) {
    if (found.length >= count && compare(each, found.at(-1)!) >= 0) continue;
    // Sorting a few that are in order already is no work.
    found.push(each);
    found.sort(compare).splice(count);
  }
  return found;
}

declare global {
  interface HTMLElementTagNameMap {
    'presence-avatars': PresenceAvatarsElement;
  }
  interface GlobalEventHandlersEventMap {
    'member-added': MemberAddedEvent;
    'member-removed': MemberRemovedEvent;
  }
}
