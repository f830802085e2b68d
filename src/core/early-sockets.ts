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
  release(): void;
}

const types = ['open', 'message', 'error', 'close'] as const;

export function makeEarlySockets(
  createSocket = (url: string): WebSocket => new WebSocket(url),
): EarlySockets {
  const parked = new Map<string, Parked>();
  return Object.freeze({
    open(url: string) {
      const address = socketAddress(url);
      if (parked.has(address)) return;
      const socket = createSocket(url);
      const heard: Event[] = [];
      const listen = (event: Event) => heard.push(event);
      const forget = () => {
        release();
        parked.delete(address);
        socket.close();
      };
      const timer = setTimeout(forget, UNCLAIMED_MS);
      const release = () => {
        clearTimeout(timer);
        for (const type of types) socket.removeEventListener(type, listen);
      };
      for (const type of types) socket.addEventListener(type, listen);
      parked.set(address, { socket, heard, release });
    },
    claim(url: string) {
      const address = socketAddress(url);
      const found = parked.get(address);
      if (!found) return undefined;
      parked.delete(address);
      found.release();
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
  const open = socket.readyState === WebSocket.CONNECTING || socket.readyState === WebSocket.OPEN;
  return (
    open &&
    !heard.some((event) => event instanceof MessageEvent && String(event.data).includes('"pusher:error"'))
  );
}

function replay({ socket, heard }: Parked): void {
  for (const event of heard) {
    if (event.type === 'open') socket.onopen?.(event);
    if (event.type === 'message') socket.onmessage?.(event as MessageEvent);
  }
}
