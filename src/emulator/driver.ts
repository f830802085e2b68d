import type { Activity, PublishedEvent, ReceivedFrame } from './activity.js';
import { AuthorizationControl } from './authorization-control.js';
import { type CloseReason, closeProblem, closeReasons } from './close-codes.js';
import type { Connection } from './connection.js';
import type { EmulatorEngine } from './engine.js';
import type { PassingFrame } from './faults.js';
import { readPublication } from './publication.js';
import { BoundedRecord } from './record.js';
import type { Member } from './roster.js';

/** A connection, as a test sees it. */
export interface ConnectionSnapshot {
  socketId: string;
  appId: string;
  /** Whom it signed in as. */
  userId?: string;
  /** Names of the channels that it holds. */
  channels: string[];
}

/** Chooses connections; without one, all are meant. */
export type ConnectionFilter = (connection: ConnectionSnapshot) => boolean;

/** A frame that arrived from a client. `at` is in milliseconds since 1970. */
export interface ReceivedRecord extends ReceivedFrame {
  at: number;
  socketId: string;
}

/** An event that was triggered, through the HTTP API or by the driver. */
export interface TriggeredRecord extends PublishedEvent {
  at: number;
  appId: string;
}

/** An attempt to deliver a webhook. */
export interface WebhookRecord {
  at: number;
  url: string;
  /** Names of the events in it. */
  names: string[];
  /** 1 for the first. */
  attempt: number;
  /** What the backend answered, or `failed` when there was no answer. */
  status: number | 'failed';
}

/** Entries that each record keeps, and the characters of data in them. */
const recordEntries = 1_000;
const recordCharacters = 4_000_000;
const waitTimeoutMs = 5_000;

/**
 * Plays the weather: drops, refuses, delays and loses what a test wants dropped, refused, delayed and
 * lost, and tells what arrived and what was triggered. The same in Node and in the page.
 */
export class EmulatorDriver {
  /** How the authorization endpoints behave. */
  readonly authorization: AuthorizationControl;
  readonly #engine: EmulatorEngine;
  readonly #received = new BoundedRecord<ReceivedRecord>(recordEntries, recordCharacters);
  readonly #triggered = new BoundedRecord<TriggeredRecord>(recordEntries, recordCharacters);
  readonly #webhooks = new BoundedRecord<WebhookRecord>(recordEntries, recordCharacters);

  constructor(engine: EmulatorEngine) {
    this.#engine = engine;
    this.authorization = new AuthorizationControl(engine.clock);
    engine.observe((activity) => this.#record(activity));
  }

  /** The last 1,000 frames that arrived from clients, oldest first. Signatures are left out. */
  get received(): readonly ReceivedRecord[] {
    return this.#received.entries;
  }

  /** The last 1,000 events that were triggered, oldest first. */
  get triggered(): readonly TriggeredRecord[] {
    return this.#triggered.entries;
  }

  /** The last 1,000 attempts to deliver a webhook, oldest first. */
  get webhooks(): readonly WebhookRecord[] {
    return this.#webhooks.entries;
  }

  /** The connections that are open now. */
  connections(): ConnectionSnapshot[] {
    return this.#connections().map(snapshot);
  }

  /** The channels of an app that have subscribers, each with their socket ids. */
  subscriptions(appId?: string): Map<string, string[]> {
    const { channels } = this.#engine.app(appId);
    return new Map(
      [...channels.values()].map(({ name, subscribers }) => [
        name,
        [...subscribers].map(({ socketId }) => socketId),
      ]),
    );
  }

  /** The members of a presence channel. */
  members(channel: string, appId?: string): Member[] {
    return this.#engine.app(appId).channels.get(channel)?.roster?.members ?? [];
  }

  /**
   * Sends an event to the subscribers of a channel or of several, as if it came through the HTTP API.
   * Data for encrypted channels is passed on as it is.
   * @throws Error when the API would have refused it: a wrong name, or too much data.
   */
  trigger(
    channels: string | readonly string[],
    event: string,
    data: unknown,
    { socketId, appId }: { socketId?: string; appId?: string } = {},
  ): void {
    const app = this.#engine.app(appId);
    const publication = readPublication(app, {
      name: event,
      channels: typeof channels === 'string' ? [channels] : channels,
      data: typeof data === 'string' ? data : (JSON.stringify(data) ?? 'null'),
      socket_id: socketId,
    });
    app.publish(publication.event);
  }

  /** Cuts connections; their clients see an abnormal loss (1006). Answers how many. */
  drop(filter?: ConnectionFilter): number {
    return this.#each(filter, (connection) => connection.terminate());
  }

  /**
   * Closes connections with a code. Answers how many.
   * @throws Error when no socket can be closed so: a code such as 1006, which `drop()` plays, or more than 123 bytes of reason.
   */
  close(code: number, reason = 'Closed by the test', filter?: ConnectionFilter): number {
    const closing = checked({ code, reason });
    return this.#each(filter, (connection) => connection.close(closing));
  }

  /**
   * Closes each new connection with this code right after it opened; `null` lets them in again.
   * @throws Error when no socket can be closed so, as `close` does.
   */
  refuse(code: number | null, reason?: string): void {
    const documented = Object.values(closeReasons).find((known) => known.code === code)?.reason;
    this.#engine.faults.refusal =
      code === null ? undefined : checked({ code, reason: reason ?? documented ?? 'Refused by the test' });
  }

  /** Makes new connections fail before they open, as with no server there. Open ones stay. */
  unreachable(isUnreachable: boolean): void {
    this.#engine.faults.unreachable = isUnreachable;
  }

  /**
   * Lets nothing in or out, though connections stay open; new ones hang before they open, and open when
   * the silence ends. What is said meanwhile is lost. A close by the client is noticed all the same.
   */
  silence(isSilent: boolean): void {
    this.#engine.faults.silent = isSilent;
  }

  /** Loses each frame that the predicate picks; `null` loses none. */
  lose(predicate: ((passing: PassingFrame) => boolean) | null): void {
    this.#engine.faults.lose = predicate ?? undefined;
  }

  /** Takes back every fault, and forgets what was recorded. Connections stay. */
  clear(): void {
    this.refuse(null);
    this.unreachable(false);
    this.silence(false);
    this.lose(null);
    this.authorization.clear();
    this.#received.clear();
    this.#triggered.clear();
    this.#webhooks.clear();
  }

  /**
   * Waits until a condition holds, looking again whenever something happens in the emulator.
   * @returns what the condition answered, once that is neither `undefined`, `null` nor `false`.
   * @throws Error (rejects) after `timeoutMs`, by default 5,000.
   */
  waitFor<T>(
    condition: (driver: EmulatorDriver) => T | undefined | null | false,
    { timeoutMs = waitTimeoutMs, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
  ): Promise<T> {
    const { clock } = this.#engine;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        clock.clearTimeout(timer);
        undo();
        finish();
      };
      const look = () => {
        try {
          const result = condition(this);
          if (result !== undefined && result !== null && result !== false) settle(() => resolve(result));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = clock.setTimeout(
        () => settle(() => reject(new Error(`The emulator waited ${timeoutMs} ms for ${what}.`))),
        timeoutMs,
      );
      const undo = this.#engine.observe(look);
      look();
    });
  }

  /** Waits until so many connections are open. */
  waitForConnections(count: number): Promise<ConnectionSnapshot[]> {
    return this.waitFor(
      () => {
        const connections = this.connections();
        return connections.length === count && connections;
      },
      { what: `${count} connections` },
    );
  }

  /** Waits until a channel has so many subscribers, by default one. */
  waitForSubscribers(channel: string, count = 1): Promise<string[]> {
    return this.waitFor(
      () => {
        const subscribers = this.subscriptions().get(channel) ?? [];
        return subscribers.length === count && subscribers;
      },
      { what: `${count} subscribers of ${channel}` },
    );
  }

  /** Waits until a frame has arrived from a client; one that came before counts too. */
  waitForFrame(event: string, channel?: string): Promise<ReceivedRecord> {
    return this.waitFor(
      () =>
        this.received.find(
          (frame) => frame.event === event && (channel === undefined || frame.channel === channel),
        ),
      { what: `${event} from a client` },
    );
  }

  #connections(): Connection[] {
    return this.#engine.apps.flatMap((app) => [...app.connections.values()]);
  }

  #each(filter: ConnectionFilter | undefined, action: (connection: Connection) => void): number {
    const chosen = this.#connections().filter((connection) => !filter || filter(snapshot(connection)));
    for (const connection of chosen) action(connection);
    return chosen.length;
  }

  #record(activity: Activity): void {
    if (activity.type === 'received') {
      const { at, socketId, frame, size } = activity;
      this.#received.add({ at, socketId, ...frame }, size);
    } else if (activity.type === 'published') {
      const { at, appId, event } = activity;
      this.#triggered.add({ at, appId, ...event }, event.data.length);
    } else if (activity.type === 'webhook') {
      const { at, url, names, attempt, status } = activity;
      this.#webhooks.add({ at, url, names, attempt, status }, 0);
    }
  }
}

function checked(closing: CloseReason): CloseReason {
  const problem = closeProblem(closing);
  if (problem) throw new Error(problem);
  return closing;
}

function snapshot({ socketId, app, user, channels }: Connection): ConnectionSnapshot {
  return { socketId, appId: app.id, ...(user ? { userId: user.id } : {}), channels: [...channels] };
}
