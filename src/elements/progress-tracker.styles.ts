import { css } from 'lit';

export const styles = css`
  .base {
    display: block;
    font-size: medium;
  }
  ul {
    display: grid;
    gap: calc(4 * var(--_space));
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.8125em;
    transition: opacity var(--_duration);
  }
  .stale {
    opacity: 0.6;
  }
  .line {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(3 * var(--_space));
    overflow-wrap: anywhere;
  }
  .label {
    font-weight: 500;
  }
  .value,
  .below {
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .value {
    flex: none;
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
  }
  .below {
    font-size: 0.923em;
    min-block-size: 1.4em;
  }
  .track {
    position: relative;
    overflow: hidden;
    block-size: 6px;
    margin-block: calc(1.5 * var(--_space)) var(--_space);
    border-radius: 3px;
    background: color-mix(in oklab, var(--_text) 10%, transparent);
  }
  .fill {
    block-size: 100%;
    inline-size: var(--_progress, 0);
    border-radius: 3px;
    background: var(--_color, var(--_accent));
    transition:
      inline-size 240ms ease-out,
      background var(--_duration);
  }
  .unknown .fill {
    inline-size: 35%;
    animation: travel 1.8s ease-in-out infinite;
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
  .failed .reason,
  .completed .value,
  .failed .value {
    color: var(--_color);
  }
  .action {
    min-block-size: 24px;
    font-weight: 600;
    text-decoration: none;
    white-space: nowrap;
    color: var(--_accent);
    cursor: pointer;
  }
  .action:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .icon {
    inline-size: 1.1em;
    block-size: 1.1em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .note {
    font-size: 0.8125em;
    color: var(--_muted);
  }

  @keyframes travel {
    from {
      transform: translateX(-100%);
    }
    to {
      transform: translateX(286%);
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
`;
