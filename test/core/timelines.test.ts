/** The time lines that docs/connection.md prints, played one by one. */
import { expect } from '@open-wc/testing';
import type { RealtimeConfig } from '../../src/core/config.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, recordStatuses, startController, startEmulator, until } from '../helpers/kit.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';
import { TestWorld } from '../helpers/world.js';

interface Scene {
  emulator: PageEmulator;
  controller: RealtimeController;
  world: TestWorld;
  /** Resolves at a status. */
  at: (status: string) => Promise<void>;
}

interface Scenario {
  /** Whether the scene begins with a connection; the time line then begins with it. */
  connected?: boolean;
  config?: RealtimeConfig;
  play: (scene: Scene) => unknown;
}

const quick = {
  backoffBaseMs: 20,
  refusedMs: 20,
  attemptMs: 100,
  silenceMs: 100_000,
  pongMs: 30,
  idleMs: 10,
  releaseMs: 0,
};

const scenarios: Record<string, Scenario> = {
  'a first connection': {
    play: ({ controller, at }) => {
      controller.connect();
      return at('connected');
    },
  },
  'the socket is dropped': {
    connected: true,
    play: async ({ emulator, at }) => {
      emulator.driver.drop();
      await at('reconnecting');
      await at('connected');
    },
  },
  'the server shuts down (4100)': {
    connected: true,
    play: (scene) => closeWith(scene, 4100, 'reconnecting'),
  },
  'the server asks to reconnect (4200)': {
    connected: true,
    play: (scene) => closeWith(scene, 4200, 'reconnecting'),
  },
  'the server cannot be reached, and then can': {
    connected: true,
    play: async ({ emulator, controller, at }) => {
      emulator.driver.unreachable(true);
      emulator.driver.drop();
      await until(controller, () => controller.error?.code === 'connection/unreachable');
      emulator.driver.unreachable(false);
      await at('connected');
    },
  },
  'the server is there and says nothing': {
    play: async ({ emulator, controller, at }) => {
      emulator.driver.silence(true);
      controller.connect();
      await until(controller, () => controller.error?.code === 'timeout/connection');
      emulator.driver.silence(false);
      await at('connected');
    },
  },
  'the socket is open and dead': {
    connected: true,
    config: { timing: { ...quick, silenceMs: 20 } },
    play: async ({ emulator, at }) => {
      emulator.driver.silence(true);
      await at('reconnecting');
      emulator.driver.silence(false);
      await at('connected');
    },
  },
  'the app is over its quota (4004), and then is not': {
    connected: true,
    play: async ({ emulator, controller, at }) => {
      emulator.driver.refuse(4004);
      emulator.driver.close(4004);
      await until(controller, () => controller.getSnapshot().attempts > 2);
      emulator.driver.refuse(null);
      await at('connected');
    },
  },
  'the key is unknown (4001)': {
    play: async ({ emulator, controller }) => {
      emulator.driver.refuse(4001);
      controller.connect();
      await until(controller, () => controller.getSnapshot().attempts > 2);
    },
  },
  'the user is put out (4009)': { connected: true, play: (scene) => closeWith(scene, 4009, 'refused') },
  'the device loses its network, and gets it back': {
    connected: true,
    play: async ({ world, emulator, controller, at }) => {
      emulator.driver.silence(true);
      world.goOffline();
      expect(controller.status).to.equal('offline');
      emulator.driver.silence(false);
      world.goOnline();
      await at('connected');
    },
  },
  'the network is gone before the first connection': {
    play: async ({ world, emulator, controller, at }) => {
      world.goOffline();
      emulator.driver.unreachable(true);
      controller.connect();
      await until(controller, () => controller.getSnapshot().attempts > 1);
      emulator.driver.unreachable(false);
      world.goOnline();
      await at('connected');
    },
  },
  'the socket drops while the device is offline': {
    connected: true,
    play: async ({ world, emulator, controller, at }) => {
      emulator.driver.unreachable(true);
      world.goOffline();
      emulator.driver.drop();
      await until(controller, () => controller.getSnapshot().attempts > 0);
      emulator.driver.unreachable(false);
      world.goOnline();
      await at('connected');
    },
  },
  'the laptop sleeps, and the socket survived': {
    connected: true,
    play: async ({ world, emulator, controller }) => {
      world.clockOffsetMs += 3_600_000;
      world.wake('slept');
      await emulator.driver.waitForFrame('pusher:ping');
      await until(controller, () => controller.stats.latency.samples.length === 1);
    },
  },
  'the laptop sleeps, and the socket did not survive': {
    connected: true,
    play: async ({ world, emulator, at }) => {
      emulator.driver.silence(true);
      world.clockOffsetMs += 3_600_000;
      world.wake('slept');
      await at('reconnecting');
      emulator.driver.silence(false);
      await at('connected');
    },
  },
  'the page goes into the back/forward cache and comes back': {
    connected: true,
    play: async ({ world, emulator, controller, at }) => {
      world.freeze();
      await emulator.driver.waitForConnections(0);
      world.wake('restored');
      await at('connected');
      expect(controller.lost).to.equal(false);
    },
  },
  'disconnected by hand, and retried': {
    connected: true,
    play: async ({ controller, at }) => {
      controller.disconnect();
      controller.need();
      controller.retry();
      await at('connected');
    },
  },
  'the last need goes': {
    play: async ({ controller, at }) => {
      const undo = controller.need();
      await at('connected');
      undo();
      await at('idle');
    },
  },
  'the key is missing': { config: { key: '' }, play: ({ controller }) => controller.connect() },
  'switched off': { config: { enabled: false }, play: ({ controller }) => controller.connect() },
};

async function closeWith({ emulator, at }: Scene, code: number, status: string): Promise<void> {
  emulator.driver.close(code);
  await at(status);
  await at('connected');
}

/** The rows of the second table: what happens, and the time line as printed. */
async function printedTimelines(): Promise<Map<string, string>> {
  const page = await (await fetch('/docs/connection.md')).text();
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('|', 2) && !line.startsWith('| `'));
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  return new Map(
    cells
      .map(([, what = '', line = '']): [string, string] => [what, line])
      .filter(([what]) => !/^(status|what happens|-+)$/.test(what)),
  );
}

describe('the time line of statuses when', () => {
  afterEach(endAll);

  it('printed in docs/connection.md has a row for each scenario here, and no other', async () => {
    expect([...(await printedTimelines()).keys()]).to.deep.equal(Object.keys(scenarios));
  });

  for (const [name, { connected = false, config, play }] of Object.entries(scenarios)) {
    it(`${name} is as printed`, async () => {
      const printed = (await printedTimelines()).get(name)?.split(' → ') ?? [];
      const world = new TestWorld();
      const time = stopTime();
      try {
        const emulator = startEmulator();
        const controller = startController(emulator, { timing: quick, environment: world, ...config });
        const at = (status: string) => until(controller, () => controller.status === status);
        if (connected) {
          controller.connect();
          await passUntil(time, () => controller.status === 'connected');
        }
        const statuses = recordStatuses(controller);
        let isOver = false;
        const played = Promise.resolve(play({ emulator, controller, world, at })).finally(() => {
          isOver = true;
        });
        await passUntil(time, () => isOver);
        await played;
        expect(statuses).to.deep.equal(printed);
      } finally {
        time.uninstall();
      }
    });
  }
});
