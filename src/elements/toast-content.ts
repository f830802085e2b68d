/** What a toast says about an event. */
import type { RealtimeEvent } from '../core/listeners.js';
import type { NotificationLevel, RealtimeEventMap } from '../protocol.js';
import { PayloadReader } from '../reactive/payload-reader.js';
import type { ToastContent } from './toast-queue.js';
import type { Words } from './words.js';

/** A page's own toast for an event: gets the payload, answers what to say, or nothing to say nothing. */
export type ToastDescriber = (payload: Record<string, unknown>) => ToastContent | undefined;

/** What a page sets for its toasts. */
export interface ToastTexts {
  readonly levels: Readonly<Record<string, NotificationLevel>>;
  readonly texts: Readonly<Record<string, ToastDescriber>>;
}

type Describe<E extends keyof RealtimeEventMap> = (
  payload: RealtimeEventMap[E],
  words: Words,
) => ToastContent | undefined;

const describeBot: Describe<'bot-created' | 'bot-updated'> = ({ botUUID, botName, status }, words) =>
  status === 'ERROR'
    ? { level: 'error', title: words.botFailed(botName || botUUID), lasting: true }
    : undefined;

const descriptions: { [E in keyof RealtimeEventMap]?: Describe<E> } = {
  notification: contentOf,
  'user.notification': contentOf,
  'user.achievement': (payload) => ({ ...contentOf(payload), level: 'achievement' }),
  'content.generated': ({ contentType, downloadUrl }, words) => ({
    level: 'success',
    title: words.contentReady,
    message: words.contentGenerated(contentType),
    url: downloadUrl,
  }),
  'trade-executed': ({ symbol, profitIsWin }, words) => ({
    level: profitIsWin ? 'success' : 'error',
    title: profitIsWin ? words.tradeWon(symbol) : words.tradeLost(symbol),
  }),
  'bot-created': describeBot,
  'bot-updated': describeBot,
  'strategy-modified': ({ title }, words) => ({ level: 'success', title: words.strategyUpdated(title) }),
};

/** Reads events for one element. */
export class ToastReader {
  readonly #host: EventTarget & ToastTexts;
  readonly #payloads: PayloadReader;

  constructor(host: EventTarget & ToastTexts) {
    this.#host = host;
    this.#payloads = new PayloadReader(host);
  }

  /** The toast for an event; `undefined` where there is nothing to say. */
  read(event: RealtimeEvent, words: Words): ToastContent | undefined {
    const { texts } = this.#host;
    const own = Object.hasOwn(texts, event.event) ? texts[event.event] : undefined;
    const as = own || Object.hasOwn(descriptions, event.event) ? event.event : 'notification';
    const read = this.#payloads.read(event, as, (raw) => this.#addLevel(raw));
    if (!read) return undefined;
    const describe = (own ?? descriptions[as as keyof RealtimeEventMap]) as Describe<never>;
    const content = describe(read.payload as never, words);
    return content && { ...content, id: content.id ?? read.id };
  }

  /** The page's own level for a `type`, where the payload says none. */
  #addLevel(raw: unknown): unknown {
    const { type, level } = (raw ?? {}) as { type?: unknown; level?: unknown };
    const { levels } = this.#host;
    const own = typeof type === 'string' && Object.hasOwn(levels, type) ? levels[type] : undefined;
    return own && level == null ? { ...(raw as object), level: own } : raw;
  }
}

/** What a toast shows of a payload, and nothing else that may stand in it. */
function contentOf({ id, level, title, message, url, image, actions }: ToastContent): ToastContent {
  return { id, level, title, message, url, image, actions };
}
