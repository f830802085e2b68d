import type { EngineOptions } from './engine.js';
import { ConfigurationError } from './errors.js';

/** Environment variables by name, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of the server's options that the environment decides. */
export interface EnvironmentOptions {
  engine: EngineOptions;
  /** Present when `CORS_ORIGINS` is set. */
  origins?: string[];
}

/**
 * Reads `PUSHER_*` and `CORS_ORIGINS` (a list with commas): `createRealtimeServer({...readServerEnvironment(process.env), …})`.
 * An empty variable counts as missing; what is missing is reported by `createRealtimeServer`.
 *
 * @throws ConfigurationError when a value cannot be read; it names the variable, never its value.
 */
export function readServerEnvironment(environment: Environment): EnvironmentOptions {
  const problems: string[] = [];
  const read = (name: string) => environment[name]?.trim() || undefined;

  const enabled = { true: true, '1': true, false: false, '0': false }[
    (read('PUSHER_ENABLED') ?? 'true').toLowerCase()
  ];
  if (enabled === undefined) problems.push('PUSHER_ENABLED should be true, false, 1 or 0.');

  const port = read('PUSHER_PORT');
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    problems.push('PUSHER_PORT should be a number from 1 to 65535.');

  const scheme = read('PUSHER_SCHEME')?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    problems.push('PUSHER_SCHEME should be http or https.');
  }
  if (problems.length > 0) throw new ConfigurationError(problems);

  const origins = read('CORS_ORIGINS')
    ?.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean);
  return {
    engine: {
      enabled,
      appId: read('PUSHER_APP_ID'),
      key: read('PUSHER_KEY'),
      secret: read('PUSHER_SECRET'),
      cluster: read('PUSHER_CLUSTER'),
      host: read('PUSHER_HOST'),
      port: port === undefined ? undefined : Number(port),
      scheme: scheme as 'http' | 'https' | undefined,
    },
    ...(origins ? { origins } : {}),
  };
}
