import { css } from 'lit';

export const styles = css`
  .on {
    position: relative;
    display: inline-block;
  }
  .base {
    display: inline-flex;
    vertical-align: middle;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.35em;
    min-inline-size: 1.6em;
    block-size: 1.6em;
    /* The line that it stands in grows by nothing. */
    margin-block: -0.3em;
    padding-inline: 0.45em;
    border-radius: 99px;
    background: var(--_accent);
    font-size: 0.75em;
    font-weight: 600;
    line-height: 1;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    /* What can be read on the surface can be read the other way round. */
    color: var(--rt-badge-text, var(--_surface));
    transition: opacity var(--_duration);
  }
  /* Not "+99", where people read from right to left. */
  [role='img'] > span {
    direction: ltr;
  }
  .quiet {
    border: 1px solid var(--_border);
    background: var(--_surface);
    font-weight: 500;
    color: var(--_text);
  }
  /* On a word, a bell or an avatar it sits at the upper end, and grows away from it. */
  .on .badge {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: calc(100% - 0.65em);
    z-index: 1;
    margin: 0;
    box-shadow: 0 0 0 2px var(--_surface);
    translate: 0 -45%;
  }
  /* A bell bears to be covered at its corner, the last letter of a word does not. */
  .word .badge {
    inset-inline-start: calc(100% - 0.2em);
  }
  .grow {
    animation: grow 200ms ease-out;
  }
  .stale .badge {
    background: color-mix(in oklab, var(--_text) 9%, var(--_surface));
    color: var(--_muted);
  }
  .dot {
    /* Only a whole, even number of pixels is round. */
    inline-size: 6px;
    inline-size: round(0.55em, 2px);
    aspect-ratio: 1;
    border: 0.28em solid var(--_good);
    border-radius: 50%;
    background: var(--_good);
  }
  .waiting {
    color: var(--_muted);
  }
  .waiting .dot {
    border: 1.5px solid;
    background: none;
  }
  @media (forced-colors: active) {
    .badge {
      border: 1px solid CanvasText;
    }
  }
  @keyframes grow {
    from {
      opacity: 0;
      transform: scale(0);
    }
  }
`;
