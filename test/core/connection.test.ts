import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { endAll, recordStatuses, startController, startEmulator, until } from '../helpers/kit.js';
import { TestWorld } from '../helpers/world.js';

describe('connection', () => {
  afterEach(endAll);

  it('stays idle until something needs it', () => {
    const controller = startController(startEmulator());
    expect(controller.status).to.equal('idle');
  });

  it('opens with the first need and closes a grace after the last', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { idleMs: 20 } });
    const statuses = recordStatuses(controller);
    const first = controller.need();
    const second = controller.need();
    await until(controller, () => controller.status === 'connected');
    expect(emulator.driver.connections()).to.have.length(1);
    first();
    second();
    await until(controller, () => controller.status === 'idle');
    expect(statuses).to.deep.equal(['idle', 'connecting', 'connected', 'idle']);
    await emulator.driver.waitForConnections(0);
  });

  for (const { service, address } of [
    { service: {}, address: 'wss://realtime.example:443/app/a-key?' },
    { service: { port: 8443, path: '/sockets' }, address: 'wss://realtime.example:8443/sockets/app/a-key?' },
    { service: { tls: false }, address: 'ws://realtime.example:80/app/a-key?' },
    { service: { tls: false, port: 6001 }, address: 'ws://realtime.example:6001/app/a-key?' },
  ]) {
    it(`opens its socket at ${address}`, async () => {
      const emulator = startEmulator();
      const { createSocket } = emulator.client();
      const url = await new Promise<string>((resolve) => {
        const config = { key: 'a-key', host: 'realtime.example', ...service };
        startController(emulator, {
          ...config,
          createSocket: (url) => {
            resolve(url);
            return createSocket(url);
          },
        }).connect();
      });
      expect(url.startsWith(address), url).to.equal(true);
    });
  }

  it('throws nothing, and leaves no socket behind, when the handshake is nonsense', async () => {
    const emulator = startEmulator();
    const { createSocket } = emulator.client();
    emulator.driver.silence(true);
    const sockets: WebSocket[] = [];
    const controller = startController(emulator, {
      timing: { attemptMs: 20, backoffBaseMs: 1 },
      createSocket: (url) => {
        const socket = createSocket(url);
        sockets.push(socket);
        const data = JSON.stringify({ event: 'pusher:error', data: { code: null, message: 'no' } });
        const speak = () => {
          socket.dispatchEvent(new Event('open'));
          socket.dispatchEvent(new MessageEvent('message', { data }));
        };
        setTimeout(speak);
        return socket;
      },
    });
    const codes: string[] = [];
    const heard = new AbortController();
    document.addEventListener('realtime-error', ({ error }) => codes.push(error.code), heard);
    controller.connect();
    await until(controller, () => controller.getSnapshot().attempts === 2);
    heard.abort();
    expect(codes).to.include('message/unreadable');
    expect(sockets.slice(0, 2).map(({ readyState }) => readyState >= WebSocket.CLOSING)).to.deep.equal([
      true,
      true,
    ]);
  });

  it('says reconnecting at the moment of the drop, and comes back by itself', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { backoffBaseMs: 20 } });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    const statuses = recordStatuses(controller);
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    await until(controller, () => controller.status === 'connected');
    expect(statuses).to.deep.equal(['connected', 'reconnecting', 'connected']);
    expect(controller.stats.reconnections).to.equal(1);
  });

  it('tells a refusal from a disconnect, with the reason, and tries again slowly', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { refusedMs: 20 } });
    emulator.driver.refuse(4004);
    controller.connect();
    await until(controller, () => controller.status === 'refused');
    expect(controller.error?.code).to.equal('connection/over-quota');
    emulator.driver.refuse(null);
    await until(controller, () => controller.status === 'connected');
    expect(controller.error).to.equal(undefined);
  });

  it('stays refused on show while it tries again', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { refusedMs: 5 } });
    emulator.driver.refuse(4001);
    controller.connect();
    await until(controller, () => controller.status === 'refused');
    const statuses = recordStatuses(controller);
    await until(controller, () => controller.getSnapshot().attempts === 4);
    expect(statuses).to.deep.equal(['refused']);
    expect(controller.error?.code).to.equal('connection/unknown-key');
  });

  it('gives up an attempt that nobody answers, and says that a firewall may be the reason', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { attemptMs: 20, backoffBaseMs: 10 } });
    emulator.driver.silence(true);
    controller.connect();
    await until(controller, () => controller.error?.code === 'timeout/connection');
    expect(controller.error?.hint).to.match(/firewall or proxy/);
    emulator.driver.silence(false);
    await until(controller, () => controller.status === 'connected');
  });

  it('begins anew when the network comes back during an attempt, and calls the device offline no longer', async () => {
    const emulator = startEmulator();
    const world = new TestWorld();
    const { createSocket } = emulator.client();
    emulator.driver.silence(true);
    const controller = await new Promise<RealtimeController>((resolve) => {
      const waiting = startController(emulator, {
        environment: world,
        createSocket: (url) => {
          resolve(waiting);
          return createSocket(url);
        },
      });
      waiting.connect();
    });
    world.goOffline();
    expect(controller.error?.code).to.equal('connection/offline');
    emulator.driver.silence(false);
    world.goOnline();
    expect([controller.status, controller.reason]).to.deep.equal(['connecting', undefined]);
    await until(controller, () => controller.status === 'connected');
  });

  it('says that the device has no network where that is so: at the start, and while it tries', async () => {
    const emulator = startEmulator();
    const world = new TestWorld();
    const controller = startController(emulator, { environment: world, timing: { backoffBaseMs: 1 } });
    world.online = false;
    emulator.driver.unreachable(true);
    const codes: string[] = [];
    controller.subscribe(() => codes.push(`${controller.status} ${controller.error?.code}`));
    controller.connect();
    await until(controller, () => controller.getSnapshot().attempts === 3);
    world.goOnline();
    await until(controller, () => controller.error?.code === 'connection/unreachable');
    const offline = codes.lastIndexOf('offline connection/offline');
    expect([...new Set(codes.slice(0, offline + 1))]).to.deep.equal(['offline connection/offline']);
    expect(codes[offline + 1]).to.equal('connecting undefined');
  });

  it('says since when it stands as it does, and why, also on the way into the back/forward cache', async () => {
    const emulator = startEmulator();
    const world = new TestWorld();
    const controller = startController(emulator, { environment: world });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    world.clockOffsetMs += 60_000;
    const frozenAt = world.now();
    world.freeze();
    expect([controller.status, controller.reason]).to.deep.equal(['reconnecting', undefined]);
    expect(controller.getSnapshot().since).to.be.at.least(frozenAt);
    world.wake('restored');
    await until(controller, () => controller.status === 'connected');
    world.goOffline();
    world.freeze();
    expect([controller.status, controller.error?.code]).to.deep.equal(['offline', 'connection/offline']);
  });

  it('says that the device has no network as long as that is so, whoever looks', async () => {
    const emulator = startEmulator();
    const world = new TestWorld();
    const controller = startController(emulator, { environment: world });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    const statuses = recordStatuses(controller);
    emulator.driver.silence(true);
    world.goOffline();
    world.wake('focus');
    world.wake('visible');
    expect(statuses).to.deep.equal(['connected', 'offline']);
  });

  it('keeps no socket in the back/forward cache that nothing needs any more', async () => {
    const emulator = startEmulator();
    const world = new TestWorld();
    const controller = startController(emulator, { environment: world, timing: { idleMs: 60_000 } });
    const undo = controller.need();
    await until(controller, () => controller.status === 'connected');
    undo();
    world.freeze();
    await emulator.driver.waitForConnections(0);
    expect(controller.status).to.equal('idle');
  });

  it('asks for a sign of life after a sleep, also while the latency is being measured', async () => {
    const emulator = startEmulator();
    const world = new TestWorld();
    const controller = startController(emulator, { environment: world });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    emulator.driver.lose(({ frame }) => frame.event === 'pusher:pong');
    controller.measureLatency();
    world.clockOffsetMs += 60_000;
    world.wake('slept');
    const pings = () => emulator.driver.received.filter(({ event }) => event === 'pusher:ping').length;
    await emulator.driver.waitFor(() => pings() === 2);
  });

  it('notices a socket that is open and dead', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, {
      timing: { silenceMs: 20, pongMs: 20, backoffBaseMs: 10 },
    });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    const codes: (string | undefined)[] = [];
    controller.subscribe(() => codes.push(controller.error?.code));
    emulator.driver.silence(true);
    await until(controller, () => controller.status === 'reconnecting');
    expect(codes).to.include('connection/silent');
    emulator.driver.silence(false);
    await until(controller, () => controller.status === 'connected');
  });

  it('is lost only after a while without connection', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { lostMs: 30, backoffBaseMs: 5 } });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    expect(controller.lost).to.equal(false);
    await until(controller, () => controller.lost);
    emulator.driver.unreachable(false);
    await until(controller, () => controller.status === 'connected');
    expect(controller.lost).to.equal(false);
  });

  it('disconnects by hand, stays so whatever needs it, and comes back on retry', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator);
    controller.need();
    await until(controller, () => controller.status === 'connected');
    controller.disconnect();
    expect(controller.status).to.equal('disconnected');
    controller.need();
    expect(controller.status).to.equal('disconnected');
    controller.retry();
    await until(controller, () => controller.status === 'connected');
  });

  it('does nothing at all when it is disabled', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { enabled: false });
    controller.connect();
    controller.hold('news');
    controller.retry();
    expect(controller.status).to.equal('disabled');
    expect(emulator.driver.connections()).to.have.length(0);
  });

  it('says what to do when the key is missing', () => {
    const controller = startController(startEmulator(), { key: '' });
    controller.connect();
    expect(controller.status).to.equal('refused');
    expect(controller.error?.code).to.equal('configuration/missing-key');
    expect(controller.error?.hint).to.match(/data-key/);
  });

  it('measures the way to the service and back', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator);
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    expect(controller.measureLatency()).to.equal(true);
    await until(controller, () => controller.stats.latency.last !== undefined);
    expect(controller.stats.latency.last).to.be.within(0, 1000);
  });

  it('opens again by retry() what disconnect() closed, and keeps an eye on the network as before', async () => {
    const environment = new TestWorld();
    const controller = startController(startEmulator(), { environment });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    controller.disconnect();
    controller.retry();
    await until(controller, () => controller.status === 'connected');
    environment.goOffline();
    expect(controller.status).to.equal('offline');
  });
});
