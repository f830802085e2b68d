import { expect } from '@open-wc/testing';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import { NotificationController } from '../../src/reactive/notification-controller.js';
import { TaskController } from '../../src/reactive/task-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { eventually } from '../helpers/meeting.js';

class FollowingHost extends LitHost {
  tasks = new TaskController(this, { channel: () => this.channel });
  bell = new NotificationController(this, { channel: () => this.channel });
}

describe('what cannot be read', () => {
  const reports: string[] = [];
  const onError = (event: Event) => reports.push((event as RealtimeErrorEvent).error.message);
  beforeEach(() => document.addEventListener('realtime-error', onError));
  afterEach(() => {
    document.removeEventListener('realtime-error', onError);
    reports.length = 0;
    endAll();
  });

  it('is reported once, however many follow the channel, and of each event', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator);
    const hosts = await Promise.all([1, 2, 3].map(() => mount(FollowingHost, controller, 'news')));
    await emulator.driver.waitForSubscribers('news');
    for (const event of ['progress.updated', 'progress.updated', 'notification'])
      emulator.driver.trigger('news', event, {});
    emulator.driver.trigger('news', 'notification', { message: 'fine' });
    await eventually(() => hosts.every(({ bell }) => bell.list.length === 1));
    expect(reports).to.have.length(2);
    expect(reports[0]).to.contain('progress.updated on news');
    expect(reports[1]).to.contain('notification on news');
    hosts[0]?.remove();
    emulator.driver.trigger('news', 'progress.updated', {});
    emulator.driver.trigger('news', 'notification', { message: 'another' });
    await eventually(() => hosts[2]?.bell.list.length === 2);
    expect(reports).to.have.length(2);
  });
});
