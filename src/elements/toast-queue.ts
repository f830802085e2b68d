/**
 * Which toasts are seen, for how long, and what becomes of too many: pure logic with timers, no DOM.
 * A few are seen, some wait behind them, and what is more becomes one that says how many.
 */
import type { NotificationAction, NotificationLevel } from '../protocol.js';

/** What a toast says. All of it is text from outside. */
export interface ToastContent {
  /** The same id is shown once. */
  id?: string;
  level: NotificationLevel;
  title?: string;
  message?: string;
  image?: string;
  url?: string;
  actions?: readonly NotificationAction[];
  /** Stays until somebody closes it. */
  lasting?: boolean;
}

/** One toast, for as long as it is in the queue. */
export interface Toast extends ToastContent {
  readonly key: number;
  /** How many times the same was said. */
  count: number;
  /** How long it is seen, in milliseconds; `Infinity` until it is closed. */
  durationMs: number;
  /** Stands for so many that came in a burst. */
  summaryOf?: number;
}

/** Why a toast went. */
export type DismissReason = 'closed' | 'timeout' | 'swiped' | 'activated' | 'folded' | 'cleared';

interface Entry {
  toast: Toast;
  wasSeen: boolean;
  remainingMs: number;
  startedAt: number | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Long enough to be read and reached. */
const SHORTEST_MS = 6_000;
/** Slow readers take about this long for a letter. */
const PER_LETTER_MS = 60;
/** More than this many waiting is a flood, of which only the number is of use. */
const MOST_WAITING = 10;
/** Ids are remembered, so that one notification that comes twice, say by two channels, is one toast. */
const REMEMBERED_IDS = 500;

export interface ToastQueueOptions {
  /** Something changed: render. */
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
  readonly #seen = new Set<string>();
  #entries: Entry[] = [];
  #paused = false;
  #keys = 0;
  /** Toasts of a burst, while it lasts. */
  #burst: Entry[] | undefined;

  constructor(options: ToastQueueOptions) {
    this.#options = options;
  }

  /** The toasts that are seen, oldest first. */
  get visible(): Toast[] {
    return this.#entries.slice(0, this.max).map(({ toast }) => toast);
  }
  /** How many wait for a place. */
  get waiting(): number {
    return Math.max(0, this.#entries.length - this.max);
  }

  add(content: ToastContent): void {
    if (content.id !== undefined && this.#isKnown(content.id)) return;
    if (!this.#mergeInto(content)) this.#append(content);
    this.#update();
  }

  /** From now until `endBurst`, more toasts than can be seen become one that says how many. */
  beginBurst(): void {
    this.#burst = [];
  }
  endBurst(): void {
    this.#burst = undefined;
  }

  dismiss(key: number, reason: DismissReason): void {
    const entry = this.#entries.find(({ toast }) => toast.key === key);
    if (!entry) return;
    this.#remove(entry, reason);
    this.#update();
  }

  clear(): void {
    for (const entry of [...this.#entries]) this.#remove(entry, 'cleared');
    this.#options.onChange();
  }

  /** Stops every toast's time. */
  pause(): void {
    this.#paused = true;
    for (const entry of this.#entries) this.#stop(entry);
  }
  resume(): void {
    this.#paused = false;
    this.#update();
  }
  get paused(): boolean {
    return this.#paused;
  }

  #isKnown(id: string): boolean {
    if (this.#seen.has(id)) return true;
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED_IDS) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
    return false;
  }

  /** The same words again are the same toast, said once more. */
  #mergeInto({ level, title, message }: ToastContent): boolean {
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

  #append(content: ToastContent): void {
    const letters = (content.title?.length ?? 0) + (content.message?.length ?? 0);
    const wanted =
      this.durationMs ?? Math.min(SHORTEST_MS * 4, Math.max(SHORTEST_MS, letters * PER_LETTER_MS));
    const durationMs = content.lasting || wanted === 0 ? Number.POSITIVE_INFINITY : wanted;
    const toast: Toast = { ...content, key: this.#keys++, count: 1, durationMs };
    const entry = newEntry(toast);
    // What stays until it is closed goes to the front: it must not wait behind small talk.
    if (content.lasting) this.#entries.unshift(entry);
    else this.#entries.push(entry);
    if (this.#burst && !content.lasting) {
      this.#burst.push(entry);
      if (this.#burst.length > this.max || this.#summary) this.#fold(this.#burst.splice(0));
    } else if (this.waiting > MOST_WAITING) {
      this.#fold(this.#entries.slice(this.max).filter((waiting) => waiting !== this.#summary));
    }
  }

  get #summary(): Entry | undefined {
    return this.#entries.find(({ toast }) => toast.summaryOf !== undefined);
  }

  /** Puts the number of these toasts in their place. */
  #fold(entries: Entry[]): void {
    const count = entries.reduce((sum, { toast }) => sum + toast.count, 0);
    for (const entry of entries) this.#remove(entry, 'folded');
    const summary = this.#summary;
    if (summary) {
      summary.toast = { ...summary.toast, summaryOf: (summary.toast.summaryOf ?? 0) + count };
      this.#restart(summary);
      return;
    }
    const toast: Toast = {
      level: 'info',
      key: this.#keys++,
      count: 1,
      summaryOf: count,
      durationMs: this.durationMs || SHORTEST_MS,
    };
    this.#entries.splice(this.max - 1, 0, newEntry(toast));
  }

  #remove(entry: Entry, reason: DismissReason): void {
    this.#stop(entry);
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#options.onDismissed(entry.toast, reason);
  }

  /** Time runs for what is seen, and for nothing else. */
  #update(): void {
    this.#entries.forEach((entry, index) => {
      const isSeen = index < this.max;
      if (isSeen && !entry.wasSeen) this.#options.onShown(entry.toast);
      entry.wasSeen ||= isSeen;
      if (isSeen && !this.#paused) this.#start(entry);
      else this.#stop(entry);
    });
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
