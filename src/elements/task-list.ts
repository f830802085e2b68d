/** The tasks of a channel, from the events that tell of them: pure logic, no DOM. */
import type { ProgressPayload, TaskStatus } from '../protocol.js';
import { advance, isNewRun, isOver, leastOf, MOST_TASKS } from '../reactive/task-progress.js';

/** One task at one moment. */
export interface Task {
  readonly id: string;
  /** 0 to 100. Never less than before, unless the task was started anew. */
  readonly progress: number;
  readonly status: TaskStatus;
  readonly label?: string;
  readonly message?: string;
  readonly error?: string;
  readonly url?: string;
  /** Whether no number has been said yet. */
  readonly indeterminate: boolean;
  /** Since when it has been running, in milliseconds since 1970, and how far it was then. */
  readonly startedAt: number;
  readonly startedFrom: number;
  readonly updatedAt: number;
}

/** An estimate from less than this would jump about. */
const LEAST_PROGRESS = 3;
const LEAST_TIME_MS = 2_000;

export class TaskList {
  readonly #tasks = new Map<string, Task>();

  /** In the order in which they began. */
  get tasks(): readonly Task[] {
    return [...this.#tasks.values()];
  }

  get(id: string): Task | undefined {
    return this.#tasks.get(id);
  }

  /**
   * Reads what an event says of a task; answers the task before and after.
   * @param hasNumber Whether the event said how far it is.
   */
  update(said: ProgressPayload, now: number, hasNumber = true): [before: Task | undefined, after: Task] {
    const { taskId: id, progress, status, label, message, error, url } = said;
    const known = this.get(id);
    /** The same run, as it was. */
    const before = isNewRun(known, said) ? undefined : known;
    const isFirstNumber = before?.indeterminate ?? true;
    const after: Task = {
      id,
      status,
      progress: advance(before, said),
      label: label ?? known?.label,
      message: message ?? (isOver(said) ? undefined : before?.message),
      error,
      url: url ?? before?.url,
      indeterminate: isFirstNumber && !hasNumber,
      startedAt: before && !isFirstNumber ? before.startedAt : now,
      startedFrom: before && !isFirstNumber ? before.startedFrom : progress,
      updatedAt: now,
    };
    if (!known) this.#makeRoom();
    this.#tasks.set(id, after);
    return [known, after];
  }

  remove(id: string): void {
    this.#tasks.delete(id);
  }

  clear(): void {
    this.#tasks.clear();
  }

  #makeRoom(): void {
    const least = leastOf(this.tasks);
    if (least && this.#tasks.size >= MOST_TASKS) this.remove(least.id);
  }
}

/** What is being done now, or why it failed. */
export function messageOf({ status, error, message }: Task): string | undefined {
  return (status === 'failed' && error) || message;
}

/** How long a task will take yet, in milliseconds; `undefined` while that would be a guess. */
export function timeLeft({ status, progress, startedAt, startedFrom, updatedAt }: Task): number | undefined {
  const done = progress - startedFrom;
  const tookMs = updatedAt - startedAt;
  if (status !== 'running' || progress >= 100 || done < LEAST_PROGRESS || tookMs < LEAST_TIME_MS) {
    return undefined;
  }
  return (tookMs / done) * (100 - progress);
}
