/**
 * Who is on a presence channel. The roster never blinks: it stays, marked stale, while the connection
 * is made again, and somebody who leaves is greyed before they go, so that a reload is no exit.
 */
import { type MemberInfo, readMemberInfo } from '../protocol.js';
import type { Environment, Timer } from './environment.js';
import type { RealtimeError } from './errors.js';
import { Observable } from './observable.js';
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
}

/** A presence channel at one moment; a new object whenever anything changed. */
export interface RosterSnapshot {
  /** By name, then by id. */
  readonly members: readonly Member[];
  /** How many are there; leavers do not count. */
  readonly count: number;
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

const empty: RosterSnapshot = {
  members: [],
  count: 0,
  me: undefined,
  stale: true,
  known: false,
  error: undefined,
};

export class Roster {
  /** The snapshot is another one. */
  readonly changes = new Observable();
  readonly arrivals = new Observable<RosterChange>();

  readonly #world: Environment;
  readonly #leaveMs: number;
  readonly #members = new Map<string, Member>();
  /** When each leaver goes, in order. One timer serves them all: a class of thousands may end at once. */
  readonly #leaving = new Map<string, number>();
  #timer: Timer | undefined;
  #myId: string | undefined;
  #stale = true;
  #known = false;
  #error: RealtimeError | undefined;
  #snapshot: RosterSnapshot | undefined = empty;

  constructor(world: Environment, leaveMs: number) {
    this.#world = world;
    this.#leaveMs = leaveMs;
  }

  /** Sorted when somebody looks, not when somebody comes. */
  get snapshot(): RosterSnapshot {
    this.#snapshot ??= {
      members: [...this.#members.values()].sort(byName),
      count: this.#members.size - this.#leaving.size,
      me: this.#myId === undefined ? undefined : this.#members.get(this.#myId),
      stale: this.#stale,
      known: this.#known,
      error: this.#error,
    };
    return this.#snapshot;
  }

  /** Whom the authorization named; marks that member as the reader. */
  setMe(id: string | undefined): void {
    this.#myId = id;
  }

  /** The channel is not joined at the moment: what is shown is the last that was known. */
  setStale(error?: RealtimeError): void {
    if (this.#stale && this.#error === error) return;
    this.#stale = true;
    this.#error = error;
    this.#changed();
  }

  /** Another user's eyes: nothing that the last one saw stays. */
  reset(): void {
    this.#members.clear();
    this.#leaving.clear();
    this.#world.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#myId = undefined;
    this.#stale = true;
    this.#known = false;
    this.#error = undefined;
    this.#changed();
  }

  /** Reads the presence frames of its channel. */
  read({ event, data }: Frame): void {
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
    for (const [id, info] of present) this.#put(id, info, returning);
    for (const id of this.#members.keys()) if (!present.has(id)) this.#startLeaving(id);
    this.#changed();
  }

  #add(rawId: unknown, info: unknown): void {
    const id = memberId(rawId);
    if (id === undefined) return;
    this.#put(id, info, true);
    this.#changed();
  }

  #remove(rawId: unknown): void {
    const id = memberId(rawId);
    if (id === undefined || !this.#members.has(id)) return;
    this.#startLeaving(id);
    this.#changed();
  }

  #put(id: string, info: unknown, announce: boolean): void {
    const member: Member = { id, info: readMemberInfo(info, id), status: 'online', isMe: id === this.#myId };
    const isNew = !this.#members.has(id);
    this.#members.set(id, member);
    this.#leaving.delete(id);
    if (isNew && announce && !member.isMe) this.arrivals.emit({ kind: 'added', member });
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
      if (dueAt > now) {
        this.#timer = this.#world.setTimeout(() => this.#sweep(), dueAt - now);
        break;
      }
      const member = this.#members.get(id);
      this.#leaving.delete(id);
      this.#members.delete(id);
      if (member) this.arrivals.emit({ kind: 'removed', member });
    }
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.changes.emit();
  }
}

function memberId(raw: unknown): string | undefined {
  return typeof raw === 'string' || typeof raw === 'number' ? String(raw) : undefined;
}

/** Comparing through one collator is a hundred times as fast as `localeCompare`. */
const collator = new Intl.Collator();

function byName(a: Member, b: Member): number {
  return collator.compare(a.info.name, b.info.name) || (a.id < b.id ? -1 : 1);
}
