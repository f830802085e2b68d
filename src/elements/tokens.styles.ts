/**
 * What every element shares: the page's `--rt-*` tokens with their defaults, and a wrapper that takes
 * nothing from the page but scheme, visibility and direction, however the page styles its own.
 *
 * Colours are OKLCH, so that hues of one role are equally light. Inside, `--_name` is `--rt-name` or its default.
 */
import { css } from 'lit';

export const tokens = css`
  :host {
    --_surface: var(--rt-surface, light-dark(#fff, oklch(0.21 0.008 265)));
    --_raised: var(--rt-surface-raised, light-dark(#fff, oklch(0.26 0.01 265)));
    --_text: var(--rt-text, light-dark(oklch(0.25 0.015 265), oklch(0.94 0.005 265)));
    --_muted: var(--rt-text-muted, light-dark(oklch(0.5 0.02 265), oklch(0.74 0.015 265)));
    --_border: var(--rt-border, color-mix(in oklab, var(--_text) 13%, transparent));
    --_accent: var(--rt-accent, light-dark(oklch(0.54 0.19 262), oklch(0.74 0.13 262)));
    --_good: var(--rt-good, light-dark(oklch(0.54 0.14 152), oklch(0.79 0.14 155)));
    --_wait: var(--rt-wait, light-dark(oklch(0.56 0.12 70), oklch(0.82 0.12 80)));
    --_bad: var(--rt-bad, light-dark(oklch(0.54 0.2 26), oklch(0.74 0.14 22)));
    --_info: var(--rt-info, light-dark(oklch(0.54 0.15 250), oklch(0.77 0.11 248)));
    --_award: var(--rt-award, light-dark(oklch(0.54 0.18 305), oklch(0.79 0.11 308)));
    --_radius: var(--rt-radius, 8px);
    --_space: var(--rt-space, 4px);
    --_duration: var(--rt-duration, 160ms);
    --_shadow: var(
      --rt-shadow,
      0 1px 2px light-dark(#0000000f, #0006),
      0 6px 20px -4px light-dark(#00000024, #0008)
    );
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  .base {
    all: initial;
    box-sizing: border-box;
    color-scheme: inherit;
    visibility: inherit;
    direction: ltr;
    font: medium / 1.4 var(--rt-font, system-ui, sans-serif);
    color: var(--_text);
  }

  .block {
    display: block;
  }

  .base:dir(rtl) {
    direction: rtl;
  }

  button {
    all: unset;
    box-sizing: border-box;
    cursor: pointer;
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .hidden {
    position: absolute;
    overflow: hidden;
    clip-path: inset(50%);
    inline-size: 1px;
    block-size: 1px;
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation-name: none !important;
      transition-property: opacity !important;
    }
  }
`;
