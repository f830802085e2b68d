import { css } from 'lit';

export const styles = css`
  .base {
    --_avatar: var(--rt-avatar-size, 2em);
    display: inline-block;
    vertical-align: middle;
  }
  .base.block {
    display: block;
  }
  .heading {
    margin-block-end: calc(2 * var(--_space));
    font-size: 0.8125em;
    font-weight: 600;
  }
  .heading span,
  .note {
    font-weight: 400;
    color: var(--_muted);
    font-variant-numeric: tabular-nums;
  }
  .note {
    font-size: 0.8125em;
  }
  ul {
    margin: 0;
    list-style: none;
  }
  .row {
    display: flex;
    align-items: center;
    padding: 2px;
    isolation: isolate;
    transition:
      filter var(--_duration),
      opacity var(--_duration);
  }
  .stale .row {
    filter: saturate(0.35);
    opacity: 0.87;
  }
  .opener {
    position: relative;
    border-radius: 50%;
  }
  .opener,
  .avatar {
    display: block;
  }
  .row > * + * {
    margin-inline-start: calc(var(--_avatar) * -0.22);
  }
  /* Initials stand in the middle of what the one before leaves to be seen. */
  .row > * + * .face {
    text-indent: calc(var(--_avatar) * 0.2);
  }
  .row > * + * .more {
    padding-inline-start: calc(var(--_avatar) * 0.3);
  }
  .new {
    animation: come 160ms ease-out;
  }
  /* The roster keeps a leaver for four seconds; the gap closes at the end of them. */
  .row [data-status='offline'] {
    animation: go 200ms 3.7s ease-in forwards;
  }
  .me .face::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 2px solid var(--_accent);
    border-radius: 50%;
  }
  .more {
    position: relative;
    display: grid;
    place-items: center;
    min-inline-size: var(--_avatar);
    block-size: var(--_avatar);
    padding-inline: 0.3em;
    border-radius: 99px;
    background: color-mix(in oklab, var(--_text) 9%, var(--_surface));
    box-shadow: 0 0 0 2px var(--_surface);
    color: var(--_muted);
  }
  span.more {
    display: inline-grid;
  }
  button.more:hover {
    background: color-mix(in oklab, var(--_text) 15%, var(--_surface));
    color: var(--_text);
  }
  .more > span {
    /* Not "8+", where people read from right to left. */
    direction: ltr;
    font-size: calc(var(--_avatar) * 0.36);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .ghost {
    border: 1px dashed var(--_border);
    border-radius: 50%;
    background: color-mix(in oklab, var(--_text) 4%, var(--_surface));
  }
  @media (pointer: coarse) {
    .row button::after {
      content: '';
      position: absolute;
      inset: min(0px, (100% - 44px) / 2);
    }
  }

  @keyframes come {
    from {
      opacity: 0;
      transform: scale(0.6);
    }
  }
  @keyframes go {
    to {
      margin-inline-start: calc(var(--_avatar) * -0.78);
      opacity: 0;
      transform: scale(0.6);
    }
  }
`;
