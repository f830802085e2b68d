/**
 * Where a popover stands: under what it belongs to, above where there is no room, always inside the window.
 * And where the focus goes when it closes.
 */
import { css } from 'lit';

const GAP_PX = 8;

/** Puts an open popover beside its trigger. */
export function placePopover(trigger: Element, popover: HTMLElement): void {
  const anchor = trigger.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = innerHeight - anchor.bottom - GAP_PX;
  const fitsBelow = height + GAP_PX <= below || below >= anchor.top;
  const start = popover.matches(':dir(rtl)') ? anchor.right - width : anchor.left;
  const place = (name: string, wanted: number, room: number) =>
    popover.style.setProperty(name, `${Math.max(GAP_PX, Math.min(wanted, room - GAP_PX))}px`);
  place('left', start, document.documentElement.clientWidth - width);
  // The same listener again is no other one.
  popover.addEventListener('beforetoggle', returnFocus);
  place('top', fitsBelow ? anchor.bottom + GAP_PX : anchor.top - GAP_PX - height, innerHeight - height);
}

/** Browsers lose the focus of a popover in a shadow tree: what opened it gets it back. */
function returnFocus({ currentTarget, newState }: ToggleEvent): void {
  const popover = currentTarget as HTMLElement;
  const root = popover.getRootNode() as ShadowRoot;
  if (newState !== 'closed' || !popover.contains(root.activeElement)) return;
  root.querySelector<HTMLElement>(`[popovertarget=${popover.id}]:not([tabindex])`)?.focus();
}

export const popoverStyles = css`
  [popover=''] {
    position: fixed;
    inset: auto;
    inline-size: max-content;
    max-inline-size: calc(100vw - 16px);
    max-block-size: calc(100vh - 16px);
    margin: 0;
    padding: calc(4 * var(--_space));
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 1.25);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 0.8125em;
    color: var(--_text);
    overflow: auto;
    text-align: start;
    cursor: auto;
  }
  [popover='']:popover-open {
    animation: appear var(--_duration) ease-out;
  }
  @keyframes appear {
    from {
      opacity: 0;
      transform: translateY(-4px);
    }
  }
`;
