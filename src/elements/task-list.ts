/** The tasks of a channel, from the events that tell of them: pure logic, no DOM. */
import type {
  ContentFailedPayload,
  ContentGeneratedPayload,
  ProgressPayload,
  TaskStatus,
} from '../protocol.js';

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
  /** Whether the progress is unknown: it waits, or has not said a number yet. */
  readonly indeterminate: boolean;
  /** When and where the estimate of the time left begins: milliseconds since 1970, and the progress then. */
  readonly startedAt: number;
  readonly startedFrom: number;
  readonly updatedAt: number;
}

/** Finished tasks make room first; the rest is bounded as well, since payloads come from outside. */
const MOST_TASKS = 50;
/** An estimate from less than this would jump about. */
const LEAST_PROGRESS = 3;
const LEAST_TIME_MS = 2_000;

const isOver = ({ status }: Pick<Task, 'status'>) =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

export class TaskList {
  #tasks: readonly Task[] = [];

  /** In the order in which they began. */
  get tasks(): readonly Task[] {
    return this.#tasks;
  }

  /** Reads `progress.updated` and its like. Answers the task, before and after. */
  update(payload: ProgressPayload, now: number, hasNumber = true): [before: Task | undefined, after: Task] {
    const { taskId: id, progress, status, label, message, error, url } = payload;
    const before = this.get(id);
    // Over and running again is another run; anything else that goes backwards comes late.
    const restarted = !before || (isOver(before) && !isOver(payload));
    const known = restarted ? 0 : before.progress;
    const after: Task = {
      id,
      status,
      progress: Math.max(known, progress),
      label: label ?? before?.label,
      message,
      error,
      url: url ?? (restarted ? undefined : before.url),
      indeterminate: !isOver(payload) && !hasNumber && (restarted || before.indeterminate),
      startedAt: restarted ? now : before.startedAt,
      startedFrom: restarted ? progress : before.startedFrom,
      updatedAt: now,
    };
    this.#put(after);
    return [before, after];
  }

  complete({ taskId, title, downloadUrl }: ContentGeneratedPayload, now: number) {
    return this.update(
      { taskId, progress: 100, status: 'completed', url: downloadUrl, ...(title ? { label: title } : {}) },
      now,
    );
  }

  fail({ taskId, error }: ContentFailedPayload, now: number) {
    return this.update({ taskId, progress: 0, status: 'failed', error }, now);
  }

  get(id: string): Task | undefined {
    return this.#tasks.find((task) => task.id === id);
  }

  remove(id: string): void {
    this.#tasks = this.#tasks.filter((task) => task.id !== id);
  }

  clear(): void {
    this.#tasks = [];
  }

  #put(task: Task): void {
    const index = this.#tasks.findIndex(({ id }) => id === task.id);
    if (index >= 0) {
      this.#tasks = this.#tasks.with(index, task);
      return;
    }
    this.#tasks = [...this.#tasks, task];
    if (this.#tasks.length > MOST_TASKS) this.remove((this.#tasks.find(isOver) ?? this.#tasks[0]!).id);
  }
}

/** How long a task will take yet, in milliseconds; `undefined` while that is a guess. */
export function timeLeft({ status, progress, startedAt, startedFrom, updatedAt }: Task): number | undefined {
  const done = progress - startedFrom;
  const tookMs = updatedAt - startedAt;
  if (status !== 'running' || done < LEAST_PROGRESS || tookMs < LEAST_TIME_MS) return undefined;
  return (tookMs / done) * (100 - progress);
}
