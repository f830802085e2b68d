/**
 * Sockets that a loader opens while the code for them is still on its way. A parked socket keeps what
 * it hears; whoever makes a socket for the same address gets it instead, with what it has heard.
 */

/** Nobody has come for it: the page needed no connection after all. */
const UNCLAIMED_MS = 15_000;

/** Parking places by address; part of the page's registry, so that any copy of the kit can claim. */
export interface EarlySockets {
  /** Opens a socket and keeps it for its address. */
  open(url: string): void;
  /** The socket for a URL's address, if one is parked and still usable. */
  claim(url: string): WebSocket | undefined;
}

/** A socket's address without what differs from version to version: scheme, host, port and path. */
export function socketAddress(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

interface Parked {
  socket: WebSocket;
  heard: Event[];
  /** Ends the parking: listeners and timer go. */
  life: AbortController;
}

export function makeEarlySockets(
  createSocket = (url: string): WebSocket => new WebSocket(url),
): EarlySockets {
  const parked = new Map<string, Parked>();
  const take = (address: string) => {
    const found = parked.get(address);
    found?.life.abort();
    parked.delete(address);
    return found;
  };
  return Object.freeze({
    open(url: string) {
      const address = socketAddress(url);
      if (parked.has(address)) return;
      const socket = createSocket(url);
      const heard: Event[] = [];
      const life = new AbortController();
      const { signal } = life;
      for (const type of ['open', 'message', 'error', 'close']) {
        socket.addEventListener(type, (event) => heard.push(event), { signal });
      }
      const timer = setTimeout(() => take(address)?.socket.close(), UNCLAIMED_MS);
      signal.onabort = () => clearTimeout(timer);
      parked.set(address, { socket, heard, life });
    },
    claim(url: string) {
      const found = take(socketAddress(url));
      if (!found) return undefined;
      if (!isUsable(found)) {
        found.socket.close();
        return undefined;
      }
      // pusher-js sets its handlers right after it gets the socket.
      queueMicrotask(() => replay(found));
      return found.socket;
    },
  });
}

/** A socket that was refused, or is gone, is no use: its reason would be told of the wrong attempt. */
function isUsable({ socket, heard }: Parked): boolean {
  return (
    socket.readyState <= WebSocket.OPEN &&
    !heard.some((event) => event instanceof MessageEvent && String(event.data).includes('"pusher:error"'))
  );
}

function replay({ socket, heard }: Parked): void {
  for (const event of heard) {
    if (event.type === 'open') socket.onopen?.(event);
    if (event.type === 'message') socket.onmessage?.(event as MessageEvent);
  }
}
