import { expect } from '@open-wc/testing';
import { ChannelController } from '../../src/reactive/channel-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { eventually } from '../helpers/meeting.js';

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
});
