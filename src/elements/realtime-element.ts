import { type CSSResultGroup, LitElement, type PropertyValues } from 'lit';
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
    this.setAttribute('status', status);
    this.toggleAttribute('empty', isEmpty);
  }

  /** Draws nothing new while a language is on its way; the channel is joined all the same. */
  protected override update(changed: PropertyValues<this>): void {
    if (this.localizer.isReady) super.update(changed);
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await flushed(this);
    return super.getUpdateComplete();
  }
}
