import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { PresenceChannel } from 'pusher-js';
import { createEmulator, type Emulator, startEmulator } from '../../src/emulator/node.js';
import { connected, joined, next, pusherClient, RawClient, sdkFor } from './clients.js';

describe('the emulator in Node', () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.stop());

  it('says where it is, and with which credentials', () => {
    const { url, host, port, appId, key, secret } = emulator;
    assert.equal(url, `http://${host}:${port}`);
    assert.ok(port > 0);
    assert.deepEqual(
      { appId, key, secret },
      { appId: '1000', key: 'emulator-key', secret: 'emulator-secret' },
    );
  });

  it('brings an event from the SDK to pusher-js', async () => {
    const channel = await joined(pusherClient(emulator), 'news');
    const event = next(channel, 'headline');
    const response = await sdkFor(emulator).trigger('news', 'headline', { text: 'It works' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '{}');
    assert.deepEqual(await event, { text: 'It works' });
  });

  it('shows members of a presence channel to each other', async () => {
    const ada = pusherClient(emulator, { id: '1', info: { name: 'Ada' } });
    const room = await joined<PresenceChannel>(ada, 'presence-room');
    const arrival = next<{ id: string }>(room, 'pusher:member_added');
    const bob = pusherClient(emulator, { id: '2', info: { name: 'Bob' } });
    const roomOfBob = await joined<PresenceChannel>(bob, 'presence-room');
    assert.deepEqual(await arrival, { id: '2', info: { name: 'Bob' } });
    assert.equal(roomOfBob.members.count, 2);
    const departure = next<{ id: string }>(room, 'pusher:member_removed');
    bob.disconnect();
    assert.equal((await departure).id, '2');
  });

  it('answers sockets on unknown paths with 4005, and requests with 404', async () => {
    const socket = new RawClient(`ws://${emulator.host}:${emulator.port}/nowhere`);
    assert.equal((await socket.closed).code, 4005);
    assert.equal((await fetch(`${emulator.url}/nowhere`)).status, 404);
  });

  it('is rid of a client that sends anything but text, whether it answers the close or not', async () => {
    const { socket } = await RawClient.connect(emulator);
    const { length } = emulator.driver.connections();
    socket.pause();
    socket.send(Buffer.from('binary'));
    await emulator.driver.waitForConnections(length - 1);
  });

  it('says clearly that a port is in use', async () => {
    await assert.rejects(startEmulator({ port: emulator.port }), /Port \d+ on 127\.0\.0\.1 is in use/);
    await assert.rejects(startEmulator({ host: '203.0.113.1' }), /cannot listen on 203\.0\.113\.1/);
  });

  it('closes its connections with 4100 when it stops, and frees the port', async () => {
    const other = await startEmulator();
    const socket = await RawClient.connect(other);
    await other.stop();
    assert.equal((await socket.closed).code, 4100);
    await assert.rejects(fetch(other.url));
  });
});

describe('the emulator on the server of a host', () => {
  it('stops for clients that answer no close, also for one that comes meanwhile', {
    timeout: 10_000,
  }, async () => {
    const emulator = createEmulator();
    const server = createServer();
    server.on('upgrade', emulator.handleUpgrade);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const visit = async () => {
      const { socket } = new RawClient(`ws://127.0.0.1:${port}/app/emulator-key?protocol=7`);
      await new Promise<void>((resolve) => {
        socket.once('open', () => {
          socket.pause();
          resolve();
        });
      });
    };
    await visit();
    const stopped = emulator.stop();
    await visit();
    await stopped;
    await new Promise((resolve) => server.close(resolve));
  });

  it('takes its own paths and leaves the others alone', async () => {
    const emulator = createEmulator();
    const server = createServer((request, response) => {
      if (!emulator.handleRequest(request, response)) response.end('the host');
    });
    server.on('upgrade', (request, socket, head) => {
      if (!emulator.handleUpgrade(request, socket, head)) socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const address = {
      appId: '1000',
      key: 'emulator-key',
      secret: 'emulator-secret',
      host: '127.0.0.1',
      port,
    };
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'the host');
    const client = await connected(pusherClient(address));
    const channel = await joined(client, 'news');
    const event = next(channel, 'headline');
    await sdkFor(address).trigger('news', 'headline', 'hello');
    assert.equal(await event, 'hello');
    assert.equal((await new RawClient(`ws://127.0.0.1:${port}/other`).closed).code, 1006);
    client.disconnect();
    await emulator.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
