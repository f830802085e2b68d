/**
 * What every element shares: the page's `--rt-*` tokens with their defaults, and a wrapper that takes
 * nothing from the page but scheme, visibility and direction, however the page styles its own.
 *
 * Colours are OKLCH, so that hues of one role are equally light. Inside, `--_name` is `--rt-name` or its default.
 * Surfaces rise toward white; colours that are read go from a middle toward black or white, as the text does.
 */
import { css } from 'lit';

export const tokens = css`
  :host {
    --_surface: var(--rt-surface, light-dark(#fff, oklch(0.21 0.008 265)));
    --_raised: var(--rt-surface-raised, color-mix(in oklab, #fff 6%, var(--_surface)));
    --_text: var(--rt-text, light-dark(oklch(0.25 0.015 265), oklch(0.94 0.005 265)));
    --_toward: light-dark(#000, #fff);
    --_muted: var(--rt-text-muted, color-mix(in oklab, var(--_toward) 25%, oklch(0.66 0.025 265)));
    --_border: var(--rt-border, color-mix(in oklab, var(--_text) 13%, transparent));
    --_accent: var(
      --rt-accent,
      color-mix(in oklab, var(--_toward) 25%, light-dark(oklch(0.72 0.253 262), oklch(0.653 0.173 262)))
    );
    --_good: var(--rt-good, color-mix(in oklab, var(--_toward) 25%, oklch(0.72 0.187 153)));
    --_wait: var(
      --rt-wait,
      color-mix(in oklab, var(--_toward) 25%, light-dark(oklch(0.747 0.16 70), oklch(0.76 0.16 80)))
    );
    --_bad: var(
      --rt-bad,
      color-mix(in oklab, var(--_toward) 25%, light-dark(oklch(0.72 0.267 26), oklch(0.653 0.187 22)))
    );
    --_info: var(
      --rt-info,
      color-mix(in oklab, var(--_toward) 25%, light-dark(oklch(0.72 0.2 250), oklch(0.693 0.147 248)))
    );
    --_award: var(
      --rt-award,
      color-mix(in oklab, var(--_toward) 25%, light-dark(oklch(0.72 0.24 305), oklch(0.72 0.147 308)))
    );
    --_radius: var(--rt-radius, 8px);
    --_space: var(--rt-space, 4px);
    --_duration: var(--rt-duration, 160ms);
    --_shadow: var(
      --rt-shadow,
      0 1px 2px light-dark(#0000000f, #0006),
      0 6px 20px -4px light-dark(#00000024, #0008)
    );
  }

  /* A page may be dark without a scheme that says so; then its text does. */
  @supports (color: oklch(from light-dark(red, red) l c h)) {
    :host {
      --_toward: oklch(from var(--_text) clamp(0, (l - 0.6) * 999, 1) 0 0);
    }
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
