/** What gathers events, and when it lets go of what it gathered. */
import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { NotificationController } from '../../src/reactive/notification-controller.js';
import { TaskController } from '../../src/reactive/task-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

class GatheringHost extends LitHost {
  bell = new NotificationController(this, { channel: () => this.channel });
  tasks = new TaskController(this, { channel: () => this.channel });
  get counts() {
    return [this.bell.list.length, this.tasks.tasks.length];
  }
}

describe('what gathers events of a channel', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;
  let host: GatheringHost;

  beforeEach(async () => {
    emulator = startEmulator();
    controller = startController(emulator, backendFor(emulator));
    host = await mount(GatheringHost, controller, 'news');
    await eventually(() => host.bell.status === 'live');
    emulator.driver.trigger('news', 'notification', { message: 'Hello' });
    emulator.driver.trigger('news', 'progress.updated', { taskId: 't', progress: 1 });
    await eventually(() => host.counts.join() === '1,1');
  });
  afterEach(endAll);

  it('keeps it when the page learns late whose it is', () => {
    controller.identify(tokenFor('1'));
    expect(controller.identity.userId).to.equal('1');
    expect(host.counts).to.deep.equal([1, 1]);
    controller.identify(tokenFor('2'));
    expect(host.counts).to.deep.equal([0, 0]);
  });

  it('begins with nothing on another channel', async () => {
    host.channel = 'sport';
    host.requestUpdate();
    await host.settled();
    expect(host.counts).to.deep.equal([0, 0]);
  });
});
