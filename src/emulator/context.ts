import type { ActivityDetail } from './activity.js';
import type { Clock } from './clock.js';
import type { Faults } from './faults.js';
import type { EngineSettings } from './options.js';

/** What an engine's parts share. */
export interface EngineContext {
  readonly settings: EngineSettings;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Tells observers what happened. */
  report(activity: ActivityDetail): void;
}

/** The engine's end of a socket; each door brings its own. */
export interface Transport {
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number;
  send(text: string): void;
  /** Closes with a code and a reason. */
  close(code: number, reason: string): void;
  /** Cuts the socket, so that the client sees an abnormal loss (1006). */
  terminate(): void;
}
