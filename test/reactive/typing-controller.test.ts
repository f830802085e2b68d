import { expect } from '@open-wc/testing';
import { TypingController } from '../../src/reactive/typing-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { ada, bo, channel, eventually, join } from '../helpers/meeting.js';

class TypingHost extends LitHost {
  typing = new TypingController(this, { channel: () => this.channel });
  looks: string[] = [];
  override render() {
    this.looks.push(this.typing.typists.map(({ name }) => name).join(', '));
    return super.render();
  }
}

describe('TypingController', () => {
  afterEach(endAll);

  it('renders its host when somebody begins and ends, and tells of its own user', async () => {
    const emulator = startEmulator();
    const [adas, bos] = [startController(emulator, { user: ada }), startController(emulator, { user: bo })];
    const reader = await mount(TypingHost, adas, channel);
    const writer = await mount(TypingHost, bos, channel);
    await Promise.all([join(adas), join(bos)]);
    await eventually(() => reader.typing.status === 'live' && adas.presence(channel).count === 2);
    writer.typing.input();
    await eventually(() => reader.looks.at(-1) === 'Bo');
    void bos.send('client-message', {}, { channel });
    await eventually(() => reader.looks.at(-1) === '');
    expect(writer.looks.every((look) => look === '')).to.equal(true);
    writer.typing.stop();
  });

  it('lets go of the channel with its host, and is quiet without one', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { user: ada, timing: { releaseMs: 0 } });
    const host = await mount(TypingHost, controller, channel);
    await emulator.driver.waitForSubscribers(channel);
    host.remove();
    await emulator.driver.waitForSubscribers(channel, 0);
    host.typing.input();
    host.typing.stop();
    expect(host.typing.typists).to.deep.equal([]);
    expect(controller.listeners()).to.deep.equal([]);
  });
});
