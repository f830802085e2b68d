import { html, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { RealtimeEvent } from '../core/listeners.js';
import { ChannelController } from '../reactive/channel-controller.js';
import type { FollowStatus } from '../reactive/channel-follower.js';
import { RealtimeConsumer } from '../reactive/realtime-consumer.js';
import { userWatch } from '../reactive/user-watch.js';
import { lazy } from './lazy.js';
import { RealtimeElement } from './realtime-element.js';
import type { TaskBoard, TaskBoardHost } from './task-board.js';
import type { Task } from './task-list.js';

export type {
  ProgressChangedEvent,
  ProgressCompletedEvent,
  ProgressFailedEvent,
  RetryRequestedEvent,
} from './progress-events.js';
export type { Task } from './task-list.js';

/** Events that speak of tasks without being asked to. */
const taskEvents = ['progress.updated', 'content.progress', 'content.generated', 'content.failed'];

const boardModule = lazy(() => import('./task-board.js'));

/** Kept while the code for tasks is on its way; it is there in a moment, or it is not coming. */
const MOST_EARLY = 100;

/**
 * Shows how far the tasks of a channel are, or one of them. On a cache channel, a reload and a late
 * comer see the last state at once.
 *
 * @slot - Shown while there is no task.
 *
 * @csspart base - The wrapper.
 * @csspart task - One task, with `data-task-id` and `data-status`.
 * @csspart label - What the task is.
 * @csspart value - How far it is, or what became of it.
 * @csspart track - The track of the bar, `role="progressbar"`.
 * @csspart fill - The part of it that is done.
 * @csspart message - What is being done now, or why it failed.
 * @csspart remaining - The time that is left.
 * @csspart link - The link to the result.
 * @csspart retry - The button that asks for another try.
 *
 * @fires {ProgressChangedEvent} progress-changed - A task's progress or status changed; at most one a frame while only the number does.
 * @fires {ProgressCompletedEvent} progress-completed - A task is done.
 * @fires {ProgressFailedEvent} progress-failed - A task has failed.
 * @fires {RetryRequestedEvent} retry-requested - Somebody wants a failed task to be tried again.
 *
 * @attr {FollowStatus} status - Reflects the state; read it, do not set it.
 * @attr {boolean} empty - Reflects that there is no task.
 *
 * @element progress-tracker
 */
export class ProgressTrackerElement extends RealtimeElement implements TaskBoardHost {
  readonly #channel = new ChannelController(this, {
    channel: () => this.channel,
    handlers: { '*': (event) => this.#onEvent(event) },
    filter: ({ event }) => taskEvents.includes(event) || this.event.split(/\s+/).includes(event),
  });

  /** The channel on which the tasks report. */
  @property() channel = '';
  /** Further events that report progress, by name with spaces between. */
  @property() event = '';
  /** The id of the one task to show; without it, all of the channel are shown. */
  @property() task = '';
  /** The backend's own names of fields, as `progress=percent taskId=job_id`. */
  @property() fields = '';

  #board: TaskBoard | undefined;
  /** What was heard before the board's code was there. */
  #early: readonly RealtimeEvent[] = [];

  constructor() {
    super();
    new RealtimeConsumer(
      this,
      userWatch(() => this.clear()),
    );
  }

  /** Where the element stands. */
  get status(): FollowStatus {
    return this.#channel.status;
  }
  /** The tasks that are shown. */
  get tasks(): readonly Task[] {
    return this.#board?.tasks ?? [];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another channel has other tasks.
    if (changed.get('channel')) this.clear();
    const module = this.#early.length > 0 ? boardModule(this) : undefined;
    if (module) {
      this.#board ??= new module.TaskBoard(this);
      for (const event of this.#early) this.#board.read(event);
      this.#early = [];
    }
    this.reflect(this.status, this.tasks.length === 0);
  }

  protected override renderContent() {
    const { words, language } = this.localizer;
    // What the page says while there is no task stays in the page's own type.
    return this.tasks.length === 0
      ? html`<slot></slot>`
      : html`<div part="base" class="base block ${this.status}">${this.#board?.render(words, language)}</div>`;
  }

  /** Takes a task away; it comes back when something is heard of it. */
  removeTask(id: string): void {
    this.#board?.remove(id);
    this.requestUpdate();
  }

  /** Takes every task away. */
  clear(): void {
    this.#early = [];
    this.#board?.clear();
    this.requestUpdate();
  }

  #onEvent(event: RealtimeEvent): void {
    if (this.#board) {
      this.#board.read(event);
      return;
    }
    this.#early = [...this.#early, event].slice(-MOST_EARLY);
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'progress-tracker': ProgressTrackerElement;
  }
}
