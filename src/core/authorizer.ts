/**
 * Asks the page's server for entry to channels. Several channels go into one request where the
 * endpoint has said that it knows batches (header `X-Realtime-Batch`), and one each elsewhere: an
 * endpoint that does not know them may refuse, or worse, answer for the wrong channel.
 */
import { limits } from '../protocol.js';
import type { ResolvedConfig } from './config.js';
import { type Endpoint, EndpointError } from './endpoint.js';
import { RealtimeError } from './errors.js';
import type { ChannelAuthorization } from './pusher.js';

interface Question {
  channel: string;
  socketId: string;
  resolve(answer: ChannelAuthorization): void;
  reject(error: unknown): void;
}

export class Authorizer {
  readonly #config: ResolvedConfig;
  readonly #endpoint: Endpoint;
  /** Most channels in one request; undefined until the endpoint has answered once. */
  #batchSize: number | undefined;
  #waiting: Question[] = [];
  #asking = false;

  constructor(config: ResolvedConfig, endpoint: Endpoint) {
    this.#config = config;
    this.#endpoint = endpoint;
    if (config.batch === 'on') this.#batchSize = limits.channelsPerAuthorization;
    if (config.batch === 'off') this.#batchSize = 1;
  }

  /** @throws RealtimeError; its `retryable` says whether asking again can help. */
  authorize(channel: string, socketId: string): Promise<ChannelAuthorization> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ channel, socketId, resolve, reject });
      // Channels that are asked for in one breath may share a request.
      queueMicrotask(() => this.#ask());
    });
  }

  #ask(): void {
    // The first answer tells what the endpoint knows; until then one question is enough.
    if (this.#waiting.length === 0 || (this.#asking && this.#batchSize === undefined)) return;
    const size = this.#batchSize ?? 1;
    const questions = this.#waiting.splice(0, size);
    const socketId = questions[0]?.socketId;
    // One request speaks for one socket.
    this.#waiting.unshift(...questions.filter((question) => question.socketId !== socketId));
    const batch = questions.filter((question) => question.socketId === socketId);
    this.#asking = true;
    void this.#request(batch).finally(() => {
      this.#asking = false;
      this.#ask();
    });
    if (this.#batchSize !== undefined) this.#ask();
  }

  async #request(questions: Question[]): Promise<void> {
    const [first] = questions;
    if (!first) return;
    const body = new URLSearchParams({ socket_id: first.socketId });
    const single = questions.length === 1;
    if (single) body.set('channel_name', first.channel);
    else for (const { channel } of questions) body.append('channel_name[]', channel);
    try {
      const answer = await this.#endpoint.post(this.#config.authEndpoint, body, 'authorization');
      const known = Number(answer.headers.get('X-Realtime-Batch'));
      this.#batchSize ??= known > 1 ? Math.min(known, limits.channelsPerAuthorization) : 1;
      for (const question of questions)
        settle(question, single ? answer.body : entryOf(answer.body, question.channel));
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}

function entryOf(body: unknown, channel: string): unknown {
  return isRecord(body) && Object.hasOwn(body, channel) ? body[channel] : undefined;
}

function settle({ channel, resolve, reject }: Question, answer: unknown): void {
  if (isRecord(answer) && isRecord(answer.error)) {
    reject(new EndpointError(Number(answer.error.status) || 403, 'authorization'));
    return;
  }
  if (!isRecord(answer) || typeof answer.auth !== 'string' || !isChannelData(answer.channel_data)) {
    reject(
      new RealtimeError(
        'auth/unreadable',
        `The authorization endpoint’s answer for ${channel} is not what pusher-js expects.`,
        {
          hint: 'Answer {"auth": "key:signature"} and, for presence channels, "channel_data" as a JSON text.',
        },
      ),
    );
    return;
  }
  resolve(answer as unknown as ChannelAuthorization);
}

/** pusher-js parses it without a guard: what is no JSON would be thrown into the page. */
function isChannelData(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'string') return false;
  try {
    return isRecord(JSON.parse(value));
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
