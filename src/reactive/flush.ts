/**
 * One shared flush for every render that an event causes: a frame apart while the page is visible, a
 * quarter of a second while it is hidden. Twenty thousand events then cost some hundred renders. The
 * first render, and what a person did, never wait.
 */
import type { ReactiveControllerHost } from 'lit';

/** Hidden pages get no frames; four times a second keeps titles and badges true and costs nothing. */
const HIDDEN_FLUSH_MS = 250;

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
    // A page hidden while it waits gets no frame any more: the timer is for that.
    const timer = setTimeout(done, HIDDEN_FLUSH_MS);
    if (document.visibilityState !== 'hidden') frame = requestAnimationFrame(done);
  });
}
