import { ContextProvider } from '@lit/context';
import { expect, fixture, html } from '@open-wc/testing';
import { LitElement } from 'lit';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { ChannelController } from '../../src/reactive/channel-controller.js';
import { ConnectionController } from '../../src/reactive/connection-controller.js';
import { realtimeContext } from '../../src/reactive/context.js';
import { EventController } from '../../src/reactive/event-controller.js';
import { flushed } from '../../src/reactive/flush.js';
import { PresenceController } from '../../src/reactive/presence-controller.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';

/** Provides whatever controller it is given to what is inside. */
class TestProvider extends LitElement {
  readonly #provider = new ContextProvider(this, { context: realtimeContext });
  set controller(controller: RealtimeController) {
    this.#provider.setValue(controller);
  }
  override createRenderRoot() {
    return this;
  }
}
customElements.define('test-provider', TestProvider);

/** A host that counts its renders. */
class TestHost extends LitElement {
  renders = 0;
  channel = 'news';
  override render() {
    this.renders += 1;
    return '';
  }
}

class ConnectionHost extends TestHost {
  connection = new ConnectionController(this);
}
class NeedingHost extends TestHost {
  connection = new ConnectionController(this, { need: true });
}
class EventHost extends TestHost {
  heard: unknown[] = [];
  events = new EventController(this, {
    channel: () => this.channel,
    event: ['headline', 'correction'],
    callback: ({ data }) => this.heard.push(data),
  });
}
class PresenceHost extends TestHost {
  override channel = 'presence-class-1';
  arrivals: string[] = [];
  presence = new PresenceController(this, {
    channel: () => this.channel,
    onChange: ({ kind, member }) => this.arrivals.push(`${kind} ${member.id}`),
  });
}
class ChannelHost extends TestHost {
  heard: string[] = [];
  room = new ChannelController(this, {
    channel: 'room-7',
    type: 'private',
    autoSubscribe: false,
    filter: ({ data }) => (data as { loud?: boolean }).loud !== false,
    handlers: {
      note: ({ event }) => this.heard.push(event),
      '*': ({ event }) => this.heard.push(`* ${event}`),
    },
  });
}
const hosts = {
  'connection-host': ConnectionHost,
  'needing-host': NeedingHost,
  'event-host': EventHost,
  'presence-host': PresenceHost,
  'channel-host': ChannelHost,
};
for (const [tag, host] of Object.entries(hosts)) customElements.define(`test-${tag}`, host);

/** Puts a host under a provider with a controller. */
async function mount<T extends TestHost>(tag: string, controller: RealtimeController): Promise<T> {
  const provider = await fixture<TestProvider>(html`<test-provider></test-provider>`);
  provider.controller = controller;
  const host = document.createElement(`test-${tag}`) as T;
  provider.append(host);
  await host.updateComplete;
  return host;
}

const subscribed = (controller: RealtimeController, name: string) =>
  until(controller, () =>
    controller.channels.some((channel) => channel.name === name && channel.status === 'subscribed'),
  );

describe('reactive controllers', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;

  beforeEach(() => {
    emulator = startEmulator();
    controller = startController(emulator, {
      user: { id: '1', info: { name: 'Ada' } },
      timing: { releaseMs: 5, idleMs: 5, backoffBaseMs: 10 },
    });
  });
  afterEach(endAll);

  describe('ConnectionController', () => {
    it('shows the status and renders its host when that changes', async () => {
      const host = await mount<ConnectionHost>('connection-host', controller);
      expect(host.connection.status).to.equal('idle');
      controller.connect();
      await until(controller, () => controller.status === 'connected');
      const before = host.renders;
      await flushed(host);
      expect(host.connection.status).to.equal('connected');
      await host.updateComplete;
      expect(host.renders).to.equal(before + 1);
    });

    it('that only watches needs no connection; one that needs it opens it, and lets it go with its host', async () => {
      await mount<ConnectionHost>('connection-host', controller);
      expect(controller.status).to.equal('idle');
      const host = await mount<NeedingHost>('needing-host', controller);
      await until(controller, () => controller.status === 'connected');
      host.remove();
      await until(controller, () => controller.status === 'idle');
    });

    it('is idle without a provider', async () => {
      const host = document.createElement('test-connection-host') as ConnectionHost;
      expect(host.connection.status).to.equal('idle');
      expect(host.connection.lost).to.equal(false);
      expect(host.connection.stats).to.equal(undefined);
      host.connection.retry();
    });
  });

  describe('EventController', () => {
    it('hears each of its events, and renders its host once for many in a frame', async () => {
      const host = await mount<EventHost>('event-host', controller);
      await subscribed(controller, 'news');
      await flushed(host);
      await host.updateComplete;
      const before = host.renders;
      const heard = new Promise<void>((resolve) => {
        controller.listen({ channel: 'news', event: 'correction', priority: -1, callback: () => resolve() });
      });
      for (let n = 0; n < 50; n += 1) emulator.driver.trigger('news', 'headline', { n });
      emulator.driver.trigger('news', 'correction', {});
      emulator.driver.trigger('news', 'other', {});
      await heard;
      expect(host.heard).to.have.length(51);
      await flushed(host);
      await host.updateComplete;
      expect(host.renders - before).to.be.within(1, 3);
    });

    it('follows a change of the channel’s name, and leaves the old one', async () => {
      const host = await mount<EventHost>('event-host', controller);
      await subscribed(controller, 'news');
      expect(host.events.status).to.equal('live');
      host.channel = 'sport';
      host.requestUpdate();
      await subscribed(controller, 'sport');
      await until(controller, () => controller.channels.length === 1);
      expect(controller.channels[0]?.name).to.equal('sport');
      expect(controller.listeners().map(({ channel }) => channel)).to.deep.equal(['sport', 'sport']);
    });

    it('keeps the subscription when its host is moved', async () => {
      const host = await mount<EventHost>('event-host', controller);
      await subscribed(controller, 'news');
      const target = await fixture<TestProvider>(html`<test-provider></test-provider>`);
      target.controller = controller;
      target.append(host);
      await host.updateComplete;
      expect(controller.channels.map(({ name, status, holders }) => [name, status, holders])).to.deep.equal([
        ['news', 'subscribed', 2],
      ]);
      expect(emulator.driver.received.filter(({ event }) => event === 'pusher:subscribe')).to.have.length(1);
    });

    it('changes the controller with the provider, and leaves nothing at the old one', async () => {
      const other = startController(startEmulator(), { timing: { releaseMs: 5 } });
      const host = await mount<EventHost>('event-host', controller);
      await subscribed(controller, 'news');
      (host.parentElement as TestProvider).controller = other;
      await subscribed(other, 'news');
      await until(controller, () => controller.channels.length === 0);
      expect(controller.listeners()).to.deep.equal([]);
    });

    it('is stale after a drop, and live again after it', async () => {
      const host = await mount<EventHost>('event-host', controller);
      await subscribed(controller, 'news');
      emulator.driver.drop();
      await until(controller, () => controller.status === 'reconnecting');
      expect(host.events.status).to.equal('stale');
      await subscribed(controller, 'news');
      expect(host.events.status).to.equal('live');
    });

    it('is in error, with the reason, when it is refused before it was ever live', async () => {
      emulator.driver.refuse(4001);
      const host = await mount<EventHost>('event-host', controller);
      expect(host.events.status).to.equal('loading');
      await until(controller, () => controller.status === 'refused');
      expect(host.events.status).to.equal('error');
      expect(host.events.error?.code).to.equal('connection/unknown-key');
    });

    it('is disabled with the kit, and idle without a channel', async () => {
      const disabled = startController(startEmulator(), { enabled: false });
      const host = await mount<EventHost>('event-host', disabled);
      expect(host.events.status).to.equal('disabled');
      const idle = document.createElement('test-event-host') as EventHost;
      idle.channel = '';
      expect(idle.events.status).to.equal('idle');
    });
  });

  describe('PresenceController', () => {
    it('shows who is there, tells of arrivals and departures, and lets go with its host', async () => {
      const host = await mount<PresenceHost>('presence-host', controller);
      await subscribed(controller, 'presence-class-1');
      expect(host.presence.status).to.equal('live');
      expect(host.presence.me?.info.name).to.equal('Ada');
      const other = startController(emulator, { user: { id: '2', info: { name: 'Bo' } } });
      other.hold('presence-class-1');
      const changed = new Promise<void>((resolve) => {
        const undo = controller.presence('presence-class-1').changes.subscribe(() => {
          undo();
          resolve();
        });
      });
      await changed;
      expect(host.presence.members.map(({ id }) => id)).to.deep.equal(['1', '2']);
      expect(host.presence.count).to.equal(2);
      expect(host.arrivals).to.deep.equal(['added 2']);
      host.remove();
      expect(host.presence.members).to.deep.equal([]);
      await until(controller, () => controller.channels.length === 0);
    });
  });

  describe('ChannelController', () => {
    it('subscribes and unsubscribes by hand, puts the name under its guard, and filters', async () => {
      const host = await mount<ChannelHost>('channel-host', controller);
      expect(controller.channels).to.deep.equal([]);
      expect(host.room.isSubscribed).to.equal(false);
      host.room.subscribe();
      host.room.subscribe();
      await subscribed(controller, 'private-room-7');
      expect(host.room.isSubscribed).to.equal(true);
      expect(controller.channels[0]?.holders).to.equal(1);
      const heard = new Promise<void>((resolve) => {
        controller.listen({
          channel: 'private-room-7',
          event: 'last',
          priority: -1,
          callback: () => resolve(),
        });
      });
      emulator.driver.trigger('private-room-7', 'note', {});
      emulator.driver.trigger('private-room-7', 'note', { loud: false });
      emulator.driver.trigger('private-room-7', 'last', {});
      await heard;
      expect(host.heard).to.deep.equal(['note', '* note', '* last']);
      controller.unlisten({ channel: 'private-room-7', event: 'last' });
      host.room.unsubscribe();
      await until(controller, () => controller.channels.length === 0);
      expect(controller.listeners()).to.deep.equal([]);
    });
  });

  it('leave nothing behind: a thousand hosts mounted and removed hold nothing and listen to nothing', async () => {
    const provider = await fixture<TestProvider>(html`<test-provider></test-provider>`);
    provider.controller = controller;
    const many = Array.from({ length: 1000 }, (_, n) =>
      document.createElement(n % 2 ? 'test-event-host' : 'test-presence-host'),
    );
    provider.append(...many);
    expect(controller.channels.map(({ holders }) => holders)).to.deep.equal([500, 1000]);
    for (const host of many) host.remove();
    await until(controller, () => controller.channels.length === 0);
    expect(controller.listeners()).to.deep.equal([]);
    await until(controller, () => controller.status === 'idle');
  });
});
