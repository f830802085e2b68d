import { type CSSResultGroup, LitElement, noChange } from 'lit';
import type { FollowStatus } from '../reactive/channel-follower.js';
import { flushed } from '../reactive/flush.js';
import { Localizer } from './localizer.js';
import { tokens } from './tokens.styles.js';

/** What the kit's elements share: tokens, language, and an `updateComplete` that waits for the shared flush. */
export abstract class RealtimeElement extends LitElement {
  static override styles: CSSResultGroup = tokens;

  protected readonly localizer = new Localizer(this);

  /** Shows a state as attributes: pages style by them, and tests wait for them. */
  protected reflect(status: FollowStatus, isEmpty: boolean): void {
    // The same again would be styles anew, with each render.
    if (this.getAttribute('status') !== status) this.setAttribute('status', status);
    this.toggleAttribute('empty', isEmpty);
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
