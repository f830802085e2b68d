/**
 * How elements find the controller: a context that carries the controller itself, never its data.
 * The key is a registered symbol, so that copies of the kit share it.
 */
import { ContextProvider, ContextRoot, createContext } from '@lit/context';
import type { RealtimeController } from '../core/realtime-controller.js';

/** The context in which elements find their `RealtimeController`. */
export const realtimeContext = createContext<RealtimeController>(Symbol.for('realtime-elements.controller'));

let root: ContextRoot | undefined;
let pageProvider: ContextProvider<typeof realtimeContext> | undefined;
/** What the page's provider stands on. */
let pageElement: HTMLElement | undefined;

/**
 * Remembers on the document who asked before there was a provider, and answers once one comes. On the
 * document and not lower: an element that upgrades early has nothing else above it to ask.
 */
export function rememberEarlyRequests(): void {
  if (!globalThis.document) return;
  root ??= new ContextRoot();
  // Each time, which costs nothing twice: `document.open()` takes all listeners away.
  root.attach(document as unknown as HTMLElement);
}

/** Provides a controller to the whole page; a `<realtime-provider>` further down wins for its subtree. */
export function provideToPage(controller: RealtimeController): void {
  // On a server there is no page, and whatever renders there may call this all the same.
  if (!globalThis.document) return;
  rememberEarlyRequests();
  if (pageProvider && pageElement === document.documentElement) {
    pageProvider.setValue(controller);
    return;
  }
  if (!pageProvider) new MutationObserver(followPage).observe(document, { childList: true });
  pageElement = document.documentElement;
  pageProvider = new ContextProvider(pageElement, { context: realtimeContext, initialValue: controller });
  // A plain element has no lifecycle that would announce the provider.
  pageProvider.hostConnected();
}

/** A framework that cannot take up a document puts another `<html>` in its place. */
function followPage(): void {
  if (pageProvider && document.documentElement) provideToPage(pageProvider.value);
}
