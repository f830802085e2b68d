/** Sending: through the page's server, or to the other members directly as a client event. */
import { allowsClientEvents, byteLength, eventNameProblem, isClientEvent, limits } from '../protocol.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import type { Endpoint } from './endpoint.js';
import { RealtimeError } from './errors.js';

/** What became of a message. */
export type Fate =
  /** It left on the socket; nobody answers client events. */
  | { readonly fate: 'sent' }
  /** The server took it. */
  | { readonly fate: 'accepted'; readonly eventId: string | undefined };

/** Where a message goes. */
export interface SendOptions {
  channel: string;
}

export class Sending {
  readonly #config: ResolvedConfig;
  readonly #connection: Connection;
  readonly #endpoint: Endpoint;

  constructor(config: ResolvedConfig, connection: Connection, endpoint: Endpoint) {
    this.#config = config;
    this.#connection = connection;
    this.#endpoint = endpoint;
  }

  /** @throws RealtimeError when the message cannot be sent or the server does not take it. */
  async send(event: string, data: unknown, { channel }: SendOptions): Promise<Fate> {
    const json = JSON.stringify(data) ?? 'null';
    const problem = eventNameProblem(event) ?? sizeProblem(json);
    if (problem)
      throw new RealtimeError('message/rejected', problem, { hint: 'Change the message; nothing was sent.' });
    return isClientEvent(event)
      ? this.#sendToMembers(event, data, channel)
      : this.#sendToServer(event, data, channel);
  }

  async #sendToMembers(event: string, data: unknown, channel: string): Promise<Fate> {
    if (!allowsClientEvents(channel)) {
      throw new RealtimeError('message/rejected', `Members cannot send on ${channel}.`, {
        hint: 'Client events are for private and presence channels that are not encrypted.',
      });
    }
    const sent = this.#connection.socketId !== '' && this.#connection.link?.send(event, data, channel);
    if (sent) return { fate: 'sent' };
    throw new RealtimeError('message/not-connected', 'There is no connection to send on.', {
      hint: 'Wait for the status connected.',
      retryable: true,
    });
  }

  async #sendToServer(event: string, data: unknown, channel: string): Promise<Fate> {
    const body = JSON.stringify({ channel, event, data });
    const answer = await this.#endpoint.post(this.#config.triggerEndpoint, body, 'trigger');
    const result = (answer.body as { result?: { event_id?: unknown } } | null)?.result;
    return { fate: 'accepted', eventId: typeof result?.event_id === 'string' ? result.event_id : undefined };
  }
}

function sizeProblem(json: string): string | undefined {
  const bytes = byteLength(json);
  if (bytes <= limits.payloadBytes) return undefined;
  return `The payload has ${bytes} bytes; at most ${limits.payloadBytes} can be sent. Send an id, and let the receiver fetch the rest.`;
}
