import type { NotificationAction } from '../protocol.js';
import type { DismissReason, ToastContent } from './toast-queue.js';

/** A toast is to be seen. */
export class NotificationShownEvent extends Event {
  static readonly eventName = 'notification-shown';
  readonly notification: ToastContent;

  constructor(notification: ToastContent) {
    super(NotificationShownEvent.eventName, { bubbles: true, composed: true });
    this.notification = notification;
  }
}

/** Somebody chose an action of a toast. */
export class NotificationActivatedEvent extends Event {
  static readonly eventName = 'notification-activated';
  readonly notification: ToastContent;
  /** `action.event` is a name from the payload: compare it with those you know, do not dispatch it. */
  readonly action: NotificationAction;

  constructor(notification: ToastContent, action: NotificationAction) {
    super(NotificationActivatedEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.notification = notification;
    this.action = action;
  }
}

/** A toast has gone. */
export class NotificationDismissedEvent extends Event {
  static readonly eventName = 'notification-dismissed';
  readonly notification: ToastContent;
  readonly reason: DismissReason;

  constructor(notification: ToastContent, reason: DismissReason) {
    super(NotificationDismissedEvent.eventName, { bubbles: true, composed: true });
    this.notification = notification;
    this.reason = reason;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'notification-shown': NotificationShownEvent;
    'notification-activated': NotificationActivatedEvent;
    'notification-dismissed': NotificationDismissedEvent;
  }
}
