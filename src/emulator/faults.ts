import type { Direction, ReceivedFrame } from './activity.js';
import type { CloseReason } from './close-codes.js';
import type { Frame } from './frame.js';

/** A frame on its way, as a predicate that loses frames sees it. */
export interface PassingFrame {
  direction: Direction;
  socketId: string;
  frame: Frame | ReceivedFrame;
}

/** What is wrong with the network and the service, as a test wants it. The driver sets it; doors and connections obey. */
export class Faults {
  /** New connections are closed with this, right after they opened. */
  refusal: CloseReason | undefined;
  /** New connections fail before they open, as with no server there. */
  unreachable = false;
  /** Decides which frames never arrive. */
  lose: ((passing: PassingFrame) => boolean) | undefined;

  #silent = false;
  readonly #waiting: (() => void)[] = [];

  /** Whether nothing goes in or out, though connections stay open. */
  get silent(): boolean {
    return this.#silent;
  }

  set silent(silent: boolean) {
    this.#silent = silent;
    if (!silent) for (const open of this.#waiting.splice(0)) open();
  }

  /** Runs a callback when the silence is over, or at once when there is none. */
  afterSilence(callback: () => void): void {
    if (this.#silent) this.#waiting.push(callback);
    else callback();
  }
}
