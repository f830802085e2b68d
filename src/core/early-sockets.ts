/**
 * Sockets that a loader opens while the code for them is still on its way. A parked socket keeps what
 * it hears; whoever makes a socket for the same address gets it instead, with what it has heard.
 */

/** Nobody has come for it: the page needed no connection after all. */
const UNCLAIMED_MS = 15_000;

/** The first state of a socket that is no use; `WebSocket.CLOSING` in fewer bytes. */
const CLOSING = 2;

/** Parking places by address; part of the page's registry, so that any copy of the kit can claim. */
export interface EarlySockets {
  /** Opens a socket and keeps it for its address. */
  open(url: string): void;
  /** The socket for a URL's address, if one is parked and still usable. */
  claim(url: string): WebSocket | undefined;
}

/** A socket's address without what differs from version to version: scheme, host, port and path. */
export function socketAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

interface Parked {
  socket: WebSocket;
  heard: Event[];
  timer: ReturnType<typeof setTimeout>;
}

export function makeEarlySockets(
  createSocket = (url: string): WebSocket => new WebSocket(url),
): EarlySockets {
  const parked = new Map<string, Parked>();
  const take = (address: string) => {
    const found = parked.get(address);
    clearTimeout(found?.timer);
    parked.delete(address);
    return found;
  };
  return Object.freeze({
    open(url: string) {
      const address = socketAddress(url);
      if (parked.has(address)) return;
      const socket = createSocket(url);
      const heard: Event[] = [];
      socket.onopen = socket.onmessage = (event: Event) => heard.push(event);
      const timer = setTimeout(() => take(address)?.socket.close(), UNCLAIMED_MS);
      parked.set(address, { socket, heard, timer });
    },
    claim(url: string) {
      const found = take(socketAddress(url));
      if (!found) return undefined;
      if (!isUsable(found)) {
        found.socket.close();
        return undefined;
      }
      // pusher-js sets its handlers, in place of those above, right after it gets the socket.
      queueMicrotask(() => replay(found));
      return found.socket;
    },
  });
}

/** A socket that was refused, or is gone, is no use: its reason would be told of the wrong attempt. */
function isUsable({ socket, heard }: Parked): boolean {
  return (
    socket.readyState < CLOSING &&
    !heard.some((event) => String((event as MessageEvent).data).includes('"pusher:error"'))
  );
}

/** Of an open socket: that it opened, and its messages. */
function replay({ socket, heard }: Parked): void {
  for (const event of heard) socket[`on${event.type}` as 'onmessage']?.(event as MessageEvent);
}
