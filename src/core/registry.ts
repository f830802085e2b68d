/**
 * Where copies of the kit meet: one frozen object on the page, under a symbol. An npm copy and a
 * script-tag copy of different versions share controllers through it; only data and functions cross,
 * never classes.
 */
import type { ResolvedConfig } from './config.js';
import type { RealtimeController } from './realtime-controller.js';

interface Registry {
  readonly protocol: 1;
  /** The controller for a configuration; made by the first copy that asks. */
  get(config: ResolvedConfig, create: (config: ResolvedConfig) => RealtimeController): RealtimeController;
}

const key: unique symbol = Symbol.for('realtime-elements') as never;

type RegistryHolder = { [key]?: Registry };

/** The page's registry; made when there is none. A registry of another protocol is left alone. */
export function registry(): Registry {
  const holder = globalThis as RegistryHolder;
  const existing = holder[key];
  if (existing?.protocol === 1) return existing;
  const made = makeRegistry();
  if (existing) {
    console.warn(
      '[realtime-elements] Another version of the kit is on this page; this one runs on a connection of its own.',
    );
    lonely ??= made;
    return lonely;
  }
  Object.defineProperty(holder, key, { value: made, enumerable: false });
  return made;
}

let lonely: Registry | undefined;

function makeRegistry(): Registry {
  const controllers = new Map<string, RealtimeController>();
  return Object.freeze({
    protocol: 1,
    get(config: ResolvedConfig, create: (config: ResolvedConfig) => RealtimeController) {
      const identity = identityOf(config);
      const existing = controllers.get(identity);
      if (existing) return existing;
      const made = create(config);
      controllers.set(identity, made);
      return made;
    },
  });
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
