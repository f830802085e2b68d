/** When the service is asked for a sign of life, and what its silence is worth. */
import { expect } from '@open-wc/testing';
import type { Clock } from '@sinonjs/fake-timers';
import { type Environment, pageEnvironment } from '../../src/core/environment.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

describe('heartbeat', () => {
  let time: Clock;
  let world: CountingEnvironment;
  let emulator: PageEmulator;
  let controller: RealtimeController;
  /** Pings that left the page, whether or not they arrived. */
  let pings: number;

  /** On the public channel `news`, connected at this moment. */
  async function start(environment: Environment = world): Promise<void> {
    const { createSocket } = emulator.client();
    controller = startController(emulator, {
      environment,
      createSocket: (url) => {
        const socket = createSocket(url);
        const send = socket.send.bind(socket);
        socket.send = (data) => {
          if (String(data).includes('pusher:ping')) pings += 1;
          send(data);
        };
        return socket;
      },
    });
    controller.hold('news');
    await passUntil(time, () => controller.channels[0]?.status === 'subscribed');
  }

  /** The service says something every two seconds. */
  async function chat(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 2_000) {
      await time.tickAsync(2_000);
      emulator.driver.trigger('news', 'headline', {});
    }
  }

  beforeEach(() => {
    time = stopTime();
    world = new CountingEnvironment();
    emulator = startEmulator();
    pings = 0;
  });
  afterEach(() => {
    endAll();
    time.uninstall();
  });

  it('asks in a hidden tab once it was silent for 30 seconds', async () => {
    world.hide();
    await start();
    await time.tickAsync(29_000);
    expect(pings).to.equal(0);
    await time.tickAsync(32_000);
    expect(pings).to.equal(1);
  });

  it('asks in a hidden tab although the clock was set back by an hour', async () => {
    world.hide();
    await start();
    time.setSystemTime(time.now - 3_600_000);
    await time.tickAsync(61_000);
    expect(pings).to.be.above(0);
  });

  it('asks for the latency while somebody looks, also where events come', async () => {
    await start();
    await chat(32_000);
    expect(pings).to.equal(1);
    expect(controller.stats.latency.samples).to.have.length(1);
  });

  it('asks nothing in a hidden tab where events come', async () => {
    world.hide();
    await start();
    await chat(90_000);
    expect(pings).to.equal(0);
  });

  it('takes any frame for a sign of life, not only the pong', async () => {
    await start();
    emulator.driver.lose(({ frame }) => frame.event === 'pusher:pong');
    await chat(60_000);
    expect(pings).to.be.above(0);
    expect([controller.status, controller.stats.reconnections]).to.deep.equal(['connected', 0]);
  });

  it('asks once more when the timer of its verdict was late, and then not again', async () => {
    await start();
    emulator.driver.silence(true);
    await passUntil(time, () => pings === 1);
    world.sleep(3_600_000);
    await passUntil(time, () => pings === 2, 11_000);
    expect(controller.status).to.equal('connected');
    world.sleep(3_600_000);
    await passUntil(time, () => controller.status === 'reconnecting', 5_000);
    expect(pings).to.equal(2);
  });

  it('does not ask a service that spoke a moment ago when somebody looks', async () => {
    await start();
    await time.tickAsync(4_000);
    world.wake('focus');
    await time.tickAsync(10);
    expect(pings).to.equal(0);
    await time.tickAsync(2_000);
    world.wake('focus');
    await time.tickAsync(10);
    expect(pings).to.equal(1);
  });

  it('asks a service that spoke a moment ago when the network is another one', async () => {
    await start();
    world.wake('online');
    await time.tickAsync(10);
    expect(pings).to.equal(1);
  });

  it('notices by the clock that the device slept, and asks', async () => {
    await start(pageEnvironment);
    await time.tickAsync(11_000);
    expect(pings).to.equal(0);
    time.setSystemTime(time.now + 3_600_000);
    await time.tickAsync(5_000);
    expect(pings).to.equal(1);
  });
});
