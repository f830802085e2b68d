/**
 * Who is on a presence channel. The roster never blinks: it stays, marked stale, while the connection
 * is made again, and somebody who leaves is greyed before they go, so that a reload is no exit.
 */
import { limits, type MemberInfo, readMemberInfo } from '../protocol.js';
import type { Environment, Timer } from './environment.js';
import type { RealtimeError } from './errors.js';
import { Observable } from './observable.js';
import { OVERLAY_EVENT, OVERLAY_MEMBERS, type Overlay, readOverlay } from './overlay.js';
import type { Frame } from './pusher.js';

/** How present a member is. */
export type MemberStatus = 'online' | 'away' | 'busy' | 'offline';

/** One person on a channel, however many tabs they have open. */
export interface Member {
  readonly id: string;
  readonly info: MemberInfo & Record<string, unknown>;
  /** `offline` for somebody who has left and is about to go from the list. */
  readonly status: MemberStatus;
  readonly isMe: boolean;
  /** What they say they do ("in lesson 3"). */
  readonly activity: string | undefined;
  /** When they last did something that this page knows of, in milliseconds since 1970. */
  readonly lastActiveAt: number;
}

/** A presence channel at one moment; a new object whenever anything changed. */
export interface RosterSnapshot {
  /** By name, then by id. */
  readonly members: readonly Member[];
  /** How many are there; leavers do not count. When `degraded`, at least as many. */
  readonly count: number;
  /** Whether the channel has reached its limit, so that only a number of people is known. */
  readonly degraded: boolean;
  /** Why it is degraded, as a sentence for a person. */
  readonly explanation: string | undefined;
  readonly me: Member | undefined;
  /** Whether this is what was last known, and the channel is being joined again. */
  readonly stale: boolean;
  /** Whether the channel has been entered at least once. */
  readonly known: boolean;
  readonly error: RealtimeError | undefined;
}

/** Somebody came or went. Coming back within the grace is neither. */
export interface RosterChange {
  readonly kind: 'added' | 'removed';
  readonly member: Member;
}

/** What is shown of a channel of which nothing is known. */
export const emptyRoster: RosterSnapshot = {
  members: [],
  count: 0,
  degraded: false,
  explanation: undefined,
  me: undefined,
  stale: true,
  known: false,
  error: undefined,
};

/** Whoever writes much need not be painted anew each time. */
const SIGN_OF_LIFE_MS = 30_000;
/** Leavers go at most so many times within the time for which they are shown, which makes the last half a second late. */
const SWEEPS = 8;

export class Roster {
  /** The snapshot is another one. */
  readonly changes = new Observable();
  readonly arrivals = new Observable<RosterChange>();
  /** Somebody is there who has not been told how this page's user is. */
  readonly newcomers = new Observable();

  readonly #world: Environment;
  readonly #leaveMs: number;
  #members = new Map<string, Member>();
  /** When each leaver goes, in order. One timer serves them all: a class of thousands may end at once. */
  readonly #leaving = new Map<string, number>();
  #timer: Timer | undefined;
  #myId: string | undefined;
  #mine: Overlay | undefined;
  #full: { atLeast: number } | undefined;
  #stale = true;
  #known = false;
  #error: RealtimeError | undefined;
  #snapshot: RosterSnapshot | undefined = emptyRoster;
  /** Who came or went; told once the snapshot can show it. */
  #untold: RosterChange[] = [];

  constructor(world: Environment, leaveMs: number) {
    this.#world = world;
    this.#leaveMs = leaveMs;
  }

  /** Sorted when somebody looks, not when somebody comes. */
  get snapshot(): RosterSnapshot {
    this.#snapshot ??= {
      members: this.#sort(),
      count: this.#full ? Math.max(this.#full.atLeast, this.count) : this.count,
      degraded: this.#full !== undefined,
      explanation:
        this.#full && 'More people are here than the channel can name; only their number is known.',
      me: this.#myId === undefined ? undefined : this.#members.get(this.#myId),
      stale: this.#stale,
      known: this.#known,
      error: this.#full ? undefined : this.#error,
    };
    return this.#snapshot;
  }

  /** How many are known to be there; leavers do not count. */
  get count(): number {
    return this.#members.size - this.#leaving.size;
  }
  /** Whether there are too many to tell each other how they are. */
  get isCrowded(): boolean {
    return this.count > OVERLAY_MEMBERS;
  }
  get myId(): string | undefined {
    return this.#myId;
  }

  /** Whom the authorization named; marks that member as the reader. */
  setMe(id: string | undefined): void {
    this.#myId = id;
  }

  /** How this page's user is: nobody else can tell. */
  setMine(overlay: Overlay): void {
    this.#mine = overlay;
    const me = this.#myId === undefined ? undefined : this.#members.get(this.#myId);
    const isNews = me && (me.status !== overlay.status || me.activity !== overlay.activity);
    if (isNews) this.#show(me, overlay);
  }

  /**
   * The channel is not joined at the moment: what is shown is the last that was known, or nothing to somebody
   * who is let in no more. A full channel is no error: there are people, and about how many.
   */
  setStale(error?: RealtimeError, subscriptionCount?: number): void {
    if (this.#stale && this.#error === error) return;
    if (error && !error.retryable) this.reset();
    this.#stale = true;
    this.#error = error;
    if (error?.code === 'subscription/full')
      this.#full = { atLeast: subscriptionCount ?? limits.presenceMembers };
    else if (error) this.#full = undefined;
    this.#changed();
  }

  /** Another user's eyes: nothing that the last one saw stays. */
  reset(): void {
    this.#members.clear();
    this.#leaving.clear();
    this.#world.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#myId = undefined;
    this.#mine = undefined;
    this.#full = undefined;
    this.#stale = true;
    this.#known = false;
    this.#error = undefined;
    this.#changed();
  }

  /** Reads the frames of its channel. */
  read({ event, data, user_id: author }: Frame): void {
    const authorId = memberId(author);
    if (authorId !== undefined) this.#hear(this.#members.get(authorId), event, data);
    const record = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
    if (event === 'pusher_internal:subscription_succeeded') this.#enter(record.presence);
    else if (event === 'pusher_internal:member_added') this.#add(record.user_id, record.user_info);
    else if (event === 'pusher_internal:member_removed') this.#remove(record.user_id);
  }

  /** Stops the timer; the roster is not used again. */
  dispose(): void {
    this.#world.clearTimeout(this.#timer);
  }

  #enter(presence: unknown): void {
    const hash = (presence as { hash?: unknown } | null | undefined)?.hash;
    const present = new Map(Object.entries(typeof hash === 'object' && hash !== null ? hash : {}));
    const returning = this.#known;
    this.#stale = false;
    this.#known = true;
    this.#error = undefined;
    this.#full = undefined;
    for (const [id, info] of present) this.#put(id, info, returning, this.#members.get(id));
    for (const id of this.#members.keys()) if (!present.has(id)) this.#startLeaving(id);
    if (this.isCrowded) this.#forgetOverlays();
    this.#changed();
    this.newcomers.emit();
  }

  #add(rawId: unknown, info: unknown): void {
    const id = memberId(rawId);
    if (id === undefined) return;
    this.#put(id, info, true);
    if (this.count === OVERLAY_MEMBERS + 1) this.#forgetOverlays();
    this.#changed();
    this.newcomers.emit();
  }

  #remove(rawId: unknown): void {
    const id = memberId(rawId);
    if (id === undefined || !this.#members.has(id)) return;
    const wasCrowded = this.isCrowded;
    this.#startLeaving(id);
    this.#changed();
    if (wasCrowded && !this.isCrowded) this.newcomers.emit();
  }

  /** @param known What they said of themselves before, where it still holds; who comes anew says it again. */
  #put(id: string, info: unknown, announce: boolean, known?: Member): void {
    const isMe = id === this.#myId;
    const said = isMe ? this.#mine : known?.status === 'offline' ? undefined : known;
    const member: Member = {
      id,
      info: readMemberInfo(info, id),
      status: said?.status ?? 'online',
      isMe,
      activity: said?.activity,
      lastActiveAt: said?.lastActiveAt ?? this.#world.now(),
    };
    const isNew = !this.#members.has(id);
    this.#members.set(id, member);
    this.#leaving.delete(id);
    if (isNew && announce && !member.isMe) this.#untold.push({ kind: 'added', member });
  }

  /** Client events: what members say of themselves, or just a sign of life. */
  #hear(member: Member | undefined, event: string, data: unknown): void {
    if (!member || member.status === 'offline' || member.isMe) return;
    const now = this.#world.now();
    if (event !== OVERLAY_EVENT) {
      if (now - member.lastActiveAt > SIGN_OF_LIFE_MS) this.#show(member, { ...member, lastActiveAt: now });
      return;
    }
    const overlay = readOverlay(data, now);
    if (overlay && !this.isCrowded) this.#show(member, overlay);
  }

  #show(
    member: Member,
    { status, activity, lastActiveAt }: Pick<Member, 'status' | 'activity' | 'lastActiveAt'>,
  ): void {
    this.#members.set(member.id, { ...member, status, activity, lastActiveAt });
    this.#changed();
  }

  /** From here on nobody says how they are: what was said last would stand for ever. */
  #forgetOverlays(): void {
    for (const [id, member] of this.#members) {
      const isSaid = member.activity !== undefined || member.status === 'away' || member.status === 'busy';
      if (isSaid && !member.isMe) this.#members.set(id, { ...member, status: 'online', activity: undefined });
    }
  }

  #startLeaving(id: string): void {
    const member = this.#members.get(id);
    if (!member || this.#leaving.has(id)) return;
    this.#members.set(id, { ...member, status: 'offline' });
    this.#leaving.set(id, this.#world.now() + this.#leaveMs);
    this.#timer ??= this.#world.setTimeout(() => this.#sweep(), this.#leaveMs);
  }

  #sweep(): void {
    const now = this.#world.now();
    this.#timer = undefined;
    for (const [id, dueAt] of this.#leaving) {
      // Due later than that is who left before the clock was set back.
      if (dueAt > now && dueAt <= now + this.#leaveMs) {
        // Those who left together go together: each sweep is a picture of its own.
        const waitMs = Math.max(dueAt - now, this.#leaveMs / SWEEPS);
        this.#timer = this.#world.setTimeout(() => this.#sweep(), waitMs);
        break;
      }
      const member = this.#members.get(id);
      this.#leaving.delete(id);
      this.#members.delete(id);
      if (member) this.#untold.push({ kind: 'removed', member });
    }
    this.#changed();
  }

  /** Keeps the order: next time only newcomers are out of it, and sorting what is sorted costs little. */
  #sort(): Member[] {
    const sorted = [...this.#members.values()].sort(byName);
    this.#members = new Map(sorted.map((member) => [member.id, member]));
    return sorted;
  }

  #changed(): void {
    this.#snapshot = undefined;
    for (const change of this.#untold.splice(0)) this.arrivals.emit(change);
    this.changes.emit();
  }
}

/** An id off the wire as the kit writes it; what is neither text nor number is none. */
export function memberId(raw: unknown): string | undefined {
  return typeof raw === 'string' || typeof raw === 'number' ? String(raw) : undefined;
}

/** Comparing through one collator is a hundred times as fast as `localeCompare`. */
const collator = new Intl.Collator();

function byName(a: Member, b: Member): number {
  return collator.compare(a.info.name, b.info.name) || (a.id < b.id ? -1 : 1);
}
