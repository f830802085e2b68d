import type { Undo } from '../core/observable.js';
import type { RealtimeController } from '../core/realtime-controller.js';

const watches = new WeakMap<RealtimeController, { listeners: Set<() => void>; undo: Undo }>();

/**
 * Hears of a controller's changes together with all others of the page, once for all that a task changes:
 * a thousand elements that hold a channel are a thousand changes, and each would be told to all of them.
 */
export function watchTogether(controller: RealtimeController, listener: () => void): Undo {
  const watch = watches.get(controller) ?? startWatch(controller);
  watch.listeners.add(listener);
  return () => {
    watch.listeners.delete(listener);
    if (watch.listeners.size > 0 || watches.get(controller) !== watch) return;
    watches.delete(controller);
    watch.undo();
  };
}

function startWatch(controller: RealtimeController) {
  const listeners = new Set<() => void>();
  let isPlanned = false;
  const undo = controller.subscribe(() => {
    if (isPlanned) return;
    isPlanned = true;
    queueMicrotask(() => {
      isPlanned = false;
      for (const listener of listeners) listener();
    });
  });
  const watch = { listeners, undo };
  watches.set(controller, watch);
  return watch;
}
