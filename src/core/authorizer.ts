/**
 * Asks the page's server for entry to channels. Several channels go into one request where the
 * endpoint has said that it knows batches (header `X-Realtime-Batch`), and one each elsewhere: an
 * endpoint that does not know them may refuse, or worse, answer for the wrong channel. Where one is
 * refused all the same, each is asked for alone from then on.
 */
import { describeChannel, limits } from '../protocol.js';
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
  /** The question whose answer tells what the endpoint knows; until then one is enough. */
  #first: Question | undefined;

  constructor(config: ResolvedConfig, endpoint: Endpoint) {
    this.#config = config;
    this.#endpoint = endpoint;
    if (config.batch === 'on') this.#batchSize = limits.channelsPerAuthorization;
    if (config.batch === 'off') this.#batchSize = 1;
  }

  /** @throws RealtimeError; its `retryable` says whether asking again can help. */
  authorize(channel: string, socketId: string): Promise<ChannelAuthorization> {
    return new Promise((resolve, reject) => {
      // An older question for the channel, or for a socket that is gone, is nobody's any more.
      const counts = (old: Question) => old.socketId === socketId && old.channel !== channel;
      this.#waiting = this.#waiting.filter(counts);
      if (this.#first && !counts(this.#first)) this.#first = undefined;
      this.#waiting.push({ channel, socketId, resolve, reject });
      // Channels that are asked for in one breath may share a request.
      queueMicrotask(() => this.#ask());
    });
  }

  /** The channel was left: what still waits to be asked is nobody's any more. */
  forget(channel: string): void {
    this.#waiting = this.#waiting.filter((question) => question.channel !== channel);
  }

  #ask(): void {
    if (this.#waiting.length === 0 || (this.#first && this.#batchSize === undefined)) return;
    const questions = this.#waiting.splice(0, this.#batchSize ?? 1);
    const [first] = questions;
    this.#first = first;
    void this.#request(questions).finally(() => {
      if (this.#first === first) this.#first = undefined;
      this.#ask();
    });
    this.#ask();
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
      const isRefused =
        error instanceof EndpointError && !error.retryable && error.code !== 'auth/unauthorized';
      if (isRefused && !single) {
        // Perhaps it is the batch that is refused.
        this.#batchSize = 1;
        this.#waiting.unshift(...questions);
      } else for (const { reject } of questions) reject(error);
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
  const isComplete =
    isRecord(answer) &&
    typeof answer.auth === 'string' &&
    isChannelData(answer.channel_data) &&
    (describeChannel(channel).type !== 'encrypted' || isSecret(answer.shared_secret));
  if (!isComplete) {
    reject(unreadableAnswer(channel));
    return;
  }
  resolve(answer as unknown as ChannelAuthorization);
}

export function unreadableAnswer(channel: string, retryable = false): RealtimeError {
  return new RealtimeError(
    'auth/unreadable',
    `The authorization endpoint’s answer for ${channel} is not what pusher-js expects.`,
    {
      hint: 'Answer {"auth": "key:signature"}, with "channel_data" as a JSON text for presence and "shared_secret" for encrypted channels.',
      retryable,
    },
  );
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

/** 32 bytes as base64. */
function isSecret(value: unknown): boolean {
  try {
    return atob(value as string).length === 32;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
