import { expect } from '@open-wc/testing';
import { PresenceController } from '../../src/reactive/presence-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { ada, bo, channel, eventually, join } from '../helpers/meeting.js';

class RoomHost extends LitHost {
  presence = new PresenceController(this, { channel: () => this.channel });
}

describe('PresenceController on a full channel', () => {
  afterEach(endAll);

  it('is live with a number and an explanation, and no error', async () => {
    const emulator = startEmulator({ limits: { presenceMembers: 1 } });
    await join(startController(emulator, { user: ada }));
    const host = await mount(RoomHost, startController(emulator, { user: bo }), channel);
    expect(host.presence.status).to.equal('loading');
    await eventually(() => host.presence.degraded);
    const { status, count, explanation, error, members, me, stale } = host.presence;
    expect({ status, count, error, members, me, stale }).to.deep.equal({
      status: 'live',
      count: 100,
      error: undefined,
      members: [],
      me: undefined,
      stale: true,
    });
    expect(explanation).to.match(/number/);
  });
});
