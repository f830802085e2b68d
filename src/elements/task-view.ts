/** How one task is drawn. */
import { html, nothing } from 'lit';
import { formatDuration } from './duration.js';
import { icon } from './icons.js';
import { formatNumber } from './numbers.js';
import { safeUrl } from './safe-url.js';
import { messageOf, type Task, timeLeft } from './task-list.js';
import type { Words } from './words.js';

export function renderTask(task: Task, words: Words, language: string, onRetry: (task: Task) => void) {
  const { id, status, indeterminate } = task;
  const label = task.label || words.tasks;
  const percent = Math.floor(task.progress);
  const text = messageOf(task);
  const href = status === 'completed' ? safeUrl(task.url) : undefined;
  const left = timeLeft(task);
  const isUnknown = indeterminate || status === 'pending';
  return html`<li
    part="task"
    class="${status} ${indeterminate && status === 'running' ? 'unknown' : ''}"
    tabindex="-1"
    data-task-id=${id}
    data-status=${status}
  >
    <div class="line">
      <span part="label" class="label"><bdi>${label}</bdi></span>
      <span class="fixed">
        <span part="value" class="value">${renderValue(task, percent, words, language)}</span>
        ${href ? html`<a part="link" class="action" href=${href} rel="noopener" aria-label="${words.open}: ${label}">${words.open}</a>` : nothing}
      </span>
    </div>
    <div
      part="track"
      class="track"
      role="progressbar"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${isUnknown && percent === 0 ? nothing : percent}
      aria-valuetext=${status === 'running' ? nothing : words.taskStatus[status]}
    ><div part="fill" class="fill"></div></div>
    ${
      text || left !== undefined || status === 'failed'
        ? html`<div class="line below">
            <span part="message" class="message"><bdi>${text}</bdi></span>
            ${left === undefined ? nothing : html`<span part="remaining" class="fixed">${words.timeLeft(formatDuration(left, language))}</span>`}
            ${status === 'failed' ? html`<button part="retry" class="action" aria-label="${words.tryAgain}: ${label}" @click=${() => onRetry(task)}>${words.tryAgain}</button>` : nothing}
          </div>`
        : nothing
    }
  </li>`;
}

function renderValue({ status, indeterminate }: Task, percent: number, words: Words, language: string) {
  if (status === 'completed') return html`${icon('check')}${words.taskStatus.completed}`;
  if (status !== 'running') return words.taskStatus[status];
  return indeterminate ? nothing : formatNumber(percent / 100, language, { style: 'percent' });
}
