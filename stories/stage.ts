/**
 * Where stories are played: an emulator inside the page, behind the real pusher-js, with a visitor who
 * looks at the story and others who come and go. Each story has a stage of its own.
 */
import { html, type TemplateResult } from 'lit';
import type { RealtimeConfig } from '../src/core/config.js';
import { pageEnvironment } from '../src/core/environment.js';
import { RealtimeController } from '../src/core/realtime-controller.js';
import {
  createPageEmulator,
  type EmulatorDriver,
  type PageClientOptions,
  type PageEmulatorOptions,
} from '../src/emulator/page.js';

export const classroom = 'presence-class-1';
export const own = 'private-user-1';

/** Everybody that stories know, in the order in which they come. */
export const people = [
  { name: 'Grace Hopper', role: 'student' },
  { name: 'Alan Turing', role: 'student' },
  { name: 'Katherine Johnson', role: 'student' },
  { name: 'Edsger Dijkstra', role: 'assistant' },
  { name: 'Barbara Liskov', role: 'student' },
  { name: 'Mary Somerville', role: 'student' },
  { name: 'Donald Knuth', role: 'student' },
  { name: 'Margaret Hamilton', role: 'student' },
  { name: 'Radia Perlman', role: 'assistant' },
  { name: 'Tim Berners-Lee', role: 'student' },
  { name: 'Hedy Lamarr', role: 'student' },
  { name: 'Évariste Galois', role: 'student' },
];

/** Of somebody who has left their device: no input reaches it, so they are away at once. */
export const leftAlone: RealtimeConfig = {
  environment: Object.create(pageEnvironment, { onInput: { value: () => () => {} } }),
  timing: { awayMs: 1, lookMs: 1 },
};

/** What a story may want to be otherwise. */
export interface StageOptions extends RealtimeConfig, PageClientOptions {
  emulator?: PageEmulatorOptions;
}

export class Stage {
  readonly driver: EmulatorDriver;
  /** The visitor who looks at the story. */
  readonly controller: RealtimeController;
  readonly #emulator;
  readonly #others = new Map<string, RealtimeController>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  constructor({ emulator, user, authorize, ...config }: StageOptions = {}) {
    this.#emulator = createPageEmulator(emulator);
    this.driver = this.#emulator.driver;
    const me = user ?? { id: 'me', info: { name: 'Ada Lovelace', role: 'teacher' } };
    this.controller = RealtimeController.for({
      ...this.#emulator.client({ user: me, authorize }),
      scope: 'visitor',
      ...config,
    });
  }

  /** Puts elements under the visitor's controller. */
  show(content: TemplateResult): TemplateResult {
    return html`<realtime-provider .controller=${this.controller}>${content}</realtime-provider>`;
  }

  /** Somebody comes to a channel; answers how they leave. */
  join(
    name: string,
    { channel = classroom, ...info }: { channel?: string; role?: string; avatar?: string } = {},
    config: RealtimeConfig = {},
  ): RealtimeController {
    const id = idOf(name);
    const other = RealtimeController.for({
      ...this.#emulator.client({ user: { id, info: { name, ...info } } }),
      scope: id,
      ...config,
    });
    other.hold(channel);
    this.#others.set(id, other);
    return other;
  }

  /** Somebody goes. */
  leave(name: string): void {
    this.#others.get(idOf(name))?.disconnect();
  }

  /** The first few of those that stories know come, if they are not there yet. */
  fill(count: number): void {
    for (const { name, role } of people.slice(0, count)) {
      if (!this.#others.has(idOf(name))) this.join(name, { role });
    }
  }

  /** The connection of whoever came first breaks; the others stay. */
  drop(): void {
    const [first] = this.driver.connections();
    this.driver.drop(({ socketId }) => socketId === first?.socketId);
  }

  /** Something happens on a channel of the visitor's own, as if a backend had triggered it. */
  trigger(event: string, data: unknown, channel = own): void {
    this.driver.trigger(channel, event, data);
  }

  /** Waits until the visitor is on a channel. */
  async ready(channel = own): Promise<void> {
    await this.driver.waitFor((driver) => (driver.subscriptions().get(channel)?.length ?? 0) > 0, {
      what: channel,
    });
  }

  /** Plays something later, as long as the story is on. */
  later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    this.#timers.add(timer);
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const other of [this.controller, ...this.#others.values()]) other.disconnect();
    this.#emulator.stop();
  }
}

const current = new WeakMap<Element, { id: string; stage: Stage }>();

/** The stage of a story: the same one for as long as the story is shown, also when its controls are used. */
export function stageOf(
  { id, canvasElement }: { id: string; canvasElement: HTMLElement },
  options: StageOptions = {},
  setUp: (stage: Stage) => void = () => {},
): Stage {
  const existing = current.get(canvasElement);
  if (existing?.id === id && canvasElement.querySelector('realtime-provider')) return existing.stage;
  existing?.stage.end();
  const stage = new Stage(options);
  current.set(canvasElement, { id, stage });
  setUp(stage);
  return stage;
}

/** The stage that a story stands on, for its play function. */
export function playedOn(canvasElement: HTMLElement): Stage {
  const { stage } = current.get(canvasElement)!;
  return stage;
}

function idOf(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}
