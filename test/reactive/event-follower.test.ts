/** What gathers events, and when it lets go of what it gathered. */
import { expect } from '@open-wc/testing';
import type { RealtimeConfig } from '../../src/core/config.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { NotificationController } from '../../src/reactive/notification-controller.js';
import { TaskController } from '../../src/reactive/task-controller.js';
import { fixedController } from '../../src/testing.js';
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
  let backend: RealtimeConfig;
  let controller: RealtimeController;
  let host: GatheringHost;

  const gather = async (config: RealtimeConfig = {}) => {
    emulator = startEmulator();
    backend = { ...backendFor(emulator), ...config };
    controller = startController(emulator, backend);
    host = await mount(GatheringHost, controller, 'news');
    await eventually(() => host.bell.status === 'live');
    emulator.driver.trigger('news', 'notification', { message: 'Hello' });
    emulator.driver.trigger('news', 'progress.updated', { taskId: 't', progress: 1 });
    await eventually(() => host.counts.join() === '1,1');
  };
  afterEach(endAll);

  it('keeps it when the page learns late whose it is', async () => {
    await gather();
    controller.identify(tokenFor('1'));
    expect(controller.identity.userId).to.equal('1');
    expect(host.counts).to.deep.equal([1, 1]);
    controller.identify(tokenFor('2'));
    expect(host.counts).to.deep.equal([0, 0]);
  });

  it('begins with nothing on another channel', async () => {
    await gather();
    host.channel = 'sport';
    host.requestUpdate();
    await host.settled();
    expect(host.counts).to.deep.equal([0, 0]);
  });

  it('keeps it when a token that names nobody comes late', async () => {
    await gather();
    controller.identify(() => '12|opaque');
    controller.hold('private-news');
    await eventually(() => controller.identity.state === 'authenticated');
    expect(host.counts).to.deep.equal([1, 1]);
  });

  const partings: [string, RealtimeConfig, (controller: RealtimeController) => void][] = [
    ['whose token named nobody signs out', { token: '12|opaque' }, (it) => it.identify(null)],
    [
      'whose token named nobody gives way to another',
      { token: '12|opaque' },
      (it) => it.identify('13|opaque'),
    ],
    [
      'whose token named nobody gives way to a named one',
      { token: '12|opaque' },
      (it) => it.identify(tokenFor('2')),
    ],
    ['who was known by a cookie signs out', {}, (it) => it.identify(null)],
  ];
  for (const [who, config, part] of partings) {
    it(`drops it when somebody ${who}`, async () => {
      await gather(config);
      part(controller);
      expect(host.counts).to.deep.equal([0, 0]);
    });
  }

  it('drops it when a provider has no token any more for somebody whom it did not name', async () => {
    const tokens: (string | undefined)[] = ['12|opaque'];
    await gather({ token: () => tokens.pop(), fetch: async () => new Response('', { status: 401 }) });
    // That is no token any more, and the provider is asked for another.
    controller.hold('private-news');
    await eventually(() => controller.channels.some(({ status }) => status === 'failed'));
    expect(controller.identity.state).to.equal('anonymous');
    expect(host.counts).to.deep.equal([0, 0]);
  });

  it('drops it when somebody whom no token named signs out in another tab', async () => {
    await gather({ token: () => undefined });
    const otherTab = new BroadcastChannel(`realtime-elements ${backend.key}  ${backend.authEndpoint}`);
    otherTab.postMessage({ userId: null });
    await eventually(() => host.counts.join() === '0,0');
    otherTab.close();
  });

  it('keeps it under another controller, which knows nothing of who came and went at the last', async () => {
    await gather();
    (host.parentElement as unknown as { controller: RealtimeController }).controller = fixedController();
    expect(host.bell.status).to.equal('live');
    expect(host.counts).to.deep.equal([1, 1]);
  });

  it('drops it when somebody signs out while its host is off the page', async () => {
    await gather();
    const { parentElement } = host;
    host.remove();
    controller.identify(null);
    parentElement?.append(host);
    await host.settled();
    expect(host.counts).to.deep.equal([0, 0]);
  });
});
