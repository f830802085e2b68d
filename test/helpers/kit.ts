/** What tests of core, reactive and elements share: a controller on an emulator of its own. */
import type { RealtimeConfig } from '../../src/core/config.js';
import { RealtimeController } from '../../src/core/realtime-controller.js';
import {
  createPageEmulator,
  type PageClientOptions,
  type PageEmulator,
  type PageEmulatorOptions,
} from '../../src/emulator/page.js';

const emulators: PageEmulator[] = [];
const controllers: RealtimeController[] = [];

/** An emulator that ends with the test. */
export function startEmulator(options: PageEmulatorOptions = {}): PageEmulator {
  const emulator = createPageEmulator(options);
  emulators.push(emulator);
  return emulator;
}

/** A controller on an emulator, as one visitor; it ends with the test. */
export function startController(
  emulator: PageEmulator,
  { user, authorize, ...config }: RealtimeConfig & PageClientOptions = {},
): RealtimeController {
  const controller = RealtimeController.for({ ...emulator.client({ user, authorize }), ...config });
  controllers.push(controller);
  return controller;
}

/** Resolves as soon as something is true of a controller; looks at every change. */
export function until(controller: RealtimeController, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let undo = () => {};
    const look = () => {
      if (!isTrue()) return;
      undo();
      resolve();
    };
    undo = controller.subscribe(look);
    look();
  });
}

/** The statuses that a controller goes through, from now on. */
export function recordStatuses(controller: RealtimeController): string[] {
  const statuses: string[] = [controller.status];
  controller.subscribe(() => {
    if (statuses.at(-1) !== controller.status) statuses.push(controller.status);
  });
  return statuses;
}

/** Ends what the test has started. Call it in `afterEach`. */
export function endAll(): void {
  for (const controller of controllers.splice(0)) controller.disconnect();
  for (const emulator of emulators.splice(0)) emulator.stop();
}
