/** When the connection tries again, and what makes it try sooner, in a world whose time and chance a test holds. */
import { expect } from '@open-wc/testing';
import type { Clock } from '@sinonjs/fake-timers';
import { pageEnvironment } from '../../src/core/environment.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

describe('the next attempt', () => {
  let time: Clock;
  let chance: number;
  let world: CountingEnvironment;
  let emulator: PageEmulator;
  let controller: RealtimeController;
  /** How long each attempt waited when it was planned, in milliseconds. */
  let waits: number[];
  let attempts: number;

  const at = (status: string) => passUntil(time, () => controller.status === status);
  /** The milliseconds from now to the next attempt. */
  const wait = () => (controller.getSnapshot().retryAt ?? Number.NaN) - time.now;

  function start(environment = world): void {
    const { createSocket } = emulator.client();
    controller = startController(emulator, {
      environment,
      createSocket: (url) => {
        attempts += 1;
        return createSocket(url);
      },
    });
    let planned: number | undefined;
    controller.subscribe(() => {
      const { retryAt } = controller.getSnapshot();
      if (retryAt !== undefined && retryAt !== planned) waits.push(wait());
      planned = retryAt;
    });
    controller.connect();
  }

  beforeEach(() => {
    time = stopTime();
    chance = 0.5;
    world = new CountingEnvironment(() => chance);
    emulator = startEmulator();
    waits = [];
    attempts = 0;
  });
  afterEach(() => {
    endAll();
    time.uninstall();
  });

  it('waits in a window that doubles with each failure, from 2 to 30 seconds', async () => {
    emulator.driver.unreachable(true);
    start();
    await passUntil(time, () => waits.length === 6);
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('waits at least a second after 41xx', async () => {
    chance = 0;
    start();
    await at('connected');
    emulator.driver.close(4100);
    await passUntil(time, () => waits.length === 1);
    expect(waits).to.deep.equal([1_000]);
  });

  it('comes at once after 42xx, and in the window of the backoff when it is sent away again', async () => {
    start();
    await at('connected');
    emulator.driver.close(4200);
    await passUntil(time, () => waits.length === 1);
    await at('connected');
    emulator.driver.close(4200);
    await passUntil(time, () => waits.length === 2);
    expect(waits).to.deep.equal([0, 2_000]);
  });

  it('begins the backoff anew after a connection that lasted ten seconds, and after no other', async () => {
    emulator.driver.unreachable(true);
    start();
    await passUntil(time, () => waits.length === 3);
    emulator.driver.unreachable(false);
    await at('connected');
    await time.tickAsync(9_900);
    emulator.driver.drop();
    await passUntil(time, () => waits.length === 4);
    await at('connected');
    await time.tickAsync(10_000);
    emulator.driver.drop();
    await passUntil(time, () => waits.length === 5);
    expect(waits).to.deep.equal([1_000, 2_000, 4_000, 8_000, 1_000]);
  });

  for (const { luck, waitMs } of [
    { luck: 0, waitMs: 30_000 },
    { luck: 0.5, waitMs: 60_000 },
    { luck: 0.999, waitMs: 89_940 },
  ]) {
    it(`waits ${waitMs / 1000} of 30 to 90 seconds after a refusal, where chance says ${luck}`, async () => {
      chance = luck;
      emulator.driver.refuse(4004);
      start();
      await at('refused');
      expect(waits).to.deep.equal([waitMs]);
    });
  }

  it('comes at once when somebody turns to the window', async () => {
    const page = Object.assign(Object.create(pageEnvironment), { random: () => 0.999 });
    start(page);
    await at('connected');
    emulator.driver.drop();
    await at('reconnecting');
    window.dispatchEvent(new Event('focus'));
    await passUntil(time, () => controller.status === 'connected', 100);
  });

  it('is no sooner after a refusal, whoever looks', async () => {
    emulator.driver.refuse(4001);
    start();
    await at('refused');
    emulator.driver.refuse(null);
    for (const reason of ['focus', 'visible', 'slept'] as const) world.wake(reason);
    await time.tickAsync(59_000);
    expect(controller.status).to.equal('refused');
    await at('connected');
  });

  it('is sooner after a refusal when the network is back', async () => {
    emulator.driver.refuse(4001);
    start();
    await at('refused');
    emulator.driver.refuse(null);
    world.wake('online');
    await passUntil(time, () => controller.status === 'connected', 100);
  });

  it('does not take the place of one that is under way when somebody looks', async () => {
    emulator.driver.silence(true);
    start();
    await passUntil(time, () => attempts === 1);
    for (const reason of ['focus', 'visible', 'slept'] as const) world.wake(reason);
    await time.tickAsync(5_000);
    expect(attempts).to.equal(1);
    emulator.driver.silence(false);
    await at('connected');
    expect(attempts).to.equal(1);
  });

  it('has five seconds again before the connection is lost, when the page was in the back/forward cache', async () => {
    start();
    await at('connected');
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await at('reconnecting');
    await time.tickAsync(4_000);
    world.freeze();
    world.sleep(3_600_000);
    world.wake('restored');
    await time.tickAsync(4_900);
    expect(controller.lost).to.equal(false);
    await time.tickAsync(200);
    expect(controller.lost).to.equal(true);
  });
});
