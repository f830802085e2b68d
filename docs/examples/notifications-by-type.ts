/** Notifications by type: each type has its own handler, and what has none falls to one for the rest. */
import {
  eventNames,
  type NotificationPayload,
  type RealtimeController,
  readPayload,
  type Undo,
} from 'realtime-elements';

export type NotificationHandler = (notification: NotificationPayload) => void;

/** Hands the notifications of a channel to the handler of their type, or to `otherwise`. */
export function handleNotifications(
  controller: RealtimeController,
  channel: string,
  handlers: Readonly<Record<string, NotificationHandler>>,
  otherwise: NotificationHandler,
): Undo {
  return controller.listen({
    channel,
    event: eventNames.notification,
    callback: ({ event, data }) => {
      const read = readPayload(event, data);
      if (!read.ok) throw new Error(read.problem);
      const notification = read.value as unknown as NotificationPayload;
      const { type = '' } = notification;
      // `hasOwn`, because the type comes from outside: "constructor" is no handler.
      const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
      (handler ?? otherwise)(notification);
    },
  });
}
