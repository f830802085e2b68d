/**
 * Which toasts are seen, for how long, and what becomes of too many: pure logic with timers, no DOM.
 * A few are seen, some wait behind them, and a flood becomes one that says how many, save for what lasts.
 */
import type { NotificationAction, NotificationLevel } from '../protocol.js';

/** What a toast says. All of it is shown as text; addresses are followed only where they are safe. */
export interface ToastContent {
  /** The same id is shown once. */
  id?: string;
  level?: NotificationLevel;
  title?: string;
  message?: string;
  image?: string;
  url?: string;
  actions?: readonly NotificationAction[];
  /** Stays until somebody closes it. A hundred of these wait for a place; what comes then is only counted. */
  lasting?: boolean;
}

/** One toast, for as long as it is in the queue; a new object whenever something in it changes. */
export interface Toast extends ToastContent {
  readonly key: number;
  readonly level: NotificationLevel;
  /** How many times the same was said. */
  readonly count: number;
  /** How long it is seen, in milliseconds; `Infinity` until it is closed. */
  readonly durationMs: number;
  /** For a toast that stands for a flood: how many came. */
  readonly summaryOf?: number;
}

/** Why a toast went. `folded` is: into one that says how many. */
export type DismissReason = 'closed' | 'timeout' | 'swiped' | 'activated' | 'folded' | 'cleared';

/** Why time stands still. */
export type PauseReason = 'hover' | 'focus' | 'hidden' | 'reach' | 'removed';

interface Entry {
  toast: Toast;
  wasSeen: boolean;
  remainingMs: number;
  startedAt: number | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Long enough to be read and reached. */
const SHORTEST_MS = 6_000;
const LONGEST_MS = 24_000;
/** Slow readers take about this long for a letter. */
const PER_LETTER_MS = 60;
/** A longer timer of the platform ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** More than this many waiting is a flood, of which only the number is of use. */
const MOST_WAITING = 10;
/** More than this many waiting that last are no longer read one by one. */
const MOST_LASTING = 100;
/** Ids are remembered, so that one notification that comes twice, say by two channels, is one toast. */
const MOST_IDS = 500;

/** What a queue tells its owner. */
export interface ToastQueueOptions {
  onChange: () => void;
  onShown: (toast: Toast) => void;
  onDismissed: (toast: Toast, reason: DismissReason) => void;
}

export class ToastQueue {
  /** How many are seen at once. */
  max = 3;
  /** How long a toast is seen, in milliseconds, where the page says so; 0 is until it is closed. */
  durationMs: number | undefined;

  readonly #options: ToastQueueOptions;
  readonly #ids = new Set<string>();
  readonly #pauses = new Set<PauseReason>();
  #entries: Entry[] = [];
  #keys = 0;
  #burst: { id: number; entries: Entry[] } | undefined;

  constructor(options: ToastQueueOptions) {
    this.#options = options;
  }

  /** The toasts that are seen, in the order in which they came; errors come first. */
  get visible(): Toast[] {
    return this.#entries.slice(0, this.max).map(({ toast }) => toast);
  }
  /** How many wait for a place. */
  get waiting(): number {
    return Math.max(0, this.#entries.length - this.max);
  }
  get isPaused(): boolean {
    return this.#pauses.size > 0;
  }

  /** @param burst Toasts with the same number belong to one burst: more than can be seen become their number. */
  add(content: ToastContent, burst?: number): void {
    if (content.id !== undefined && this.#isKnown(content.id)) return;
    if (!this.#merge(content)) this.#append(content, burst);
    this.#update();
  }

  dismiss(key: number, reason: DismissReason): void {
    const entry = this.#entries.find(({ toast }) => toast.key === key);
    if (!entry) return;
    this.#remove(entry, reason);
    this.#update();
  }

  clear(): void {
    for (const entry of this.#entries) this.#remove(entry, 'cleared');
    this.#update();
  }

  /** How long a toast is still to be seen, in milliseconds. */
  remainingMs(key: number): number {
    const entry = this.#entries.find(({ toast }) => toast.key === key);
    if (!entry) return 0;
    return entry.remainingMs - (entry.startedAt === undefined ? 0 : Date.now() - entry.startedAt);
  }

  /** Stops every toast's time, until the last reason to do so is gone. */
  pause(reason: PauseReason): void {
    if (this.#pauses.has(reason)) return;
    this.#pauses.add(reason);
    this.#update();
  }
  resume(reason: PauseReason): void {
    if (this.#pauses.delete(reason)) this.#update();
  }

  #isKnown(id: string): boolean {
    if (this.#ids.has(id)) return true;
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MOST_IDS && oldest !== undefined) this.#ids.delete(oldest);
    return false;
  }

  /** The same words again are the same toast, said once more. */
  #merge({ level = 'info', title, message }: ToastContent): boolean {
    const entry = this.#entries.find(
      ({ toast }) =>
        toast.level === level &&
        toast.title === title &&
        toast.message === message &&
        toast.summaryOf === undefined,
    );
    if (!entry) return false;
    entry.toast = { ...entry.toast, count: entry.toast.count + 1 };
    this.#restart(entry);
    return true;
  }

  #append(content: ToastContent, burst: number | undefined): void {
    const entry = newEntry({
      ...content,
      level: content.level ?? 'info',
      key: this.#keys++,
      count: 1,
      durationMs: this.#durationOf(content),
    });
    // Bad news must not wait behind small talk; what lasts waits its turn, so that none takes another's place.
    const before = content.level === 'error' ? 0 : this.#entries.length;
    this.#entries.splice(content.lasting ? this.#lastingEnd : before, 0, entry);
    if (burst !== undefined && !content.lasting) this.#addToBurst(entry, burst);
    else {
      const crowd = this.#entries
        .slice(this.max)
        .filter(({ toast }, index) => !toast.lasting || index >= MOST_LASTING);
      if (crowd.length > MOST_WAITING) this.#fold(crowd);
    }
  }

  /** The place behind the last toast that lasts. */
  get #lastingEnd(): number {
    return this.#entries.findLastIndex(({ toast }) => toast.lasting) + 1;
  }

  #durationOf({ lasting, title = '', message = '' }: ToastContent): number {
    const needed = (title.length + message.length) * PER_LETTER_MS;
    const wanted = this.durationMs ?? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, needed));
    return lasting || wanted <= 0 || wanted > LONGEST_TIMER_MS ? Number.POSITIVE_INFINITY : wanted;
  }

  #addToBurst(entry: Entry, id: number): void {
    if (this.#burst?.id !== id) this.#burst = { id, entries: [] };
    const { entries } = this.#burst;
    entries.push(entry);
    if (entries.length > this.max || this.#summary) this.#fold(entries.splice(0));
  }

  get #summary(): Entry | undefined {
    return this.#entries.find(({ toast }) => toast.summaryOf !== undefined);
  }

  /** Puts their number in the place of these toasts. */
  #fold(entries: readonly Entry[]): void {
    const folded = entries.filter((entry) => entry !== this.#summary && this.#entries.includes(entry));
    const count = folded.reduce((sum, { toast }) => sum + toast.count, 0);
    for (const entry of folded) this.#remove(entry, 'folded');
    const summary = this.#summary;
    const lasting = folded.some(({ toast }) => toast.lasting) || summary?.toast.lasting;
    const toast: Toast = {
      level: lasting ? 'error' : 'info',
      key: summary?.toast.key ?? this.#keys++,
      count: 1,
      summaryOf: (summary?.toast.summaryOf ?? 0) + count,
      durationMs: this.#durationOf({ lasting }),
      lasting,
    };
    if (summary) {
      summary.toast = toast;
      this.#restart(summary);
    } else {
      this.#entries.splice(Math.max(this.max - 1, this.#lastingEnd), 0, newEntry(toast));
    }
  }

  #remove(entry: Entry, reason: DismissReason): void {
    // Whoever heard of another may have taken it away.
    if (!this.#entries.includes(entry)) return;
    this.#stop(entry);
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#options.onDismissed(entry.toast, reason);
  }

  /** Time runs for what is seen, and for nothing else. */
  #update(): void {
    const shown: Toast[] = [];
    this.#entries.forEach((entry, index) => {
      const isSeen = index < this.max;
      if (isSeen && !entry.wasSeen) shown.push(entry.toast);
      entry.wasSeen ||= isSeen;
      if (isSeen && !this.isPaused) this.#start(entry);
      else this.#stop(entry);
    });
    // Once all is as it is: whoever hears of it may show another, or take it away.
    for (const toast of shown) this.#options.onShown(toast);
    this.#options.onChange();
  }

  #start(entry: Entry): void {
    if (entry.timer !== undefined || entry.remainingMs === Number.POSITIVE_INFINITY) return;
    entry.startedAt = Date.now();
    entry.timer = setTimeout(() => this.dismiss(entry.toast.key, 'timeout'), entry.remainingMs);
  }

  #stop(entry: Entry): void {
    clearTimeout(entry.timer);
    if (entry.startedAt !== undefined) entry.remainingMs -= Date.now() - entry.startedAt;
    entry.timer = undefined;
    entry.startedAt = undefined;
  }

  #restart(entry: Entry): void {
    this.#stop(entry);
    entry.remainingMs = entry.toast.durationMs;
  }
}

function newEntry(toast: Toast): Entry {
  return { toast, wasSeen: false, remainingMs: toast.durationMs, startedAt: undefined, timer: undefined };
}
