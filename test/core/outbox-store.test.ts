/** The stored outbox, where the browser's storage takes its time or fails, and the user changes meanwhile. */
import { expect } from '@open-wc/testing';
import type { RealtimeConfig } from '../../src/core/config.js';
import type { ValueStore } from '../../src/core/environment.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

/** A browser's storage in the test's hands. */
class StoreWorld extends CountingEnvironment {
  /** Called before each operation, which waits for it, and fails with it. */
  before: (operation: string, key: string) => Promise<unknown> | undefined = () => undefined;
  readonly operations: string[] = [];

  override async openStore(name: string): Promise<ValueStore> {
    await this.#note('open', name);
    const store = await super.openStore(name);
    return {
      ...store,
      get: (key) => this.#note('get', key).then(() => store.get(key)),
      set: (key, value) => this.#note('set', key).then(() => store.set(key, value)),
      delete: (key) => this.#note('delete', key).then(() => store.delete(key)),
    };
  }

  async #note(operation: string, key: string): Promise<void> {
    this.operations.push(`${operation} ${key}`);
    await this.before(operation, key);
  }
}

/** A promise, and what resolves it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('the stored outbox', () => {
  let emulator: PageEmulator;
  let world: StoreWorld;
  beforeEach(() => {
    emulator = startEmulator();
    world = new StoreWorld();
  });
  afterEach(endAll);

  const start = (config: RealtimeConfig = {}) => {
    const controller = startController(emulator, {
      ...backendFor(emulator),
      environment: world,
      remember: true,
      token: tokenFor('1'),
      timing: { backoffBaseMs: 20, backoffCapMs: 20 },
      ...config,
    });
    const told: string[] = [];
    controller.onFate(({ event, fate }) => told.push(`${event} ${fate.fate}`));
    return { controller, told };
  };
  const keyOf = (id: string, { host }: RealtimeConfig) =>
    `${JSON.stringify(['emulator-key', host, '', '1'])} ${id}`;
  /** What an earlier page of user 1 left behind. */
  const leave = async (config: RealtimeConfig, ...events: string[]) => {
    const store = await world.openStore('outbox');
    for (const [index, event] of events.entries()) {
      const draft = { id: event, event, channel: 'news', data: {}, awaitAcknowledgment: false, queue: true };
      const queuedAt = Date.now() + index;
      await store.set(keyOf(event, config), { ...draft, queuedAt, expiresAt: queuedAt + 60_000 });
    }
    world.operations.length = 0;
  };
  const triggered = () => emulator.driver.triggered.map(({ name }) => name);
  const untilConnected = (controller: RealtimeController) =>
    until(controller, () => controller.status === 'connected');

  it('keeps for its author what was being taken up when the page named its token provider', async () => {
    const backend = backendFor(emulator);
    await leave(backend, 'a');
    const { opened, open } = gate();
    world.before = (operation) => (operation === 'get' ? opened : undefined);
    const { controller, told } = start(backend);
    await eventually(() => world.operations.some((operation) => operation.startsWith('get')));
    controller.identify(async () => tokenFor('1'));
    open();
    await eventually(() => told.includes('a accepted'));
  });

  it('takes up what can be read where one message cannot, and that one at the next occasion', async () => {
    const backend = backendFor(emulator);
    await leave(backend, 'a', 'b');
    let failures = 1;
    world.before = (operation, key) =>
      operation === 'get' && key.endsWith('a') && failures-- > 0
        ? Promise.reject(new DOMException('Not now.', 'AbortError'))
        : undefined;
    const { controller, told } = start(backend);
    await eventually(() => told.includes('b accepted'));
    await untilConnected(controller);
    emulator.driver.drop();
    await eventually(() => told.includes('a accepted'));
  });

  it('is opened at the next occasion where its code could not be fetched', async () => {
    emulator.driver.unreachable(true);
    let failures = 0;
    world.before = (operation) => {
      failures += 1;
      return operation === 'open' && failures < 3
        ? Promise.reject(new TypeError('Failed to fetch'))
        : undefined;
    };
    const { controller } = start();
    void controller.send('a', {}, { channel: 'news' });
    await eventually(() => world.operations.some((operation) => operation.startsWith('set')));
  });

  it('sends nothing that has expired while it was taken out', async () => {
    emulator.driver.unreachable(true);
    const { opened, open } = gate();
    world.before = (operation) => (operation === 'delete' ? opened : undefined);
    const { controller } = start();
    const end = controller.send('a', {}, { channel: 'news' });
    await eventually(() => world.operations.some((operation) => operation.startsWith('set')));
    emulator.driver.unreachable(false);
    await eventually(() => world.operations.some((operation) => operation.startsWith('delete')));
    world.sleep(3_600_000);
    open();
    expect((await end).fate).to.equal('expired');
    expect(triggered()).to.deep.equal([]);
  });

  it('takes nothing of one user for the next, who came while it was asked who they are', async () => {
    emulator.driver.unreachable(true);
    const { opened, open } = gate();
    const { controller } = start({
      token: async () => {
        await opened;
        return tokenFor('1');
      },
    });
    const end = controller.send('a', {}, { channel: 'news' });
    await until(controller, () => controller.status === 'connecting');
    await eventually(() => controller.getSnapshot().attempts > 1);
    controller.identify(tokenFor('2'));
    open();
    expect((await end).fate).to.equal('failed');
    // What is stored later is stored after it.
    void controller.send('b', {}, { channel: 'news' });
    await eventually(() => world.operations.some((operation) => operation.startsWith('set')));
    const store = await world.openStore('outbox');
    const stored = await Promise.all((await store.keys()).map((key) => store.get(key)));
    expect(stored.map((draft) => (draft as { event: string }).event)).to.deep.equal(['b']);
    expect(world.operations.filter((operation) => operation.startsWith('set'))).to.have.length(1);
  });
});
