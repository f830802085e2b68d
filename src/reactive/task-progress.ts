/** What the events of a channel say of its tasks: one reading, for the controller and for the element. */
import type {
  ContentFailedPayload,
  ContentGeneratedPayload,
  ProgressPayload,
  TaskStatus,
} from '../protocol.js';

/** Tasks that are kept; payloads come from outside, and nobody reads more. */
export const MOST_TASKS = 50;

interface WithStatus {
  readonly status: TaskStatus;
}

/** Whether nothing more is to be expected of a task. */
export function isOver({ status }: WithStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Whether an event begins a run: over and under way again is another one. */
export function isNewRun(before: WithStatus | undefined, said: WithStatus): boolean {
  return !before || (isOver(before) && !isOver(said));
}

/** The progress after an event: within a run, what goes backwards is late. */
export function advance(
  before: Pick<ProgressPayload, 'progress' | 'status'> | undefined,
  said: ProgressPayload,
): number {
  return before && !isNewRun(before, said) ? Math.max(before.progress, said.progress) : said.progress;
}

/** Which task makes room for another: the first that is over, or else the oldest. */
export function leastOf<T extends WithStatus>(tasks: readonly T[]): T | undefined {
  return tasks.find(isOver) ?? tasks[0];
}

/** What an event says of its task, whichever event it is. */
export function progressIn(event: string, payload: unknown): ProgressPayload {
  if (event === 'content.generated') {
    const { taskId, title, downloadUrl: url } = payload as ContentGeneratedPayload;
    return {
      taskId,
      progress: 100,
      status: 'completed',
      ...(title ? { label: title } : {}),
      ...(url ? { url } : {}),
    };
  }
  if (event === 'content.failed') {
    const { taskId, error } = payload as ContentFailedPayload;
    return { taskId, progress: 0, status: 'failed', error };
  }
  return payload as ProgressPayload;
}
