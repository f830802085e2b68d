import { expect, waitUntil } from '@open-wc/testing';
import { makeEarlySockets, socketAddress } from '../../src/core/early-sockets.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startEmulator } from '../helpers/kit.js';
import { stopTime } from '../helpers/virtual-time.js';

describe('early sockets', () => {
  let emulator: PageEmulator;
  let url: string;
  let sockets: ReturnType<typeof makeEarlySockets>;
  let made: WebSocket[];

  beforeEach(() => {
    emulator = startEmulator();
    const { key, host, createSocket } = emulator.client();
    url = `wss://${host}:443/app/${key}?protocol=7&client=js&version=8.6.0`;
    made = [];
    sockets = makeEarlySockets((address) => {
      const socket = createSocket(address);
      made.push(socket);
      return socket;
    });
  });
  afterEach(endAll);

  const otherVersion = () => url.replace('8.6.0', '9.0.0');

  it('are told apart by scheme, host, port and path, whatever the version in the URL', () => {
    expect(socketAddress(url)).to.equal(socketAddress(otherVersion()));
    expect(socketAddress('ws://h:80/app/k')).to.equal('ws://h/app/k');
    expect(socketAddress('ws://h:81/app/k')).not.to.equal(socketAddress('ws://h/app/k'));
    expect(socketAddress('wss://h/app/k')).not.to.equal(socketAddress('ws://h/app/k'));
    expect(socketAddress('ws://h/app/k')).not.to.equal(socketAddress('ws://h/app/other'));
  });

  it('are handed over once, with what they have heard', async () => {
    sockets.open(url);
    await waitUntil(() => made[0]?.readyState === WebSocket.OPEN);
    const socket = sockets.claim(otherVersion());
    expect(sockets.claim(url) === undefined).to.equal(true);
    if (!socket) throw new Error('There is no socket.');
    const heard: string[] = [];
    const replayed = new Promise<void>((resolve) => {
      socket.onopen = () => heard.push('open');
      socket.onmessage = ({ data }) => {
        heard.push(JSON.parse(data).event);
        resolve();
      };
    });
    await replayed;
    expect(heard).to.deep.equal(['open', 'pusher:connection_established']);
    socket.close();
  });

  it('are opened once for an address', async () => {
    sockets.open(url);
    sockets.open(otherVersion());
    await emulator.driver.waitForConnections(1);
    expect(emulator.driver.connections()).to.have.length(1);
  });

  it('are forgotten when they were refused or closed meanwhile', async () => {
    sockets.open(url);
    await emulator.driver.waitForConnections(1);
    emulator.driver.close(4004);
    await waitUntil(() => made[0]?.readyState === WebSocket.CLOSED);
    expect(sockets.claim(url) === undefined).to.equal(true);
  });

  it('are forgotten, and closed, when the service has said that something is wrong', async () => {
    sockets.open(url);
    await emulator.driver.waitForConnections(1);
    made[0]?.dispatchEvent(
      new MessageEvent('message', { data: '{"event":"pusher:error","data":{"code":4100}}' }),
    );
    expect(sockets.claim(url) === undefined).to.equal(true);
    await emulator.driver.waitForConnections(0);
  });

  it('are closed when nobody has come for them in 15 seconds', async () => {
    const time = stopTime();
    try {
      sockets.open(url);
      await time.tickAsync(14_900);
      expect(emulator.driver.connections()).to.have.length(1);
      await time.tickAsync(200);
    } finally {
      time.uninstall();
    }
    await waitUntil(() => emulator.driver.connections().length === 0);
    expect(sockets.claim(url) === undefined).to.equal(true);
  });
});
