import type { Task } from './task-list.js';

/** A task's progress or status changed; at most one a frame while only the number does. */
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

/** Somebody wants a failed task to be tried again; doing so is the page's business. */
export class RetryRequestedEvent extends Event {
  static readonly eventName = 'retry-requested';
  readonly task: Task;

  constructor(task: Task) {
    super(RetryRequestedEvent.eventName, { bubbles: true, composed: true });
    this.task = task;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'progress-changed': ProgressChangedEvent;
    'progress-completed': ProgressCompletedEvent;
    'progress-failed': ProgressFailedEvent;
    'retry-requested': RetryRequestedEvent;
  }
}
