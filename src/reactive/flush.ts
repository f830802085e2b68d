/**
 * One shared flush for every render that an event causes: a frame apart while the page is visible, a
 * quarter of a second while it is hidden. Twenty thousand events then cost some hundred renders. The
 * first render, and what a person did, never wait.
 */
import type { ReactiveControllerHost } from 'lit';

/** Hidden pages get no frames; four times a second keeps titles and badges true and costs nothing. */
const HIDDEN_FLUSH_MS = 250;
/** A page that is hidden while it waits gets its frame no more; a busy one gets it late, and should not draw twice for it. */
const MISSED_FRAME_MS = 1_000;

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
    const isHidden = document.visibilityState === 'hidden';
    const timer = setTimeout(done, isHidden ? HIDDEN_FLUSH_MS : MISSED_FRAME_MS);
    if (!isHidden) frame = requestAnimationFrame(done);
  });
}
