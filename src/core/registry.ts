/**
 * Where copies of the kit meet: one frozen object on the page, under a symbol. An npm copy and a
 * script-tag copy of different versions share controllers through it; only data and functions cross,
 * never classes.
 */
import type { ResolvedConfig } from './config.js';
import { type EarlySockets, makeEarlySockets } from './early-sockets.js';
import type { RealtimeController } from './realtime-controller.js';

/** What copies of the kit share on a page. */
export interface Registry {
  readonly protocol: 1;
  /** Sockets that were opened before the code for them had come. */
  readonly early: EarlySockets;
  /** The page's one Trusted Types policy of this kit; a second of the same name would be refused. */
  policy(): TrustedPolicy | undefined;
  /** Whether there is a controller for an app and service. */
  has(key: string, host: string): boolean;
  /** The controller for a configuration; made by the first copy that asks. */
  get(config: ResolvedConfig, create: (config: ResolvedConfig) => RealtimeController): RealtimeController;
}

/** What Lit asks of a Trusted Types policy. */
export interface TrustedPolicy {
  createHTML(markup: string): unknown;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: TrustedPolicy): TrustedPolicy;
}

const key: unique symbol = Symbol.for('realtime-elements') as never;
/** Where the copies of this protocol meet when the page's registry speaks another. */
const ownKey: unique symbol = Symbol.for('realtime-elements.1') as never;

type RegistryHolder = { [key]?: Registry; [ownKey]?: Registry };

/** Whether the page's registry speaks another protocol: what it shares cannot be shared with this copy. */
export function isAmongStrangers(): boolean {
  return ((globalThis as RegistryHolder)[key]?.protocol ?? 1) !== 1;
}

/** The page's registry; made when there is none. A registry of another protocol is left alone. */
export function registry(): Registry {
  const holder = globalThis as RegistryHolder;
  const place = isAmongStrangers() ? ownKey : key;
  if (!holder[place]) Object.defineProperty(holder, place, { value: makeRegistry() });
  return holder[place] as Registry;
}

function makeRegistry(): Registry {
  /** By what makes two configurations one connection: app, service, and whose identity it carries. */
  const controllers = new Map<string, RealtimeController>();
  let policy: TrustedPolicy | undefined;
  return Object.freeze({
    protocol: 1,
    early: makeEarlySockets(),
    policy() {
      const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
      // Lit's templates are the kit's own texts; no text of an event ever becomes markup.
      policy ??= trustedTypes?.createPolicy('realtime-elements', { createHTML: (markup) => markup });
      return policy;
    },
    has: (...app: [key: string, host: string]) =>
      [...controllers.keys()].some((id) => id.startsWith(JSON.stringify(app).slice(0, -1))),
    get(config: ResolvedConfig, create: (config: ResolvedConfig) => RealtimeController) {
      const { key, host, port, path, tls, enabled, authEndpoint, scope } = config;
      const id = JSON.stringify([key, host, port, path, tls, enabled, authEndpoint, scope]);
      const controller = controllers.get(id) ?? create(config);
      controllers.set(id, controller);
      return controller;
    },
  });
}
