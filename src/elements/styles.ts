import type { CSSResult } from 'lit';

/** Adds the styles of a part that came later to an element's shadow root. */
export function adopt(root: HTMLElement | DocumentFragment, ...styles: CSSResult[]): void {
  // A document without a style engine (jsdom) has no such list.
  (root as ShadowRoot).adoptedStyleSheets?.push(...styles.flatMap(({ styleSheet }) => styleSheet ?? []));
}
