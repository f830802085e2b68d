/** Critical bot status: what needs a person is heard before anything else hears of it. */
import {
  type BotPayload,
  eventNames,
  type RealtimeController,
  readPayload,
  type Undo,
} from 'realtime-elements';

/** Higher runs earlier; ordinary listeners have 0. */
const CRITICAL = 100;

/** Raises an alarm for each bot that fails, until the undo is called. */
export function watchBots(
  controller: RealtimeController,
  channel: string,
  alarm: (bot: BotPayload) => void,
): Undo {
  return controller.listen({
    // Under an id of its own: watching the same channel twice replaces, and rings once.
    id: 'critical-bot-status',
    channel,
    event: eventNames.botUpdated,
    priority: CRITICAL,
    callback: ({ event, data }) => {
      const read = readPayload(event, data);
      if (read.ok && read.value.status === 'ERROR') alarm(read.value as unknown as BotPayload);
    },
  });
}
