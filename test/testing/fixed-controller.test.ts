import { expect } from '@open-wc/testing';
import type { ContentUpdate } from '../../src/core/content.js';
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

  it('keeps what was called, in order', () => {
    const controller = fixedController();
    controller.retry();
    controller.disconnect();
    controller.retry();
    expect(controller.calls).to.deep.equal(['retry', 'disconnect', 'retry']);
  });
});
