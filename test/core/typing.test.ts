import { expect } from '@open-wc/testing';
import type { Clock } from '@sinonjs/fake-timers';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { Typing } from '../../src/core/typing.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { ada, bo, channel } from '../helpers/meeting.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

describe('typing', () => {
  let time: Clock;
  let emulator: PageEmulator;
  let adas: RealtimeController;
  let bos: RealtimeController;
  /** Ada watches, Bo types. */
  let watched: Typing;
  let typed: Typing;

  const names = () => watched.typists.map(({ name }) => name);
  const frames = () => emulator.driver.received.filter(({ event }) => event === 'client-typing');
  const words = () => frames().map(({ data }) => (data as { typing: boolean }).typing);
  /** Types a key every tenth of a second. */
  const typeFor = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      typed.input();
      await time.tickAsync(100);
    }
  };

  beforeEach(async () => {
    time = stopTime();
    emulator = startEmulator();
    adas = startController(emulator, { user: ada });
    bos = startController(emulator, { user: bo });
    watched = new Typing(adas, channel);
    typed = new Typing(bos, channel);
    await passUntil(time, () => adas.presence(channel).count === 2 && bos.presence(channel).count === 2);
  });
  afterEach(() => {
    watched.dispose();
    typed.dispose();
    endAll();
    time.uninstall();
  });

  it('shows the others by the name that the channel knows, and not the writer to themselves', async () => {
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    expect(watched.typists).to.deep.equal([{ id: '2', name: 'Bo' }]);
    expect(typed.typists).to.deep.equal([]);
  });

  it('says so at most once in two seconds, however fast somebody types', async () => {
    await typeFor(10_000);
    const times = frames().map(({ at }) => at);
    expect(times.length).to.be.within(4, 6);
    for (const [index, at] of times.slice(1).entries())
      expect(at - (times[index] ?? 0)).to.be.at.least(2_000);
    expect(names()).to.deep.equal(['Bo']);
  });

  it('shows nobody five seconds after they stopped', async () => {
    await typeFor(1_000);
    await time.tickAsync(3_000);
    expect(names()).to.deep.equal(['Bo']);
    await time.tickAsync(2_000);
    expect(names()).to.deep.equal([]);
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
  });

  it('takes it back when the field is left, and within the rate', async () => {
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    typed.stop();
    typed.stop();
    await passUntil(time, () => names().length === 0, 2_100);
    expect(words()).to.deep.equal([true, false]);
    expect((frames()[1]?.at ?? 0) - (frames()[0]?.at ?? 0)).to.be.at.least(2_000);
  });

  it('takes it back when the field goes, within the rate, and holds the channel no longer than that', async () => {
    bos.hold(channel);
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    typed.dispose();
    typed.dispose();
    await passUntil(time, () => names().length === 0, 2_100);
    expect(words()).to.deep.equal([true, false]);
    expect((frames()[1]?.at ?? 0) - (frames()[0]?.at ?? 0)).to.be.at.least(2_000);
    await passUntil(time, () => bos.channels[0]?.holders === 1, 1_000);
    const other = new Typing(bos, channel);
    other.dispose();
    expect(bos.channels[0]?.holders).to.equal(1);
  });

  it('is not kept quiet for an hour when the clock is set back by one', async () => {
    time.setSystemTime(3_600_000);
    await typeFor(1_000);
    time.setSystemTime(time.now - 3_600_000);
    await typeFor(5_000);
    expect(words().length).to.be.within(2, 4);
  });

  it('does not take back what is true again', async () => {
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    typed.stop();
    typed.input();
    await time.tickAsync(3_000);
    expect(words()).to.deep.equal([true]);
    expect(names()).to.deep.equal(['Bo']);
  });

  it('says nothing when there is nothing to take back', async () => {
    typed.stop();
    await time.tickAsync(5_000);
    expect(frames()).to.deep.equal([]);
  });

  it('ends with the message, whichever way that comes', async () => {
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    void bos.send('client-message', { text: 'Hi' }, { channel });
    await passUntil(time, () => names().length === 0, 1_000);
    await time.tickAsync(3_000);
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    const envelope = { id: 'm1', type: 'chat', timestamp: '', sender: '2', data: {} };
    void bos.send('message', envelope, { channel });
    await passUntil(time, () => names().length === 0, 1_000);
  });

  it('ends when the writer goes', async () => {
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    bos.disconnect();
    await passUntil(time, () => names().length === 0, 1_000);
  });

  it('believes the service about who types, never the payload, and nothing that is no typing', async () => {
    const say = (data: unknown) => void bos.send<string>('client-typing', data, { channel });
    say('nonsense');
    say({ user: '1' });
    say({ user: '1', typing: 'yes' });
    say({ user: '1', typing: true });
    await passUntil(time, () => watched.typists.length > 0, 1_000);
    expect(watched.typists).to.deep.equal([{ id: '2', name: 'Bo' }]);
  });

  it('knows only that somebody types where the service names no authors', async () => {
    const [reader, writer] = [new Typing(adas, 'private-chat'), new Typing(bos, 'private-chat')];
    await passUntil(time, () => emulator.driver.subscriptions().get('private-chat')?.length === 2);
    writer.input();
    await passUntil(time, () => reader.typists.length > 0, 1_000);
    expect(reader.typists).to.deep.equal([{ id: undefined, name: undefined }]);
    reader.dispose();
    writer.dispose();
  });

  it('leaves the channel and no timer when it is disposed of', async () => {
    typed.input();
    await passUntil(time, () => names().length === 1, 1_000);
    watched.dispose();
    typed.dispose();
    await passUntil(time, () => emulator.driver.connections().length === 0, 10_000);
    expect(adas.listeners()).to.deep.equal([]);
    expect(time.countTimers()).to.equal(0);
  });

  it('shows nobody to the other tabs of whoever writes', async () => {
    const tab = startController(emulator, { user: bo });
    const seen = new Typing(tab, channel);
    let told = 0;
    seen.changes.subscribe(() => {
      told += 1;
    });
    await passUntil(time, () => tab.presence(channel).count === 2);
    typed.input();
    await passUntil(time, () => told === 1 && names().length === 1, 1_000);
    expect(seen.typists).to.deep.equal([]);
    seen.dispose();
  });
});
