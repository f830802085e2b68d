import { css } from 'lit';

export const styles = css`
  .base {
    position: fixed;
    z-index: var(--rt-layer, 9999);
    inset: auto;
    inset-block-end: calc(5 * var(--_space));
    inset-inline-end: calc(5 * var(--_space));
    inline-size: min(var(--rt-toast-width, 360px), 100vw - 8 * var(--_space));
    margin: 0;
    padding: 0;
    border: 0;
    overflow: visible;
    background: none;
    pointer-events: none;
  }
  .top {
    inset-block: calc(5 * var(--_space)) auto;
  }
  .left {
    right: auto;
    left: calc(5 * var(--_space));
  }
  .right {
    left: auto;
    right: calc(5 * var(--_space));
  }
  .center {
    inset-inline: 0;
    margin-inline: auto;
  }

  ol {
    display: flex;
    flex-direction: column;
    gap: calc(2 * var(--_space));
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .top ol {
    flex-direction: column-reverse;
  }

  .toast {
    --_level: var(--_info);
    position: relative;
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: start;
    column-gap: calc(2.5 * var(--_space));
    overflow: hidden;
    padding: calc(3 * var(--_space)) calc(3 * var(--_space)) calc(3 * var(--_space)) calc(3.5 * var(--_space));
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 0.8125em;
    overflow-wrap: anywhere;
    pointer-events: auto;
    animation: come 200ms cubic-bezier(0.2, 0.8, 0.3, 1);
  }
  .toast::before {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    inline-size: 3px;
    background: var(--_level);
  }
  .success {
    --_level: var(--_good);
  }
  .warning {
    --_level: var(--_wait);
  }
  .error {
    --_level: var(--_bad);
  }
  .achievement {
    --_level: var(--_award);
  }

  .icon {
    display: block;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .level {
    margin-block-start: 0.08em;
    color: var(--_level);
  }
  img {
    inline-size: 40px;
    block-size: 40px;
    border-radius: calc(var(--_radius) / 2);
    object-fit: cover;
  }
  .title {
    font-weight: 600;
  }
  .title + .message {
    margin-block-start: 1px;
    color: var(--_muted);
  }
  .count {
    margin-inline-start: 0.4em;
    padding: 0 0.45em;
    border-radius: 99px;
    background: color-mix(in oklab, var(--_text) 9%, transparent);
    font-size: 0.85em;
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: calc(4 * var(--_space));
    margin-block: calc(1.5 * var(--_space)) -2px;
  }
  .action {
    min-block-size: 24px;
    font-weight: 600;
    text-decoration: none;
    color: var(--_accent);
    cursor: pointer;
  }
  .action:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .close {
    display: grid;
    place-items: center;
    inline-size: 24px;
    block-size: 24px;
    margin: -3px -4px -3px 0;
    border-radius: calc(var(--_radius) - 3px);
    color: var(--_muted);
    opacity: 0;
    transition: opacity var(--_duration);
  }
  .close .icon {
    inline-size: 1.1em;
    block-size: 1.1em;
  }
  .toast:hover .close,
  .toast:focus-within .close {
    opacity: 1;
  }
  .close:hover {
    background: color-mix(in oklab, var(--_text) 8%, transparent);
    color: var(--_text);
  }
  .time {
    position: absolute;
    inset-block-end: 0;
    inset-inline: 3px 0;
    block-size: 2px;
    background: color-mix(in oklab, var(--_level) 45%, transparent);
    transform-origin: 0;
    animation: time var(--_time) linear forwards;
  }
  .time:dir(rtl) {
    transform-origin: 100%;
  }
  .paused .time {
    animation-play-state: paused;
  }

  .waiting {
    block-size: 8px;
    margin-block-start: calc(-2 * var(--_space));
    border: 1px solid var(--_border);
    border-block-start: 0;
    border-radius: 0 0 var(--_radius) var(--_radius);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    transform: scaleX(0.94);
  }

  @media (hover: none) {
    .close {
      opacity: 1;
    }
  }
  @keyframes come {
    from {
      opacity: 0;
      transform: translateY(12px);
    }
  }
  @keyframes time {
    to {
      transform: scaleX(0);
    }
  }
`;
