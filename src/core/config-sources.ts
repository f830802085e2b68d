/**
 * Where a configuration comes from: attributes, JSON, or a bundler's environment. All three are texts
 * under names, read by one function.
 */
import type { RealtimeConfig } from './config.js';

/** The text of a setting by its attribute name (`auth-endpoint`), or nothing. */
export type SettingReader = (name: string) => string | null | undefined;

/** Reads the settings that the loader's script tag (as `data-*`) and `<realtime-provider>` share. */
export function readConfig(read: SettingReader): RealtimeConfig {
  const text = (name: string) => read(name)?.trim() || undefined;
  const number = (name: string) => (text(name) === undefined ? undefined : Number(text(name)));
  const config: RealtimeConfig = {
    key: text('key'),
    cluster: text('cluster'),
    host: text('host'),
    port: number('port'),
    path: text('path'),
    tls: flag(read('tls')),
    enabled: flag(read('enabled')),
    debug: flag(read('debug')),
    authEndpoint: text('auth-endpoint'),
    userAuthEndpoint: text('user-auth-endpoint'),
    triggerEndpoint: text('trigger-endpoint'),
    contentEndpoint: text('content-endpoint'),
    base: text('base'),
    token: text('auth-token'),
    credentials: oneOf(text('auth-credentials'), ['omit', 'same-origin', 'include']),
    csrfMeta: text('csrf-meta'),
    batch: oneOf(text('auth-batch'), ['on', 'off', 'auto']),
    scope: text('scope'),
    remember: flag(read('remember')),
    exposedSecret: text('secret') && 'secret',
  };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

/** Attributes whose name in a configuration is another one than theirs in camelCase. */
const renamed: Record<string, string> = {
  'auth-token': 'token',
  'auth-credentials': 'credentials',
  'auth-batch': 'batch',
};

/**
 * Reads JSON with the texts, numbers and booleans of a `RealtimeConfig`; the names of the attributes in
 * camelCase (`authToken`) are understood as well. Text that is no JSON object leaves the configuration empty.
 */
export function configFromJson(json: string): RealtimeConfig {
  const settings = parseObject(json);
  return readConfig((name) => {
    const attribute = camelCase(name);
    const value = settings[renamed[name] ?? attribute] ?? settings[attribute];
    return value === undefined || value === null ? undefined : String(value);
  });
}

/** Settings that name a secret, also under the names of older kits. */
const SECRETS = ['VITE_PUSHER_SECRET', 'VITE_PUSHER_PRIMARY_KEY'];

/**
 * Reads `VITE_PUSHER_*` from a bundler's environment, for instance `import.meta.env`. The names of
 * older kits are understood: `VITE_ENABLE_WEBSOCKET=false` disables, `VITE_API_BASE_URL` is the base
 * of relative endpoints.
 */
export function configFromEnvironment(environment: Readonly<Record<string, unknown>>): RealtimeConfig {
  // A variable that is there and empty is how bundlers say that there is none.
  const text = (name: string) => String(environment[name] ?? '').trim() || undefined;
  const names: Record<string, string> = { base: 'VITE_API_BASE_URL', tls: 'VITE_PUSHER_FORCE_TLS' };
  const config = readConfig((name) =>
    text(names[name] ?? `VITE_PUSHER_${name.replaceAll('-', '_').toUpperCase()}`),
  );
  const exposedSecret = SECRETS.find((name) => text(name));
  return {
    ...config,
    ...(flag(text('VITE_ENABLE_WEBSOCKET')) === false ? { enabled: false } : {}),
    ...(exposedSecret ? { exposedSecret } : {}),
  };
}

/** An attribute without a value is true; any other text is passed on, and found to be wrong. */
function flag(value: string | null | undefined): boolean | undefined {
  if (value === null || value === undefined) return undefined;
  const text = value.trim().toLowerCase();
  if (text === '' || text === 'true' || text === '1' || text === 'on') return true;
  if (text === 'false' || text === '0' || text === 'off') return false;
  return text as unknown as boolean;
}

function oneOf<T extends string>(value: string | undefined, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

/** `auth-endpoint` as `authEndpoint`: the name in JSON, and in a script tag's dataset. */
export function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
