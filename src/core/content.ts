/** Generated content: asked for at the page's server, which tells of its progress on the user's own channel. */
import {
  type ContentFailedPayload,
  type ContentGeneratedPayload,
  channelNames,
  type ProgressPayload,
  randomId,
  readEnvelope,
  readPayload,
} from '../protocol.js';
import type { ResolvedConfig } from './config.js';
import type { Endpoint } from './endpoint.js';
import { RealtimeError } from './errors.js';
import type { Identity } from './identity.js';
import type { Listeners, RealtimeEvent } from './listeners.js';
import { switchedOff } from './message-errors.js';
import { Observable, type Undo, undoAll, undoOnAbort } from './observable.js';

/** What is to be generated. */
export interface ContentRequest {
  /** Random by default. The same request sent twice starts one task. */
  requestId?: string;
  /** Of which kind, for instance `practice sheet`. */
  type: string;
  subject: string;
  topic?: string;
}

/** The server's answer: the task that events tell of from now on, or why there is none. */
export type ContentTask = { readonly requestId: string } & (
  | {
      readonly taskId: string;
      /** As the server calls it, for instance `processing`. */
      readonly status: string;
      readonly error?: undefined;
    }
  | { readonly taskId?: undefined; readonly status: 'failed'; readonly error: RealtimeError }
);

/** What became known of a task. */
export type ContentUpdate =
  | ({ readonly kind: 'progress' } & ProgressPayload)
  | ({ readonly kind: 'generated' } & ContentGeneratedPayload)
  | ({ readonly kind: 'failed' } & ContentFailedPayload);

/** Which tasks to hear of, and where. */
export interface ContentListenOptions {
  /** Only this task; default all. */
  taskId?: string;
  /** Default: the own channel of whoever is signed in. */
  channel?: string;
  signal?: AbortSignal | undefined;
}

const kinds = {
  'content.progress': 'progress',
  'content.generated': 'generated',
  'content.failed': 'failed',
} as const;

/** What content leans on. */
export interface ContentParts {
  readonly config: ResolvedConfig;
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  readonly listeners: Listeners;
}

export class Content {
  readonly errors = new Observable<RealtimeError>();
  readonly #parts: ContentParts;
  /** The last event that could not be read: told once, however many listen. */
  #wrong: RealtimeEvent | undefined;

  constructor(parts: ContentParts) {
    this.#parts = parts;
  }

  /**
   * Resolves with the task, or with the reason why there is none; never rejects.
   * @param author Who asks: nothing is asked in the name of another.
   */
  async request(
    { requestId = randomId(), ...request }: ContentRequest,
    author: number,
  ): Promise<ContentTask> {
    try {
      return { requestId, ...(await this.#ask({ requestId, ...request }, author)) };
    } catch (cause) {
      const error = cause instanceof RealtimeError ? cause : notAsked(cause);
      if (error.code !== 'configuration/disabled') this.errors.emit(error);
      return { requestId, status: 'failed', error };
    }
  }

  /** Hears of tasks until the undo is called, whoever is signed in meanwhile. */
  listen(callback: (update: ContentUpdate) => unknown, options: ContentListenOptions = {}): Undo {
    const { channel, taskId, signal } = options;
    if (signal?.aborted) return () => {};
    const { identity } = this.#parts;
    let followed: string | undefined;
    let undoListeners: Undo = () => {};
    const follow = () => {
      const { userId } = identity.snapshot;
      const name = channel ?? (userId === undefined ? undefined : channelNames.user(userId));
      if (name === followed) return;
      followed = name;
      undoListeners();
      undoListeners = name === undefined ? () => {} : this.#listenOn(name, taskId, callback);
    };
    const undoIdentity = identity.changes.subscribe(follow);
    follow();
    // A provider may not have said yet for whom it speaks; what it does wrong shows where it is needed.
    if (channel === undefined) identity.token().catch(() => {});
    return undoOnAbort(() => {
      undoIdentity();
      undoListeners();
    }, signal);
  }

  async #ask(request: ContentRequest, author: number): Promise<{ taskId: string; status: string }> {
    const { config, endpoint } = this.#parts;
    if (!config.enabled) throw switchedOff();
    const answer = await endpoint.post(config.contentEndpoint, JSON.stringify(request), 'content', author);
    const body = (answer.body ?? {}) as Record<string, unknown>;
    const taskId = body.taskId ?? body.task_id;
    if (typeof taskId !== 'string' && typeof taskId !== 'number') throw unreadable();
    return { taskId: String(taskId), status: typeof body.status === 'string' ? body.status : 'processing' };
  }

  #listenOn(channel: string, taskId: string | undefined, callback: (update: ContentUpdate) => unknown): Undo {
    const undos = Object.entries(kinds).map(([event, kind]) =>
      this.#parts.listeners.add({
        channel,
        event,
        callback: (heard: RealtimeEvent) => {
          const read = readPayload(event, readEnvelope(event, heard.data).data);
          if (!read.ok) {
            if (heard !== this.#wrong) this.errors.emit(wrongPayload(channel, read.problem));
            this.#wrong = heard;
            return undefined;
          }
          const update = { ...read.value, kind } as unknown as ContentUpdate;
          return taskId === undefined || taskId === update.taskId ? callback(update) : undefined;
        },
      }),
    );
    return undoAll(undos);
  }
}

function unreadable(): RealtimeError {
  return new RealtimeError('message/unreadable-answer', 'The content endpoint’s answer names no task.', {
    hint: 'Answer 202 with {"task_id": …, "status": "processing"}.',
  });
}

/** Before the request there is the page's own code, which gets the token. */
function notAsked(cause: unknown): RealtimeError {
  return new RealtimeError('auth/token-failed', 'The token for the content endpoint could not be had.', {
    hint: 'The cause is what the page’s token provider threw.',
    cause,
  });
}

function wrongPayload(channel: string, problem: string): RealtimeError {
  return new RealtimeError('message/wrong-payload', `A payload on ${channel} is wrong (${problem}).`, {
    hint: 'It is skipped; correct what the backend sends.',
  });
}
