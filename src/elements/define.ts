/** The one way by which the kit's tags are defined: guarded, a subclass each time, under a prefix where asked. */

let hinted = false;

/**
 * Defines a tag, unless the name is taken or the browser is older than the kit's floor, where the
 * fallback content stays.
 * @param prefix Defines `prefix-tag` instead.
 */
export function defineElement(tag: string, element: CustomElementConstructor, prefix?: string): void {
  const name = prefix ? `${prefix}-${tag}` : tag;
  if (!globalThis.customElements || customElements.get(name)) return;
  if (!isSupported()) return;
  // A registry takes each constructor once; the subclass leaves the exported class free for another name.
  customElements.define(name, class extends element {});
}

/** The floor is where CSS knows `light-dark()`. A document without a style engine (jsdom) passes. */
function isSupported(): boolean {
  const supported = globalThis.CSS?.supports?.('color', 'light-dark(red, red)') !== false;
  if (!supported && !hinted) {
    hinted = true;
    console.info(
      '[realtime-elements] This browser is older than Chrome 123, Firefox 128 or Safari 17.5: the fallback content stays.',
    );
  }
  return supported;
}
