/** People on one presence channel, and what they hear of each other. */
import type { RealtimeConfig } from '../../src/core/config.js';
import type { RealtimeEvent } from '../../src/core/listeners.js';
import type { Fate } from '../../src/core/message.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageClientOptions, PageEmulator } from '../../src/emulator/page.js';
import { startController, until } from './kit.js';

/** Where they meet. */
export const channel = 'presence-class-1';
export const ada = { id: '1', info: { name: 'Ada', role: 'teacher' } };
export const bo = { id: '2', info: { name: 'Bo' } };

/** Resolves once a controller is on a channel. */
export async function join(controller: RealtimeController, name = channel): Promise<void> {
  controller.hold(name);
  await until(controller, () =>
    controller.channels.some((state) => state.name === name && state.status === 'subscribed'),
  );
}

/** Ada and Bo, on the channel. */
export async function meet(
  emulator: PageEmulator,
  config: RealtimeConfig & PageClientOptions = {},
): Promise<[RealtimeController, RealtimeController]> {
  const timing = { backoffBaseMs: 20, ...config.timing };
  const start = (user: typeof bo) => startController(emulator, { ...config, user, timing });
  const [first, second] = [start(ada), start(bo)];
  await Promise.all([join(first), join(second)]);
  return [first, second];
}

/** The socket of a member of the channel. */
export function socketOf(emulator: PageEmulator, userId: string): string | undefined {
  const room = emulator.engine.app().channels.get(channel);
  const subscribers = [...(room?.subscribers ?? [])];
  return subscribers.find((connection) => room?.roster?.memberOf(connection)?.id === userId)?.socketId;
}

/** Every event that a controller hears under one name, as it comes. */
export function record(controller: RealtimeController, event: string, on = channel): RealtimeEvent[] {
  const heard: RealtimeEvent[] = [];
  controller.listen({ channel: on, event, callback: (received) => heard.push(received) });
  return heard;
}

/** The steps that a message goes through, by name. */
export function recordSteps(): { steps: string[]; onFate: (fate: Fate) => void } {
  const steps: string[] = [];
  return { steps, onFate: ({ fate }) => steps.push(fate) };
}

/** The code of the error that a message ended with. */
export function codeOf(fate: Fate | undefined): string | undefined {
  return fate && 'error' in fate ? fate.error.code : undefined;
}

/** Resolves as soon as something is true; looks at every turn of the page. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await nextTask();
}

/** A task of its own, and no timer: inside timers a browser holds further timers back, and mixes their order up. */
function nextTask(): Promise<unknown> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
}
