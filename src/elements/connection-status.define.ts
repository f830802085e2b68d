import { ConnectionStatusElement } from './connection-status.js';
import { defineElement } from './define.js';

defineElement('connection-status', ConnectionStatusElement);
