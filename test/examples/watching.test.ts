import { expect, fixture, html } from '@open-wc/testing';
import { AnalyticsCollector, type EventCount } from '../../docs/examples/analytics-collector.js';
import { RoomBoardElement } from '../../docs/examples/channel-with-handlers.js';
import { monitorConnection } from '../../docs/examples/connection-monitor.js';
import { listMembers } from '../../docs/examples/presence.js';
import { RealtimeProviderElement } from '../../src/elements/realtime-provider.js';
import { flushed } from '../../src/reactive/flush.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { ada, bo, channel, eventually, join } from '../helpers/meeting.js';

customElements.define('room-board', RoomBoardElement);
if (!customElements.get('realtime-provider'))
  customElements.define('realtime-provider', RealtimeProviderElement);

afterEach(endAll);

describe('the example of a connection monitor', () => {
  it('shows the status, the latency and the reconnections, and needs a connection until it is undone', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { backoffBaseMs: 20, idleMs: 20 } });
    const line = document.createElement('p');
    const undo = monitorConnection(controller, line);
    expect(line.textContent).to.equal('Connecting…');
    await until(controller, () => controller.status === 'connected');
    controller.measureLatency();
    await eventually(() => /^Live · \d+ ms$/.test(line.textContent ?? ''));
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    await eventually(() => line.textContent?.startsWith('Reconnecting…') ?? false);
    await eventually(() => line.textContent?.endsWith('reconnected 1×') ?? false);
    undo();
    await until(controller, () => controller.status === 'idle');
    expect(line.textContent).not.to.contain('Ready');
  });

  it('leaves the line as it is once it is undone', async () => {
    const controller = startController(startEmulator());
    const line = document.createElement('p');
    const undo = monitorConnection(controller, line);
    await until(controller, () => controller.status === 'connected');
    controller.disconnect();
    undo();
    line.textContent = 'Yours again';
    await until(controller, () => controller.status === 'disconnected');
    await Promise.resolve();
    expect(line.textContent).to.equal('Yours again');
  });
});

describe('the example of a channel with handlers', () => {
  it('shows what its handlers heard as text, and follows another room', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: ada, timing: { releaseMs: 20 } });
    const board = await mount(controller, 'room-7');
    await emulator.driver.waitForSubscribers('private-room-7');
    for (const text of ['One', '<img src=x>', undefined]) {
      emulator.driver.trigger('private-room-7', 'line.added', { text });
    }
    await eventually(() => linesOf(board).length === 3);
    await flushed(board);
    expect(linesOf(board)).to.deep.equal(['One', '<img src=x>', '']);
    emulator.driver.trigger('private-room-7', 'board.cleared', {});
    await eventually(() => linesOf(board).length === 0);
    board.setAttribute('room', 'room-8');
    board.requestUpdate();
    await emulator.driver.waitForSubscribers('private-room-8');
    await emulator.driver.waitForSubscribers('private-room-7', 0);
  });

  it('shows what to do when the room is refused', async () => {
    const controller = startController(startEmulator({ authorize: () => false }), { user: ada });
    const board = await mount(controller, 'room-7');
    await eventually(() => board.shadowRoot?.querySelector('[role=alert]')?.textContent !== undefined);
    expect(board.shadowRoot?.querySelector('[role=alert]')?.textContent).to.contain('rules');
  });

  async function mount(controller: RealtimeProviderElement['controller'], room: string) {
    const provider = await fixture<RealtimeProviderElement>(
      html`<realtime-provider .controller=${controller}><room-board room=${room}></room-board></realtime-provider>`,
    );
    return provider.querySelector('room-board') as RoomBoardElement;
  }
  const linesOf = (board: RoomBoardElement) =>
    [...(board.shadowRoot?.querySelectorAll('li') ?? [])].map(({ textContent }) => textContent?.trim());
});

describe('the example of presence', () => {
  it('lists who is there, marks the reader, and keeps the list through a drop', async () => {
    const emulator = startEmulator();
    const start = (user: typeof bo) =>
      startController(emulator, { user, timing: { leaveMs: 1_000, releaseMs: 0, backoffBaseMs: 20 } });
    const [controller, other] = [start(ada), start(bo)];
    const list = document.createElement('ul');
    const undo = listMembers(controller, channel, list);
    const names = () => [...list.children].map(({ textContent }) => textContent);
    await join(other);
    await eventually(() => names().length === 2);
    expect(names()).to.deep.equal(['Ada (you)', 'Bo']);
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await eventually(() => list.hasAttribute('data-stale'));
    expect(names()).to.have.length(2);
    emulator.driver.unreachable(false);
    await eventually(() => !list.hasAttribute('data-stale'));
    other.disconnect();
    await eventually(() => names().length === 1);
    undo();
    await until(controller, () => controller.channels.length === 0);
  });
});

describe('the example of an analytics collector', () => {
  it('counts by channel and event without payloads, and sends what is left at the end', async () => {
    const sent: EventCount[][] = [];
    const collector = new AnalyticsCollector((counts) => sent.push(counts));
    const emulator = startEmulator();
    const controller = startController(emulator, { analytics: collector.analytics });
    const stop = collector.start();
    await join(controller, 'news');
    for (const event of ['headline', 'headline', 'weather']) {
      emulator.driver.trigger('news', event, { secret: 'of nobody’s business' });
    }
    await eventually(() => controller.stats.messagesReceived === 3);
    stop();
    collector.flush();
    const ofHeadlines = sent[0]?.find(({ event }) => event === 'headline');
    expect(ofHeadlines).to.deep.equal({ channel: 'news', event: 'headline', count: 2 });
    expect(sent).to.have.length(1);
    expect(JSON.stringify(sent)).not.to.contain('business');
  });
});
