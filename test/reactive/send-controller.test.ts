import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { SendController } from '../../src/reactive/send-controller.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { ada, bo, channel, codeOf, join, record, recordSteps } from '../helpers/meeting.js';

class SendHost extends LitHost {
  sender = new SendController(this, { channel: () => this.channel });
  looks: string[] = [];
  override render() {
    this.looks.push(`${this.sender.sending ? 'sending' : 'idle'} ${this.sender.error?.code ?? 'fine'}`);
    return super.render();
  }
}

describe('SendController', () => {
  let controller: RealtimeController;
  const emulator = () => startEmulator();
  afterEach(endAll);

  it('renders its host at once when a message is on its way, and when it has ended', async () => {
    controller = startController(emulator());
    const host = await mount(SendHost, controller, 'news');
    const end = host.sender.send('headline', { text: 'Hello' });
    expect(host.sender.sending).to.equal(true);
    await host.updateComplete;
    expect(host.looks).to.deep.equal(['idle fine', 'sending fine']);
    const fate = await end;
    expect(fate.fate).to.equal('accepted');
    expect(host.sender.fate).to.deep.equal(fate);
    await host.settled();
    expect(host.looks.at(-1)).to.equal('idle fine');
  });

  it('says what went wrong, until the next message', async () => {
    controller = startController(emulator());
    const host = await mount(SendHost, controller, 'news');
    const { steps, onFate } = recordSteps();
    await host.sender.send('client-wave', {}, { onFate });
    expect(host.sender.error?.code).to.equal('message/no-client-events');
    expect(steps).to.deep.equal(['rejected']);
    await host.settled();
    expect(host.looks.at(-1)).to.equal('idle message/no-client-events');
    const next = host.sender.send('headline', {});
    expect(host.sender.error).to.equal(undefined);
    await next;
    expect(host.sender.error).to.equal(undefined);
  });

  it('sends where the message says, and to the host’s channel otherwise', async () => {
    const service = emulator();
    controller = startController(service);
    const host = await mount(SendHost, controller, 'news');
    await host.sender.send('headline', {}, { channel: 'sport' });
    await host.sender.send('headline', {});
    expect(service.driver.triggered.flatMap(({ channels }) => channels)).to.deep.equal(['sport', 'news']);
  });

  it('takes a message that a later one replaced for no error', async () => {
    controller = startController(emulator(), { user: ada });
    const host = await mount(SendHost, controller, channel);
    const fates = await Promise.all(
      [1, 2].map((n) => host.sender.send('client-move', n, { coalesce: 'cursor' })),
    );
    expect(fates.map(codeOf)).to.deep.equal(['message/superseded', undefined]);
    expect(host.sender.error).to.equal(undefined);
  });

  it('shows when something may be sent', async () => {
    const service = emulator();
    controller = startController(service, { user: ada });
    const receiver = startController(service, { user: bo });
    const heard = record(receiver, 'client-move');
    await join(receiver);
    const host = await mount(SendHost, controller, channel);
    expect(host.sender.canSend).to.equal(false);
    await join(controller);
    expect(host.sender.canSend).to.equal(true);
    expect([host.sender.remaining, host.sender.retryAfter]).to.deep.equal([10, 0]);
    await Promise.all(Array.from({ length: 10 }, (_, n) => host.sender.send('client-move', n)));
    expect([host.sender.canSend, host.sender.remaining]).to.deep.equal([false, 0]);
    const renders = host.renders;
    await until(controller, () => controller.canSend);
    await host.settled();
    expect(host.renders).to.be.greaterThan(renders);
    expect(heard).to.have.length(10);
  });

  it('fails with what to do as long as there is no provider', async () => {
    const host = await mount(SendHost, undefined, 'news');
    const fate = await host.sender.send('headline', {});
    expect(codeOf(fate)).to.equal('configuration/no-provider');
    expect(host.sender.error?.hint).to.match(/script tag/);
    expect([host.sender.canSend, host.sender.remaining, host.sender.retryAfter]).to.deep.equal([false, 0, 0]);
  });
});
