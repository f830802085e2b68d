import type { Hono } from 'hono';
import { encodeId } from '../protocol.js';
import { addressReader } from './address.js';
import { type ChannelAuthorization, createAuthorizer, type UserAuthentication } from './authorize.js';
import {
  type BatchItem,
  type BatchResult,
  Broadcaster,
  checkChannelName,
  type TriggerOptions,
  type TriggerResult,
} from './broadcast.js';
import { ConnectionLimiter, liveConnections } from './connections.js';
import { createEngine } from './engine.js';
import { RealtimeServerError } from './errors.js';
import { type Identity, readIdentity } from './identity.js';
import { bearerIdentity } from './jwt.js';
import { Limiter } from './limits.js';
import { redactingLogger } from './log.js';
import { Metrics, type MetricsQuery, type MetricsReport } from './metrics.js';
import { checkOptions, isLoopback, type RealtimeServerOptions } from './options.js';
import { createRoutes } from './routes.js';
import { defaultRules, matchRules } from './rules.js';
import { MemoryStore, punctual, type Store } from './store.js';
import { type WebhookEvent, WebhookReceiver } from './webhook.js';

/** The server's half of the kit: routes to mount, and the same things as functions for backend code. */
export interface RealtimeServer {
  /** The routes: `app.route('/api/v1', realtime.app)`. */
  readonly app: Hono;
  /** Answers a request for one of the routes, whatever prefix stands before it. `env` is handed to `address`. */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
  /** Answers who sends a request, for routes of your own. Rejects with a `RealtimeServerError` (401) when nobody. */
  readonly identify: (request: Request) => Promise<Identity>;
  /** Whether pages of an origin may call, for the CORS of routes of your own. Takes what the header `Origin` says. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** Sends an event to up to 100 channels. */
  readonly trigger: (
    channels: string | readonly string[],
    event: string,
    data?: unknown,
    options?: TriggerOptions,
  ) => Promise<TriggerResult>;
  /** Sends events in order, in tens, and answers what became of each. */
  readonly triggerBatch: (
    items: readonly BatchItem[],
    options?: { identity?: Identity },
  ) => Promise<BatchResult[]>;
  /** Sends an event to all connections that a person signed in on. */
  readonly sendToUser: (userId: string | number, event: string, data?: unknown) => Promise<TriggerResult>;
  /** Answers what pusher-js needs to join a channel, or rejects with a `RealtimeServerError` (403). */
  readonly authorizeChannel: (
    identity: Identity,
    socketId: string,
    channel: string,
  ) => Promise<ChannelAuthorization>;
  /** Answers what pusher-js needs to sign a person in. */
  readonly authenticateUser: (identity: Identity, socketId: string) => Promise<UserAuthentication>;
  /** Closes all connections that a person signed in on. */
  readonly terminateUser: (userId: string | number) => Promise<void>;
  /** The channels with a subscriber now, by name; `userCount` for presence channels when asked for with their prefix. */
  readonly channels: (query?: ChannelsQuery) => Promise<Record<string, { userCount?: number }>>;
  /** The ids of the people in a presence channel now. */
  readonly members: (channel: string) => Promise<string[]>;
  readonly metrics: {
    /** Counts an event that did not pass this server. */
    readonly track: (event: string, userId?: string) => Promise<void>;
    readonly query: (query?: MetricsQuery) => Promise<MetricsReport>;
  };
}

/** Which channels to ask the engine for. */
export interface ChannelsQuery {
  /** Only names that begin so. */
  prefix?: string;
  /** Also counts people; needs a prefix that begins with `presence-`. */
  countUsers?: boolean;
}

/**
 * Makes the server.
 *
 * @throws ConfigurationError that lists every mistake in the options with its remedy.
 */
export function createRealtimeServer(options: RealtimeServerOptions): RealtimeServer {
  const settings = checkOptions(options);
  const clock = settings.clock ?? Date.now;
  const { secret, encryptionMasterKeyBase64 } = settings.engine;
  const logger = redactingLogger(settings.logger ?? console, [
    secret,
    encryptionMasterKeyBase64,
    settings.jwt?.secret,
  ]);
  const isEnabled = settings.engine.enabled !== false;
  const engine = isEnabled ? createEngine(settings.engine) : undefined;
  const requireEngine = () => {
    if (engine) return engine;
    throw new RealtimeServerError('disabled', 'Realtime is disabled on this server.');
  };

  const countingStore = (given: Store | undefined) => (given ? punctual(given) : new MemoryStore({ clock }));
  const metrics = new Metrics(countingStore(settings.stores?.metrics), clock);
  /** Counting must never stop what is counted. */
  const track = (event: string, userId?: string) =>
    metrics.track(event, userId).catch((error: unknown) => {
      logger.error('The store of the metrics failed; an event was not counted.', error);
    });

  const identify = settings.jwt ? bearerIdentity(settings.jwt, clock) : hostIdentity(settings.identify!);
  const authorizer = createAuthorizer({
    engine,
    matchRule: matchRules({
      ...defaultRules(settings.roles ?? ['admin', 'teacher', 'student'], settings.memberships ?? {}),
      ...settings.rules,
    }),
    memberInfo: settings.memberInfo,
    watchlist: settings.watchlist,
    logger,
  });
  const broadcaster = new Broadcaster({
    engine,
    beforeBroadcast: settings.beforeBroadcast,
    allowedFields: settings.allowedFields ?? [],
    onSent: track,
    logger,
  });

  const limitParts = {
    limits: withDefaults(settings.limits ?? {}),
    store: countingStore(settings.stores?.limits),
    clock,
    onAbuse: settings.onAbuse ?? (() => {}),
    logger,
  };

  const isAllowedOrigin = originCheck(settings.origins ?? []);
  const app = createRoutes({
    identify,
    addressOf: addressReader(settings),
    isAllowedOrigin,
    authorizer,
    broadcaster,
    limiter: new Limiter(limitParts),
    connections: new ConnectionLimiter(limitParts, (userId) => liveConnections(engine, userId)),
    metrics,
    webhooks: isEnabled
      ? new WebhookReceiver({
          key: settings.engine.key!,
          secret: settings.engine.secret!,
          store: settings.stores?.webhooks ?? new MemoryStore({ clock }),
          handlers: [...(settings.onWebhook ? [settings.onWebhook] : []), trackClientEvent(track)],
          logger,
        })
      : undefined,
    canTrigger: settings.canTrigger,
    canReadMetrics: settings.canReadMetrics,
    isEnabled,
    logger,
  });

  return {
    app,
    fetch: async (request, env) => app.fetch(request, env as object | undefined),
    identify,
    isAllowedOrigin,
    trigger: (channels, event, data, triggerOptions) =>
      broadcaster.trigger(channels, event, data, triggerOptions),
    triggerBatch: (items, batchOptions) => broadcaster.triggerBatch(items, batchOptions),
    sendToUser: (userId, event, data) => broadcaster.sendToUser(userId, event, data),
    authorizeChannel: authorizer.authorizeChannel,
    authenticateUser: authorizer.authenticateUser,
    async terminateUser(userId) {
      const id = encodeId(userId);
      if (/^\.{0,2}$/.test(id)) throw new RealtimeServerError('invalid_request', 'This is no user id.');
      await requireEngine().terminate(id);
    },
    async channels({ prefix, countUsers = false } = {}) {
      if (prefix !== undefined) checkChannelName(prefix);
      if (countUsers && !prefix?.startsWith('presence-')) {
        throw new RealtimeServerError('invalid_request', 'People are counted under a presence- prefix only.');
      }
      const { channels } = await requireEngine().get('/channels', {
        ...(prefix === undefined ? {} : { filter_by_prefix: prefix }),
        ...(countUsers ? { info: 'user_count' } : {}),
      });
      return Object.fromEntries(
        Object.entries((channels ?? {}) as Record<string, { user_count?: number }>).map(([name, info]) => [
          name,
          info.user_count === undefined ? {} : { userCount: info.user_count },
        ]),
      );
    },
    async members(channel) {
      checkChannelName(channel);
      if (!channel.startsWith('presence-')) {
        throw new RealtimeServerError('invalid_request', 'Only presence channels have members.');
      }
      const { users } = await requireEngine().get(`/channels/${channel}/users`);
      return ((users ?? []) as { id: string | number }[]).map(({ id }) => String(id));
    },
    metrics: { track, query: (query) => metrics.query(query) },
  };
}

function hostIdentity(identify: NonNullable<RealtimeServerOptions['identify']>) {
  return async (request: Request): Promise<Identity> => {
    const input = await identify(request);
    const identity = input ? readIdentity(input.id, input) : undefined;
    if (identity) return identity;
    throw new RealtimeServerError('unauthenticated', 'Sign in first.');
  };
}

function originCheck(origins: readonly string[] | 'loopback'): (origin: string) => boolean {
  if (origins !== 'loopback') return (origin) => origins.includes(origin);
  return (origin) => URL.canParse(origin) && /^https?:/.test(origin) && isLoopback(new URL(origin).hostname);
}

function withDefaults(limits: NonNullable<RealtimeServerOptions['limits']>) {
  const { authorizationsPerMinute = 60, eventsPerMinute = 120, connectionsPerUser = 10 } = limits;
  return {
    authorizationsPerMinute,
    eventsPerMinute,
    connectionsPerUser,
    authorizationsPerMinutePerAddress: limits.authorizationsPerMinutePerAddress ?? authorizationsPerMinute,
    eventsPerMinutePerAddress: limits.eventsPerMinutePerAddress ?? eventsPerMinute,
  };
}

/** Client events never pass this server; their webhooks are how they are counted. */
function trackClientEvent(track: (event: string, userId?: string) => Promise<void>) {
  return async (event: WebhookEvent): Promise<void> => {
    if (event.name === 'client_event') await track(event.event, event.user_id);
  };
}
