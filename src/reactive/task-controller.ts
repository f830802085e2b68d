import type { RealtimeError } from '../core/errors.js';
import type { RealtimeEvent } from '../core/listeners.js';
import type { ProgressPayload } from '../protocol.js';
import type { ChannelFollower, ChannelSource, FollowStatus } from './channel-follower.js';
import { followEvents } from './event-follower.js';
import { requestFlush } from './flush.js';
import { PayloadReader } from './payload-reader.js';
import type { RealtimeHost } from './realtime-consumer.js';
import { advance, isNewRun, leastOf, MOST_TASKS, progressIn } from './task-progress.js';

/** Where one task stands. */
export interface TaskProgress extends ProgressPayload {
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Options of a `TaskController`. */
export interface TaskControllerOptions {
  channel: ChannelSource;
  /** Called when a task has changed, before the render. */
  onChange?: (task: TaskProgress, before: TaskProgress | undefined) => void;
}

const events = ['progress.updated', 'content.progress', 'content.generated', 'content.failed'] as const;

/** The tasks of a channel, for a Lit host. Progress never goes backwards, unless the task was started anew. */
export class TaskController {
  readonly #host: RealtimeHost;
  readonly #onChange: TaskControllerOptions['onChange'];
  readonly #reader: PayloadReader;
  readonly #follower: ChannelFollower;
  readonly #tasks = new Map<string, TaskProgress>();

  constructor(host: RealtimeHost, { channel, onChange }: TaskControllerOptions) {
    this.#host = host;
    this.#onChange = onChange;
    this.#reader = new PayloadReader(host);
    this.#follower = followEvents(host, {
      channel,
      events,
      onEvent: (event) => this.#onEvent(event),
      onForeign: () => this.clear(),
    });
  }

  get status(): FollowStatus {
    return this.#follower.status;
  }
  get error(): RealtimeError | undefined {
    return this.#follower.error;
  }
  /** In the order in which they began. */
  get tasks(): readonly TaskProgress[] {
    return [...this.#tasks.values()];
  }
  /** One task; `undefined` as long as nothing was heard of it. */
  get(taskId: string): TaskProgress | undefined {
    return this.#tasks.get(taskId);
  }

  /** Forgets every task. */
  clear(): void {
    this.#tasks.clear();
    this.#host.requestUpdate();
  }

  #onEvent(event: RealtimeEvent): void {
    const read = this.#reader.read(event);
    if (!read) return;
    const said = progressIn(event.event, read.payload);
    const before = this.#tasks.get(said.taskId);
    const task: TaskProgress = {
      ...(isNewRun(before, said) ? {} : before),
      ...said,
      progress: advance(before, said),
      updatedAt: event.receivedAt,
    };
    this.#tasks.set(task.taskId, task);
    if (this.#tasks.size > MOST_TASKS) this.#forgetOne();
    requestFlush(this.#host);
    this.#onChange?.(task, before);
  }

  /** Those that are over make room first. */
  #forgetOne(): void {
    const least = leastOf(this.tasks);
    if (least) this.#tasks.delete(least.taskId);
  }
}
