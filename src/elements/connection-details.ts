/** What `<connection-status>` tells on request: since when, how fast, how much, and when the next attempt is. */
import { css, html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { ConnectionStatus } from '../core/connection.js';
import type { ConnectionController } from '../reactive/connection-controller.js';
import { formatDuration } from './duration.js';
import { placePopover, popoverStyles } from './popover.js';
import { adopt } from './styles.js';
import type { Words } from './words.js';

/** Numbers that count seconds are drawn once a second. */
const TICK_MS = 1_000;
/** While somebody looks, the latency is measured this often. */
const MEASURE_EVERY_TICKS = 5;
const retryable: readonly ConnectionStatus[] = [
  'connecting',
  'reconnecting',
  'offline',
  'refused',
  'disconnected',
];

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: HTMLElement | DocumentFragment };

/** Keeps the details of one element current for as long as they are shown. */
export class ConnectionDetails implements ReactiveController {
  readonly #host: Host;
  readonly #connection: ConnectionController;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;

  constructor(host: Host, connection: ConnectionController) {
    this.#host = host;
    this.#connection = connection;
    adopt(host.renderRoot, popoverStyles, styles);
    host.addController(this);
  }

  hostUpdated(): void {
    const find = (part: string) => this.#host.renderRoot.querySelector<HTMLElement>(`[part~="${part}"]`);
    const [details, trigger] = [find('details'), find('trigger')];
    const isShown = details?.isConnected && (!details.popover || details.matches(':popover-open'));
    if (isShown) this.#watch();
    else this.#rest();
    if (isShown && trigger && details.popover) placePopover(trigger, details);
  }

  hostDisconnected(): void {
    this.#rest();
  }

  render(words: Words, language: string, onRetry: () => void) {
    const { status, since, stats, error, attempts, retryAt, channelCount } = this.#connection;
    const now = Date.now();
    const duration = (milliseconds: number) => formatDuration(milliseconds, language);
    const number = (value: number) => value.toLocaleString(language);
    const figures: [label: string, value: string][] = [
      [words.uptime, stats?.uptimeMs ? duration(stats.uptimeMs) : '–'],
      [words.channels, number(channelCount)],
      [words.received, number(stats?.messagesReceived ?? 0)],
      [words.sent, number(stats?.messagesSent ?? 0)],
    ];
    if (stats?.reconnections) figures.push([words.reconnections, number(stats.reconnections)]);
    const plan = [
      attempts > 0 && status !== 'connected' ? words.attempts(attempts) : '',
      retryAt && status !== 'connected' ? words.nextAttempt(duration(Math.max(0, retryAt - now))) : '',
    ].filter(Boolean);
    return html`
      <div class="head">
        <strong>${words.status[status]}</strong>
        <span>${since ? words.since(duration(now - since)) : nothing}</span>
      </div>
      <p>${words.explanation[status]}</p>
      ${error && status !== 'offline' ? html`<p part="reason" class="reason" lang="en" dir="ltr">${error.message} ${error.hint}</p>` : nothing}
      ${plan.length > 0 ? html`<p class="plan">${plan.join(', ')}</p>` : nothing}
      ${this.#renderLatency(words, language)}
      <dl>
        ${figures.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
      </dl>
      ${
        retryable.includes(status)
          ? html`<button part="retry" class="retry" @click=${onRetry}>${words.retry}</button>`
          : nothing
      }
    `;
  }

  #renderLatency(words: Words, language: string) {
    const { samples = [], last } = this.#connection.stats?.latency ?? {};
    if (last === undefined) return nothing;
    const text = Math.round(last).toLocaleString(language, { style: 'unit', unit: 'millisecond' });
    return html`<div class="latency">
      <span>${words.latency}</span>
      ${
        samples.length > 1
          ? html`<svg viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
              <polyline points=${linePoints(samples)} />
            </svg>`
          : html`<span></span>`
      }
      <strong>${text}</strong>
    </div>`;
  }

  #watch(): void {
    if (this.#timer !== undefined) return;
    this.#connection.measureLatency();
    this.#timer = setInterval(() => {
      this.#ticks += 1;
      if (this.#ticks % MEASURE_EVERY_TICKS === 0) this.#connection.measureLatency();
      this.#host.requestUpdate();
    }, TICK_MS);
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** A line through the samples, oldest at the start, over the whole box. */
function linePoints(samples: readonly number[]): string {
  const highest = Math.max(...samples, 1);
  return samples
    .map((sample, index) => `${(index / (samples.length - 1)) * 100},${22 - (sample / highest) * 20}`)
    .join(' ');
}

const styles = css`
  .details {
    line-height: 1.45;
  }
  .details[popover] {
    inline-size: 21em;
  }
  .details p {
    margin: 0;
    color: var(--_muted);
  }
  .head {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: calc(3 * var(--_space));
  }
  .head strong {
    font-weight: 600;
  }
  .head span,
  dt,
  .latency span {
    color: var(--_muted);
  }
  .reason,
  .plan {
    padding-block-start: calc(1.5 * var(--_space));
  }
  .latency {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: calc(3 * var(--_space));
    margin-block-start: calc(3 * var(--_space));
    font-variant-numeric: tabular-nums;
  }
  .latency svg {
    inline-size: 100%;
    block-size: 24px;
    overflow: visible;
  }
  polyline {
    fill: none;
    stroke: var(--_accent);
    stroke-width: 1.5;
    stroke-linejoin: round;
    vector-effect: non-scaling-stroke;
  }
  strong,
  dd {
    font-weight: 500;
  }
  dl {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: calc(2.5 * var(--_space)) calc(6 * var(--_space));
    margin: calc(3 * var(--_space)) 0 0;
    padding-block-start: calc(3 * var(--_space));
    border-block-start: 1px solid var(--_border);
  }
  dt {
    font-size: 0.923em;
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .retry {
    inline-size: 100%;
    min-block-size: 32px;
    margin-block-start: calc(3.5 * var(--_space));
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.75);
    font-weight: 600;
    text-align: center;
  }
  .retry:hover {
    background: color-mix(in oklab, var(--_text) 5%, transparent);
  }
  @media (pointer: coarse) {
    .retry {
      min-block-size: 44px;
    }
  }
`;
