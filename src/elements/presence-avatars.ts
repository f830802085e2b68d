import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Member, RosterChange } from '../core/roster.js';
import { PresenceController } from '../reactive/presence-controller.js';
import { avatarStyles, paintAvatars, renderAvatar } from './avatar.js';
import { styles } from './presence-avatars.styles.js';
import { RealtimeElement } from './realtime-element.js';

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

const ghosts = [1, 2, 3];
const statusOrder = ['online', 'busy', 'away', 'offline'];

/**
 * Shows who is on a presence channel.
 *
 * @slot - Shown until it is known who is there.
 *
 * @csspart base - The wrapper.
 * @csspart heading - The heading with the count.
 * @csspart list - The row of avatars.
 * @csspart avatar - One person, with `data-member-id` and `data-status`.
 * @csspart face - Picture or initials of somebody; also `me` for whoever reads the page.
 * @csspart image - The picture.
 * @csspart mark - The mark of somebody's status.
 * @csspart more - How many more there are.
 *
 * @cssprop [--rt-avatar-size=2em] - Diameter of an avatar.
 *
 * @fires member-added - Somebody came.
 * @fires member-removed - Somebody has gone.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that nobody is to be shown.
 */
export class PresenceAvatarsElement extends RealtimeElement {
  static override styles = [RealtimeElement.styles, avatarStyles, styles].flat();

  readonly #presence = new PresenceController(this, {
    channel: () => this.channel,
    onChange: (change) => this.#onChange(change),
  });

  /** The presence channel. */
  @property() channel = '';
  /** How many avatars are shown before the rest becomes a number. */
  @property({ type: Number }) max = 5;
  /** The order; whoever reads the page always comes first. */
  @property() sort: MemberSort = 'joined';
  /** Only people of this role. */
  @property() override role = '';
  /** Leaves out whoever reads the page. */
  @property({ type: Boolean, attribute: 'hide-self' }) hideSelf = false;
  /** A heading, shown with the count. */
  @property() heading = '';

  #shown: readonly Member[] = [];
  readonly #arrived = new Set<string>();
  readonly #brokenImages = new Set<string>();
  /** Who came when, as growing numbers. */
  readonly #joined = new Map<string, number>();
  #joins = 0;

  get status() {
    return this.#presence.status;
  }
  /** Everyone that the element shows or counts: filtered and in order. */
  get members(): readonly Member[] {
    return this.#select();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.#shown = this.#select();
    this.setAttribute('status', this.status);
    this.toggleAttribute('empty', this.status === 'live' && this.#shown.length === 0);
  }

  protected override render() {
    const { status, heading } = this;
    const count = this.#shown.filter((member) => member.status !== 'offline').length;
    return html`<div part="base" class="base">
      ${heading && html`<div part="heading" class="heading">${heading} <span>${status === 'live' || status === 'stale' ? count : nothing}</span></div>`}
      ${this.#renderBody()}
    </div>`;
  }

  #renderBody() {
    const { status, words } = this;
    if (status === 'error') return html`<span class="note">${words.status.refused}</span>`;
    if (status !== 'live' && status !== 'stale') {
      const row = html`<ul aria-hidden="true">${ghosts.map(() => html`<li class="avatar ghost"></li>`)}</ul>`;
      return html`<slot>${status === 'loading' ? row : nothing}</slot>`;
    }
    const all = this.#shown;
    if (all.length === 0) return html`<span class="note">${words.nobody}</span>`;
    const visible = all.slice(0, Math.max(1, this.max));
    const rest = all.length - visible.length;
    return html`<ul part="list" role="list" class=${status} aria-label=${words.people}>
      ${repeat(
        visible,
        ({ id }) => id,
        (member) => this.#renderMember(member),
      )}
      ${rest > 0 ? html`<li part="more" class="more" aria-label=${words.more(rest)}><span>+${rest}</span></li>` : nothing}
    </ul>`;
  }

  #renderMember(member: Member) {
    const { words } = this;
    const { id, info, status, isMe } = member;
    const label = [info.name, isMe ? words.you : '', words.presence[status]].filter(Boolean).join(', ');
    return html`<li>
      <div
        part="avatar"
        role="img"
        class="avatar ${isMe ? 'me' : ''} ${this.#arrived.has(id) ? 'new' : ''}"
        data-member-id=${id}
        data-status=${status}
        aria-label=${label}
        title=${label}
      >${renderAvatar(member, this.#brokenImages, () => this.requestUpdate())}</div>
    </li>`;
  }

  protected override updated(): void {
    paintAvatars(this.renderRoot as ShadowRoot);
  }

  #select(): readonly Member[] {
    const { members } = this.#presence;
    for (const { id } of members) if (!this.#joined.has(id)) this.#joined.set(id, this.#joins++);
    return members
      .filter((member) => !(this.hideSelf && member.isMe) && (!this.role || member.info.role === this.role))
      .sort((a, b) => Number(b.isMe) - Number(a.isMe) || this.#compare(a, b));
  }

  /** The roster is in the order of names already, and sorting is stable. */
  #compare(a: Member, b: Member): number {
    const { sort } = this;
    if (sort === 'status') return statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status);
    if (sort === 'role') return (a.info.role ?? '').localeCompare(b.info.role ?? '');
    return sort === 'joined' ? this.#joined.get(a.id)! - this.#joined.get(b.id)! : 0;
  }

  #onChange({ kind, member }: RosterChange): void {
    const { id } = member;
    if (kind === 'added') {
      this.#arrived.add(id);
      this.dispatchEvent(new MemberAddedEvent(member));
    } else {
      this.#arrived.delete(id);
      this.#joined.delete(id);
      this.dispatchEvent(new MemberRemovedEvent(member));
    }
  }
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
