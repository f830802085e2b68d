/**
 * The door for script tags: one classic async script. It knows the hashes of the files that start a page,
 * asks for all that a page needs at once, and lets no file run that is not the one it was built with. While
 * the code loads it opens the socket, where the page will need one.
 */
import { RealtimeError, RealtimeErrorEvent } from './core/errors.js';
import { registry } from './core/registry.js';
import { findScriptTag, type Kit, startScriptTag } from './script-tag.js';

/** Filled in by the build: the hashes of `kit.js`, of `pusher.js`, and of each element's file, which imports the kit alone. */
declare const HASHES: Readonly<Record<string, string>>;
/** Filled in by the build: the version of pusher-js, for the address of the socket. */
declare const PUSHER_VERSION: string;

/** A file that failed is asked for again this much later, then twice as late each time. */
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
  const seen = new Map<string, Promise<unknown>>();

  /** Fetches a file with its hash; nothing of it runs. Resolves when it has been seen to be what was built. */
  const see = (href: string, integrity: string) => {
    const pending =
      seen.get(href) ??
      new Promise((resolve, reject) => {
        const link = Object.assign(document.createElement('link'), {
          rel: 'modulepreload',
          crossOrigin: tag.crossOrigin ?? 'anonymous',
          integrity,
          nonce: dataset.nonce ?? nonce,
          href,
          onload: () => resolve(link.remove()),
          onerror() {
            link.remove();
            seen.delete(href);
            reject(new Error(`${href} is missing or altered.`));
          },
        });
        document.head.append(link);
      });
    seen.set(href, pending);
    return pending;
  };

  /**
   * The same for several, as pairs of file and hash. What is imported stands before its importer, so that
   * no browser fetches it for that without the hash.
   */
  const verify = (base: string, ...pairs: readonly string[]) =>
    Promise.all(pairs.map((file, i) => i % 2 || see(new URL(file, base).href, pairs[i + 1] as string)));

  const verifyOwn = (...names: string[]) =>
    verify(src, ...names.flatMap((name) => [`${name}.js`, hashes[name] as string]));

  /** Files that have failed and not come yet: one error is told for all of them. */
  const missing = new Set<string>();

  const load = async <T>(name: string, retryMs = FIRST_RETRY_MS): Promise<T> => {
    try {
      await verifyOwn('kit', name);
      // Absolute, because a cross-origin classic script has in Chromium no base of its own to import from.
      const module = await import(/* @vite-ignore */ new URL(`${name}.js`, src).href);
      missing.delete(name);
      return module;
    } catch (cause) {
      if (missing.size === 0) report(name, cause);
      missing.add(name);
      await new Promise((resolve) => {
        setTimeout(resolve, retryMs);
        window.addEventListener('online', resolve, { once: true });
      });
      return load(name, Math.min(retryMs * 2, LAST_RETRY_MS));
    }
  };

  // Whoever imports gives the hashes along: one loader can check for all copies on the page.
  if (!(checkKey in globalThis)) Reflect.defineProperty(globalThis, checkKey, { value: verify });

  let kit: Promise<Kit> | undefined;
  startScriptTag(tag, {
    tags,
    kit() {
      kit ??= load<Kit>('kit');
      return kit;
    },
    element: async (name) => (await load<{ element: CustomElementConstructor }>(name)).element,
    connectionNeeded() {
      if (isOff(dataset.enabled)) return;
      openEarly(dataset);
      verifyOwn('pusher').catch(() => {});
    },
  });
}

/** Opens the socket at once, where its address is known and nobody on the page has one for it. */
function openEarly(dataset: DOMStringMap): void {
  const read = (name: string) => dataset[name]?.trim();
  const key = read('key');
  const host = read('host') || (read('cluster') && `ws-${read('cluster')}.pusher.com`);
  if (!key || !host || isOff(dataset.early) || registry().has(key, host)) return;
  const tls = !isOff(dataset.tls);
  const port = read('port') || (tls ? '443' : '80');
  const query = `protocol=7&client=js&version=${PUSHER_VERSION}&flash=false`;
  const url = `ws${tls ? 's' : ''}://${host}:${port}${read('path') ?? ''}/app/${key}?${query}`;
  try {
    registry().early.open(url);
  } catch {
    // A page that forbids the socket, or a wrong address, is told by the code that comes for it.
  }
}

function report(name: string, cause: unknown): void {
  const error = new RealtimeError(
    'connection/code-not-loaded',
    `The kit’s file ${name}.js could not be loaded.`,
    {
      hint: 'Check that it is there, unaltered, and allowed by CORS and by script-src and trusted-types (CSP). It is tried again.',
      retryable: true,
      cause,
    },
  );
  document.dispatchEvent(new RealtimeErrorEvent(error));
}
