/**
 * What every script tag of the kit does: finds the elements that the page uses, now and later, has
 * each defined once, and gives the page one name, `window.realtimeElements`. Where the code comes
 * from, the network or the same file, is the caller's business.
 */
import type { RealtimeConfig } from './core/config.js';
import type { RealtimeController } from './core/realtime-controller.js';

/** Elements that need a connection as soon as they are there: a provider gives its own, a channel may come later. */
function needsConnection(element: Element, tag: string): boolean {
  if (element.closest(element.localName.replace(tag, 'realtime-provider'))) return false;
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
  /**
   * For another copy of the kit: hands over the tags of its script tag, to be found together with this one's.
   * @param dataset What that script tag says; the settings of this one hold.
   */
  adopt(tags: ReadonlyMap<string, TagDefinition>, dataset?: DOMStringMap): void;
}

/** A tag of a script tag, under the name that it has on the page. */
export interface TagDefinition {
  /** Its name without a prefix. */
  readonly tag: string;
  /** Loads its code and defines it, the first time. */
  define(): Promise<void>;
}

/** The shared code, as its module exports it. */
export interface Kit {
  startPage(dataset: DOMStringMap, settings?: RealtimeConfig): RealtimeController;
  defineElement(tag: string, element: CustomElementConstructor): void;
}

/** An element's code, as its module exports it. */
export interface ElementModule {
  element: CustomElementConstructor;
}

/** Where the code comes from. */
export interface CodeSource {
  /** The tags that it has. */
  readonly tags: readonly string[];
  /** The module of this name; those that are there are given again. */
  load(name: 'kit'): Promise<Kit>;
  load(tag: string): Promise<ElementModule>;
  /** Called once, as soon as something on the page is known to need a connection. */
  connectionNeeded?(): void;
}

declare global {
  interface Window {
    realtimeElements?: RealtimeElementsApi | ((controller: RealtimeController) => void)[];
  }
}

/**
 * The script tag that runs a file of the kit. A module has no current script, and an image of that name
 * would stand in its place.
 */
export function findScriptTag(file: string): HTMLScriptElement | null {
  const current = document.currentScript;
  return current instanceof HTMLScriptElement
    ? current
    : document.querySelector<HTMLScriptElement>(`script[data-key][src*="${file}"]`);
}

/** Starts the page once; a script tag that comes later hands its tags to the first. */
export function startScriptTag({ dataset }: HTMLScriptElement, source: CodeSource): void {
  const queued = window.realtimeElements;
  const first = (queued as RealtimeElementsApi | undefined)?.adopt && (queued as RealtimeElementsApi);
  const prefix = readPrefix(dataset.prefix);
  /** Until the controller is made. */
  let settings: RealtimeConfig | undefined = {};
  let controller: Promise<RealtimeController> | undefined;
  const startController = () => {
    controller ??=
      first?.ready ??
      source.load('kit').then(({ startPage }) => {
        const given = settings;
        settings = undefined;
        return startPage(dataset, given);
      });
    return controller;
  };

  const tags = new Map<string, TagDefinition>();
  // What stands in a provider waits for it, or it would first ask for the page's connection.
  let provider: Promise<void> | undefined;
  for (const tag of source.tags) {
    const name = prefix + tag;
    let defined: Promise<void> | undefined;
    const define = () => {
      defined ??= Promise.all([source.load('kit'), source.load(tag), startController(), provider]).then(
        ([{ defineElement }, { element }]) => defineElement(name, element),
      );
      if (tag === 'realtime-provider') provider = defined;
      return defined;
    };
    tags.set(name, { tag, define });
  }
  if (first) {
    first.adopt(tags, dataset);
    return;
  }

  const known: Record<string, TagDefinition> = {};
  let isNeeded = false;
  const use = (element: Element) => {
    const definition = known[element.localName] as TagDefinition;
    definition.define();
    if (isNeeded || !needsConnection(element, definition.tag)) return;
    isNeeded = true;
    source.connectionNeeded?.();
  };
  const look = (scope: ParentNode) => {
    const selector = Object.keys(known).join();
    if (scope instanceof Element && scope.matches(selector)) use(scope);
    for (const element of scope.querySelectorAll(selector)) use(element);
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
      if (settings) Object.assign(settings, config);
      else warn('configure() comes too late.');
    },
    get ready() {
      return startController();
    },
    push(callback) {
      startController().then(callback);
    },
    observe,
    adopt(others, theirs) {
      if (theirs?.key && (theirs.key !== dataset.key || theirs.host !== dataset.host)) {
        warn('Another app needs a realtime-provider.');
      }
      for (const [name, definition] of others) known[name] ??= definition;
      observe(document);
    },
  };
  window.realtimeElements = api;
  api.adopt(tags);
  if (Array.isArray(queued)) for (const callback of queued) api.push(callback);
}

/** What each tag's name begins with: `acme-` for `acme`, mostly nothing. */
function readPrefix(text = ''): string {
  const prefix = text.trim().toLowerCase();
  if (/^[a-z][\w-]*$/.test(prefix)) return prefix.replace(/-?$/, '-');
  if (prefix) warn('data-prefix begins no tag.');
  return '';
}

function warn(text: string): void {
  console.warn(`[realtime-elements] ${text}`);
}
