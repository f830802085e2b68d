import { defineElement } from './define.js';
import { NotificationToastElement } from './notification-toast.js';

defineElement('notification-toast', NotificationToastElement);
