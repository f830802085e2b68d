/**
 * Payloads as backends really send them, read into one shape. Field names may be camelCase or
 * snake_case, unknown fields are kept, a missing field has its default, and a wrong one makes the
 * whole payload unreadable: half a payload would show something that nobody said.
 */

/** How loud a notification is. */
export type NotificationLevel = 'info' | 'success' | 'warning' | 'error' | 'achievement';

/** Something that a person can do about a notification. */
export interface NotificationAction {
  label: string;
  url?: string;
  /** Name of the event that the page hears when the action is chosen. */
  event?: string;
}

/** Payload of `notification` and `user.notification`. */
export interface NotificationPayload {
  id?: string;
  title?: string;
  message: string;
  type?: string;
  level: NotificationLevel;
  url?: string;
  image?: string;
  actions: NotificationAction[];
}

/** Payload of `user.achievement`. */
export interface AchievementPayload {
  id?: string;
  title: string;
  message?: string;
  image?: string;
}

/** Where a task stands. */
export type TaskStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';

/** Payload of `progress.updated` and `content.progress`. */
export interface ProgressPayload {
  taskId: string;
  /** 0 to 100, never guessed from 0 to 1. */
  progress: number;
  status: TaskStatus;
  message?: string;
  label?: string;
  error?: string;
  url?: string;
}

/** Payload of `content.generated`. */
export interface ContentGeneratedPayload {
  taskId: string;
  contentType: string;
  title: string;
  /** The first 100 characters. */
  preview?: string;
  downloadUrl?: string;
}

/** Payload of `content.failed`. */
export interface ContentFailedPayload {
  taskId: string;
  error: string;
}

/** Payload of `agent.status`. */
export interface AgentStatusPayload {
  agentId: string;
  status: string;
  message?: string;
}

/** Payload of `session.started` and `session.ended`. */
export interface SessionPayload {
  sessionId: string;
  title?: string;
}

/** Payload of `assessment.completed`. */
export interface AssessmentPayload {
  assessmentId: string;
  title?: string;
  score?: number;
}

/** Payload of `trade-executed`. */
export interface TradePayload {
  symbol: string;
  amount: number;
  currency: string;
  profitIsWin: boolean;
}

/** Payload of `bot-created` and `bot-updated`. */
export interface BotPayload {
  botUUID: string;
  botName: string;
  status: string;
}

/** Payload of `strategy-modified`. */
export interface StrategyPayload {
  id?: string;
  title: string;
}

/** Payload of the client event `client-typing`. */
export interface TypingPayload {
  user: string;
  typing: boolean;
}

/** Payload of `message.ack`. */
export interface AcknowledgementPayload {
  id: string;
}

/** A payload that was read, or what is wrong with it. */
export type ReadResult<T> = { ok: true; value: T & Record<string, unknown> } | { ok: false; problem: string };

type Raw = Record<string, unknown>;
type Field = (value: unknown) => unknown;

/** Thrown inside a reader alone; `read` turns it into a result. */
class Unreadable extends Error {}

const text: Field = (value) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new Unreadable('should be a text');
};
const number: Field = (value) => {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof parsed === 'number' && Number.isFinite(parsed)) return parsed;
  throw new Unreadable('should be a number');
};
const percent: Field = (value) => Math.min(100, Math.max(0, number(value) as number));
const flag: Field = (value) => {
  if (typeof value === 'boolean') return value;
  throw new Unreadable('should be true or false');
};
const oneOf =
  (...values: string[]): Field =>
  (value) => {
    if (typeof value === 'string' && values.includes(value)) return value;
    throw new Unreadable(`should be one of ${values.join(', ')}`);
  };
const actions: Field = (value) => {
  if (!Array.isArray(value)) throw new Unreadable('should be a list');
  return value.map(readAction);
};

/** A field that may be missing or null, and then has a default. */
function optional(field: Field, fallback?: unknown): Field {
  return (value) => (value === undefined || value === null ? fallback : field(value));
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const snakeCase = (name: string): string =>
  name.replace(/([a-z])([A-Z]+)/g, (_, before: string, upper: string) => `${before}_${upper.toLowerCase()}`);

/**
 * Makes a reader of the named fields of a raw payload, in either spelling; `aliases` are further names of
 * one field. Made once for each payload: some come a thousand times a second.
 */
function shape(fields: Record<string, Field>, aliases: Record<string, string[]> = {}): (raw: unknown) => Raw {
  const readers = Object.entries(fields).map(([name, field]) => {
    const spellings = new Set([name, snakeCase(name), ...(aliases[name] ?? [])]);
    return { name, field, spellings: [...spellings] };
  });
  return (raw) => {
    if (!isRecord(raw)) throw new Unreadable('should be an object');
    const result: Raw = { ...raw };
    for (const { name, field, spellings } of readers) {
      const spelling = spellings.find((key) => Object.hasOwn(raw, key) && raw[key] != null);
      try {
        const value = field(spelling === undefined ? undefined : raw[spelling]);
        if (value !== undefined) result[name] = value;
        else if (name in result) delete result[name];
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        throw new Unreadable(`${name} ${error.message}`);
      }
    }
    return result;
  };
}

const readAction = shape({ label: text, url: optional(text), event: optional(text) });

/** Levels by the notification's `type`; a page may extend or replace entries. */
export const notificationLevels: Readonly<Record<string, NotificationLevel>> = {
  error: 'error',
  success: 'success',
  warning: 'warning',
  info: 'info',
  achievement: 'achievement',
  bot_completed: 'info',
  profit_target_reached: 'success',
  margin_warning: 'warning',
  system_alert: 'warning',
  mention: 'info',
  content_update: 'info',
};

const levels = ['info', 'success', 'warning', 'error', 'achievement'];

const notification = shape(
  {
    id: optional(text),
    title: optional(text),
    message: optional(text, ''),
    type: optional(text),
    level: optional(oneOf(...levels)),
    url: optional(text),
    image: optional(text),
    actions: optional(actions, []),
  },
  { message: ['body', 'text'] },
);

function readNotification(raw: unknown): Raw {
  const fields = notification(raw);
  if (!fields.message && !fields.title) throw new Unreadable('title or message should be there');
  const type = String(fields.type ?? '');
  fields.level ??= (Object.hasOwn(notificationLevels, type) ? notificationLevels[type] : undefined) ?? 'info';
  return fields;
}

const progress = shape({
  taskId: text,
  progress: optional(percent),
  status: optional(oneOf('pending', 'running', 'completed', 'failed', 'cancelled')),
  message: optional(text),
  label: optional(text),
  error: optional(text),
  url: optional(text),
});

const readProgress = (raw: unknown): Raw => {
  const fields = progress(raw);
  fields.progress ??= fields.status === 'completed' ? 100 : 0;
  fields.status ??= fields.progress === 100 ? 'completed' : 'running';
  return fields;
};

const readSession = shape({ sessionId: text, title: optional(text) });
const readBot = shape(
  { botUUID: text, botName: optional(text, ''), status: optional(text, '') },
  { botUUID: ['botUuid', 'bot_uuid', 'uuid'] },
);
const generated = shape({
  taskId: text,
  contentType: optional(text, 'content'),
  title: optional(text, ''),
  preview: optional(text),
  downloadUrl: optional(text),
});

const readers: Record<string, (raw: unknown) => Raw> = {
  notification: readNotification,
  'user.notification': readNotification,
  'user.achievement': shape({
    id: optional(text),
    title: text,
    message: optional(text),
    image: optional(text),
  }),
  'progress.updated': readProgress,
  'content.progress': readProgress,
  'content.generated': (raw) => {
    const fields = generated(raw);
    if (typeof fields.preview === 'string') fields.preview = fields.preview.slice(0, 100);
    return fields;
  },
  'content.failed': shape({ taskId: text, error: optional(text, '') }),
  'agent.status': shape({ agentId: text, status: text, message: optional(text) }),
  'session.started': readSession,
  'session.ended': readSession,
  'assessment.completed': shape({ assessmentId: text, title: optional(text), score: optional(number) }),
  'trade-executed': shape({
    symbol: text,
    amount: optional(number, 0),
    currency: optional(text, ''),
    profitIsWin: flag,
  }),
  'bot-created': readBot,
  'bot-updated': readBot,
  'strategy-modified': shape({ id: optional(text), title: text }),
  'client-typing': shape({ user: optional(text, ''), typing: flag }),
  'message.ack': shape({ id: text }),
};

/** Whether the kit knows the payload of an event. */
export function hasPayloadReader(event: string): boolean {
  return Object.hasOwn(readers, event);
}

/**
 * Reads the payload of an event into the shape that `RealtimeEventMap` promises. Payloads of events
 * that the kit does not know are passed through as they are.
 */
export function readPayload(event: string, raw: unknown): ReadResult<unknown> {
  if (!hasPayloadReader(event)) return { ok: true, value: raw as Raw };
  return read(() => (readers[event] as (raw: unknown) => Raw)(raw), event);
}

function read(reader: () => Raw, what: string): ReadResult<unknown> {
  try {
    return { ok: true, value: reader() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ok: false, problem: `${what}: ${error.message}` };
  }
}
