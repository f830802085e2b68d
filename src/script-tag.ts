/**
 * What every script tag of the kit does: finds the elements that the page uses, now and later, has
 * each defined once, and gives the page one name, `window.realtimeElements`. Where the code comes
 * from, the network or the same file, is the caller's business.
 */
import type { RealtimeConfig } from './core/config.js';
import type { RealtimeController } from './core/realtime-controller.js';

/** Elements that need a connection as soon as they are there: a provider gives its own, a channel may come later. */
function needsConnection(element: Element, tag: string): boolean {
  if (element.closest('realtime-provider')) return false;
  return tag === 'connection-status' || element.hasAttribute('channel');
}

/** What a page may do from script; safe to use before the code has come, as an array with `push`. */
export interface RealtimeElementsApi {
  /** Sets what attributes cannot hold, for instance a token provider. Before the first element needs it. */
  configure(config: RealtimeConfig): void;
  /** The page's controller, once the code has come. */
  readonly ready: Promise<RealtimeController>;
  /** Calls back with the controller as soon as it is there. */
  push(callback: (controller: RealtimeController) => void): void;
  /** Looks for elements inside an open shadow root too, now and later. */
  observe(root: ShadowRoot): void;
}

/** The shared code, as its module exports it. */
export interface Kit {
  startPage(dataset: DOMStringMap, settings: RealtimeConfig): RealtimeController;
  defineElement(tag: string, element: CustomElementConstructor, prefix?: string): void;
}

/** Where the code comes from. */
export interface CodeSource {
  /** The tags that it has. */
  readonly tags: readonly string[];
  kit(): Promise<Kit>;
  element(tag: string): Promise<CustomElementConstructor>;
  /** Called once, as soon as something on the page is known to need a connection. */
  connectionNeeded?(): void;
}

declare global {
  interface Window {
    realtimeElements?: RealtimeElementsApi | ((controller: RealtimeController) => void)[];
  }
}

/** Starts the page once; a script tag that is there twice does nothing the second time. */
export function startScriptTag({ dataset }: HTMLScriptElement, source: CodeSource): void {
  const queued = window.realtimeElements;
  if (queued && 'ready' in queued) return;
  const prefix = dataset.prefix?.trim() || undefined;
  let settings: RealtimeConfig = {};
  let controller: Promise<RealtimeController> | undefined;
  const startController = () => {
    controller ??= source.kit().then(({ startPage }) => startPage(dataset, settings));
    return controller;
  };

  const names = new Map(source.tags.map((tag) => [prefix ? `${prefix}-${tag}` : tag, tag]));
  const selector = [...names.keys()].join();
  const missing = new Set(source.tags);
  let isNeeded = false;
  const define = (tag: string) => {
    missing.delete(tag);
    Promise.all([source.kit(), source.element(tag), startController()]).then(
      ([{ defineElement }, element]) => defineElement(tag, element, prefix),
      // Whoever loads has reported it; the fallback content stays.
      () => {},
    );
  };
  const use = (element: Element) => {
    const tag = names.get(element.localName) as string;
    if (missing.has(tag)) define(tag);
    if (isNeeded || !needsConnection(element, tag)) return;
    isNeeded = true;
    source.connectionNeeded?.();
  };
  const look = (scope: ParentNode) => {
    if (scope instanceof Element && scope.matches(selector)) use(scope);
    for (const element of scope.querySelectorAll(selector)) use(element);
    if (missing.size === 0 && isNeeded) observer.disconnect();
  };
  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) look(node);
    }
  });
  const observe = (root: Document | ShadowRoot) => {
    observer.observe(root, { childList: true, subtree: true });
    look(root);
  };

  const api: RealtimeElementsApi = {
    configure(config) {
      settings = { ...settings, ...config };
    },
    get ready() {
      return startController();
    },
    push(callback) {
      startController().then(callback, () => {});
    },
    observe,
  };
  window.realtimeElements = api;
  observe(document);
  if (Array.isArray(queued)) for (const callback of queued) api.push(callback);
}
