/**
 * The emulator inside a page: a socket and a `fetch` that a realtime controller takes instead of the
 * network's, so that stories and tests connect, authorize, are refused and trigger for real, with no
 * server. Works in Node as well.
 *
 * For development, tests and demos, not for production.
 */
import { EmulatorDriver } from './driver.js';
import { EmulatorEngine } from './engine.js';
import type { EngineOptions } from './options.js';
import { type Authorize, PageBackend, type PageUser } from './page-backend.js';
import { PageSocket } from './page-socket.js';

export type { Activity, Direction, PublishedEvent, ReceivedFrame } from './activity.js';
export type { AuthorizationControl } from './authorization-control.js';
export type { Clock } from './clock.js';
export * from './driver.js';
export * from './engine.js';
export type { PassingFrame } from './faults.js';
export type { AppLimits, AppOptions, EngineOptions, WebhookOptions } from './options.js';
export type { AuthorizationRequest, Authorize, PageUser } from './page-backend.js';
export type { Member } from './roster.js';
export { channelAuth, channelSharedSecret, userAuth } from './signature.js';

/** Options of `createPageEmulator`. */
export interface PageEmulatorOptions extends EngineOptions {
  /** Whether the authorization endpoint answers batches, and says so on single answers. Default `false`. */
  batch?: boolean;
  /** The key of encrypted channels: 32 bytes in base64. Default: a fixed one. */
  encryptionMasterKey?: string;
  /** Decides about each channel; by default everybody may join, presence channels with a user only. */
  authorize?: Authorize;
}

/** One visitor of the page. */
export interface PageClientOptions {
  /** Who the visitor is, to the authorization endpoint. */
  user?: PageUser;
  /** Decides about this visitor's channels, instead of the emulator's own `authorize`. */
  authorize?: Authorize;
}

/** What a realtime controller's configuration takes to talk to an emulator in the page. */
export interface PageClientConfig {
  key: string;
  host: string;
  createSocket: (url: string) => WebSocket;
  fetch: typeof fetch;
  authEndpoint: string;
  userAuthEndpoint: string;
  triggerEndpoint: string;
}

/** An emulator inside a page. */
export interface PageEmulator {
  driver: EmulatorDriver;
  engine: EmulatorEngine;
  /** A configuration for one visitor. Each call makes another visitor, with a host of its own. */
  client(options?: PageClientOptions): PageClientConfig;
  /** Closes all connections with 4100. */
  stop(): void;
}

/** 32 zero bytes: nothing that passes through an emulator is worth a secret. */
const defaultMasterKey = btoa('\0'.repeat(32));

let emulators = 0;

/** Makes an emulator inside this page. Several may live side by side. */
export function createPageEmulator(options: PageEmulatorOptions = {}): PageEmulator {
  const { batch = false, encryptionMasterKey = defaultMasterKey, authorize, ...engineOptions } = options;
  const engine = new EmulatorEngine(engineOptions);
  const driver = new EmulatorDriver(engine);
  emulators += 1;
  const domain = `emulator-${emulators}.invalid`;
  let clients = 0;
  return {
    driver,
    engine,
    client: (client = {}) => {
      clients += 1;
      const host = `client-${clients}.${domain}`;
      const backend = new PageBackend({
        engine,
        authorization: driver.authorization,
        origin: `https://${host}`,
        batch,
        encryptionMasterKey,
        user: client.user,
        authorize: client.authorize ?? authorize,
      });
      return {
        key: engine.app().settings.key,
        host,
        createSocket: (url) => new PageSocket(engine, url),
        fetch: backend.fetch,
        authEndpoint: backend.authEndpoint,
        userAuthEndpoint: backend.userAuthEndpoint,
        triggerEndpoint: backend.triggerEndpoint,
      };
    },
    stop: () => {
      driver.silence(false);
      engine.shutdown();
    },
  };
}
