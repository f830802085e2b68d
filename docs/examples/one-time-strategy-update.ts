/** One-time strategy update: a promise of the next one. */
import { eventNames, type RealtimeController, readPayload, type StrategyPayload } from 'realtime-elements';

/** Resolves with the next change of a strategy; rejects when the signal aborts first. */
export function nextStrategyUpdate(
  controller: RealtimeController,
  channel: string,
  signal?: AbortSignal,
): Promise<StrategyPayload> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    controller.listen({
      channel,
      event: eventNames.strategyModified,
      // Removed before its first run, and the channel is left with it. What the filter drops does not count.
      once: true,
      filter: ({ event, data }) => readPayload(event, data).ok,
      signal,
      callback: ({ data }) => resolve(data),
    });
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
