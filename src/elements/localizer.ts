/**
 * Which language an element speaks: that of the nearest `lang`, or `locale` of a `<realtime-provider>`,
 * also when it changes. English is there at once, other languages are modules of their own, and a page
 * can bring its own.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { english, type Words } from './words.js';

const dictionaries = new Map<string, Words>([['en', english]]);
const modules: Record<string, () => Promise<{ words: Words }>> = {
  ar: () => import('./words.ar.js'),
  de: () => import('./words.de.js'),
  es: () => import('./words.es.js'),
  fr: () => import('./words.fr.js'),
  ja: () => import('./words.ja.js'),
};
/** What a page has brought for a language whose module has not come. */
const brought = new Map<string, Partial<Words>>();
const languageAttributes = ['lang', 'locale'];
const localizers = new Set<Localizer>();
/** One observer for all elements; made with the first of them. */
let observer: MutationObserver | undefined;
let pageLanguage: string | undefined;

/**
 * Brings a language of the page's own, where what is left out stays English, or changes words of one of the kit's.
 * @param language A language tag, for instance `nl` or `de-AT`.
 */
export function addWords(language: string, words: Partial<Words>): void {
  const key = language.toLowerCase();
  const known = dictionaries.get(key);
  if (!known && modules[key]) brought.set(key, { ...brought.get(key), ...words });
  else dictionaries.set(key, { ...(known ?? english), ...words });
  for (const localizer of localizers) localizer.look(true);
}

/** Sets the language of the whole page for the kit, whatever `<html lang>` says; a `lang` further down still wins. */
export function setPageLanguage(language: string | undefined): void {
  pageLanguage = language;
  for (const localizer of localizers) localizer.look();
}

export class Localizer implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  /** A language tag that `Intl` takes. */
  language = 'en';
  words = english;
  /** False while a language's module is on its way: better a moment later than in another language first. */
  isReady = true;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    observer ??= new MutationObserver(() => {
      for (const localizer of localizers) localizer.look();
    });
    localizers.add(this);
    // Observing a root again changes nothing; an element in a shadow root has ancestors in several.
    for (let root: Node | undefined = this.#host.getRootNode(); root; ) {
      observer.observe(root, { attributes: true, attributeFilter: languageAttributes, subtree: true });
      root = root instanceof ShadowRoot ? root.host.getRootNode() : undefined;
    }
    // Words may have been brought while it was away.
    this.look(true);
  }

  hostDisconnected(): void {
    localizers.delete(this);
    if (localizers.size > 0) return;
    observer?.disconnect();
    observer = undefined;
  }

  /** Looks which language is the nearest now. */
  look(again = false): void {
    const language = nearestLanguage(this.#host);
    if (language === this.language && !again) return;
    this.language = language;
    this.#use(language);
  }

  #use(language: string): void {
    const [base = ''] = language.toLowerCase().split('-');
    const known = dictionaries.get(language.toLowerCase()) ?? dictionaries.get(base);
    const module = known ? undefined : modules[base];
    this.words = known ?? english;
    this.isReady = !module;
    this.#host.requestUpdate();
    if (!module) return;
    const settle = () => {
      if (language !== this.language) return;
      this.isReady = true;
      this.#host.requestUpdate();
      if (dictionaries.has(base)) this.#use(language);
    };
    module().then(({ words }) => {
      dictionaries.set(base, { ...words, ...brought.get(base) });
      settle();
      // Without its words the element speaks English.
    }, settle);
  }
}

function nearestLanguage(element: Element): string {
  let language: string | undefined;
  for (let node: Element | undefined = element; node && !language; ) {
    const nearest: Element | null = node.closest('[lang],[locale]');
    if (nearest === document.documentElement) break;
    language = nearest?.getAttribute('locale') || nearest?.getAttribute('lang') || undefined;
    const root = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : undefined;
  }
  return canonical(language ?? pageLanguage ?? document.documentElement.lang);
}

/** `Intl` throws at what is no language tag, and a page may say anything. */
function canonical(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
