import { expect } from '@open-wc/testing';
import type { ContentUpdate } from '../../src/core/content.js';
import type { Fate } from '../../src/core/message.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { Typing } from '../../src/core/typing.js';
import { fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

const channel = 'private-user-1';
const envelope = (data: object) => ({
  id: 'e',
  type: 'content',
  timestamp: '2026-01-01T00:00:00Z',
  data,
});

/** What backends say of content, in each way that is read. */
const events: [event: string, data: object][] = [
  ['content.progress', { taskId: 'a', progress: 10 }],
  ['content.progress', envelope({ task_id: 'a', progress: '20', kind: 'quiz' })],
  ['content.generated', { taskId: 'b', contentType: 'quiz', title: 'Fractions', kind: 'quiz' }],
  ['content.failed', envelope({ taskId: 'a', error: 'No ink' })],
  ['content.failed', { taskId: 'a' }],
  ['content.progress', { progress: 1 }],
  ['content.failed', { taskId: 'last', error: 'No paper' }],
];

describe('a controller that is fixed in a state', () => {
  afterEach(endAll);

  for (const taskId of [undefined, 'a']) {
    it(`tells of ${taskId ? 'one task of' : ''} generated content what the real one does`, async () => {
      const emulator = startEmulator();
      const real = startController(emulator, { ...backendFor(emulator), token: tokenFor('1') });
      const fixed = fixedController({ identity: { state: 'authenticated', userId: '1' } });
      const [theirs, ours]: [ContentUpdate[], ContentUpdate[]] = [[], []];
      let last = false;
      real.onContent((update) => theirs.push(update), { taskId });
      real.onContent(
        () => {
          last = true;
        },
        { taskId: 'last' },
      );
      fixed.onContent((update) => ours.push(update), { taskId });
      await until(real, () => real.channels[0]?.status === 'subscribed');
      for (const [event, data] of events) {
        emulator.driver.trigger(channel, event, data);
        fixed.emit(channel, event, data);
      }
      await eventually(() => last);
      expect(theirs.length).to.be.above(1);
      expect(ours).to.deep.equal(theirs);
    });
  }

  it('follows the generated content of whoever is signed in, as the real one does', async () => {
    const emulator = startEmulator();
    const real = startController(emulator, { ...backendFor(emulator), timing: { releaseMs: 0 } });
    const fixed = fixedController();
    const held = (controller: RealtimeController) => controller.channels.map(({ name }) => name);
    const undos = [real, fixed].map((controller) => controller.onContent(() => {}));
    for (const userId of ['1', '2']) {
      real.identify(tokenFor(userId));
      fixed.set({ identity: { state: 'authenticated', userId } });
      await until(real, () => String(held(real)) === `private-user-${userId}`);
      expect(held(fixed)).to.deep.equal(held(real));
    }
    for (const undo of undos) undo();
    expect(held(fixed)).to.deep.equal([]);
  });

  it('tells of what was sent after the call, to all listeners and then to its sender, and never rejects', async () => {
    const emulator = startEmulator();
    const orders: string[][] = [];
    const errors: unknown[] = [];
    const onError = (event: ErrorEvent) => {
      errors.push(event.error);
      event.preventDefault();
    };
    // Mocha would take the report for a failure of the test.
    const mochaHandler = window.onerror;
    window.onerror = null;
    window.addEventListener('error', onError);
    for (const controller of [startController(emulator), fixedController()]) {
      const order: string[] = [];
      orders.push(order);
      const isEnd = ({ fate }: Fate) => fate === 'accepted';
      controller.onFate(({ fate }) => isEnd(fate) && order.push('listener'));
      const end = controller.send(
        'note',
        {},
        {
          channel: 'news',
          onFate: (fate) => {
            if (!isEnd(fate)) return;
            order.push('sender');
            throw new Error('no');
          },
        },
      );
      order.push('call');
      order.push((await end).fate);
    }
    window.removeEventListener('error', onError);
    window.onerror = mochaHandler;
    expect(orders[1]).to.deep.equal(orders[0]);
    expect(errors).to.have.length(2);
  });

  it('shows nobody to the other tabs of whoever types, as the real one does', () => {
    const controller = fixedController({
      members: { 'presence-class-1': [{ id: '1', isMe: true }, { id: '2' }] },
    });
    const typing = new Typing(controller, 'presence-class-1');
    for (const userId of ['1', '2']) {
      controller.emit('presence-class-1', 'client-typing', { user: userId, typing: true }, { userId });
    }
    expect(typing.typists.map(({ id }) => id)).to.deep.equal(['2']);
    typing.dispose();
  });

  it('answers in the moment of a change what is true from then on, and keeps no history of the last user', () => {
    const controller = fixedController({ members: { 'presence-class-1': [{ id: '1' }] } });
    const seen: unknown[] = [];
    controller.getSnapshot();
    controller
      .presence('presence-class-1')
      .changes.subscribe(() => seen.push(controller.getSnapshot().status === controller.status));
    controller.emit('news', 'note', {});
    controller.set({ status: 'offline', identity: { state: 'authenticated', userId: '2' } });
    expect(seen).to.deep.equal([true]);
    expect(controller.history.query()).to.deep.equal([]);
  });

  it('keeps what was called, in order', () => {
    const controller = fixedController();
    controller.retry();
    controller.disconnect();
    controller.retry();
    expect(controller.calls).to.deep.equal(['retry', 'disconnect', 'retry']);
  });
});
