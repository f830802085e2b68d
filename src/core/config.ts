/**
 * Configuration from wherever it comes (script attributes, a provider's attributes, JSON, a bundler's
 * environment) into one checked shape. What is missing or wrong becomes one error that says what to do.
 */
import { type Environment, pageEnvironment } from './environment.js';
import { RealtimeError } from './errors.js';

/** A bearer token, or a function that gets one; asked again before the old one expires and when it is refused. */
export type TokenSource = string | (() => string | null | undefined | Promise<string | null | undefined>);

/** What a page may set. Everything but `key`, and `cluster` or `host`, has a default. */
export interface RealtimeConfig {
  /** The app's public key. */
  key?: string;
  /** Region of hosted Channels, for instance `eu`. */
  cluster?: string;
  /** Host of a self-hosted, compatible service. */
  host?: string;
  /** Port of the service; default 443, or 80 without TLS. */
  port?: number;
  /** Path before `/app/`, for services behind a prefix. */
  path?: string;
  /** Whether the socket is encrypted; default true, false only for a `host` of your own. */
  tls?: boolean;
  /** False: no network, no error, elements show a quiet state. */
  enabled?: boolean;
  /** Tells the console what happens and how long it took; default false. Never tokens or signatures. */
  debug?: boolean;
  /** Where channels are authorized; default `/pusher/auth`. */
  authEndpoint?: string;
  /** Where the user is authenticated; default `/pusher/user-auth`. */
  userAuthEndpoint?: string;
  /** Where events are sent through the server; default `/realtime/trigger`. */
  triggerEndpoint?: string;
  /** Where the generation of content is asked for; default `/content/generate`. */
  contentEndpoint?: string;
  /** What endpoints stand below, with its path: `https://example.com/api/v1` gives `…/api/v1/pusher/auth`. Default: the page's own origin. */
  base?: string;
  /** Bearer token for the endpoints, or a function that gets one. */
  token?: TokenSource;
  /** Further headers for the endpoints, or a function that gets them. */
  headers?: Record<string, string> | (() => Record<string, string>);
  /** Whether cookies go along; default `same-origin`. */
  credentials?: RequestCredentials;
  /** Name of the `<meta>` that holds a CSRF token, sent as `X-CSRF-Token`. */
  csrfMeta?: string;
  /** Authorizing several channels in one request; default: when the endpoint has said that it can. */
  batch?: 'on' | 'off' | 'auto';
  /** Keeps two identities of one app apart on one page. */
  scope?: string;
  /** Name of a setting that held an app secret. The kit does not connect then: the secret is on its way to every visitor. */
  exposedSecret?: string;
  /** Keeps what waits to be sent over a reload, in the browser's storage and for this user alone; default false. Needs https. */
  remember?: boolean;
  /** How many events `history` keeps; default 100, 0 keeps none. */
  historySize?: number;
  /** Hears of every event, after all listeners. */
  analytics?: (entry: AnalyticsEntry) => void;
  /** Whether analytics get payloads too; default false. */
  analyticsPayload?: boolean;
  /** Makes the socket; default a plain WebSocket. */
  createSocket?: (url: string) => WebSocket;
  /** Makes requests; default the page's `fetch`. */
  fetch?: typeof fetch;
  /** Clock, chance, network and visibility; default the page's. */
  environment?: Environment;
  /** Other times than the defaults, in milliseconds. */
  timing?: Partial<Timing>;
}

/** One event, as an analytics hook hears of it. */
export interface AnalyticsEntry {
  /** Milliseconds since 1970. */
  timestamp: number;
  channel: string;
  event: string;
  /** The author of a client event. */
  userId?: string;
  /** Random, one per page load. */
  sessionId: string;
  /** Only with `analyticsPayload`. */
  data?: unknown;
}

/** Times in milliseconds, and the reason for each default. */
export interface Timing {
  /** A connection attempt is given up: nobody waits longer than this before reloading by hand. */
  attemptMs: number;
  /** A subscription without an answer is given up and asked for again. */
  subscribeMs: number;
  /** An authorization request is given up and sent again. */
  authorizeMs: number;
  /** First window of the reconnection backoff; on average as soon as pusher-js, but spread over the window. */
  backoffBaseMs: number;
  /** Largest window of the backoff: half a minute is what people accept as "it tries". */
  backoffCapMs: number;
  /** Window of the retry after a refusal, which rarely passes by itself. */
  refusedMs: number;
  /** Without connection for this long, people are told. Short interruptions are nobody's business. */
  lostMs: number;
  /** Silence after which the server is asked whether it is there. */
  silenceMs: number;
  /** Time that the server has to answer. */
  pongMs: number;
  /** A channel is kept this long after its last user, so that moving a node costs nothing. */
  releaseMs: number;
  /** The connection is kept this long after its last need. */
  idleMs: number;
  /** A member who left is shown grey for this long; a reload returns sooner. */
  leaveMs: number;
  /** A message may wait this long, unless its sender says otherwise: longer than a tunnel, shorter than a conversation. */
  ttlMs: number;
  /** A receiver has this long to acknowledge a message; a person waits no longer for a tick. */
  acknowledgeMs: number;
  /** Without input for this long, somebody is away: reading a page takes a while. */
  awayMs: number;
  /** Whoever came is here for this long without a look whether they still are: nobody is away before. */
  lookMs: number;
  /** In a hidden tab for this long, somebody is away: looking something up is no absence. */
  hiddenAwayMs: number;
  /** Newcomers are told a status within this window, so that a full class does not answer at once. */
  introduceMs: number;
}

const defaultTiming: Timing = {
  attemptMs: 10_000,
  subscribeMs: 10_000,
  authorizeMs: 10_000,
  backoffBaseMs: 2_000,
  backoffCapMs: 30_000,
  refusedMs: 60_000,
  lostMs: 5_000,
  silenceMs: 30_000,
  pongMs: 10_000,
  releaseMs: 1_000,
  idleMs: 3_000,
  leaveMs: 4_000,
  ttlMs: 120_000,
  acknowledgeMs: 5_000,
  awayMs: 300_000,
  lookMs: 15_000,
  hiddenAwayMs: 60_000,
  introduceMs: 2_000,
};

/** A configuration with every default filled in. `problem` says why it cannot be used. */
export interface ResolvedConfig {
  readonly key: string;
  readonly cluster: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls: boolean;
  readonly enabled: boolean;
  readonly debug: boolean;
  readonly authEndpoint: string;
  readonly userAuthEndpoint: string;
  readonly triggerEndpoint: string;
  readonly contentEndpoint: string;
  readonly token: TokenSource | undefined;
  readonly headers: RealtimeConfig['headers'];
  readonly credentials: RequestCredentials;
  readonly csrfMeta: string | undefined;
  readonly batch: 'on' | 'off' | 'auto';
  readonly scope: string;
  readonly remember: boolean;
  readonly historySize: number;
  readonly analytics: ((entry: AnalyticsEntry) => void) | undefined;
  readonly analyticsPayload: boolean;
  readonly createSocket: ((url: string) => WebSocket) | undefined;
  readonly fetch: typeof fetch;
  readonly environment: Environment;
  readonly timing: Timing;
  readonly problem: RealtimeError | undefined;
}

/** Fills in defaults and checks. Never throws: a wrong configuration is a state that the page can see. */
export function resolveConfig(config: RealtimeConfig): ResolvedConfig {
  const tls = config.tls ?? true;
  const enabled = config.enabled ?? true;
  return {
    key: config.key ?? '',
    cluster: config.cluster,
    host: hostOf(config),
    port: config.port ?? (tls ? 443 : 80),
    path: config.path ?? '',
    tls,
    enabled,
    debug: config.debug ?? false,
    authEndpoint: endpoint(config.authEndpoint ?? '/pusher/auth', config.base),
    userAuthEndpoint: endpoint(config.userAuthEndpoint ?? '/pusher/user-auth', config.base),
    triggerEndpoint: endpoint(config.triggerEndpoint ?? '/realtime/trigger', config.base),
    contentEndpoint: endpoint(config.contentEndpoint ?? '/content/generate', config.base),
    token: config.token,
    headers: config.headers,
    credentials: config.credentials ?? 'same-origin',
    csrfMeta: config.csrfMeta,
    batch: config.batch ?? 'auto',
    scope: config.scope ?? '',
    remember: config.remember === true,
    historySize: config.historySize ?? 100,
    analytics: config.analytics,
    analyticsPayload: config.analyticsPayload ?? false,
    createSocket: config.createSocket,
    fetch: config.fetch ?? ((input, init) => fetch(input, init)),
    environment: config.environment ?? pageEnvironment,
    timing: { ...defaultTiming, ...config.timing },
    problem: enabled === false ? undefined : findProblem(config),
  };
}

/** Whether two configurations of one connection agree in what may differ without harm, and yet is probably a mistake. */
export function haveSameDetails(one: ResolvedConfig, other: ResolvedConfig): boolean {
  return (
    [
      'triggerEndpoint',
      'userAuthEndpoint',
      'contentEndpoint',
      'credentials',
      'csrfMeta',
      'batch',
      'token',
      'remember',
    ] as const
  ).every(
    (name) =>
      one[name] === other[name] || (typeof one[name] === 'function' && typeof other[name] === 'function'),
  );
}

function hostOf({ host, cluster }: RealtimeConfig): string {
  return host || (cluster ? `ws-${cluster}.pusher.com` : '');
}

function findProblem(config: RealtimeConfig): RealtimeError | undefined {
  if (config.exposedSecret) {
    return new RealtimeError(
      'configuration/secret-in-page',
      `${config.exposedSecret} ships your secret to every visitor.`,
      {
        hint: 'Rotate the secret now, and keep the new one on your server: a page needs the key alone.',
      },
    );
  }
  if (!config.key) {
    return new RealtimeError('configuration/missing-key', 'No app key is set.', {
      hint: 'Set data-key on the script tag (or key on <realtime-provider>) to your app’s public key.',
    });
  }
  if (!/^[\w-]+$/.test(config.key)) {
    return new RealtimeError('configuration/wrong-key', 'The app key holds characters that no key has.', {
      hint: 'Copy the key, not the secret or the URL, from your app’s settings.',
    });
  }
  if (!config.cluster && !config.host) {
    return new RealtimeError('configuration/missing-host', 'Neither a cluster nor a host is set.', {
      hint: 'Set data-cluster (hosted Channels) or data-host (your own service) on the script tag.',
    });
  }
  // Anything else would end up in another part of the address.
  if (!/^([^\s/:?#@]+|\[[\da-f:.]+\])$/i.test(hostOf(config)) || !/^(\/|$)/.test(config.path ?? '')) {
    return new RealtimeError(
      'configuration/wrong-host',
      'Cluster, host or path is not as an address has it.',
      {
        hint: 'A cluster is a word (eu), a host is a name alone, without scheme and port, and a path begins with a slash.',
      },
    );
  }
  if (
    config.port !== undefined &&
    !(Number.isInteger(config.port) && config.port > 0 && config.port < 65_536)
  ) {
    return new RealtimeError('configuration/wrong-port', 'The port is no number from 1 to 65535.', {
      hint: 'Set data-port to the port of your service, for instance 6001.',
    });
  }
  for (const name of ['tls', 'enabled', 'debug', 'remember'] as const) {
    if (config[name] !== undefined && typeof config[name] !== 'boolean') {
      return new RealtimeError('configuration/wrong-flag', `The setting ${name} is neither true nor false.`, {
        hint: 'Write true, false, 1 or 0.',
      });
    }
  }
  return undefined;
}

/** An endpoint's address. Below a base its path is appended, as backends with a prefix expect it. */
function endpoint(url: string, base: string | undefined): string {
  const page = globalThis.document?.baseURI;
  if (base === undefined || URL.canParse(url)) return absolute(url, page);
  return absolute(url.replace(/^\/+/, ''), absolute(`${String(base).replace(/\/+$/, '')}/`, page));
}

function absolute(url: string, base: string | undefined): string {
  return URL.canParse(url, base) ? new URL(url, base).href : url;
}
