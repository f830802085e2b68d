import { RealtimeError } from '../core/errors.js';
import type { Fate, SendOptions } from '../core/message.js';
import { type PayloadOf, randomId } from '../protocol.js';
import type { ChannelSource } from './channel-follower.js';
import { requestFlush } from './flush.js';
import { RealtimeConsumer, type RealtimeHost } from './realtime-consumer.js';

/** Options of a `SendController`. */
export interface SendControllerOptions {
  /** Where messages go, unless one says otherwise. */
  channel?: ChannelSource;
}

/** Sending, for a Lit host: renders it while messages are on their way, and when one has failed. */
export class SendController {
  readonly #host: RealtimeHost;
  readonly #channel: ChannelSource | undefined;
  readonly #consumer: RealtimeConsumer;
  #underWay = 0;
  #error: RealtimeError | undefined;
  #last: Fate | undefined;

  constructor(host: RealtimeHost, { channel }: SendControllerOptions = {}) {
    this.#host = host;
    this.#channel = channel;
    this.#consumer = new RealtimeConsumer(host, (controller) => {
      // Fetched ahead: the first message may be written without a network, and has to wait then.
      import('../core/sending.js').catch(() => {});
      let canSend = controller.canSend;
      return controller.subscribe(() => {
        if (canSend === controller.canSend) return;
        canSend = controller.canSend;
        requestFlush(host);
      });
    });
  }

  /** Whether a message is on its way. */
  get sending(): boolean {
    return this.#underWay > 0;
  }
  /** What went wrong with the message that ended last; none once another is sent. */
  get error(): RealtimeError | undefined {
    return this.#error;
  }
  /** The last step of any message. */
  get fate(): Fate | undefined {
    return this.#last;
  }
  /** Whether what is sent now leaves now. */
  get canSend(): boolean {
    return this.#consumer.controller?.canSend ?? false;
  }
  /** Client events that may leave at this moment. */
  get remaining(): number {
    return this.#consumer.controller?.remaining ?? 0;
  }
  /** Milliseconds until the next client event may leave; 0 when one may now. */
  get retryAfter(): number {
    return this.#consumer.controller?.retryAfter ?? 0;
  }

  /** Resolves with what became of the message in the end, good or bad; never rejects. */
  async send<E extends string>(
    event: E,
    data: PayloadOf<E>,
    options: Partial<SendOptions> = {},
  ): Promise<Fate> {
    const { controller } = this.#consumer;
    const channel = options.channel ?? this.#defaultChannel ?? '';
    this.#error = undefined;
    this.#underWay += 1;
    this.#host.requestUpdate();
    const onFate = (fate: Fate) => {
      this.#last = fate;
      requestFlush(this.#host);
      options.onFate?.(fate);
    };
    const fate = controller
      ? await controller.send(event, data, { ...options, channel, onFate })
      : noProvider(options.id);
    this.#underWay -= 1;
    this.#last = fate;
    if ('error' in fate && fate.error.code !== 'message/superseded') this.#error = fate.error;
    requestFlush(this.#host);
    return fate;
  }

  get #defaultChannel(): string | undefined {
    return typeof this.#channel === 'function' ? this.#channel() : this.#channel;
  }
}

function noProvider(id = randomId()): Fate {
  const error = new RealtimeError('configuration/no-provider', 'There is nothing to send through yet.', {
    hint: 'Load the kit with its script tag, or put the element into a <realtime-provider>.',
    retryable: true,
  });
  return { id, fate: 'failed', error };
}
