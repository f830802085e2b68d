import { limits as pusherLimits } from '../protocol.js';
import { type Clock, systemClock } from './clock.js';

/** What an app lets its clients do at most. A test may set each. */
export interface AppLimits {
  /** Connections at a time; one more is closed with 4004. Default 10,000. */
  connections: number;
  /** Channels that one connection may hold. Default 1,000. */
  channelsPerConnection: number;
  /** Characters in a channel name. Default 164, which is also the most. */
  channelNameLength: number;
  /** Characters in an event name. Default 200. */
  eventNameLength: number;
  /** Bytes of one event's data. Default 10,240. */
  payloadBytes: number;
  /** Client events that one connection may send in any second. Default 10. */
  clientEventsPerSecond: number;
  /** Members of one presence channel. Default 100. */
  presenceMembers: number;
  /** Characters in a user id. Default 128. */
  userIdLength: number;
  /** Bytes of a member's `user_info` as JSON. Default 1,024. */
  userInfoBytes: number;
  /** Channels that one publish may name. Default 100. */
  channelsPerTrigger: number;
  /** Events that one batch may hold. Default 10. */
  eventsPerBatch: number;
  /** People on one watchlist; the rest is cut off. Default 100. */
  watchlistSize: number;
  /** Cache channels whose last event is kept; the oldest is dropped first. Default 1,000. */
  cachedEvents: number;
}

/** Where an app's webhooks go. */
export interface WebhookOptions {
  url: string;
  /** Names of the events to send there; all of them when missing. */
  events?: readonly string[];
  /** Collects the events of a second into one request, as the service does when batching is on. */
  batch?: boolean;
}

/** One app of the emulator. Everything has a default. */
export interface AppOptions {
  /** Default `1000`. Made of digits, since some SDKs read it as a number. */
  id?: string;
  /** Default `emulator-key`. */
  key?: string;
  /** Default `emulator-secret`. */
  secret?: string;
  /** `false` answers like a disabled app: close code 4003 and status 403. Default `true`. */
  enabled?: boolean;
  /** Whether connections may send `client-` events to each other. Default `true`. */
  clientEvents?: boolean;
  /** Whether subscribers hear how many they are. Default `true`. */
  subscriptionCount?: boolean;
  /** Whether connections may sign in as a user. Default `true`. */
  userAuthentication?: boolean;
  /** Whether signed-in users hear who on their watchlist comes and goes. Default `true`. */
  watchlists?: boolean;
  /** Closes a connection with 4009 that has not authorized anything after so many ms; 0 never does. Default 0. */
  authorizationTimeoutMs?: number;
  /** Silence after which client or server pings, told to clients in the handshake. Default 120,000. */
  activityTimeoutMs?: number;
  /** How long the server waits for the answer to its ping before it closes with 4201. Default 30,000. */
  pongTimeoutMs?: number;
  /** How long a cache channel keeps its last event. Default 1,800,000 (half an hour). */
  cacheTtlMs?: number;
  /** How often channels of more than 100 subscribers hear their count. Default 5,000. */
  subscriptionCountIntervalMs?: number;
  webhooks?: readonly WebhookOptions[];
  /** How long `channel_vacated` and `member_removed` wait for a return before they are sent. Default 3,000. */
  leaveGraceMs?: number;
  limits?: Partial<AppLimits>;
}

/** An app's options with nothing missing. */
export type AppSettings = Required<Omit<AppOptions, 'limits'>> & { limits: AppLimits };

/** Options of an engine: those of its first app, more apps, and the world around it. */
export interface EngineOptions extends Omit<AppOptions, 'id'> {
  /** Id of the first app. Default `1000`. */
  appId?: string;
  /** Further apps beside the first; each needs an id and a key of its own. */
  apps?: readonly AppOptions[];
  /** Bytes of the largest frame that a client may send; a larger one closes its connection with 1009. Default 100,000. */
  frameBytes?: number;
  /** Bytes that may wait for a slow client before its connection is cut. Default 16,777,216. */
  bufferedBytes?: number;
  /** Time and chance. Default: the machine's. */
  clock?: Clock;
  /** Sends webhooks. Default: the global `fetch`, looked up at each call. */
  fetch?: typeof fetch;
}

const defaultLimits: AppLimits = {
  ...pusherLimits,
  connections: 10_000,
  channelsPerConnection: 1_000,
  cachedEvents: 1_000,
};

const defaultApp: Omit<AppSettings, 'limits'> = {
  id: '1000',
  key: 'emulator-key',
  secret: 'emulator-secret',
  enabled: true,
  clientEvents: true,
  subscriptionCount: true,
  userAuthentication: true,
  watchlists: true,
  authorizationTimeoutMs: 0,
  activityTimeoutMs: 120_000,
  pongTimeoutMs: 30_000,
  cacheTtlMs: 1_800_000,
  subscriptionCountIntervalMs: 5_000,
  webhooks: [],
  leaveGraceMs: 3_000,
};

/** An engine's options with nothing missing. */
export interface EngineSettings {
  apps: AppSettings[];
  frameBytes: number;
  bufferedBytes: number;
  clock: Clock;
  fetch: typeof fetch;
}

/**
 * Fills in the defaults.
 * @throws Error that says what is wrong, when something is.
 */
export function resolveOptions(options: EngineOptions = {}): EngineSettings {
  const { appId, apps = [], frameBytes, bufferedBytes, clock, fetch: send, ...first } = options;
  const resolved = [resolveApp({ ...first, id: appId }), ...apps.map(resolveApp)];
  for (const name of ['id', 'key'] as const) {
    const values = resolved.map((app) => app[name]);
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined)
      throw new Error(`Two emulator apps have the ${name} "${twice}"; give each its own.`);
  }
  return {
    apps: resolved,
    frameBytes: frameBytes ?? 100_000,
    bufferedBytes: bufferedBytes ?? 16_777_216,
    clock: clock ?? systemClock,
    fetch: send ?? ((input, init) => globalThis.fetch(input, init)),
  };
}

function resolveApp(options: AppOptions): AppSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const app: AppSettings = {
    ...defaultApp,
    ...given,
    limits: { ...defaultLimits, ...options.limits },
  };
  checkNames(app, { ...defaultApp, limits: defaultLimits }, 'option');
  checkNames(app.limits, defaultLimits, 'limit');
  check(app);
  return app;
}

/** A misspelt option would be one that has no effect, and no word about it. */
function checkNames(given: object, known: object, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined)
    throw new Error(`The emulator has no ${what} "${unknown}". It has ${Object.keys(known).join(', ')}.`);
}

/** Says what is wrong with the options of an app, by throwing. */
function check(app: AppSettings): void {
  for (const name of ['id', 'key', 'secret'] as const) {
    if (typeof app[name] !== 'string' || app[name] === '') {
      throw new Error(`An emulator app needs a text as its ${name}.`);
    }
  }
  if (!/^[\w-]+$/.test(app.id) || !/^[\w-]+$/.test(app.key)) {
    throw new Error(
      'The id and key of an emulator app hold letters, digits, _ and - only: they stand in addresses.',
    );
  }
  for (const [name, value] of Object.entries({ ...app, ...app.limits })) {
    if (name.endsWith('Ms') || name in app.limits) {
      if (typeof value === 'number' && value >= 0) continue;
      throw new Error(`The emulator's ${name} is a number that is not negative.`);
    }
  }
  if (app.activityTimeoutMs === 0) throw new Error('The activityTimeoutMs of the emulator is above 0.');
  for (const { url } of app.webhooks) {
    if (/^https?:\/\//.test(url) && URL.canParse(url)) continue;
    throw new Error(`A webhook's address begins with http:// or https://, unlike "${url}".`);
  }
}
