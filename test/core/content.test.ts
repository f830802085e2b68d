import { expect } from '@open-wc/testing';
import type { RealtimeConfig } from '../../src/core/config.js';
import type { ContentUpdate } from '../../src/core/content.js';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor, userIn } from '../helpers/users.js';

const endpoint = 'https://backend.invalid/content/generate';

describe('generated content', () => {
  let emulator: PageEmulator;
  let requests: { user: string | undefined; body: Record<string, unknown> }[];
  let answer: () => Response | Promise<Response>;
  let reported: string[];
  const onError = (event: Event) => reported.push((event as RealtimeErrorEvent).error.code);

  /** A page whose server generates content. */
  const start = (config: RealtimeConfig = {}): RealtimeController => {
    const backend = backendFor(emulator);
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (String(input) !== endpoint) return (backend.fetch as typeof globalThis.fetch)(input, init);
      requests.push({ user: userIn(new Headers(init?.headers)), body: JSON.parse(String(init?.body)) });
      return answer();
    };
    return startController(emulator, {
      ...backend,
      fetch,
      contentEndpoint: endpoint,
      token: tokenFor('1'),
      ...config,
    });
  };
  const tell = (event: string, data: unknown, user = '1') =>
    emulator.driver.trigger(`private-user-${user}`, event, data);

  beforeEach(() => {
    emulator = startEmulator();
    requests = [];
    reported = [];
    answer = () => Response.json({ task_id: 't1', status: 'processing' }, { status: 202 });
    document.addEventListener('realtime-error', onError);
  });
  afterEach(() => {
    document.removeEventListener('realtime-error', onError);
    endAll();
  });

  it('is asked for by one call, which answers the task', async () => {
    const task = await start().requestContent({ type: 'quiz', subject: 'Fractions', topic: 'Halves' });
    const requestId = String(requests[0]?.body.requestId);
    expect(requestId).to.match(/^[0-9a-f]{32}$/);
    expect(requests).to.deep.equal([
      { user: '1', body: { requestId, type: 'quiz', subject: 'Fractions', topic: 'Halves' } },
    ]);
    expect(task).to.deep.equal({ requestId, taskId: 't1', status: 'processing' });
  });

  it('is heard of on the user’s own channel, on the way and at the end, by one listener', async () => {
    const controller = start();
    const updates: ContentUpdate[] = [];
    const undo = controller.onContent((update) => updates.push(update));
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    expect(controller.channels[0]?.name).to.equal('private-user-1');
    tell('content.progress', { taskId: 't1', progress: 40, message: 'Writing' });
    tell('content.generated', {
      task_id: 't1',
      content_type: 'quiz',
      title: 'Fractions',
      download_url: '/1',
    });
    tell('content.failed', { taskId: 't2', error: 'No ink' });
    await eventually(() => updates.length === 3);
    expect(updates.map(({ kind, taskId }) => `${kind} ${taskId}`)).to.deep.equal([
      'progress t1',
      'generated t1',
      'failed t2',
    ]);
    expect(updates[0]).to.include({ progress: 40, status: 'running' });
    expect(updates[1]).to.include({ contentType: 'quiz', downloadUrl: '/1' });
    undo();
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('is heard of one task alone, on a channel of the page’s choice, until the signal', async () => {
    const controller = start();
    const abort = new AbortController();
    const updates: string[] = [];
    const options = { channel: 'news', taskId: 't1', signal: abort.signal };
    controller.onContent(({ taskId }) => updates.push(taskId), options);
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    for (const taskId of ['t2', 't1']) emulator.driver.trigger('news', 'content.progress', { taskId });
    await eventually(() => updates.length > 0);
    expect(updates).to.deep.equal(['t1']);
    abort.abort();
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('follows whoever is signed in', async () => {
    const controller = start({ token: undefined });
    const updates: string[] = [];
    controller.onContent(({ taskId }) => updates.push(taskId));
    controller.identify(() => tokenFor('1'));
    const isOn = (name: string) => () =>
      controller.channels.some((state) => state.name === name && state.status === 'subscribed');
    await until(controller, isOn('private-user-1'));
    controller.identify(tokenFor('2'));
    await until(controller, isOn('private-user-2'));
    tell('content.progress', { taskId: 'of-1' }, '1');
    tell('content.progress', { taskId: 'of-2' }, '2');
    await eventually(() => updates.length > 0);
    expect(updates).to.deep.equal(['of-2']);
    controller.identify(null);
    await eventually(() => controller.listeners().length === 0);
  });

  it('is followed no further by somebody who stops in the moment when the user changes', async () => {
    const controller = start();
    const undo = controller.onContent(() => {});
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    const undoWatch = controller.subscribe(() => {
      undoWatch();
      undo();
    });
    controller.identify(tokenFor('2'));
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('skips a payload that is wrong, and reports it once, however many listen', async () => {
    const controller = start();
    const updates: string[] = [];
    controller.onContent(() => {});
    controller.onContent(({ taskId }) => updates.push(taskId));
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    tell('content.progress', { progress: 40 });
    tell('content.progress', { taskId: 't1' });
    await eventually(() => updates.length === 1);
    expect(reported).to.deep.equal(['message/wrong-payload']);
  });

  it('says why there is no task, and never rejects', async () => {
    const cases: [answer: () => Response | Promise<Response>, code: string][] = [
      [() => new Response('{}', { status: 403 }), 'auth/forbidden'],
      [() => Response.json({ status: 'processing' }), 'message/unreadable-answer'],
      [() => Promise.reject(new TypeError('Failed to fetch')), 'auth/unreachable'],
    ];
    for (const [given, code] of cases) {
      answer = given;
      const task = await start().requestContent({ requestId: 'r1', type: 'quiz', subject: 'Fractions' });
      expect([task.requestId, task.status, task.error?.code]).to.deep.equal(['r1', 'failed', code]);
    }
    expect(reported).to.deep.equal(cases.map(([, code]) => code));
    const token = () => {
      throw new Error('logged out');
    };
    const task = await start({ scope: 'x', token }).requestContent({ type: 'quiz', subject: 'Fractions' });
    expect(task.error?.code).to.equal('auth/token-failed');
    const off = await start({ enabled: false }).requestContent({ type: 'quiz', subject: 'Fractions' });
    expect(off.error?.code).to.equal('configuration/disabled');
    expect(reported).to.not.include('configuration/disabled');
    expect(requests).to.have.length(3);
  });
});
