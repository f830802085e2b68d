/**
 * The door for script tags: one classic async script. It knows the hashes of the files that start a page,
 * asks for all that a page needs at once, and lets no file run that is not the one it was built with. While
 * the code loads it opens the socket, where the page will need one.
 */
import type { RealtimeError } from './core/errors.js';
import { registry } from './core/registry.js';
import { findScriptTag, startScriptTag } from './script-tag.js';

/** Filled in by the build: the hashes of `kit.js`, of `pusher.js`, and of each element's file, which imports the kit alone. */
declare const HASHES: Readonly<Record<string, string>>;
/** Filled in by the build: the version of pusher-js, for the address of the socket. */
declare const PUSHER_VERSION: string;

/** A file that failed is asked for again this much later, then twice as late each time; one that was forgotten, this often. */
const FIRST_RETRY_MS = 4_000;
const LAST_RETRY_MS = 120_000;

const isOff = (text = '') => /^(off|false|0)$/i.test(text.trim());

const hashes = HASHES;
const tags = Object.keys(hashes).slice(2);

/** Where the built files find the check: they ask before each import on demand. */
const checkKey = Symbol.for('realtime-elements.check');

const script = findScriptTag('loader.js');
if (script) start(script);

function start(tag: HTMLScriptElement): void {
  const { dataset, nonce, src } = tag;
  const seen: Record<string, Promise<string>> = {};

  /** Fetches a file with its hash; nothing of it runs. Resolves with its address when it has been seen to be what was built. */
  const see = (file: string, integrity: string, base = src) => {
    // Absolute, because a cross-origin classic script has in Chromium no base of its own to import from.
    const { href } = new URL(file, base);
    seen[href] ??= new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement('link'), {
        rel: 'modulepreload',
        crossOrigin: tag.crossOrigin ?? 'anonymous',
        integrity,
        nonce: dataset.nonce ?? nonce,
        href,
        onload() {
          settle();
          resolve(href);
        },
        onerror() {
          settle();
          delete seen[href];
          reject(new Error(href));
        },
      });
      const settle = () => {
        clearInterval(timer);
        link.remove();
      };
      document.head.append(link);
      // A page may make its head anew meanwhile: Firefox then forgets the link, and tells nobody.
      const timer = setInterval(() => link.isConnected || document.head?.append(link), FIRST_RETRY_MS);
    });
    return seen[href];
  };

  /** The same for one of the files that the loader knows. */
  const seeOwn = (name: string) => see(`${name}.js`, hashes[name] as string);

  /** Files that have failed and not come yet: one error is told for all of them. */
  const missing = new Set<string>();

  const load = async <T>(name: string, retryMs = FIRST_RETRY_MS): Promise<T> => {
    try {
      // What is imported stands before its importer, so that no browser fetches it for that without the hash.
      const [, address] = await Promise.all([seeOwn('kit'), seeOwn(name)]);
      const module = await import(/* @vite-ignore */ address);
      missing.delete(name);
      return module;
    } catch (cause) {
      if (!missing.size) report(name, cause);
      missing.add(name);
      await new Promise((resolve) => {
        setTimeout(resolve, retryMs);
        addEventListener('online', resolve, { once: true });
      });
      return load(name, Math.min(retryMs * 2, LAST_RETRY_MS));
    }
  };

  // Whoever imports gives the hashes along, as pairs of file and hash, each before its importer: one loader,
  // the first, can check for all copies on the page.
  (globalThis as { [checkKey]?: unknown })[checkKey] ??= (base: string, ...pairs: readonly string[]) =>
    Promise.all(pairs.map((file, i) => i % 2 || see(file, pairs[i + 1] as string, base)));

  startScriptTag(tag, {
    tags,
    load,
    connectionNeeded() {
      if (isOff(dataset.enabled)) return;
      openEarly(dataset);
      seeOwn('pusher').catch(() => {});
    },
  });
}

/** Opens the socket at once, where its address is known and nobody on the page has one for it. */
function openEarly(dataset: DOMStringMap): void {
  const {
    key,
    secret,
    cluster,
    host = cluster && `ws-${cluster}.pusher.com`,
    port = '',
    path = '',
  } = dataset;
  if (!key || !host || secret || isOff(dataset.early) || registry().has(key, host)) return;
  const query = `protocol=7&client=js&version=${PUSHER_VERSION}`;
  try {
    registry().early.open(`ws${isOff(dataset.tls) ? '' : 's'}://${host}:${port}${path}/app/${key}?${query}`);
  } catch {
    // A page that forbids the socket, or a wrong address, is told by the code that comes for it.
  }
}

/** An error as the code that has not come would make it. */
function report(name: string, cause: unknown): void {
  const error: RealtimeError = Object.assign(
    new Error(`The file ${name}.js could not be loaded.`, { cause }),
    {
      name: 'RealtimeError',
      code: 'connection/code-not-loaded',
      hint: 'Is it there, unaltered, and allowed by CORS, script-src and trusted-types?',
      docs: 'docs/troubleshooting.md#connection-code-not-loaded',
      retryable: true,
    } as const,
  );
  document.dispatchEvent(Object.assign(new Event('realtime-error', { bubbles: true }), { error }));
}
