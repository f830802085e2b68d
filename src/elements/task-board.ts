/**
 * The tasks of one `<progress-tracker>`: what events say of them, and their drawing. Fetched with the
 * first event; until then the element only listens.
 */
import { html, type ReactiveController } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { RealtimeEvent } from '../core/listeners.js';
import type { ProgressPayload } from '../protocol.js';
import { PayloadReader } from '../reactive/payload-reader.js';
import type { RealtimeHost } from '../reactive/realtime-consumer.js';
import { isOver, progressIn } from '../reactive/task-progress.js';
import { iconStyles } from './icons.js';
import {
  ProgressChangedEvent,
  ProgressCompletedEvent,
  ProgressFailedEvent,
  RetryRequestedEvent,
} from './progress-events.js';
import { adopt } from './styles.js';
import { styles } from './task-board.styles.js';
import { messageOf, type Task, TaskList } from './task-list.js';
import { renderTask } from './task-view.js';
import type { Words } from './words.js';

/** What the board reads from its element. */
export interface TaskBoardHost extends RealtimeHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
  readonly task: string;
  readonly fields: string;
}

/** Numbers that come faster than this move a bar as smoothly as a glide would, which is new work with each. */
const STREAM_MS = 100;

/** More at once is not listened to; what the rest came to is on the screen. */
const MOST_SAID = 3;

export class TaskBoard implements ReactiveController {
  readonly #host: TaskBoardHost;
  readonly #payloads: PayloadReader;
  readonly #list = new TaskList();
  #drawn: readonly Task[] = [];
  /** Something was heard that has not been drawn. */
  #hasNews = false;
  /** When the last of what was heard was drawn, and whether that was a moment after the one before. */
  #newsAt = 0;
  #isStream = false;
  /** Ids of tasks of whose change the page has not heard. */
  readonly #untold = new Set<string>();
  /** Ends that screen readers have not heard of, and what they heard last. */
  #ended: Task[] = [];
  #said = '';

  constructor(host: TaskBoardHost) {
    this.#host = host;
    this.#payloads = new PayloadReader(host);
    adopt(host.renderRoot, iconStyles, styles);
    host.addController(this);
  }

  get tasks(): readonly Task[] {
    const { task } = this.#host;
    return this.#list.tasks.filter(({ id }) => !task || id === task);
  }

  /** Reads an event; its payload is that of `progress.updated`, unless it is one of `content.…`. */
  read(event: RealtimeEvent): void {
    let hasNumber = false;
    const as = event.event.startsWith('content.') ? event.event : 'progress.updated';
    const read = this.#payloads.read(event, as, (raw) => {
      const renamed = rename(raw, this.#host.fields);
      hasNumber = (renamed as ProgressPayload | null)?.progress != null;
      return renamed;
    });
    const { task } = this.#host;
    if (!read || (task && read.payload.taskId !== task)) return;
    const said = progressIn(as, read.payload);
    const [before, after] = this.#list.update(said, Date.now(), hasNumber || said.progress === 100);
    this.#hasNews = true;
    // Numbers are told when they are drawn, as often as that is; a turn in the task's life at once.
    this.#untold.add(after.id);
    if (before?.status === after.status) return;
    this.#tell();
    if (isOver(after)) this.#ended.push(after);
    // The same words again are heard only where there were none between.
    else this.#said = '';
    if (after.status === 'completed') this.#host.dispatchEvent(new ProgressCompletedEvent(after));
    if (after.status === 'failed') this.#host.dispatchEvent(new ProgressFailedEvent(after));
  }

  remove(id: string): void {
    this.#list.remove(id);
  }
  clear(): void {
    this.#list.clear();
    this.#drawn = [];
    this.#said = '';
  }

  render(words: Words, language: string) {
    if (this.#hasNews) {
      const now = Date.now();
      this.#isStream = now - this.#newsAt < STREAM_MS;
      this.#newsAt = now;
      this.#hasNews = false;
    }
    // What comes with the region, such as the last state on a cache channel, is how things stand and no news.
    if (this.#drawn.length > 0 && this.#ended.length > 0) {
      this.#said = this.#ended
        .slice(-MOST_SAID)
        .map((task) => sentence(task, words))
        .join(' ');
    }
    this.#ended = [];
    this.#drawn = this.tasks;
    return html`<ul role="list" class=${this.#isStream ? 'stream' : ''} aria-label=${words.tasks}>
      ${repeat(
        this.#drawn,
        ({ id }) => id,
        (task) =>
          renderTask(task, words, language, () => this.#host.dispatchEvent(new RetryRequestedEvent(task))),
      )}
    </ul>
    <span class="hidden" role="status">${this.#said}</span>`;
  }

  /** What the bars lack, to a tenth, which nobody sees; not in a style attribute, which a strict security policy forbids. */
  hostUpdated(): void {
    const bars = this.#host.renderRoot.querySelectorAll<HTMLElement>('.fill');
    bars.forEach(({ style }, index) => {
      const rest = (100 - (this.#drawn[index]?.progress ?? 0)).toFixed(1);
      if (style.getPropertyValue('--_rest') !== rest) style.setProperty('--_rest', rest);
    });
    this.#tell();
  }

  #tell(): void {
    const untold = [...this.#untold];
    this.#untold.clear();
    for (const id of untold) {
      const task = this.#list.get(id);
      if (task) this.#host.dispatchEvent(new ProgressChangedEvent(task));
    }
  }
}

/** What became of a task: "Worksheet: Failed. The model did not answer." */
function sentence(task: Task, words: Words): string {
  const end = `${task.label || words.tasks}: ${words.taskStatus[task.status]}`;
  return [end, messageOf(task)].filter(Boolean).join('. ');
}

/** Gives the backend's fields the names that the kit knows, as `ours=theirs ours=theirs` says. */
function rename(raw: unknown, fields: string): unknown {
  if (!fields || typeof raw !== 'object' || raw === null) return raw;
  const renamed: Record<string, unknown> = { ...raw };
  for (const [ours = '', theirs = ''] of fields.split(/\s+/).map((pair) => pair.split('='))) {
    if (Object.hasOwn(raw, theirs)) renamed[ours] = (raw as Record<string, unknown>)[theirs];
  }
  return renamed;
}
