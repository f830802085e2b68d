import {
  type CSSResultGroup,
  LitElement,
  noChange,
  type PropertyDeclaration,
  type PropertyValues,
} from 'lit';
import type { FollowStatus } from '../reactive/channel-follower.js';
import { flushed } from '../reactive/flush.js';
import { Localizer } from './localizer.js';
import { tokens } from './tokens.styles.js';

/** How a number is declared: its text is read where properties are, since frameworks set those to texts, too. */
export const numeric: PropertyDeclaration = { type: Number, converter: (text) => text };

/** An element of each class as it was made, never connected: it has the defaults. */
const untouched = new WeakMap<object, object>();

/**
 * What the kit's elements share: tokens, language, defaults that come back, and an `updateComplete` that
 * waits for the shared flush.
 */
export abstract class RealtimeElement extends LitElement {
  static override styles: CSSResultGroup = tokens;

  protected readonly localizer = new Localizer(this);
  /** Where the focus came from, for what leaves nothing behind that could have it. It is the page's to keep. */
  protected focusedBefore: WeakRef<HTMLElement> | undefined;

  /** What was taken away, by a page or a framework, and what is no number where one is due, is the default again. */
  override requestUpdate(name?: PropertyKey, old?: unknown, options?: PropertyDeclaration): void {
    super.requestUpdate(name, old, options);
    if (name === undefined) return;
    const given = Reflect.get(this, name);
    const value = (options?.type === Number ? readNumber(given) : given) ?? this.#defaultOf(name);
    if (!Object.is(value, given)) Reflect.set(this, name, value);
  }

  #defaultOf(name: PropertyKey): unknown {
    const made = this.constructor as new () => object;
    if (!untouched.has(made)) {
      // Before it is made: its constructor may leave a property empty, too.
      untouched.set(made, {});
      untouched.set(made, new made());
    }
    return Reflect.get(untouched.get(made)!, name);
  }

  /** Shows a state as attributes: pages style by them, and tests wait for them. */
  protected reflect(status: FollowStatus, isEmpty: boolean): void {
    // The same again would be styles anew, with each render.
    if (this.getAttribute('status') !== status) this.setAttribute('status', status);
    this.toggleAttribute('empty', isEmpty);
  }

  /** A button that has done its work and goes leaves the focus to what it stood in, not to the page's beginning. */
  protected override update(changed: PropertyValues): void {
    const focused = (this.renderRoot as ShadowRoot).activeElement;
    const heir =
      focused?.parentElement?.closest<HTMLElement>('[tabindex="-1"]') ?? this.focusedBefore?.deref();
    super.update(changed);
    if (focused?.isConnected === false) heir?.focus();
  }

  /** What the element looks like now. */
  protected abstract renderContent(): unknown;

  /** Draws nothing new while a language is on its way; the channel is joined all the same. */
  protected override render(): unknown {
    return this.localizer.isReady ? this.renderContent() : noChange;
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await flushed(this);
    return super.getUpdateComplete();
  }
}

function readNumber(given: unknown): number | undefined {
  const number = typeof given === 'string' && given.trim() ? Number(given) : given;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}
