/** The keyboard's way to the toasts and back: F8 goes to the newest, Escape closes the one that has the focus. */

const FOCUS_KEY = 'F8';

/** Where the toasts are, and how one is closed. */
export interface ToastFocusOptions {
  host: Element;
  /** The toasts that are there to stay, oldest first. */
  cards: () => HTMLElement[];
  onClose: (card: HTMLElement) => void;
}

export class ToastFocus {
  readonly #options: ToastFocusOptions;
  /** Where the keyboard came from. It is the page's to keep. */
  #before: WeakRef<HTMLElement> | undefined;

  constructor(options: ToastFocusOptions) {
    this.#options = options;
  }

  /** Listens to the page's keyboard; adding twice is adding once. */
  start(): void {
    window.addEventListener('keydown', this.#onWindowKeyDown);
  }
  stop(): void {
    window.removeEventListener('keydown', this.#onWindowKeyDown);
  }

  /** Goes to the newest toast, or back where there is none. */
  next(): void {
    const target =
      this.#options.cards().at(-1)?.querySelector<HTMLElement>('a, button') ?? this.#before?.deref();
    target?.focus();
  }

  /** For a key that was pressed on a toast. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    const card = (event.target as Element).closest<HTMLElement>('.toast');
    if (event.key !== 'Escape' || !card) return;
    event.stopPropagation();
    this.#options.onClose(card);
  };

  readonly #onWindowKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== FOCUS_KEY || event.defaultPrevented || this.#options.cards().length === 0) return;
    event.preventDefault();
    const activeElement = document.activeElement as HTMLElement | null;
    if (activeElement && activeElement !== this.#options.host) this.#before = new WeakRef(activeElement);
    this.next();
  };
}
