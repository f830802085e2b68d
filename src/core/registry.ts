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

/** The page's registry; made when there is none. A registry of another protocol is left alone. */
export function registry(): Registry {
  const holder = globalThis as RegistryHolder;
  const isForeign = holder[key] !== undefined && holder[key].protocol !== 1;
  const place = isForeign ? ownKey : key;
  if (!holder[place]) {
    if (isForeign) {
      console.warn(
        '[realtime-elements] A copy of the kit that speaks another protocol is on this page; this one runs on a connection of its own.',
      );
    }
    Object.defineProperty(holder, place, { value: makeRegistry() });
  }
  return holder[place] as Registry;
}

function makeRegistry(): Registry {
  const controllers = new Map<
    string,
    { controller: RealtimeController; config: ResolvedConfig; warned: boolean }
  >();
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
    has: (appKey: string, host: string) =>
      [...controllers.values()].some(({ config }) => config.key === appKey && config.host === host),
    get(config: ResolvedConfig, create: (config: ResolvedConfig) => RealtimeController) {
      const identity = identityOf(config);
      const existing = controllers.get(identity);
      if (!existing) {
        const controller = create(config);
        controllers.set(identity, { controller, config, warned: false });
        return controller;
      }
      if (!existing.warned && detailsOf(existing.config) !== detailsOf(config)) {
        existing.warned = true;
        console.warn(
          '[realtime-elements] This app is already configured on this page, with other details; the first configuration holds. Set a scope to keep them apart.',
        );
      }
      return existing.controller;
    },
  });
}

/** What may differ without harm, and yet is probably a mistake. */
function detailsOf({
  triggerEndpoint,
  userAuthEndpoint,
  credentials,
  csrfMeta,
  batch,
  token,
}: ResolvedConfig): string {
  return JSON.stringify([
    triggerEndpoint,
    userAuthEndpoint,
    credentials,
    csrfMeta,
    batch,
    typeof token === 'string' ? token : typeof token,
  ]);
}

/** What makes two configurations one connection: app, service, and whose identity it carries. */
function identityOf({
  key: appKey,
  host,
  port,
  path,
  tls,
  enabled,
  authEndpoint,
  scope,
}: ResolvedConfig): string {
  return JSON.stringify([appKey, host, port, path, tls, enabled, authEndpoint, scope]);
}
