import { defineElement } from './define.js';
import { ProgressTrackerElement } from './progress-tracker.js';

defineElement('progress-tracker', ProgressTrackerElement);
