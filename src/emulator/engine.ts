/**
 * Pusher Channels in a box: apps, connections and the HTTP API, with no network, no Node and no DOM.
 * A door (`node.ts`, `page.ts`) brings sockets and requests; the engine says what they get back.
 *
 * For development, tests and demos, not for production.
 */
import type { Activity, ActivityDetail } from './activity.js';
import { EmulatorApp } from './app.js';
import type { Clock } from './clock.js';
import { type CloseReason, closeReasons } from './close-codes.js';
import { Connection } from './connection.js';
import type { EngineContext, Transport } from './context.js';
import { Faults } from './faults.js';
import { type ApiRequest, type ApiResponse, answer } from './http-api.js';
import { type EngineOptions, type EngineSettings, resolveOptions } from './options.js';
import { splitTarget } from './request-target.js';

const oldestProtocol = 4;
const newestProtocol = 7;

/** What a door tells the engine about one socket. */
export interface Session {
  /** Takes a text frame from the client. */
  receive(text: string): void;
  /** Takes note that the socket is gone. */
  disconnected(code: number): void;
}

/** The engine of the emulator. */
export class EmulatorEngine {
  readonly settings: EngineSettings;
  /** The apps; the first is the one meant where none is named. */
  readonly apps: readonly EmulatorApp[];
  readonly faults = new Faults();
  readonly #observers = new Set<(activity: Activity) => void>();
  readonly #context: EngineContext;

  constructor(options: EngineOptions = {}) {
    this.settings = resolveOptions(options);
    this.#context = {
      settings: this.settings,
      clock: this.settings.clock,
      faults: this.faults,
      report: (activity) => this.#report(activity),
    };
    this.apps = this.settings.apps.map((app) => new EmulatorApp(this.#context, app));
  }

  get clock(): Clock {
    return this.settings.clock;
  }

  /**
   * The app of an id, or the first one.
   * @throws Error when there is no app of this id.
   */
  app(id?: string): EmulatorApp {
    const app = id === undefined ? this.apps[0] : this.apps.find((candidate) => candidate.id === id);
    if (!app) throw new Error(`The emulator has no app "${id}".`);
    return app;
  }

  /**
   * Takes a socket that has just opened.
   * @param target Path and query that the client asked for: `/app/key?protocol=7`.
   */
  connect(target: string, transport: Transport): Session {
    const admission = this.#admit(target);
    if (!(admission instanceof EmulatorApp)) {
      this.#report({ type: 'refused', ...admission });
      transport.close(admission.code, admission.reason);
      return { receive: () => {}, disconnected: () => {} };
    }
    const connection = new Connection(this.#context, admission, this.#freshSocketId(admission), transport);
    admission.connections.set(connection.socketId, connection);
    connection.establish();
    return connection;
  }

  /** Answers a request to the HTTP API. */
  handle(request: ApiRequest): ApiResponse {
    const response = answer(this.apps, request, this.clock.now());
    const { path } = splitTarget(request.target);
    this.#report({ type: 'requested', method: request.method, path, status: response.status });
    return response;
  }

  /** Hears of everything that happens, until the answered function is called. */
  observe(observer: (activity: Activity) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** Closes every connection, by default with 4100, and forgets what waits. */
  shutdown(reason: CloseReason = closeReasons.shuttingDown): void {
    this.faults.refusal = reason;
    for (const app of this.apps) {
      for (const connection of [...app.connections.values()]) connection.close(reason);
      app.stop();
    }
  }

  #admit(target: string): EmulatorApp | CloseReason {
    if (this.faults.refusal) return this.faults.refusal;
    const { path, query } = splitTarget(target);
    const key = /^\/app\/([^/]+)$/.exec(path)?.[1];
    if (key === undefined) return closeReasons.pathNotFound;
    const app = this.apps.find((candidate) => candidate.settings.key === key);
    if (!app) return closeReasons.appNotFound;
    if (!app.settings.enabled) return closeReasons.appDisabled;
    const protocol = new URLSearchParams(query).get('protocol');
    if (protocol === null) return closeReasons.noVersion;
    if (!/^\d+$/.test(protocol)) return closeReasons.invalidVersion;
    const version = Number(protocol);
    if (version < oldestProtocol || version > newestProtocol) return closeReasons.unsupportedVersion;
    return app.connections.size >= app.settings.limits.connections ? closeReasons.overQuota : app;
  }

  #freshSocketId(app: EmulatorApp): string {
    const part = () => Math.floor(this.clock.random() * 1e9);
    let socketId = `${part()}.${part()}`;
    while (app.connections.has(socketId)) socketId = `${part()}.${part()}`;
    return socketId;
  }

  #report(detail: ActivityDetail): void {
    if (this.#observers.size === 0) return;
    const activity: Activity = { at: this.clock.now(), ...detail };
    for (const observer of this.#observers) observer(activity);
  }
}
