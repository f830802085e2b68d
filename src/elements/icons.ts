/** One family of icons: 16 by 16, lines of 1.5, in the colour of the text. */
import { css, html } from 'lit';

const circle = 'M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 1 1 0-12.5z';

const paths = {
  info: `${circle}M8 7.25v3.5M8 5.1v.01`,
  success: `${circle}M5.4 8.2l1.8 1.8 3.4-3.8`,
  warning: 'M8 2.25l6.25 11H1.75zM8 6.5v3M8 11.4v.01',
  error: `${circle}M8 4.9v3.5M8 10.9v.01`,
  achievement:
    'M4.75 2.25h6.5v4a3.25 3.25 0 0 1-6.5 0zM4.75 3.5H2.5c0 2 .75 3.25 2.5 3.5M11.25 3.5h2.25c0 2-.75 3.25-2.5 3.5M8 9.5v2.25M5.25 13.75h5.5',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.25 3.25L13 4.75',
} as const;

export type IconName = keyof typeof paths;

/** An icon; decoration only, the words beside it carry the meaning. */
export function icon(name: IconName) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${paths[name]} /></svg>`;
}

export const iconStyles = css`
  .icon {
    display: block;
    flex: none;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;
