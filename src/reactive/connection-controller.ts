import type { ConnectionStatus } from '../core/connection.js';
import type { RealtimeError } from '../core/errors.js';
import { undoAll } from '../core/observable.js';
import type { ConnectionStats } from '../core/stats.js';
import { requestFlush } from './flush.js';
import { RealtimeConsumer, type RealtimeHost } from './realtime-consumer.js';

/** Options of a `ConnectionController`. */
export interface ConnectionControllerOptions {
  /** Whether the host needs a connection, or only watches; default false. */
  need?: boolean;
  /** Called at the moment of a change, before the render. */
  onChange?: () => void;
}

/** The connection, for a Lit host: renders it when the status changes. */
export class ConnectionController {
  readonly #consumer: RealtimeConsumer;

  constructor(host: RealtimeHost, { need = false, onChange }: ConnectionControllerOptions = {}) {
    this.#consumer = new RealtimeConsumer(host, (controller) => {
      const changed = () => {
        onChange?.();
        requestFlush(host);
      };
      const undos = [controller.subscribe(changed), ...(need ? [controller.need()] : [])];
      changed();
      return undoAll(undos);
    });
  }

  /** `idle` as long as there is no provider. */
  get status(): ConnectionStatus {
    return this.#consumer.controller?.status ?? 'idle';
  }
  /** No connection for five seconds although one is wanted. */
  get lost(): boolean {
    return this.#consumer.controller?.lost ?? false;
  }
  get error(): RealtimeError | undefined {
    return this.#consumer.controller?.error;
  }
  /** When the status became what it is, in milliseconds since 1970. */
  get since(): number | undefined {
    return this.#consumer.controller?.getSnapshot().since;
  }
  /** When the next attempt is due, in milliseconds since 1970. */
  get retryAt(): number | undefined {
    return this.#consumer.controller?.getSnapshot().retryAt;
  }
  get attempts(): number {
    return this.#consumer.controller?.getSnapshot().attempts ?? 0;
  }
  get stats(): ConnectionStats | undefined {
    return this.#consumer.controller?.stats;
  }
  /** How many channels the page holds. */
  get channelCount(): number {
    return this.#consumer.controller?.channels.length ?? 0;
  }

  retry(): void {
    this.#consumer.controller?.retry();
  }
  /** Asks the service for a sign of life; the answer comes into `stats`. */
  measureLatency(): void {
    this.#consumer.controller?.measureLatency();
  }
}
