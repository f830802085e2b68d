/**
 * Whether people can see and reach what an element shows: the browser may not draw it (in a closed
 * `<details>`, under `display: none`), and it is inert under a modal dialog. The platform has an event for
 * neither, so a size and the `open` attributes of the page are watched, for as long as somebody wants to know.
 */
export class ReachWatch {
  readonly #onChange: () => void;
  #probe: Element | undefined;
  #isDrawn = true;
  #isUnderModal = false;
  readonly #look = (): void => {
    const probe = this.#probe!;
    const modals = [...document.querySelectorAll('dialog[open]')].filter((dialog) =>
      dialog.matches(':modal'),
    );
    const isUnderModal = modals.length > 0 && !modals.some((modal) => containsComposed(modal, probe));
    const isDrawn = probe.checkVisibility?.() ?? true;
    if (isUnderModal === this.#isUnderModal && isDrawn === this.#isDrawn) return;
    this.#isUnderModal = isUnderModal;
    this.#isDrawn = isDrawn;
    this.#onChange();
  };
  readonly #changes = new MutationObserver(this.#look);
  /** A document without a style engine (jsdom) has none. */
  readonly #sizes = globalThis.ResizeObserver && new ResizeObserver(this.#look);

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Whether the browser draws it. */
  get isDrawn(): boolean {
    return this.#isDrawn;
  }
  /** Whether it is out of reach: not drawn, or outside of a modal dialog that is open. */
  get isBlocked(): boolean {
    return this.#isUnderModal || !this.#isDrawn;
  }

  /** Looks now, and from now on. @param probe Stands where the element does, and has a size. */
  start(probe: Element): void {
    if (this.#probe !== probe) {
      this.stop();
      this.#probe = probe;
      this.#sizes?.observe(probe);
      this.#changes.observe(document, {
        attributes: true,
        attributeFilter: ['open'],
        childList: true,
        subtree: true,
      });
    }
    this.#look();
  }

  stop(): void {
    this.#probe = undefined;
    this.#isDrawn = true;
    this.#isUnderModal = false;
    this.#changes.disconnect();
    this.#sizes?.disconnect();
  }
}

function containsComposed(ancestor: Element, element: Element): boolean {
  for (let node: Node | undefined = element; node; ) {
    if (ancestor.contains(node)) return true;
    const root: Node = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : undefined;
  }
  return false;
}
