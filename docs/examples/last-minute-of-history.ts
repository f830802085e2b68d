/** The last minute of history: what was missed by a part of the page that opens late. */
import type { RealtimeController, RealtimeEvent, Undo } from 'realtime-elements';

const MINUTE_MS = 60_000;

/** Shows the last minute of an event on a channel, oldest first, and goes on with what comes. */
export function replayLastMinute(
  controller: RealtimeController,
  channel: string,
  event: string,
  show: (event: RealtimeEvent) => void,
): Undo {
  for (const past of controller.history.query({ channel, event, since: Date.now() - MINUTE_MS })) show(past);
  return controller.listen<string>({ channel, event, callback: show });
}

/** How often each event happened in the last minute: for a report, or to see what is going on. */
export function countLastMinute(controller: RealtimeController): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { event } of controller.history.query({ since: Date.now() - MINUTE_MS })) {
    counts.set(event, (counts.get(event) ?? 0) + 1);
  }
  return counts;
}
