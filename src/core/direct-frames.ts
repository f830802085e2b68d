/**
 * Reads events off the socket itself. pusher-js would write each as JSON for a log that nobody reads and
 * set its timers anew, which costs more than all that the kit does with an event.
 */
import type { Frame } from './pusher.js';
import { memberId } from './roster.js';

/** Whether an event is the protocol's own. Others may begin alike: `pusher-news` is a page's event. */
export function isProtocolEvent(event: string): boolean {
  return /^pusher(_internal)?:/.test(event);
}

/** What pusher-js would only keep for itself: the kit has a roster of its own. */
const memberEvents = ['pusher_internal:member_added', 'pusher_internal:member_removed'];

/** From now on events of the socket go to `onFrame`; what belongs to the protocol still goes to pusher-js. */
export function readDirectly(socket: WebSocket, onFrame: (frame: Frame) => void): void {
  const pass = socket.onmessage;
  socket.onmessage = (message) => {
    const frame = readEvent(message.data);
    if (frame) onFrame(frame);
    else pass?.call(socket, message);
  };
}

/** What pusher-js cannot read it throws into the page: from now on it is told, the first time, and skipped. */
export function guardMessages(socket: WebSocket, onFailure: (cause: unknown) => void): void {
  const pass = socket.onmessage;
  let hasFailed = false;
  socket.onmessage = (message) => {
    try {
      pass?.call(socket, message);
    } catch (cause) {
      if (!hasFailed) onFailure(cause);
      hasFailed = true;
    }
  };
}

/** The event in a message; `undefined` for what is pusher-js' to read, to decrypt or to complain of. */
function readEvent(message: unknown): Frame | undefined {
  const frame = parse(message) as Partial<Record<keyof Frame, unknown>> | null;
  if (typeof frame?.event !== 'string' || typeof frame.channel !== 'string') return undefined;
  const { event, channel, user_id } = frame;
  if (isProtocolEvent(event) && !memberEvents.includes(event)) return undefined;
  if (channel.startsWith('private-encrypted-') || channel.startsWith('#')) return undefined;
  const read: Frame = { event, channel, data: parse(frame.data) };
  const author = memberId(user_id);
  if (author) read.user_id = author;
  return read;
}

/** What a text says as JSON; anything else as it is. */
function parse(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
