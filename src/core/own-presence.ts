/**
 * How this page's user is on the presence channels that the page holds: online, away when nothing is
 * done or seen for a while, busy when they say so, and what they do. Others are told by a client
 * event: when it changes, and newcomers once, and as long as there is something to tell.
 */
import { describeChannel } from '../protocol.js';
import type { Channels } from './channels.js';
import type { ResolvedConfig } from './config.js';
import type { Connection } from './connection.js';
import type { Environment, Timer } from './environment.js';
import type { Identity } from './identity.js';
import type { Lazy } from './lazy.js';
import { Observable, type Undo } from './observable.js';
import { isDefault, OVERLAY_EVENT, type Overlay, readOverlay, shortened, writeOverlay } from './overlay.js';
import type { Frame } from './pusher.js';
import type { Roster } from './roster.js';
import type { Sending } from './sending.js';

/** What own presence leans on. */
export interface OwnPresenceParts {
  readonly config: ResolvedConfig;
  readonly connection: Connection;
  readonly channels: Channels;
  readonly identity: Identity;
  roster(channel: string): Roster;
  /** Tells the other tabs of this site. */
  tell(word: TabWord): void;
}

/** What people say of themselves. What is left out stays as it is; an `activity` of `null` takes it away. */
export interface OwnPresenceChange {
  busy?: boolean;
  /** A few words, at most 100 characters. */
  activity?: string | null;
}

/** What a tab tells the others. */
export interface TabWord extends OwnPresenceChange {
  /** Whom it speaks for; other people's tabs are none of its business. */
  user: string | null;
  /** When something was last done there, in milliseconds since 1970. */
  activeAt?: number;
  /** It has just come, and wants to know what was said in the others. */
  asks?: true;
}

/** A presence channel that the page holds. */
interface Room {
  readonly name: string;
  readonly roster: Roster;
  readonly undo: Undo;
  timer: Timer | undefined;
  /** When the others were last told, in milliseconds since 1970. */
  toldAt: number;
  /** Whether what they were told last is worth taking back. */
  toldSomething: boolean;
}

/** Who types or scrolls is active all the time; noting it once in a while is enough. */
const NOTE_INPUT_MS = 10_000;
/** Changes in quick succession become one word. */
const BETWEEN_WORDS_MS = 1_000;
/** What could not be told by then is told anew when the channel is joined again. */
const WORD_TTL_MS = 10_000;
/** A refusal so soon after a word is probably meant for it. */
const REFUSAL_MS = 2_000;

export class OwnPresence {
  /** The status or the activity is another one. */
  readonly changes = new Observable();

  readonly #parts: OwnPresenceParts;
  readonly #sending: Lazy<Sending>;
  readonly #world: Environment;
  readonly #rooms = new Map<string, Room>();
  #busy = false;
  #activity: string | undefined;
  /** When something was last done here, and on another page of this user that told of it. */
  #activeAt: number;
  #activeElsewhereAt = Number.NEGATIVE_INFINITY;
  /** Since when nobody can see the page. */
  #hiddenSince: number | undefined;
  #overlay: Overlay;
  #awayTimer: Timer | undefined;
  #undoWorld: Undo | undefined;
  /** The service takes no such events on this connection. */
  #isMuted = false;

  constructor(parts: OwnPresenceParts, sending: Lazy<Sending>) {
    this.#parts = parts;
    this.#sending = sending;
    this.#world = parts.config.environment;
    this.#activeAt = this.#world.now();
    this.#overlay = this.#observe();
    const { channels, connection } = parts;
    channels.changes.subscribe((name) => this.#visit(name));
    for (const { name } of channels.list()) this.#visit(name);
    connection.frames.subscribe(({ event, data }) => {
      if (event === 'pusher:error') this.#onError(data);
    });
    connection.opened.subscribe(() => {
      this.#isMuted = false;
    });
  }

  /** How the user is now. */
  get overlay(): Overlay {
    return this.#overlay;
  }

  /** What the user says of themselves; the other tabs say it too. */
  change(change: OwnPresenceChange): void {
    this.#adopt(change);
    for (const room of this.#rooms.values()) {
      // Also what is no news here: another device may have left something else with the others.
      room.toldSomething = true;
      this.#announce(room);
    }
    this.#parts.tell({ ...change, user: this.#userId });
  }

  /** What another tab of this site said. */
  hear(word: unknown): void {
    const { user, activeAt, busy, activity, asks } = (word ?? {}) as Record<string, unknown>;
    if (user !== this.#userId) return;
    if (asks && (this.#busy || this.#activity))
      this.#parts.tell({ user: this.#userId, busy: this.#busy, activity: this.#activity ?? null });
    if (typeof activeAt === 'number') this.#noteElsewhere(Math.min(activeAt, this.#world.now()));
    const isText = typeof activity === 'string' || activity === null;
    if (typeof busy === 'boolean' || isText)
      this.#adopt({
        ...(typeof busy === 'boolean' ? { busy } : {}),
        ...(isText ? { activity } : {}),
      });
  }

  /** Another user: what the last one said of themselves is not true of this one. */
  reset(): void {
    this.#busy = false;
    this.#activity = undefined;
    this.#activeAt = this.#world.now();
    this.#activeElsewhereAt = Number.NEGATIVE_INFINITY;
    for (const room of this.#rooms.values()) room.toldSomething = false;
    this.#update();
  }

  get #userId(): string | null {
    return this.#parts.identity.snapshot.userId ?? null;
  }

  /** A presence channel was joined, changed or left. */
  #visit(name: string): void {
    if (describeChannel(name).type !== 'presence') return;
    const room = this.#rooms.get(name);
    const roster = this.#parts.channels.get(name) && this.#parts.roster(name);
    // Another roster: it was held again by somebody who heard first that it was left.
    if (room && room.roster !== roster) this.#leave(room);
    if (roster && !this.#rooms.has(name)) this.#enter(name, roster);
  }

  #enter(name: string, roster: Roster): void {
    const undo = roster.newcomers.subscribe(() => {
      roster.setMine(this.#overlay);
      this.#introduce(room);
    });
    const room: Room = { name, roster, undo, timer: undefined, toldAt: 0, toldSomething: false };
    this.#rooms.set(name, room);
    if (!this.#undoWorld) {
      this.#undoWorld = this.#watchWorld();
      // Not before somebody looks: a word takes the page before this one out of the browser's back/forward cache.
      this.#parts.tell({ user: this.#userId, asks: true });
      this.#noteVisibility();
    }
    roster.setMine(this.#overlay);
    // The channel may have been joined before this module was there.
    this.#introduce(room);
  }

  #leave(room: Room): void {
    room.undo();
    this.#world.clearTimeout(room.timer);
    this.#rooms.delete(room.name);
    if (this.#rooms.size > 0) return;
    this.#undoWorld?.();
    this.#undoWorld = undefined;
  }

  /** Tells newcomers, once for all who come within the window. */
  #introduce(room: Room): void {
    const windowMs = this.#parts.config.timing.introduceMs;
    room.timer ??= this.#world.setTimeout(() => this.#say(room), this.#world.random() * windowMs);
  }

  /** Tells everybody that something has changed. */
  #announce(room: Room): void {
    const waitMs = room.toldAt + BETWEEN_WORDS_MS - this.#world.now();
    this.#world.clearTimeout(room.timer);
    // More than that it is where the clock was set back.
    const atMostMs = Math.min(Math.max(0, waitMs), BETWEEN_WORDS_MS);
    room.timer = this.#world.setTimeout(() => this.#say(room), atMostMs);
  }

  #say(room: Room): void {
    const { name, roster } = room;
    this.#world.clearTimeout(room.timer);
    room.timer = undefined;
    if (this.#isMuted || roster.isCrowded || !this.#parts.channels.isSubscribed(name)) return;
    const isNothing = isDefault(this.#overlay);
    const isAlone = roster.count < 2;
    const isUnneeded = isAlone || (isNothing && !room.toldSomething);
    const { value: sending } = this.#sending;
    if (!isUnneeded && !sending) {
      // By the time its code has come, somebody else may be here, or nobody.
      this.#sending.use(() => this.#say(room));
      return;
    }
    room.toldSomething = !isNothing && !isAlone;
    if (isUnneeded) return;
    room.toldAt = this.#world.now();
    const word = writeOverlay(this.#overlay);
    const options = { channel: name, coalesce: OVERLAY_EVENT, ttl: WORD_TTL_MS };
    void sending?.send(OVERLAY_EVENT, word, options);
  }

  /** What somebody on a presence channel says of themselves: this user, perhaps. */
  read({ channel, data, user_id: author }: Frame): void {
    const room = channel ? this.#rooms.get(channel) : undefined;
    if (!room || author === undefined || String(author) !== room.roster.myId) return;
    const heard = readOverlay(data, this.#world.now());
    if (heard) this.#onOwnWord(room, heard);
  }

  /** Another page of the same user spoke: on another device, perhaps. */
  #onOwnWord(room: Room, heard: Overlay): void {
    room.toldSomething = true;
    if (heard.status === 'away' && this.#overlay.status !== 'away') {
      // Who is active somewhere is not away.
      this.#announce(room);
      return;
    }
    if (heard.status === 'online') this.#noteElsewhere(this.#world.now());
    this.#adopt({
      ...(heard.status === 'away' ? {} : { busy: heard.status === 'busy' }),
      activity: heard.activity ?? null,
    });
    if (heard.status !== this.#overlay.status || heard.activity !== this.#overlay.activity) return;
    // It is said already.
    this.#world.clearTimeout(room.timer);
    room.timer = undefined;
  }

  #onError(data: unknown): void {
    const { code } = (data ?? {}) as { code?: unknown };
    const now = this.#world.now();
    const hasSpoken = [...this.#rooms.values()].some(({ toldAt }) => now - toldAt < REFUSAL_MS);
    if (code === 4301 && hasSpoken) this.#isMuted = true;
  }

  #adopt({ busy, activity }: OwnPresenceChange): void {
    if (busy !== undefined) this.#busy = busy;
    if (activity !== undefined) this.#activity = shortened(activity);
    this.#update();
  }

  #watchWorld(): Undo {
    const undos = [
      this.#world.onInput(() => this.#onInput()),
      this.#world.onVisibility(() => this.#noteVisibility()),
    ];
    return () => {
      for (const undo of undos) undo();
      this.#world.clearTimeout(this.#awayTimer);
    };
  }

  #onInput(): void {
    const now = this.#world.now();
    const isFresh = now - this.#activeAt < NOTE_INPUT_MS && this.#overlay.status !== 'away';
    if (isFresh) return;
    this.#activeAt = now;
    this.#update();
    this.#parts.tell({ activeAt: now, user: this.#userId });
  }

  #noteVisibility(): void {
    this.#hiddenSince = this.#world.visible ? undefined : this.#world.now();
    if (this.#world.visible) this.#onInput();
    this.#update();
  }

  #noteElsewhere(at: number): void {
    this.#activeElsewhereAt = Math.max(this.#activeElsewhereAt, at);
    this.#update();
  }

  /** Looks how the user is, and says so where that has changed. */
  #update(): void {
    const before = this.#overlay;
    this.#overlay = this.#observe();
    const { status, activity } = this.#overlay;
    if (status === before.status && activity === before.activity) return;
    for (const room of this.#rooms.values()) {
      room.roster.setMine(this.#overlay);
      this.#announce(room);
    }
    this.changes.emit();
  }

  #observe(): Overlay {
    const { awayMs, hiddenAwayMs } = this.#parts.config.timing;
    const hereUntil =
      this.#hiddenSince === undefined
        ? this.#activeAt + awayMs
        : Math.max(this.#activeAt, this.#hiddenSince) + hiddenAwayMs;
    const awayAt = Math.max(hereUntil, this.#activeElsewhereAt + awayMs);
    const leftMs = awayAt - this.#world.now();
    this.#world.clearTimeout(this.#awayTimer);
    if (leftMs > 0 && this.#undoWorld) this.#awayTimer = this.#world.setTimeout(() => this.#update(), leftMs);
    const isAway = leftMs <= 0 && this.#undoWorld !== undefined;
    return {
      // Whoever says that they are busy means it until they take it back.
      status: this.#busy ? 'busy' : isAway ? 'away' : 'online',
      activity: this.#activity,
      lastActiveAt: Math.max(this.#activeAt, this.#activeElsewhereAt),
    };
  }
}
