import { LitElement } from 'lit';
import { flushed } from '../reactive/flush.js';
import { tokens } from './tokens.styles.js';
import { english, type Words } from './words.js';

/** What all elements of the kit share: tokens, words, and an `updateComplete` that waits for the shared flush. */
export abstract class RealtimeElement extends LitElement {
  static override styles = [tokens];

  protected get words(): Words {
    return english;
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    await flushed(this);
    return super.getUpdateComplete();
  }
}
