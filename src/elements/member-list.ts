/** The list behind the row: everyone by name, with role and status, and a search where it is long. */
import { css, html, nothing, type ReactiveController } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Member } from '../core/roster.js';
import type { RealtimeHost } from '../reactive/realtime-consumer.js';
import { renderFace } from './avatar.js';
import { placePopover, popoverStyles } from './popover.js';
import { adopt } from './styles.js';
import type { Words } from './words.js';

/** Shorter lists are read faster than searched. */
const SEARCH_FROM = 9;
/** Nobody reads further; whoever looks for somebody searches. */
const MOST_ROWS = 100;

type Host = RealtimeHost & { readonly renderRoot: HTMLElement | DocumentFragment };

export class MemberList implements ReactiveController {
  readonly #host: Host;
  #search = '';

  constructor(host: Host) {
    this.#host = host;
    adopt(host.renderRoot, popoverStyles, styles);
    host.addController(this);
  }

  hostUpdated(): void {
    const find = (part: string) => this.#host.renderRoot.querySelector<HTMLElement>(`[part~="${part}"]`);
    const [trigger, people] = [find('more') ?? find('list'), find('people')];
    if (trigger && people?.matches(':popover-open')) placePopover(trigger, people);
  }

  render(members: readonly Member[], words: Words, broken: ReadonlySet<string>) {
    const wanted = this.#search.trim().toLocaleLowerCase();
    const found = members.filter(({ info: { name, role = '' } }) =>
      `${name} ${role}`.toLocaleLowerCase().includes(wanted),
    );
    const rest = found.length - MOST_ROWS;
    return html`
      ${
        members.length >= SEARCH_FROM
          ? html`<input
              part="search"
              type="search"
              autocomplete="off"
              .value=${this.#search}
              placeholder=${words.search}
              aria-label=${words.search}
              @input=${this.#onSearch}
            />`
          : nothing
      }
      <ul role="list" class="people">
        ${repeat(
          found.slice(0, MOST_ROWS),
          ({ id }) => id,
          (member) => renderRow(member, words, broken),
        )}
      </ul>
      ${rest > 0 ? html`<p class="note">${words.more(rest)}</p>` : nothing}
      ${found.length === 0 ? html`<p class="note">${words.nobodyFound}</p>` : nothing}
    `;
  }

  readonly #onSearch = (event: InputEvent): void => {
    this.#search = (event.target as HTMLInputElement).value;
    this.#host.requestUpdate();
  };
}

function renderRow(member: Member, words: Words, broken: ReadonlySet<string>) {
  const { id, info, status, isMe, activity } = member;
  const role = [info.role, activity].filter(Boolean).join(' · ');
  return html`<li part="person" class="person">
    <span class="avatar" data-id=${id} data-status=${status} aria-hidden="true">${renderFace(member, broken)}</span>
    <span class="who">
      <span class="name"><bdi>${info.name}</bdi>${isMe ? html` <span class="you">${words.you}</span>` : nothing}</span>
      ${role ? html`<span class="role"><bdi>${role}</bdi></span>` : nothing}
    </span>
    <span class="presence">${words.presence[status]}</span>
  </li>`;
}

const styles = css`
  .popover {
    --_avatar: 2.15em;
    inline-size: 21em;
    padding: calc(2 * var(--_space));
  }
  .people {
    display: block;
    padding: 0;
  }
  .person {
    display: flex;
    align-items: center;
    gap: calc(2.5 * var(--_space));
    padding: calc(1.5 * var(--_space)) calc(2 * var(--_space));
    line-height: 1.3;
  }
  .person .face {
    box-shadow: none;
  }
  .person .mark {
    outline-color: var(--_raised);
  }
  .who {
    flex: 1;
    min-inline-size: 0;
    display: grid;
  }
  .name,
  .role {
    display: flex;
    align-items: baseline;
    gap: 0.4em;
    min-inline-size: 0;
    white-space: nowrap;
  }
  /* What is too long ends where it is read last, whatever language the page speaks. */
  bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .name {
    font-weight: 500;
  }
  .role,
  .presence,
  .you {
    font-weight: 400;
    color: var(--_muted);
  }
  .role {
    font-size: 0.923em;
  }
  .you {
    padding-inline: 0.4em;
    border: 1px solid var(--_border);
    border-radius: 99px;
    font-size: 0.846em;
  }
  .popover p {
    margin: 0;
    padding: calc(2 * var(--_space));
  }
  input {
    all: unset;
    box-sizing: border-box;
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    inline-size: 100%;
    min-block-size: 32px;
    margin-block-end: var(--_space);
    padding-inline: calc(2.5 * var(--_space));
    border: 1px solid color-mix(in oklab, var(--_text) 50%, transparent);
    border-radius: calc(var(--_radius) * 0.75);
    background: var(--_raised);
  }
  input::placeholder {
    color: var(--_muted);
  }
  input:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: -1px;
  }
  @media (pointer: coarse) {
    input {
      min-block-size: 44px;
      font-size: max(1em, 16px);
    }
  }
`;
