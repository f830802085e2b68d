import { css } from 'lit';

export const styles = css`
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.8125em;
  }
  li + li {
    margin-block-start: calc(4 * var(--_space));
  }
  /* Words stay readable; what moves stands still and fades. */
  .stale .track {
    opacity: 0.5;
  }
  .stale .label {
    color: var(--_muted);
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 calc(3 * var(--_space));
    overflow-wrap: anywhere;
  }
  /* Where a word would be cut to pieces, what stands beside it goes below. */
  .label,
  .message {
    flex: 1 1 9em;
  }
  .label {
    font-weight: 500;
  }
  .value {
    display: inline-flex;
    align-items: center;
    justify-content: end;
    gap: 0.3em;
    /* "100 %": what goes below does so from the first number on. */
    min-inline-size: 3em;
    color: var(--_muted);
  }
  .fixed {
    flex: none;
    display: inline-flex;
    align-items: center;
    gap: calc(3 * var(--_space));
    margin-inline-start: auto;
    font-variant-numeric: tabular-nums;
  }
  .below {
    color: var(--_muted);
  }
  /* The same for the time left. */
  .below .fixed {
    justify-content: end;
    min-inline-size: 9em;
  }
  .track {
    overflow: clip;
    block-size: 6px;
    margin-block: calc(1.5 * var(--_space));
    border-radius: 3px;
    background: color-mix(in oklab, var(--_text) 10%, transparent);
  }
  .fill {
    block-size: 100%;
    border-radius: 3px;
    background: var(--_color, var(--_accent));
    /* Moved and not made longer: that is no layout, however often it happens. */
    translate: calc(var(--_rest) * -1%);
    transition:
      translate 240ms ease-out,
      background var(--_duration);
  }
  .fill:dir(rtl) {
    translate: calc(var(--_rest) * 1%);
  }
  .stream .fill {
    transition: none;
  }
  .unknown .fill {
    inline-size: 35%;
    translate: none;
    animation: travel 1.8s ease-in-out infinite;
  }
  .unknown .fill:dir(rtl) {
    animation-direction: reverse;
  }
  .stale .fill {
    animation-play-state: paused;
  }
  .completed {
    --_color: var(--_good);
  }
  .failed {
    --_color: var(--_bad);
  }
  .cancelled {
    --_color: var(--_muted);
  }
  .completed .value,
  .failed .value,
  .failed .message {
    color: var(--_color);
  }
  .value .icon {
    inline-size: 1.1em;
    block-size: 1.1em;
  }
  .action {
    flex: none;
    display: inline-flex;
    align-items: center;
    min-block-size: 24px;
    margin-block: -4px;
    border-radius: 4px;
    font-weight: 600;
    text-decoration: none;
    color: var(--_accent);
    cursor: pointer;
  }
  .action:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  @media (pointer: coarse) {
    .action {
      min-block-size: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .unknown .fill {
      inline-size: 100%;
      opacity: 0.35;
    }
  }
  @media (forced-colors: active) {
    .track {
      outline: 1px solid CanvasText;
    }
    .fill {
      forced-color-adjust: none;
      background: Highlight;
    }
  }
  @keyframes travel {
    from {
      transform: translateX(-100%);
    }
    to {
      transform: translateX(286%);
    }
  }
`;
