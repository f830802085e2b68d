import { expect } from '@open-wc/testing';
import { listFiles, shareFile } from '../../docs/examples/share-a-file.js';
import { connectPeer } from '../../docs/examples/webrtc-signalling.js';
import { endAll, startEmulator } from '../helpers/kit.js';
import { channel, eventually, meet } from '../helpers/meeting.js';

afterEach(endAll);

describe('the example of sharing a file', () => {
  it('uploads, then tells; others get a link with the name as text', async () => {
    const [sender, receiver] = await meet(startEmulator());
    const list = document.createElement('div');
    listFiles(receiver, channel, list);
    const file = new File(['12345'], '<b>plan</b>.txt');
    const shared = await shareFile(sender, channel, file, async () => ({ id: 'f1', url: '/files/f1' }));
    expect(shared).to.equal(true);
    await eventually(() => list.children.length === 1);
    const link = list.firstElementChild as HTMLAnchorElement;
    expect([link.pathname, link.textContent]).to.deep.equal(['/files/f1', '<b>plan</b>.txt']);
  });

  it('tells nobody of a file that could not be uploaded', async () => {
    const emulator = startEmulator();
    const [sender] = await meet(emulator);
    const failed = await shareFile(sender, channel, new File([], 'plan.txt'), () =>
      Promise.reject(new Error('The disk is full')),
    ).catch((error: Error) => error.message);
    expect(failed).to.equal('The disk is full');
    expect(emulator.driver.triggered).to.deep.equal([]);
  });

  it('follows no address but that of a page or file, and reads nothing else', async () => {
    const emulator = startEmulator();
    const [, receiver] = await meet(emulator);
    const list = document.createElement('div');
    listFiles(receiver, channel, list);
    const before = receiver.stats.messagesReceived;
    const wrong = ['javascript:alert(1)', 'data:text/html,x', 7, undefined];
    for (const url of wrong) emulator.driver.trigger(channel, 'file.shared', { name: 'x', url });
    emulator.driver.trigger(channel, 'file.shared', null);
    await eventually(() => receiver.stats.messagesReceived === before + wrong.length + 1);
    expect(list.children.length).to.equal(0);
  });
});

describe('the example of signalling for WebRTC', () => {
  /** Ada and Bo, each with a connection that wants to be made. */
  async function startCall(whoBegins: readonly string[]) {
    const [first, second] = await meet(startEmulator());
    const ends = [
      { controller: first, me: '1', peer: '2', connection: new RTCPeerConnection() },
      { controller: second, me: '2', peer: '1', connection: new RTCPeerConnection() },
    ];
    const undos = ends.map(({ controller, ...end }) => connectPeer(controller, channel, end));
    for (const { me, connection } of ends) if (whoBegins.includes(me)) connection.createDataChannel('talk');
    const end = () => {
      for (const undo of undos) undo();
      for (const { connection } of ends) connection.close();
    };
    return { connections: ends.map(({ connection }) => connection), controllers: [first, second], end };
  }
  const areAgreed = (connections: RTCPeerConnection[]) =>
    connections.every(
      ({ signalingState, currentRemoteDescription }) =>
        signalingState === 'stable' && currentRemoteDescription,
    );

  for (const [how, whoBegins] of [
    ['the first begins', ['1']],
    ['the second begins', ['2']],
    ['both begin at once', ['1', '2']],
  ] as const) {
    it(`brings two members together when ${how}`, async () => {
      const { connections, controllers, end } = await startCall(whoBegins);
      await eventually(() => areAgreed(connections));
      const types = connections.map((connection) => connection.currentLocalDescription?.type).sort();
      expect(types).to.deep.equal(['answer', 'offer']);
      end();
      expect(controllers.flatMap((controller) => controller.listeners())).to.deep.equal([]);
    });
  }

  it('listens to the other end alone, whoever a payload claims to be from', async () => {
    const emulator = startEmulator();
    const [first, second] = await meet(emulator);
    const connection = new RTCPeerConnection();
    connectPeer(first, channel, { me: '1', peer: '3', connection });
    const before = first.stats.messagesReceived;
    await second.send('client-signal', { to: '1', description: { type: 'offer', sdp: 'v=0' } }, { channel });
    await eventually(() => first.stats.messagesReceived > before);
    expect(connection.signalingState).to.equal('stable');
    expect(connection.remoteDescription).to.equal(null);
    connection.close();
  });

  it('asks nothing of a connection that was closed when a signal had just come', async () => {
    const [first, second] = await meet(startEmulator());
    const connection = new RTCPeerConnection();
    const errors: unknown[] = [];
    const over = new AbortController();
    document.addEventListener('realtime-error', ({ error }) => errors.push(error), { signal: over.signal });
    const undo = connectPeer(first, channel, { me: '1', peer: '2', connection });
    first.listen({
      channel,
      event: 'client-signal',
      priority: 1,
      callback: () => {
        undo();
        connection.close();
      },
    });
    const before = first.stats.messagesReceived;
    await second.send('client-signal', { to: '1', description: { type: 'offer', sdp: 'v=0' } }, { channel });
    await second.send('client-more', {}, { channel });
    await eventually(() => first.stats.messagesReceived > before + 1);
    over.abort();
    expect(errors).to.deep.equal([]);
  });
});
