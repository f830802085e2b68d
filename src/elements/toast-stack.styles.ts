import { css } from 'lit';

export const styles = css`
  .base {
    position: fixed;
    z-index: var(--rt-layer, 9999);
    display: block;
    inset: auto calc(5 * var(--_space)) calc(5 * var(--_space)) auto;
    inline-size: min(var(--rt-toast-width, 22.5em), 100vw - 8 * var(--_space));
    max-block-size: calc(100vh - 10 * var(--_space));
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_text);
    overflow: visible;
    pointer-events: none;
  }
  .base:not(:popover-open) {
    display: none;
  }
  .base,
  .hidden {
    visibility: visible;
  }
  .top {
    inset-block: calc(5 * var(--_space)) auto;
  }
  .left {
    left: calc(5 * var(--_space));
    right: auto;
  }
  .center {
    inset-inline: 0;
    margin-inline: auto;
  }
  @media (max-width: 480px) {
    .base {
      inset-inline: calc(4 * var(--_space));
      inline-size: auto;
    }
  }

  .stack {
    display: flex;
    flex-direction: column;
    gap: calc(2.5 * var(--_space));
    max-block-size: inherit;
    margin: -24px;
    padding: 24px;
    overflow: hidden auto;
    scrollbar-width: thin;
  }
  .top .stack {
    flex-direction: column-reverse;
  }

  .toast {
    --_level: var(--_info);
    position: relative;
    flex: none;
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: start;
    column-gap: calc(2.5 * var(--_space));
    overflow: hidden;
    padding: calc(3 * var(--_space)) calc(3 * var(--_space)) calc(3 * var(--_space)) calc(4 * var(--_space));
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 1.25);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 0.8125em;
    overflow-wrap: anywhere;
    pointer-events: auto;
    touch-action: pan-y;
  }
  .toast::before {
    content: '';
    position: absolute;
    inset-block: 0;
    inset-inline-start: 0;
    border-inline-start: 3px solid var(--_level);
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

  .level {
    position: relative;
    margin-block-start: 0.08em;
    color: var(--_level);
  }
  .achievement .level::after {
    content: '';
    position: absolute;
    inset: -0.35em;
    border: 2px solid;
    border-radius: 50%;
    opacity: 0;
    animation: glow 900ms 200ms ease-out;
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
    color: var(--_muted);
  }
  .count {
    margin-inline: 0.5em;
    padding-inline: 0.5em;
    border-radius: 99px;
    background: color-mix(in oklab, var(--_text) 9%, transparent);
    font-size: 0.85em;
    font-weight: 500;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    color: var(--_text);
    direction: ltr;
    unicode-bidi: isolate;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0 calc(4 * var(--_space));
    margin-block: calc(1.5 * var(--_space)) -2px;
  }
  .action {
    display: inline-flex;
    align-items: center;
    min-block-size: 24px;
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
  .close {
    display: grid;
    place-items: center;
    inline-size: 24px;
    block-size: 24px;
    margin: -3px -4px -3px 0;
    border-radius: calc(var(--_radius) * 0.6);
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
    background: color-mix(in oklab, var(--_level) 40%, transparent);
    transform-origin: 0;
  }
  .time:dir(rtl) {
    transform-origin: 100%;
  }

  .waiting {
    flex: none;
    block-size: 7px;
    margin: calc(-2.5 * var(--_space)) calc(3 * var(--_space)) 0;
    border: 1px solid var(--_border);
    border-block-start: 0;
    border-radius: 0 0 var(--_radius) var(--_radius);
    background: var(--_raised);
    box-shadow: var(--_shadow);
  }
  .top .waiting {
    margin-block: 0 calc(-2.5 * var(--_space));
    border-block: 1px solid var(--_border) 0;
    border-radius: var(--_radius) var(--_radius) 0 0;
  }

  @media (hover: none) {
    .close {
      opacity: 1;
    }
  }
  @media (pointer: coarse) {
    .action {
      min-block-size: 44px;
    }
    .close::after {
      content: '';
      position: absolute;
      inset-block-start: 0;
      inset-inline-end: 0;
      inline-size: 44px;
      block-size: 44px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .time {
      display: none;
    }
  }
  @keyframes glow {
    from {
      opacity: 0.8;
      transform: scale(0.5);
    }
    to {
      opacity: 0;
      transform: scale(1.6);
    }
  }
`;
