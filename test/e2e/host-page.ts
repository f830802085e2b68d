/** A page of somebody else: another origin, a plain HTML file, and one script tag. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostPages {
  /** The address of a page with this HTML in its body, served under a policy where one is given. */
  add(html: string, policy?: string, policyHeader?: string): string;
  /** The address of a script of the host's own. */
  addScript(code: string): string;
  stop(): Promise<void>;
}

export async function startHostPages(): Promise<HostPages> {
  const pages: { body: string; headers: Record<string, string> }[] = [];
  const server: Server = createServer((request, response) => {
    const page = pages[Number(new URL(request.url ?? '/', 'http://host').pathname.slice(1))];
    response.writeHead(page ? 200 : 404, page?.headers);
    response.end(page?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const serve = (body: string, headers: Record<string, string>) => {
    pages.push({ body, headers });
    return `http://127.0.0.1:${port}/${pages.length - 1}`;
  };
  return {
    add: (html, policy, policyHeader = 'Content-Security-Policy') =>
      serve(`<!doctype html><meta charset="utf-8"><title>A host</title>${html}`, {
        'Content-Type': 'text/html; charset=utf-8',
        ...(policy ? { [policyHeader]: policy } : {}),
      }),
    addScript: (code) => serve(code, { 'Content-Type': 'text/javascript; charset=utf-8' }),
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
