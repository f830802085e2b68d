import { css } from 'lit';

export const styles = css`
  :host([size='small']) {
    --_size: 0.75em;
    --_mark: 0.5em;
  }
  :host([size='large']) {
    --_size: 0.9375em;
    --_mark: 0.6667em;
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
    /* 6, 8 or 10 pixels: what is not whole and even is not round. */
    --_dot: var(--_mark, 0.6154em);
    inline-size: var(--_dot);
    block-size: var(--_dot);
    border: max(1.5px, 0.14em) solid var(--_muted);
    border-radius: 50%;
    transition: border-color var(--_duration) ease-out;
  }
  .good {
    border: calc(var(--_dot) / 2) solid var(--_good);
    background: var(--_good);
  }
  .waiting {
    border-color: var(--_wait);
  }
  .trouble {
    border: calc(var(--_dot) / 2) solid var(--_bad);
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

  .wide {
    inline-size: min(17em, 100%);
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
    inline-size: auto;
    margin: 0;
    gap: calc(2.5 * var(--_space));
    padding: calc(1.5 * var(--_space)) calc(4 * var(--_space));
    border: solid var(--_border);
    border-width: 0 0 1px;
    background: var(--_raised);
    color: inherit;
    box-shadow: var(--_shadow);
    animation: slide 200ms ease-out;
  }
  /* The good news stays for three seconds; the bar goes at the end of them. */
  .back {
    animation: leave 200ms 2.7s ease-in forwards;
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
      inset: min(0px, (100% - 44px) / 2);
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
  @keyframes leave {
    to {
      transform: translateY(-100%);
    }
  }
`;
