/** Connection monitor: one line of text that is always true, "Live · 42 ms · reconnected 3×". */
import { describeStatus, type RealtimeController, type Undo } from 'realtime-elements';

/** Keeps the line up to date until the undo is called. Needs a connection meanwhile. */
export function monitorConnection(controller: RealtimeController, line: HTMLElement): Undo {
  let isOver = false;
  const show = () => {
    if (isOver) return;
    const { label } = describeStatus(controller.status);
    const { latency, reconnections } = controller.stats;
    const parts = [
      label,
      // Words that interrupt people wait for `lost`: a short drop is nobody's business.
      controller.lost && controller.reason,
      latency.last !== undefined && `${Math.round(latency.last)} ms`,
      reconnections > 0 && `reconnected ${reconnections}×`,
    ];
    line.textContent = parts.filter(Boolean).join(' · ');
  };
  // A turn later, when the figures of this change are counted too.
  const undos = [controller.subscribe(() => queueMicrotask(show)), controller.need()];
  show();
  return () => {
    isOver = true;
    for (const undo of undos) undo();
  };
}
