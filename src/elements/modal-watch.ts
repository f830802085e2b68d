/**
 * Whether a modal dialog makes an element inert. The platform has no event for that, so the `open`
 * attributes of dialogs are watched, for as long as somebody wants to know.
 */
export class ModalWatch {
  readonly #element: Element;
  readonly #onChange: () => void;
  readonly #observer: MutationObserver;
  #isWatching = false;
  #isBlocked = false;

  constructor(element: Element, onChange: () => void) {
    this.#element = element;
    this.#onChange = onChange;
    this.#observer = new MutationObserver(() => this.#look());
  }

  /** Whether a modal dialog is open that the element does not stand in. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  start(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#observer.observe(document, {
      attributes: true,
      attributeFilter: ['open'],
      childList: true,
      subtree: true,
    });
    this.#look();
  }

  stop(): void {
    this.#isWatching = false;
    this.#isBlocked = false;
    this.#observer.disconnect();
  }

  #look(): void {
    const modals = [...document.querySelectorAll('dialog[open]')].filter((dialog) =>
      dialog.matches(':modal'),
    );
    const isBlocked = modals.length > 0 && !modals.some((modal) => containsComposed(modal, this.#element));
    if (isBlocked === this.#isBlocked) return;
    this.#isBlocked = isBlocked;
    this.#onChange();
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
