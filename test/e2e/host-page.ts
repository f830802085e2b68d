/** A page of somebody else: another origin, a plain HTML file, and one script tag. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostPages {
  /** The address of a page with this HTML in its body. */
  add(html: string): string;
  stop(): Promise<void>;
}

export async function startHostPages(): Promise<HostPages> {
  const pages: string[] = [];
  const server: Server = createServer((request, response) => {
    const html = pages[Number(new URL(request.url ?? '/', 'http://host').pathname.slice(1))];
    response.writeHead(html === undefined ? 404 : 200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    add(html) {
      pages.push(`<!doctype html><meta charset="utf-8"><title>A host</title>${html}`);
      return `http://127.0.0.1:${port}/${pages.length - 1}`;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
