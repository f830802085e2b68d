/**
 * Who the page is: the bearer token, from a text or a provider, and what is known of it. The token
 * itself leaves this module only for the authorization header.
 */
import type { TokenSource } from './config.js';
import { type Environment, inTime } from './environment.js';
import { RealtimeError } from './errors.js';
import { Observable } from './observable.js';

/** Whether the page speaks for somebody, and whether the endpoints still believe it. */
export type IdentityState =
  /** There is no token. */
  | 'anonymous'
  | 'authenticated'
  /** The provider is asked for a fresh token. */
  | 'refreshing'
  /** The token was past its time when it came, or an endpoint answered 401 or 419, and there is no fresh one. */
  | 'expired'
  /** The fresh token was answered with 401 too. 403 is no such refusal: this user may not do that one thing. */
  | 'refused';

/** The identity as others may see it. */
export interface IdentitySnapshot {
  readonly state: IdentityState;
  readonly userId: string | undefined;
  /**
   * How often somebody has gone, named by a token or not: what was shown before is not for the next. The
   * controller of an older copy of the kit does not count.
   */
  readonly departures?: number;
}

/** A token is replaced this long before it expires: longer than a request takes on a slow network. */
const REFRESH_BEFORE_EXPIRY_MS = 30_000;

export class Identity {
  /** The state or the user changed. */
  readonly changes = new Observable<IdentitySnapshot>();

  /** The page may speak for somebody else from now on: nothing of the old user may stay. */
  readonly switches = new Observable();

  /** Whom the other tabs have to hear of: a user's id, or `null` for nobody. */
  readonly news = new Observable<string | null>();

  readonly #world: Environment;
  readonly #answerMs: number;
  #source: TokenSource | undefined;
  #token: string | undefined;
  /** In milliseconds since 1970. */
  #expiresAt = Number.POSITIVE_INFINITY;
  #state: IdentityState = 'anonymous';
  #userId: string | undefined;
  #departures = 0;
  #asking: Promise<string | undefined> | undefined;
  /** Grows with every `identify`: what a provider answers to an older question is void. */
  #era = 0;
  #author = 0;
  /** Whether the other tabs have not heard yet of what this page has said, or of another user. */
  #isUntold = false;
  #snapshot: IdentitySnapshot = { state: 'anonymous', userId: undefined, departures: 0 };

  /** @param answerMs How long a provider may take. */
  constructor(world: Environment, source: TokenSource | undefined, answerMs: number) {
    this.#world = world;
    this.#answerMs = answerMs;
    this.#use(source);
  }

  get snapshot(): IdentitySnapshot {
    return this.#snapshot;
  }
  /** Another number for another user: what was begun for one must not be ended for the next. */
  get author(): number {
    return this.#author;
  }

  /** Another token, another provider, or nobody. */
  identify(source: TokenSource | null): void {
    this.#isUntold = true;
    const next = source ?? undefined;
    this.#become(next, next === undefined);
    this.#tell();
  }

  /** Another tab of this site says who its user is now. It is not told back: two tabs would never come to an end. */
  follow(userId: string | null): void {
    if (userId !== null && userId === this.#userId) return;
    // Tokens do not travel between tabs: a provider can get a new one, a fixed text cannot.
    this.#become(typeof this.#source === 'function' ? this.#source : undefined, userId === null);
  }

  /** The token to send now; a provider is asked when there is none yet or the old one is about to expire. */
  async token(): Promise<string | undefined> {
    if (typeof this.#source !== 'function') return this.#token;
    const expiring = this.#world.now() > this.#expiresAt - REFRESH_BEFORE_EXPIRY_MS;
    return this.#token === undefined || expiring ? this.refresh() : this.#token;
  }

  /** Asks the provider for a fresh token; callers at the same time share one question. */
  refresh(): Promise<string | undefined> {
    const source = this.#source;
    if (typeof source !== 'function') return Promise.resolve(undefined);
    if (this.#asking) return this.#asking;
    const era = this.#era;
    const asking = this.#ask(source).finally(() => {
      if (this.#asking !== asking) return;
      this.#asking = undefined;
      // It failed.
      if (this.#state === 'refreshing') this.#set('expired', this.#userId);
    });
    // The provider, or whoever heard that it is asked, may have named another by now, and waits for that one.
    if (era === this.#era) this.#asking = asking;
    return asking;
  }

  /** A token in place of one that an endpoint refused; `undefined` when there is no other. */
  async replace(refused: string | undefined): Promise<string | undefined> {
    if (refused !== this.#token) return this.token();
    if (refused !== undefined) this.#set('expired', this.#userId);
    return this.refresh();
  }

  /** Whether an endpoint believed a token; one that is being replaced says nothing any more. */
  judge(token: string | undefined, state: 'authenticated' | 'refused'): void {
    if (token !== undefined && token === this.#token && !this.#asking) this.#set(state, this.#userId);
  }

  async #ask(
    source: () => string | null | undefined | Promise<string | null | undefined>,
  ): Promise<string | undefined> {
    const era = this.#era;
    if (this.#token !== undefined) this.#set('refreshing', this.#userId);
    const late = () => tokenFailed('did not answer in time', 'waits for');
    const token = (await inTime(this.#world, this.#answerMs, source(), late)) ?? undefined;
    // Meanwhile somebody else may have signed in, by the same function too.
    if (era !== this.#era) return this.token();
    if (token && !/^[!-~]+$/.test(token.trim())) {
      throw tokenFailed('gave no token', 'gives: a page in its place is usual where nobody is signed in');
    }
    const had = this.#token;
    const before = this.#userId;
    this.#read(token);
    if (had && (!token || (before !== undefined && before !== this.#userId))) {
      this.#isUntold = true;
      this.#switch(true);
    }
    this.#tell();
    return token;
  }

  #become(source: TokenSource | undefined, isLogout: boolean): void {
    const had = this.#token;
    const before = this.#userId;
    this.#asking = undefined;
    this.#use(source);
    // Whom a provider speaks for is known only once it has answered: until then it may be anybody.
    if (typeof source === 'function' || before === undefined || before !== this.#userId)
      // Somebody may have been known by a cookie, of whom nothing is heard but the logout.
      this.#switch(isLogout || (had !== undefined && had !== this.#token));
  }

  /** A token that names no user, or has not come, is no news: other tabs may have one of the same user. */
  #tell(): void {
    if (!this.#isUntold || (this.#source !== undefined && this.#userId === undefined)) return;
    this.#isUntold = false;
    this.news.emit(this.#userId ?? null);
  }

  #switch(isDeparture: boolean): void {
    this.#author += 1;
    if (isDeparture) this.#set(this.#state, this.#userId, this.#departures + 1);
    this.switches.emit();
  }

  #use(source: TokenSource | undefined): void {
    this.#era += 1;
    this.#source = source;
    this.#read(typeof source === 'string' ? source : undefined);
  }

  #read(token: string | undefined): void {
    this.#token = token;
    const claims = token === undefined ? {} : readClaims(token);
    this.#expiresAt = (claims.exp ?? Number.POSITIVE_INFINITY) * 1000;
    const state = this.#world.now() > this.#expiresAt ? 'expired' : 'authenticated';
    this.#set(token === undefined ? 'anonymous' : state, claims.sub);
  }

  #set(state: IdentityState, userId: string | undefined, departures = this.#departures): void {
    if (state === this.#state && userId === this.#userId && departures === this.#departures) return;
    this.#state = state;
    this.#userId = userId;
    this.#departures = departures;
    this.#snapshot = { state, userId, departures };
    this.changes.emit(this.#snapshot);
  }
}

function tokenFailed(what: string, hint: string, cause?: unknown): RealtimeError {
  return new RealtimeError('auth/token-failed', `The page’s token provider ${what}.`, {
    hint: `Check what the function given as token ${hint}; it is asked again.`,
    retryable: true,
    cause,
  });
}

/** What went wrong with a request. Whatever is no error of the kit, the token provider threw. */
export function asRealtimeError(cause: unknown): RealtimeError {
  return cause instanceof RealtimeError ? cause : tokenFailed('threw', 'throws', cause);
}

/** User and expiry of a JWT, unchecked: the server alone decides. Another kind of token has neither. */
function readClaims(token: string): { sub?: string; exp?: number } {
  try {
    const body = token.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null) return {};
    const { sub, exp } = claims as { sub?: unknown; exp?: unknown };
    return {
      ...(typeof sub === 'string' || typeof sub === 'number' ? { sub: String(sub) } : {}),
      ...(typeof exp === 'number' ? { exp } : {}),
    };
  } catch {
    return {};
  }
}
