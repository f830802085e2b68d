'use client';
// Generated from custom-elements.json by `npm run manifest`.
import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import { NotificationToastElement } from '../elements/notification-toast.js';
import '../elements/notification-toast.define.js';

/** Shows notifications of a channel as toasts, in the tab that somebody looks at. F8 takes the keyboard to the newest, Escape closes the one that has it. */
export const NotificationToast = createComponent({
  react: React,
  tagName: 'notification-toast',
  elementClass: NotificationToastElement,
  events: {
    /** A toast is to be seen. */
    onNotificationShown: 'notification-shown' as EventName<HTMLElementEventMap['notification-shown']>,
    /** Somebody chose an action; `preventDefault()` keeps a link from being followed. */
    onNotificationActivated: 'notification-activated' as EventName<
      HTMLElementEventMap['notification-activated']
    >,
    /** A toast has gone; `reason` tells why. */
    onNotificationDismissed: 'notification-dismissed' as EventName<
      HTMLElementEventMap['notification-dismissed']
    >,
  },
});
