import { css } from 'lit';

export const styles = css`
  :host([size='small']) {
    --_size: 0.75em;
  }
  :host([size='large']) {
    --_size: 0.9375em;
  }

  .base {
    display: inline-block;
    vertical-align: middle;
  }
  .trigger,
  .bar {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(2 * var(--_space));
    font-size: var(--_size, 0.8125em);
  }
  .trigger {
    position: relative;
    min-block-size: max(24px, 2em);
    min-inline-size: max(24px, 2em);
    border-radius: 99px;
    font-weight: 500;
    -webkit-tap-highlight-color: transparent;
  }
  .pill {
    padding-inline: calc(2.5 * var(--_space)) calc(3 * var(--_space));
    border: 1px solid var(--_border);
    background: var(--_surface);
    transition: background var(--_duration);
  }
  .trigger:hover {
    background: color-mix(in oklab, var(--_text) 5%, var(--_surface));
  }

  .mark {
    flex: none;
    inline-size: 0.615em;
    block-size: 0.615em;
    border: max(1.5px, 0.14em) solid var(--_muted);
    border-radius: 50%;
    transition: border-color var(--_duration) ease-out;
  }
  .good {
    border: 0.3em solid var(--_good);
    background: var(--_good);
  }
  .waiting {
    border-color: var(--_wait);
  }
  .trouble {
    border: 0.3em solid var(--_bad);
    background: var(--_bad);
  }
  .square {
    border-radius: 0.12em;
  }
  .pulse {
    animation: pulse 2s ease-in-out infinite;
  }

  /* The longest word stands invisible in the same cell and makes it wide enough for all. */
  .word {
    display: inline-grid;
    white-space: nowrap;
  }
  .word > * {
    grid-area: 1 / 1;
  }
  .word > [aria-hidden] {
    visibility: hidden;
  }
  .outdated {
    color: var(--_muted);
  }

  .in-place {
    margin-block-start: calc(2 * var(--_space));
    padding: calc(4 * var(--_space));
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    font-size: 0.8125em;
  }

  .bar,
  .corner {
    position: fixed;
    z-index: var(--rt-layer, 9999);
  }
  .bar {
    inset: 0 0 auto;
    gap: calc(2.5 * var(--_space));
    padding: calc(1.5 * var(--_space)) calc(4 * var(--_space));
    border-block-end: 1px solid var(--_border);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    animation: slide 200ms ease-out;
  }
  .bar button {
    min-block-size: 24px;
    font-weight: 600;
    white-space: nowrap;
    color: var(--_accent);
  }
  .bar button:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .corner {
    inset: calc(4 * var(--_space)) calc(4 * var(--_space)) auto auto;
  }
  .corner .pill {
    background: var(--_raised);
    box-shadow: var(--_shadow);
  }
  .bottom {
    inset-block: auto calc(4 * var(--_space));
  }
  .left {
    right: auto;
    left: calc(4 * var(--_space));
  }

  @media (pointer: coarse) {
    .trigger::after {
      content: '';
      position: absolute;
      inset: min(0px, 100% - 44px) -8px;
      inset-block: -10px;
    }
    .bar button {
      min-block-size: 44px;
    }
  }
  @keyframes pulse {
    50% {
      opacity: 0.35;
    }
  }
  @keyframes slide {
    from {
      transform: translateY(-100%);
    }
  }
`;
