/** One message on the wire. */
export interface Frame {
  event: string;
  channel?: string;
  /** From the server a JSON text, except in `pusher:error` and `pusher:signin_success`. */
  data?: unknown;
  /** Who sent a client event on a presence channel. Keeps the JSON type that the member was given. */
  user_id?: string | number;
}

/** A frame as a client sent it: checked as far as being an object with the name of an event. */
export interface ClientFrame {
  event: string;
  channel: unknown;
  data: unknown;
}

/** Reads what a client sent, or answers `undefined` when it is no frame. */
export function readFrame(text: string): ClientFrame | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || typeof value.event !== 'string') return undefined;
  return { event: value.event, channel: value.channel, data: value.data };
}

/** Levels of nesting in JSON that are read: writing it again is recursive, and must not exhaust the stack. */
const deepestNesting = 200;

/** Parses JSON from outside, or answers `undefined`, also for what is nested without reason. */
export function parseJson(text: unknown): unknown {
  if (typeof text !== 'string' || isNestedTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNestedTooDeep(text: string): boolean {
  if (text.length <= deepestNesting) return false;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') isInString = !isInString;
    else if (character === '\\') index += 1;
    else if (isInString) continue;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > deepestNesting) return true;
  }
  return false;
}

/** Whether a value is an object with fields: no list, not `null`. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A frame that tells a client about a mistake; its connection stays open. */
export function errorFrame(code: number | null, message: string, channel?: string): Frame {
  return { event: 'pusher:error', ...(channel === undefined ? {} : { channel }), data: { code, message } };
}
