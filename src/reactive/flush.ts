/**
 * One shared flush for every render that an event causes: at the next frame while the page is visible, a
 * quarter of a second later while it is hidden. Twenty thousand events then cost some hundred renders. The
 * first render, and what a person did, never wait.
 */
import type { ReactiveControllerHost } from 'lit';

/** Hidden pages get no frames; four times a second keeps titles and badges true and costs nothing. */
const HIDDEN_FLUSH_MS = 250;
/** A page that is hidden while it waits gets its frame no more; a busy one gets it late, and should not draw twice for it. */
const MISSED_FRAME_MS = 1_000;

/**
 * A stream that changes something in each frame is drawn thirty times a second: nobody reads faster, and
 * drawing is most of what it costs. What comes after a rest is drawn in the next frame.
 */
const LEAST_APART_MS = 25;

let flushedAt = -LEAST_APART_MS;
const waiting = new Set<ReactiveControllerHost>();
let planned: Promise<void> | undefined;

/** Renders the host at the next flush, once, however often it is asked. */
export function requestFlush(host: ReactiveControllerHost): void {
  waiting.add(host);
  planned ??= nextFlush().then(() => {
    planned = undefined;
    const hosts = [...waiting];
    waiting.clear();
    for (const each of hosts) each.requestUpdate();
  });
}

/** Resolves when the host waits for no flush. Elements await it in `getUpdateComplete`. */
export async function flushed(host: ReactiveControllerHost): Promise<void> {
  if (waiting.has(host)) await planned;
}

function nextFlush(): Promise<void> {
  return new Promise((resolve) => {
    let frame = 0;
    const done = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      resolve();
    };
    const onFrame = (now: number) => {
      if (now - flushedAt < LEAST_APART_MS) {
        frame = requestAnimationFrame(onFrame);
      } else {
        flushedAt = now;
        done();
      }
    };
    const isHidden = document.visibilityState === 'hidden';
    const timer = setTimeout(done, isHidden ? HIDDEN_FLUSH_MS : MISSED_FRAME_MS);
    if (!isHidden) frame = requestAnimationFrame(onFrame);
  });
}
