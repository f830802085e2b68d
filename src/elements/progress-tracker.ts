import { html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RealtimeEvent } from '../core/listeners.js';
import {
  type ContentFailedPayload,
  type ContentGeneratedPayload,
  type ProgressPayload,
  readEnvelope,
  readPayload,
} from '../protocol.js';
import { EventController } from '../reactive/event-controller.js';
import { icon } from './icons.js';
import { styles } from './progress-tracker.styles.js';
import { RealtimeElement } from './realtime-element.js';
import { safeUrl } from './safe-url.js';
import { type Task, TaskList, timeLeft } from './task-list.js';

/** A task's progress changed. */
export class ProgressChangedEvent extends Event {
  static readonly eventName = 'progress-changed';
  readonly task: Task;

  constructor(task: Task) {
    super(ProgressChangedEvent.eventName, { bubbles: true, composed: true });
    this.task = task;
  }
}

/** A task is done. */
export class ProgressCompletedEvent extends Event {
  static readonly eventName = 'progress-completed';
  readonly task: Task;

  constructor(task: Task) {
    super(ProgressCompletedEvent.eventName, { bubbles: true, composed: true });
    this.task = task;
  }
}

/** A task has failed. */
export class ProgressFailedEvent extends Event {
  static readonly eventName = 'progress-failed';
  readonly task: Task;

  constructor(task: Task) {
    super(ProgressFailedEvent.eventName, { bubbles: true, composed: true });
    this.task = task;
  }
}

/** Somebody wants a failed task to be tried again; the page does that. */
export class RetryRequestedEvent extends Event {
  static readonly eventName = 'retry-requested';
  readonly task: Task;

  constructor(task: Task) {
    super(RetryRequestedEvent.eventName, { bubbles: true, composed: true });
    this.task = task;
  }
}

const events = ['progress.updated', 'content.progress', 'content.generated', 'content.failed'];

/**
 * Shows how far the tasks of a channel are, or one of them.
 *
 * @slot - Shown while there is no task.
 *
 * @csspart base - The wrapper.
 * @csspart task - One task, with `data-task-id` and `data-status`.
 * @csspart label - What the task is.
 * @csspart value - Its percentage, or what became of it.
 * @csspart track - The track of the bar.
 * @csspart fill - The part of it that is done.
 * @csspart message - What is being done now, or why it failed.
 * @csspart remaining - The time that is left.
 * @csspart link - The link to the result.
 * @csspart retry - The button that asks for another try.
 *
 * @fires progress-changed - A task's progress or status changed.
 * @fires progress-completed - A task is done.
 * @fires progress-failed - A task has failed.
 * @fires retry-requested - Somebody wants a failed task to be tried again.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that there is no task.
 */
export class ProgressTrackerElement extends RealtimeElement {
  static override styles = [RealtimeElement.styles, styles].flat();

  readonly #events = new EventController(this, {
    channel: () => this.channel,
    event: events,
    callback: (event) => this.#onEvent(event),
  });

  /** The channel on which the tasks report. */
  @property() channel = '';
  /** The id of the one task to show; without it, all of the channel are shown. */
  @property() task = '';

  readonly #list = new TaskList();

  get status() {
    return this.#events.status;
  }
  /** The tasks that are shown. */
  get tasks(): readonly Task[] {
    return this.#list.tasks.filter(({ id }) => !this.task || id === this.task);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    this.setAttribute('status', this.status);
    this.toggleAttribute('empty', this.tasks.length === 0);
  }

  protected override render() {
    const { tasks, status } = this;
    return html`<div part="base" class="base">
      ${
        tasks.length === 0
          ? html`<slot></slot>`
          : html`<ul class=${status} role="list" aria-label=${this.words.tasks}>
              ${repeat(
                tasks,
                ({ id }) => id,
                (task) => this.#renderTask(task),
              )}
            </ul>`
      }
    </div>`;
  }

  #renderTask(task: Task) {
    const { words } = this;
    const { id, status, indeterminate } = task;
    const percent = Math.round(task.progress);
    const label = task.label || words.taskStatus.running;
    const text = task.status === 'failed' ? task.error || task.message : task.message;
    const href = status === 'completed' ? safeUrl(task.url) : undefined;
    return html`<li part="task" class="${status} ${indeterminate ? 'unknown' : ''}" data-task-id=${id} data-status=${status}>
      <div class="line">
        <span part="label" class="label">${label}</span>
        <span part="value" class="value">${this.#renderValue(task, percent)}</span>
      </div>
      <div
        part="track"
        class="track"
        role="progressbar"
        aria-label=${label}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${indeterminate ? nothing : percent}
        aria-valuetext=${status === 'running' ? nothing : words.taskStatus[status]}
      ><div part="fill" class="fill"></div></div>
      <div class="line below">
        <span part="message" class="reason">${text}</span>
        ${this.#renderRemaining(task)}
        ${href ? html`<a part="link" class="action" href=${href} rel="noopener">${words.open}</a>` : nothing}
        ${status === 'failed' ? html`<button part="retry" class="action" @click=${() => this.#retry(task)}>${words.tryAgain}</button>` : nothing}
      </div>
    </li>`;
  }

  #renderValue({ status, indeterminate }: Task, percent: number) {
    const { words } = this;
    if (status === 'completed') return html`${icon('check')} ${words.taskStatus.completed}`;
    if (status !== 'running') return words.taskStatus[status];
    return indeterminate ? nothing : `${percent}%`;
  }

  #renderRemaining(task: Task) {
    const left = timeLeft(task);
    return left === undefined ? nothing : html`<span part="remaining">${this.words.timeLeft(left)}</span>`;
  }

  protected override updated(): void {
    for (const element of this.renderRoot.querySelectorAll<HTMLElement>('[data-task-id]')) {
      const task = this.#list.get(element.dataset.taskId ?? '');
      element.style.setProperty('--_progress', `${task?.progress ?? 0}%`);
    }
  }

  #onEvent({ event, data }: RealtimeEvent): void {
    const payload = readPayload(event, readEnvelope(event, data).data);
    if (!payload.ok) return;
    const [before, after] = this.#read(event, payload.value);
    if (this.task && after.id !== this.task) return;
    this.dispatchEvent(new ProgressChangedEvent(after));
    if (before?.status === after.status) return;
    if (after.status === 'completed') this.dispatchEvent(new ProgressCompletedEvent(after));
    if (after.status === 'failed') this.dispatchEvent(new ProgressFailedEvent(after));
  }

  #read(event: string, payload: unknown) {
    const now = Date.now();
    if (event === 'content.generated') return this.#list.complete(payload as ContentGeneratedPayload, now);
    if (event === 'content.failed') return this.#list.fail(payload as ContentFailedPayload, now);
    return this.#list.update(payload as ProgressPayload, now);
  }

  #retry(task: Task): void {
    this.dispatchEvent(new RetryRequestedEvent(task));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'progress-tracker': ProgressTrackerElement;
  }
  interface GlobalEventHandlersEventMap {
    'progress-changed': ProgressChangedEvent;
    'progress-completed': ProgressCompletedEvent;
    'progress-failed': ProgressFailedEvent;
    'retry-requested': RetryRequestedEvent;
  }
}
