/** How an element tells the page of trouble: an error with a remedy, as an event that bubbles out of it. */
import { RealtimeError, type RealtimeErrorCode, RealtimeErrorEvent } from '../core/errors.js';

/** Dispatches `realtime-error` on an element. */
export function report(
  host: EventTarget,
  code: RealtimeErrorCode,
  message: string,
  options: { hint: string; retryable?: boolean; cause?: unknown },
): void {
  host.dispatchEvent(new RealtimeErrorEvent(new RealtimeError(code, message, options)));
}
