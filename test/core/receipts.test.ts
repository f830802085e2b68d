import { expect } from '@open-wc/testing';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually, join, record } from '../helpers/meeting.js';
import { tokenFor } from '../helpers/users.js';

describe('a message with an id', () => {
  afterEach(endAll);

  it('is heard once by a user, and once by the next', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { token: tokenFor('1') });
    const heard = record(controller, 'line', 'news');
    const lasts = record(controller, 'last', 'news');
    await join(controller, 'news');
    const envelope = { id: 'a', type: 'line', timestamp: '2026-01-01T00:00:00Z', data: {} };
    const repeat = async () => {
      emulator.driver.trigger('news', 'line', envelope);
      const before = lasts.length;
      emulator.driver.trigger('news', 'last', {});
      await eventually(() => lasts.length > before);
    };
    await repeat();
    await repeat();
    expect(heard).to.have.length(1);
    controller.identify(tokenFor('2'));
    await until(controller, () => controller.status === 'connected');
    await repeat();
    await repeat();
    expect(heard).to.have.length(2);
  });
});
