/**
 * The door for script tags: one classic async script that loads each element's code once, when the
 * page uses it.
 */
import { RealtimeError, RealtimeErrorEvent } from './core/errors.js';
import { type Kit, startScriptTag } from './script-tag.js';

/** Filled in by the build: every tag that has a file of its own. */
declare const ELEMENT_TAGS: readonly string[];

/** A file that failed is asked for again this much later, then twice as late each time. */
const FIRST_RETRY_MS = 4_000;
const LAST_RETRY_MS = 120_000;

const script = document.currentScript as HTMLScriptElement | null;

if (script) {
  const { src } = script;
  let kit: Promise<Kit> | undefined;
  startScriptTag(script, {
    tags: ELEMENT_TAGS,
    kit() {
      kit ??= load<Kit>(src, 'kit.js');
      return kit;
    },
    element: async (tag) => (await load<{ element: CustomElementConstructor }>(src, `${tag}.js`)).element,
  });
}

/** Absolute, because a cross-origin classic script has in Chromium no base of its own to import from. */
async function load<T>(base: string, file: string, retryMs = FIRST_RETRY_MS): Promise<T> {
  try {
    return await import(/* @vite-ignore */ new URL(file, base).href);
  } catch (cause) {
    if (retryMs === FIRST_RETRY_MS) report(file, cause);
    if (retryMs > LAST_RETRY_MS) throw cause;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    return load(base, file, retryMs * 2);
  }
}

function report(file: string, cause: unknown): void {
  const error = new RealtimeError(
    'connection/code-not-loaded',
    `The kit’s file ${file} could not be loaded.`,
    {
      hint: 'Check that it can be reached, allows this origin (CORS), and is allowed by script-src (CSP). It is tried again.',
      retryable: true,
      cause,
    },
  );
  document.dispatchEvent(new RealtimeErrorEvent(error));
}
