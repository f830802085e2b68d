import { expect } from '@open-wc/testing';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { NotificationController } from '../../src/reactive/notification-controller.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

const channel = 'private-user-1';

class BellHost extends LitHost {
  heard: string[] = [];
  bell = new NotificationController(this, {
    channel: () => this.channel,
    max: 3,
    onNotification: ({ id }) => this.heard.push(id),
  });
}

describe('NotificationController', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;
  let host: BellHost;

  const tell = (data: unknown, event = 'notification') => emulator.driver.trigger(host.channel, event, data);
  const titles = () => host.bell.list.map(({ title, message }) => title ?? message);

  beforeEach(async () => {
    emulator = startEmulator();
    controller = startController(emulator, { ...backendFor(emulator), token: tokenFor('1') });
    host = await mount(BellHost, controller, channel);
    await eventually(() => host.bell.status === 'live');
  });
  afterEach(endAll);

  it('lists notifications and achievements, newest first, read into one shape', async () => {
    tell({ title: 'First', body: 'text', type: 'margin_warning' });
    tell({ text: 'Second' }, 'user.notification');
    const renders = host.renders;
    tell({ title: 'Ten days', badge: 'gold' }, 'user.achievement');
    await eventually(() => host.bell.list.length === 3);
    await host.settled();
    expect(host.renders).to.be.greaterThan(renders);
    expect(titles()).to.deep.equal(['Ten days', 'Second', 'First']);
    expect(host.bell.list.map(({ level }) => level)).to.deep.equal(['achievement', 'info', 'warning']);
    expect(host.bell.list[0]?.payload.badge).to.equal('gold');
    expect(host.bell.list[2]?.message).to.equal('text');
    expect(host.bell.error).to.equal(undefined);
  });

  it('counts what is unread, until it is marked', async () => {
    for (const id of ['a', 'b', 'c']) tell({ id, message: id });
    await eventually(() => host.bell.unread === 3);
    host.bell.markRead('b');
    expect(host.bell.unread).to.equal(2);
    host.bell.markRead();
    expect(host.bell.unread).to.equal(0);
    host.bell.remove('a');
    expect(titles()).to.deep.equal(['c', 'b']);
  });

  it('keeps the newest, and of the same id one, which stays read', async () => {
    for (const id of ['a', 'b', 'c', 'd']) tell({ id, message: id });
    await eventually(() => host.bell.list.length === 3 && titles()[0] === 'd');
    host.bell.markRead('c');
    tell({ id: 'c', message: 'c, corrected' });
    await eventually(() => titles()[0] === 'c, corrected');
    expect(titles()).to.deep.equal(['c, corrected', 'd', 'b']);
    expect(host.bell.unread).to.equal(2);
    expect(host.heard).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('takes the id of an envelope where the payload has none', async () => {
    tell({ id: 'e1', type: 'notification', timestamp: '2026-01-01T00:00:00Z', data: { message: 'Hi' } });
    await eventually(() => host.bell.list.length === 1);
    expect(host.bell.list[0]?.id).to.equal('e1');
  });

  it('skips what it cannot read, and says so once', async () => {
    const reports: string[] = [];
    host.addEventListener('realtime-error', (event) =>
      reports.push((event as RealtimeErrorEvent).error.code),
    );
    for (const nonsense of [{}, { message: {} }, {}, 'text']) tell(nonsense);
    tell({ message: 'fine' });
    await eventually(() => host.bell.list.length === 1);
    expect(titles()).to.deep.equal(['fine']);
    expect(new Set(reports).size).to.equal(1);
    expect(reports.length).to.be.within(1, 3);
  });

  it('drops everything with the user, and with the channel', async () => {
    tell({ message: 'for 1' });
    await eventually(() => host.bell.list.length === 1);
    controller.identify(tokenFor('2'));
    expect(host.bell.list).to.deep.equal([]);
    await until(controller, () => controller.channels[0]?.status === 'failed');
    controller.identify(tokenFor('1'));
    await eventually(() => host.bell.status === 'live');
    tell({ message: 'for 1 again' });
    await eventually(() => host.bell.list.length === 1);
    const provider = host.parentElement;
    host.remove();
    provider?.append(host);
    expect(titles()).to.deep.equal(['for 1 again']);
    host.remove();
    controller.identify(tokenFor('2'));
    host.channel = 'private-user-2';
    provider?.append(host);
    await eventually(() => host.bell.list.length === 0 && host.bell.status === 'live');
  });
});
