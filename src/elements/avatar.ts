/** How one person is drawn: a picture or initials on a colour of their own, and a mark for their status. */
import { css, html } from 'lit';
import type { Member } from '../core/roster.js';
import { safeUrl } from './safe-url.js';

/** Twelve hues stay apart for the eye; more would not. */
const HUES = 12;

/** Finds what people read as one letter: also a flag, or a family, which is several code points. */
const segmenter = new Intl.Segmenter();

/** One or two letters of a name, as people read letters; quotation marks and brackets are none. */
export function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}\p{So}]\S*/gu) ?? [];
  const letters = [...words.slice(0, 1), ...words.slice(1).slice(-1)].map(
    (word) => segmenter.segment(word).containing(0)?.segment,
  );
  return letters.join('').toLocaleUpperCase() || '?';
}

/** The hue of somebody, in degrees: the same on every page and every day. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  return (hash % HUES) * (360 / HUES);
}

/** Picture or initials, and the status; `broken` has the pictures that could not be loaded. */
export function renderFace({ info }: Member, broken: ReadonlySet<string>) {
  const picture = safeUrl(info.avatar);
  return html`<span part="face" class="face"
      >${
        picture && !broken.has(picture)
          ? html`<img part="image" src=${picture} alt="" referrerpolicy="no-referrer" />`
          : initialsOf(info.name)
      }</span
    ><span part="mark" class="mark"></span>`;
}

/** Gives each avatar its hue and its place in the pile; no style attribute, which a strict policy forbids. */
export function paintAvatars(root: ParentNode): void {
  const avatars = root.querySelectorAll<HTMLElement>('.avatar');
  avatars.forEach(({ style, dataset }, index) => {
    style.setProperty('--_hue', `${hueOf(dataset.memberId ?? dataset.id ?? '')}`);
    style.setProperty('--_level', `${avatars.length - index}`);
  });
}

export const avatarStyles = css`
  .avatar {
    position: relative;
    z-index: var(--_level);
    flex: none;
    inline-size: var(--_avatar);
    block-size: var(--_avatar);
  }
  .face {
    display: grid;
    place-items: center;
    overflow: hidden;
    block-size: 100%;
    border-radius: 50%;
    background: light-dark(oklch(0.89 0.06 var(--_hue)), oklch(0.42 0.07 var(--_hue)));
    box-shadow: 0 0 0 2px var(--_surface);
    font-size: calc(var(--_avatar) * 0.36);
    font-weight: 600;
    line-height: 1;
    letter-spacing: -0.02em;
    white-space: nowrap;
    color: light-dark(oklch(0.36 0.1 var(--_hue)), oklch(0.95 0.03 var(--_hue)));
    transition:
      background var(--_duration),
      color var(--_duration);
  }
  img {
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .mark {
    position: absolute;
    inset-block-end: -1px;
    inset-inline-end: -1px;
    /* Only a whole, even number of pixels is round. */
    inline-size: 26%;
    inline-size: round(var(--_avatar) * 0.26, 2px);
    aspect-ratio: 1;
    border: calc(var(--_avatar) * 0.125) solid var(--_mark, var(--_good));
    border-radius: 50%;
    background: var(--_mark, var(--_good));
    outline: 2px solid var(--_surface);
  }
  [data-status='away'] .mark {
    --_mark: var(--_wait);
    border-width: max(1.5px, var(--_avatar) * 0.06);
    background: var(--_surface);
  }
  [data-status='busy'] .mark {
    --_mark: var(--_bad);
    border-radius: 25%;
  }
  [data-status='offline'] .mark {
    display: none;
  }
  [data-status='offline'] .face {
    background: color-mix(in oklab, var(--_text) 8%, var(--_surface));
    color: var(--_muted);
  }
  [data-status='offline'] img {
    filter: grayscale(1);
    opacity: 0.5;
  }
  @media (forced-colors: active) {
    .face {
      border: 1px solid CanvasText;
    }
  }
`;
