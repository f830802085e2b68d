/** Parts of the kit are loaded at their first use: what happens between the call and their coming. */
import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { eventually, join, record } from '../helpers/meeting.js';
import { backendFor, tokenFor, userIn } from '../helpers/users.js';
import { stopTime } from '../helpers/virtual-time.js';

describe('code that comes late', () => {
  let emulator: PageEmulator;
  let world: CountingEnvironment;
  let controller: RealtimeController;
  let asked: string[];
  beforeEach(() => {
    emulator = startEmulator();
    world = new CountingEnvironment();
    asked = [];
    const backend = backendFor(emulator, [{ id: '1' }, { id: '2' }, { id: '3' }]);
    controller = startController(emulator, {
      ...backend,
      token: tokenFor('1'),
      environment: world,
      fetch: (input, init) => {
        asked.push(`${new URL(String(input)).pathname} by ${userIn(new Headers(init?.headers))}`);
        return (backend.fetch as typeof fetch)(input, init);
      },
    });
  });
  afterEach(endAll);

  it('does not let what one user said of themselves hold for the next', async () => {
    controller.setPresence({ busy: true, activity: 'in lesson 3' });
    controller.identify(tokenFor('2'));
    controller.setPresence({ busy: true });
    await eventually(() => controller.ownPresence.status === 'busy');
    expect(controller.ownPresence.activity).to.equal(undefined);
  });

  it('tells nobody as the next user what the last one said of themselves', async () => {
    const observer = startController(emulator, { user: { id: '3' } });
    const heard = record(observer, 'client-presence');
    await join(observer);
    await join(controller);
    const time = stopTime();
    try {
      controller.setPresence({ activity: 'in lesson 3' });
      await eventually(() => controller.ownPresence.activity !== undefined);
      time.tick(1_000);
      controller.identify(tokenFor('2'));
      await time.tickAsync(10_000);
    } finally {
      time.uninstall();
    }
    expect(
      heard.map(({ data, userId }) => [userId, (data as { activity?: string }).activity]),
    ).not.to.deep.include(['2', 'in lesson 3']);
  });

  it('asks for no content in the name of the next user', async () => {
    const task = controller.requestContent({ type: 'quiz', subject: 'Fractions' });
    controller.identify(tokenFor('2'));
    expect((await task).error?.code).to.equal('auth/user-changed');
    expect(asked).to.deep.equal([]);
  });

  it('opens no connection for content that nobody waits for any more', async () => {
    const abort = new AbortController();
    controller.onContent(() => {}, { signal: abort.signal });
    abort.abort();
    // What is asked later is answered later.
    await controller.requestContent({ type: 'quiz', subject: 'Fractions' });
    expect(controller.status).to.equal('idle');
    expect(world.timers).to.equal(0);
  });

  it('opens no connection for a hold whose signal has aborted before', () => {
    controller.hold('news', AbortSignal.abort())();
    expect(controller.status).to.equal('idle');
    expect(controller.channels).to.deep.equal([]);
  });
});
