import { defineElement } from './define.js';
import { RealtimeBadgeElement } from './realtime-badge.js';

defineElement('realtime-badge', RealtimeBadgeElement);
