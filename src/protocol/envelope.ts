/** The optional envelope around a payload, for backends that want ids and senders on every message. */
export interface Envelope<T = unknown> {
  id: string;
  type: string;
  /** ISO 8601. */
  timestamp: string;
  sender?: string;
  data: T;
}

/** A random id of 128 bits; also on plain-http pages, where `crypto.randomUUID` is missing. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Puts a payload into an envelope with a fresh id and the time of now. */
export function makeEnvelope<T>(type: string, data: T, sender?: string): Envelope<T> {
  return {
    id: randomId(),
    type,
    timestamp: new Date().toISOString(),
    ...(sender === undefined ? {} : { sender }),
    data,
  };
}

/** Reads an envelope; a bare payload is read as one whose type is the event's name. */
export function readEnvelope(
  event: string,
  payload: unknown,
): { type: string; data: unknown; id?: string; sender?: string; timestamp?: string } {
  if (!isEnvelope(payload)) return { type: event, data: payload };
  const { id, type, timestamp, sender, data } = payload;
  return { type, data, id, timestamp, ...(typeof sender === 'string' ? { sender } : {}) };
}

function isEnvelope(payload: unknown): payload is Envelope {
  if (typeof payload !== 'object' || payload === null) return false;
  const { id, type, timestamp } = payload as Partial<Envelope>;
  return (
    typeof id === 'string' && typeof type === 'string' && typeof timestamp === 'string' && 'data' in payload
  );
}
