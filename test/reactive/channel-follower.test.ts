import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { ChannelController } from '../../src/reactive/channel-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

class RoomHost extends LitHost {
  room = new ChannelController(this, { channel: () => this.channel });
}

describe('what follows a channel', () => {
  afterEach(endAll);

  it('is loading on another channel, and not stale: what was live there is nothing here', async () => {
    const emulator = startEmulator();
    const host = await mount(RoomHost, startController(emulator), 'private-a');
    await eventually(() => host.room.status === 'live');
    emulator.driver.authorization.hang(true);
    host.channel = 'private-b';
    host.requestUpdate();
    await host.settled();
    expect(host.room.status).to.equal('loading');
    emulator.driver.authorization.hang(false);
    await eventually(() => host.room.status === 'live');
  });

  it('is still stale when its host is moved in the document while the connection is made again', async () => {
    const emulator = startEmulator();
    const host = await mount(RoomHost, startController(emulator), 'private-a');
    await eventually(() => host.room.status === 'live');
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await eventually(() => host.room.status === 'stale');
    const { parentElement } = host;
    parentElement!.append(host);
    await host.settled();
    expect(host.room.status).to.equal('stale');
    host.remove();
    await host.settled();
    parentElement!.append(host);
    expect(host.room.status).to.equal('loading');
  });

  it('asks for the channel that its host wants when that is put back, and not for the one that it wanted before', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { releaseMs: 5 } });
    const host = await mount(RoomHost, controller, 'private-a');
    await eventually(() => host.room.status === 'live');
    controller.connect();
    const { parentElement } = host;
    host.remove();
    await eventually(() => controller.channels.length === 0);
    host.channel = 'private-b';
    parentElement!.append(host);
    expect(controller.channels.map(({ name }) => name)).to.deep.equal(['private-b']);
    await eventually(() => host.room.status === 'live');
  });

  it('is live where the page is signed in for what is sent to the user', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: { id: '1' }, timing: { backoffBaseMs: 10 } });
    const host = await mount(RoomHost, controller, '#user');
    expect(host.room.status).to.equal('loading');
    await eventually(() => host.room.status === 'live');
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await eventually(() => host.room.status === 'stale');
    emulator.driver.unreachable(false);
    await eventually(() => host.room.status === 'live');
  });

  describe('for another user', () => {
    let emulator: PageEmulator;
    let controller: RealtimeController;
    let host: RoomHost;
    const statusOf = (name: string) => controller.channels.find((channel) => channel.name === name)?.status;

    beforeEach(async () => {
      emulator = startEmulator();
      controller = startController(emulator, { ...backendFor(emulator), token: tokenFor('1') });
      host = await mount(RoomHost, controller, 'private-user-1');
      await eventually(() => host.room.status === 'live');
    });

    it('is loading, and not stale: what the last one knew is not for the next', async () => {
      emulator.driver.authorization.hang(true);
      controller.identify(tokenFor('2'));
      expect(host.room.status).to.equal('loading');
    });

    it('is in error once they are refused', async () => {
      controller.identify(tokenFor('2'));
      await eventually(() => statusOf('private-user-1') === 'failed');
      expect(host.room.status).to.equal('error');
      expect(host.room.error?.code).to.equal('auth/forbidden');
      controller.identify(tokenFor('1'));
      await eventually(() => host.room.status === 'live');
    });

    it('stays live where nobody has to be let in, and is stale after a drop', async () => {
      host.channel = 'news';
      host.requestUpdate();
      await host.settled();
      await eventually(() => host.room.status === 'live');
      controller.identify(null);
      expect(host.room.status).to.equal('live');
      await host.settled();
      emulator.driver.drop();
      await eventually(() => controller.status === 'reconnecting');
      expect(host.room.status).to.equal('stale');
    });
  });

  it('is in error once it is let in no more, and loading when that is asked again', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { backoffBaseMs: 10 } });
    const host = await mount(RoomHost, controller, 'private-a');
    await eventually(() => host.room.status === 'live');
    emulator.driver.authorization.fail(403);
    emulator.driver.drop();
    await eventually(() => host.room.status === 'error');
    emulator.driver.authorization.clear();
    emulator.driver.authorization.hang(true);
    emulator.driver.drop();
    await eventually(() => emulator.driver.authorization.pending === 1);
    expect(host.room.status).to.equal('loading');
    emulator.driver.authorization.hang(false);
    await eventually(() => host.room.status === 'live');
  });

  it('is stale, and not in error, while a refusal may pass', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { backoffBaseMs: 10 } });
    const host = await mount(RoomHost, controller, 'private-a');
    await eventually(() => host.room.status === 'live');
    emulator.driver.authorization.fail(500);
    emulator.driver.drop();
    await eventually(() => controller.channels[0]?.status === 'failed');
    expect(host.room.status).to.equal('stale');
  });
});
