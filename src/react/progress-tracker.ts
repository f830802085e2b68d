'use client';
// Generated from custom-elements.json by `npm run manifest`.
import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import { ProgressTrackerElement } from '../elements/progress-tracker.js';
import '../elements/progress-tracker.define.js';

/** Shows how far the tasks of a channel are, or one of them. On a cache channel, a reload and a late comer see the last state at once. */
export const ProgressTracker = createComponent({
  react: React,
  tagName: 'progress-tracker',
  elementClass: ProgressTrackerElement,
  events: {
    /** A task's progress or status changed; at most one a frame while only the number does. */
    onProgressChanged: 'progress-changed' as EventName<HTMLElementEventMap['progress-changed']>,
    /** A task is done. */
    onProgressCompleted: 'progress-completed' as EventName<HTMLElementEventMap['progress-completed']>,
    /** A task has failed. */
    onProgressFailed: 'progress-failed' as EventName<HTMLElementEventMap['progress-failed']>,
    /** Somebody wants a failed task to be tried again. */
    onRetryRequested: 'retry-requested' as EventName<HTMLElementEventMap['retry-requested']>,
  },
});
