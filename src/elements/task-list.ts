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
  /** Whether no number has been said yet. */
  readonly indeterminate: boolean;
  /** Since when it has been running, in milliseconds since 1970, and how far it was then. */
  readonly startedAt: number;
  readonly startedFrom: number;
  readonly updatedAt: number;
}

/** What is over makes room first; payloads come from outside, and nobody reads more. */
const MOST_TASKS = 50;
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
  update(payload: ProgressPayload, now: number, hasNumber = true): [before: Task | undefined, after: Task] {
    const { taskId: id, progress, status, label, message, error, url } = payload;
    const before = this.get(id);
    // Over and running again is another run; anything else that goes backwards is late.
    const isNewRun = !before || (isOver(before.status) && !isOver(status));
    const isFirstNumber = isNewRun || before.indeterminate;
    const after: Task = {
      id,
      status,
      progress: isNewRun ? progress : Math.max(before.progress, progress),
      label: label ?? before?.label,
      message: message ?? (isNewRun || isOver(status) ? undefined : before.message),
      error,
      url: url ?? (isNewRun ? undefined : before.url),
      indeterminate: isFirstNumber && !hasNumber,
      startedAt: isFirstNumber ? now : before.startedAt,
      startedFrom: isFirstNumber ? progress : before.startedFrom,
      updatedAt: now,
    };
    if (!before) this.#makeRoom();
    this.#tasks.set(id, after);
    return [before, after];
  }

  complete({ taskId, title, downloadUrl: url }: ContentGeneratedPayload, now: number) {
    const label = title || undefined;
    return this.update({ taskId, progress: 100, status: 'completed', label, url }, now);
  }

  fail({ taskId, error }: ContentFailedPayload, now: number) {
    return this.update({ taskId, progress: 0, status: 'failed', error }, now, false);
  }

  remove(id: string): void {
    this.#tasks.delete(id);
  }

  clear(): void {
    this.#tasks.clear();
  }

  #makeRoom(): void {
    const { tasks } = this;
    if (tasks.length >= MOST_TASKS) this.remove((tasks.find(({ status }) => isOver(status)) ?? tasks[0]!).id);
  }
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

function isOver(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
