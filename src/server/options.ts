import { z } from 'zod';
import { channelNameProblem, channelNames } from '../protocol.js';
import type { AddressOptions } from './address.js';
import type { BroadcastHook, TriggerRule } from './broadcast.js';
import type { EngineOptions } from './engine.js';
import { ConfigurationError } from './errors.js';
import type { Identity, IdentityInput } from './identity.js';
import { type JwtOptions, jwtAlgorithms } from './jwt.js';
import type { AbuseReport, ServerLimits } from './limits.js';
import type { Logger } from './log.js';
import { type ChannelRule, type Memberships, rulePatternProblem } from './rules.js';
import type { Store } from './store.js';
import type { WebhookHandler } from './webhook.js';

/** Options of `createRealtimeServer`. */
export interface RealtimeServerOptions extends AddressOptions {
  /** The engine; `readServerEnvironment(process.env).engine` reads it from `PUSHER_*`. */
  engine: EngineOptions;
  /** Identity from bearer tokens. Give this or `identify`. */
  jwt?: JwtOptions;
  /** Identity from the host's own session, by the request's headers; nobody is `null`. The body is not there to read. */
  identify?: (
    request: Request,
  ) => IdentityInput | null | undefined | Promise<IdentityInput | null | undefined>;
  /** Origins of pages that may call from elsewhere, such as `https://shop.example`; `loopback` allows every local one, for development. Default: none. */
  origins?: readonly string[] | 'loopback';
  /** Roles that have a channel `presence-{role}`. Default `admin`, `teacher`, `student`. */
  roles?: readonly string[];
  /** Who belongs to which class and session and owns which agent. Default: what the claims say. */
  memberships?: Memberships;
  /** Further rules, and replacements, by channel name: `{'private-order-{id}': ({identity, id}) => …}`. */
  rules?: Readonly<Record<string, ChannelRule>>;
  /** Who may send what through `POST /realtime/trigger`; asked once for each channel. Default: nobody, nothing. */
  canTrigger?: TriggerRule;
  /** Who may read `GET /realtime/metrics`. Default: nobody. */
  canReadMetrics?: (identity: Identity) => boolean | Promise<boolean>;
  /** Sees every event before it is sent, and answers the data to send in its place; `undefined` refuses the event. */
  beforeBroadcast?: BroadcastHook;
  /** Field names that may be sent although they look like a password, token or secret, such as `tokenCount`. */
  allowedFields?: readonly string[];
  /** What others in a presence channel see of a person, at most 1 kB of JSON. Default: name, avatar, main role. */
  memberInfo?: (identity: Identity) => Record<string, unknown>;
  /** The ids of those whose coming and going a signed-in person is told; at most 100. */
  watchlist?: (identity: Identity) => readonly string[] | Promise<readonly string[]>;
  /** Hears each webhook event once. When it fails, the engine sends the event again. */
  onWebhook?: WebhookHandler;
  /** Hears of everybody who goes over a limit. */
  onAbuse?: (report: AbuseReport) => unknown;
  limits?: Partial<ServerLimits>;
  /** Where counts are kept; several instances share one. Default: in memory, one store each. */
  stores?: { limits?: Store; webhooks?: Store; metrics?: Store };
  /** The time in milliseconds. Default `Date.now`. */
  clock?: () => number;
  /** Where failures are written, without secrets. Default `console`. */
  logger?: Logger;
}

const func = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'should be a function',
});
const text = z.string({ error: 'should be a text' }).min(1, { error: 'should not be empty' });
const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z
    .number({ error: `should be a whole number from ${least}` })
    .int()
    .min(least, { error: `should be at least ${least}` })
    .max(most, { error: `should be at most ${most}` });
const list = <T extends z.ZodType>(entry: T) => z.array(entry, { error: 'should be a list' });
const store = z.custom<Store>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['increment', 'count', 'add', 'members', 'delete'].every(
      (method) => typeof (value as Record<string, unknown>)[method] === 'function',
    ),
  { error: 'should be a Store with increment, count, add, members and delete' },
);

const engine = z
  .strictObject(
    {
      enabled: z.boolean({ error: 'should be true or false (PUSHER_ENABLED)' }).default(true),
      appId: text.regex(/^[\w-]+$/, { error: 'should be an app id (PUSHER_APP_ID)' }).optional(),
      key: text.optional(),
      secret: text.optional(),
      cluster: text
        .regex(/^[a-z0-9-]+$/, { error: 'should be a cluster such as eu (PUSHER_CLUSTER)' })
        .optional(),
      host: text
        .regex(/^(\[[0-9a-f:.]+\]|[\w.-]+)$/i, {
          error: 'should be a host name alone, without scheme, port and path (PUSHER_HOST)',
        })
        .optional(),
      port: whole(1, 65_535).optional(),
      scheme: z.enum(['http', 'https'], { error: 'should be http or https (PUSHER_SCHEME)' }).optional(),
      encryptionMasterKeyBase64: z
        .base64({ error: 'should be 32 bytes in base64' })
        .refine((key) => Buffer.from(key, 'base64').length === 32, {
          error: 'should be 32 bytes in base64: openssl rand -base64 32',
        })
        .optional(),
      timeoutMs: whole(1).optional(),
    },
    { error: 'should be an object: readServerEnvironment(process.env).engine' },
  )
  .superRefine((value, context) => {
    if (!value.enabled) return;
    const required = { appId: 'PUSHER_APP_ID', key: 'PUSHER_KEY', secret: 'PUSHER_SECRET' } as const;
    for (const [name, variable] of Object.entries(required)) {
      if (value[name as keyof typeof required] === undefined) {
        context.addIssue({ code: 'custom', path: [name], message: `is missing: set ${variable}` });
      }
    }
    if (value.cluster === undefined && value.host === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['cluster'],
        message: 'is missing: set PUSHER_CLUSTER, or PUSHER_HOST for an engine of your own',
      });
    }
  });

/** Bytes that an HMAC key needs at least: those of its hash. */
const secretBytes: Record<string, number> = { HS256: 32, HS384: 48, HS512: 64 };

const jwt = z
  .strictObject({
    secret: text.optional(),
    jwks: z
      .union(
        [
          z.instanceof(URL),
          z.string(),
          z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).loose(),
        ],
        { error: 'should be the address of a JSON Web Key Set, or the set' },
      )
      .optional(),
    algorithms: list(text).min(1, { error: 'should name an algorithm' }).optional(),
    maxLifetimeSeconds: whole(1).optional(),
    issuer: z.union([text, list(text)], { error: 'should be a text or a list of texts' }).optional(),
    audience: z.union([text, list(text)], { error: 'should be a text or a list of texts' }).optional(),
  })
  .superRefine((value, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((value.secret === undefined) === (value.jwks === undefined)) {
      issue('secret', 'or jwt.jwks should be there, one of them');
    }
    const kind = value.secret === undefined ? 'jwks' : 'secret';
    const possible: readonly string[] = jwtAlgorithms[kind];
    for (const algorithm of value.algorithms ?? []) {
      if (!possible.includes(algorithm)) {
        issue('algorithms', `should hold only what jwt.${kind} can check: ${possible.join(', ')}`);
      }
    }
    const needed = Math.max(
      ...(value.algorithms ?? ['HS256']).map((algorithm) => secretBytes[algorithm] ?? 32),
    );
    if (value.secret !== undefined && Buffer.byteLength(value.secret) < needed) {
      issue('secret', `should have at least ${needed} bytes: openssl rand -base64 ${needed}`);
    }
    if (typeof value.jwks === 'string' || value.jwks instanceof URL) {
      const url = URL.canParse(String(value.jwks)) ? new URL(value.jwks) : undefined;
      const isLocal = url !== undefined && isLoopback(url.hostname);
      if (url?.protocol !== 'https:' && !(isLocal && url.protocol === 'http:')) {
        issue('jwks', 'should be an https address: keys fetched without it can be forged on the way');
      }
    }
  });

const origin = z
  .string({ error: 'should be an origin' })
  .refine((value) => URL.canParse(value) && new URL(value).origin === value && value !== 'null', {
    error: 'should be an origin such as https://shop.example, without path or *; name each one',
  });

const schema = z
  .strictObject(
    {
      engine,
      jwt: jwt.optional(),
      identify: func.optional(),
      origins: z
        .union([z.literal('loopback'), list(origin)], { error: 'should be a list of origins, or "loopback"' })
        .optional(),
      roles: list(
        text.refine((role) => !channelNameProblem(channelNames.presenceRole(role)), {
          error: 'is too long for a channel name',
        }),
      ).optional(),
      memberships: z
        .strictObject({ class: func.optional(), session: func.optional(), agent: func.optional() })
        .optional(),
      rules: z.record(z.string(), func).optional(),
      canTrigger: func.optional(),
      canReadMetrics: func.optional(),
      beforeBroadcast: func.optional(),
      allowedFields: list(text).optional(),
      memberInfo: func.optional(),
      watchlist: func.optional(),
      onWebhook: func.optional(),
      onAbuse: func.optional(),
      limits: z
        .strictObject({
          authorizationsPerMinute: whole(1).optional(),
          eventsPerMinute: whole(1).optional(),
          authorizationsPerMinutePerAddress: whole(1).optional(),
          eventsPerMinutePerAddress: whole(1).optional(),
          connectionsPerUser: whole(1).optional(),
        })
        .optional(),
      stores: z
        .strictObject({ limits: store.optional(), webhooks: store.optional(), metrics: store.optional() })
        .optional(),
      address: func.optional(),
      trustedProxies: whole(0, 16).optional(),
      clock: func.optional(),
      logger: z
        .custom<Logger>((value) => typeof (value as Partial<Logger> | null)?.error === 'function', {
          error: 'should have a function error(message, …), as console has',
        })
        .optional(),
    },
    { error: 'The options should be an object.' },
  )
  .superRefine((value, context) => {
    if ((value.jwt === undefined) === (value.identify === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['jwt'],
        message: 'or identify should be there, one of them: without it nobody has an identity',
      });
    }
    for (const pattern of Object.keys(value.rules ?? {})) {
      const problem = rulePatternProblem(pattern);
      if (problem) context.addIssue({ code: 'custom', path: ['rules'], message: problem });
    }
  });

/** Whether a host name means this machine: `localhost`, `*.localhost`, `127.*`, `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return /^(([\w-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/**
 * Checks the options once.
 *
 * @throws ConfigurationError with one sentence for every mistake; no value of an option stands in it.
 */
export function checkOptions(options: RealtimeServerOptions): RealtimeServerOptions {
  const result = schema.safeParse(options);
  if (result.success) return options;
  throw new ConfigurationError(
    result.error.issues.map((issue) => {
      if (issue.code === 'unrecognized_keys') {
        return `${[...issue.path, ''].join('.')}${issue.keys.join(', ')} is no option; see RealtimeServerOptions.`;
      }
      const sentence = [issue.path.join('.'), issue.message].filter(Boolean).join(' ');
      return sentence.endsWith('.') ? sentence : `${sentence}.`;
    }),
  );
}
