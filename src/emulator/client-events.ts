import { allowsClientEvents, byteLength } from '../protocol.js';
import type { Connection } from './connection.js';
import { type ClientFrame, errorFrame } from './frame.js';

const codeOfRejectedEvent = 4301;

/** Hands an event from one member of a channel to the others, or tells its sender why not. */
export function sendClientEvent(connection: Connection, frame: ClientFrame): void {
  const { app, socketId } = connection;
  const { channel: name, event } = frame;
  const data = asText(frame.data);
  const problem = problemOf(connection, frame, data);
  if (problem !== undefined || typeof name !== 'string') {
    const scope = typeof name === 'string' ? name : undefined;
    connection.send(errorFrame(codeOfRejectedEvent, problem ?? 'A client event names its channel', scope));
    return;
  }
  const channel = app.channels.get(name);
  const member = channel?.roster?.memberOf(connection);
  const sender = member ? { user_id: member.id } : {};
  channel?.broadcast({ event, channel: name, data, ...sender }, connection);
  app.webhooks.add({
    name: 'client_event',
    channel: name,
    event,
    data,
    socket_id: socketId,
    ...(member ? { user_id: String(member.id) } : {}),
  });
}

/** Data as it goes over the wire; a client may send a text or anything else that is JSON. */
function asText(data: unknown): string {
  return typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
}

function problemOf(
  connection: Connection,
  { event, channel }: ClientFrame,
  data: string,
): string | undefined {
  const { settings } = connection.app;
  const { eventNameLength, payloadBytes, clientEventsPerSecond } = settings.limits;
  if (typeof channel !== 'string') return 'A client event names its channel as a text';
  if (!settings.clientEvents) return 'Client events are not enabled for this app';
  if (!allowsClientEvents(channel)) return 'Client events go through private and presence channels only';
  if (!connection.channels.has(channel)) return `Not subscribed to channel ${channel}`;
  if (event.length > eventNameLength) return `An event name has at most ${eventNameLength} characters`;
  if (byteLength(data) > payloadBytes) return `The data of an event has at most ${payloadBytes} bytes`;
  if (!takeTurn(connection, clientEventsPerSecond)) {
    return `A connection sends at most ${clientEventsPerSecond} client events in a second`;
  }
  return undefined;
}

/** Whether one more event fits into the second that ends now. */
function takeTurn({ clientEventTimes, context }: Connection, eventsPerSecond: number): boolean {
  const now = context.clock.now();
  // Without a sign: what was sent before the clock was set back would else count until it is there again.
  while (clientEventTimes.length > 0 && Math.abs(now - clientEventTimes[0]!) >= 1000)
    clientEventTimes.shift();
  if (clientEventTimes.length >= eventsPerSecond) return false;
  clientEventTimes.push(now);
  return true;
}
