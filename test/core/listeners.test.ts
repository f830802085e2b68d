import { expect } from '@open-wc/testing';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import { History } from '../../src/core/history.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';

describe('listeners', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;
  let heard: string[];

  const report = ({ error }: RealtimeErrorEvent) => `${error.code} ${error.message}`;

  /** Triggers events and resolves when the last has been dispatched. */
  const trigger = async (...events: [channel: string, event: string, data?: unknown][]) => {
    const arrived = new Promise<void>((resolve) => {
      const undo = controller.listen({
        channel: 'news',
        event: 'end-of-test-step',
        callback: () => {
          undo();
          resolve();
        },
      });
    });
    for (const [channel, event, data] of events) emulator.driver.trigger(channel, event, data ?? {});
    emulator.driver.trigger('news', 'end-of-test-step', {});
    await arrived;
  };

  beforeEach(async () => {
    heard = [];
    emulator = startEmulator();
    controller = startController(emulator);
    controller.hold('news');
    controller.hold('sport');
    await until(
      controller,
      () =>
        controller.channels.length === 2 &&
        controller.channels.every(({ status }) => status === 'subscribed'),
    );
  });
  afterEach(endAll);

  it('hear their event on their channel, with its payload and time', async () => {
    const before = Date.now();
    controller.listen({
      channel: 'news',
      event: 'headline',
      callback: ({ channel, event, data, receivedAt }) => {
        heard.push(`${channel} ${event} ${JSON.stringify(data)} ${receivedAt >= before}`);
      },
    });
    await trigger(['news', 'headline', { text: 'hello' }], ['sport', 'headline', {}], ['news', 'other', {}]);
    expect(heard).to.deep.equal(['news headline {"text":"hello"} true']);
  });

  it('run by priority, then in the order of adding', async () => {
    for (const [name, priority] of [
      ['a', 0],
      ['b', 5],
      ['c', 0],
      ['d', 10],
    ] as const) {
      controller.listen({ channel: 'news', event: 'headline', priority, callback: () => heard.push(name) });
    }
    controller.listen({
      channel: '*',
      event: '*',
      priority: 7,
      callback: ({ event }) => event === 'headline' && heard.push('wild'),
    });
    await trigger(['news', 'headline']);
    expect(heard).to.deep.equal(['d', 'wild', 'b', 'a', 'c']);
  });

  it('are isolated: one that throws or rejects stops nobody and is reported with id, channel and event', async () => {
    const reports: string[] = [];
    const onError = (event: Event) => reports.push(report(event as RealtimeErrorEvent));
    document.addEventListener('realtime-error', onError);
    controller.listen({
      id: 'thrower',
      channel: 'news',
      event: 'headline',
      callback: () => {
        throw new Error('no');
      },
    });
    controller.listen({
      id: 'rejecter',
      channel: 'news',
      event: 'headline',
      callback: () => Promise.reject(new Error('no')),
    });
    controller.listen({ channel: 'news', event: 'headline', callback: () => heard.push('ran') });
    await trigger(['news', 'headline']);
    await Promise.resolve();
    document.removeEventListener('realtime-error', onError);
    expect(heard).to.deep.equal(['ran']);
    expect(reports).to.deep.equal([
      'message/listener-failed The listener thrower of headline on news failed.',
      'message/listener-failed The listener rejecter of headline on news failed.',
    ]);
  });

  it('with once run once, with a filter only where it agrees, and stop on abort', async () => {
    const abort = new AbortController();
    controller.listen({ channel: 'news', event: 'n', once: true, callback: () => heard.push('once') });
    controller.listen<string>({
      channel: 'news',
      event: 'n',
      filter: ({ data }) => (data as { n: number }).n > 1,
      callback: () => heard.push('filtered'),
    });
    controller.listen({
      channel: 'news',
      event: 'n',
      signal: abort.signal,
      callback: () => heard.push('signal'),
    });
    await trigger(['news', 'n', { n: 1 }]);
    abort.abort();
    await trigger(['news', 'n', { n: 2 }]);
    expect(heard).to.deep.equal(['once', 'signal', 'filtered']);
  });

  it('leave nothing on their signal, however they go: after once, replaced, by id, or by their undo', async () => {
    const { signal } = new AbortController();
    let standing = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: unknown[]) => {
      standing += 1;
      addEventListener.apply(signal, args as Parameters<typeof addEventListener>);
    };
    signal.removeEventListener = (...args: unknown[]) => {
      standing -= 1;
      removeEventListener.apply(signal, args as Parameters<typeof removeEventListener>);
    };
    const listen = (options: { id?: string; once?: boolean }) =>
      controller.listen({ ...options, channel: 'news', event: 'n', signal, callback: () => {} });
    listen({ once: true });
    listen({ id: 'named' });
    listen({ id: 'named' });
    const undo = listen({});
    expect(standing).to.equal(3);
    await trigger(['news', 'n']);
    expect(standing).to.equal(2);
    controller.unlisten({ id: 'named' });
    expect(standing).to.equal(1);
    undo();
    expect(standing).to.equal(0);
  });

  it('added or removed during a dispatch count from the next', async () => {
    const late = () =>
      controller.listen({ id: 'late', channel: 'news', event: 'n', callback: () => heard.push('late') });
    const undoSecond: { call: () => void } = { call: () => {} };
    controller.listen({
      channel: 'news',
      event: 'n',
      once: true,
      callback: () => {
        heard.push('first');
        late();
        undoSecond.call();
      },
    });
    undoSecond.call = controller.listen({
      channel: 'news',
      event: 'n',
      callback: () => heard.push('second'),
    });
    await trigger(['news', 'n']);
    expect(heard).to.deep.equal(['first', 'second']);
    await trigger(['news', 'n']);
    expect(heard).to.deep.equal(['first', 'second', 'late']);
  });

  it('with the same id on the same channel and event replace; one id may stand on several and goes with all', async () => {
    controller.listen({ id: 'mine', channel: 'news', event: 'n', callback: () => heard.push('old') });
    controller.listen({ id: 'mine', channel: 'news', event: 'n', callback: () => heard.push('new') });
    controller.listen({ id: 'mine', channel: 'sport', event: 'n', callback: () => heard.push('sport') });
    await trigger(['news', 'n'], ['sport', 'n']);
    expect(heard).to.deep.equal(['new', 'sport']);
    expect(controller.unlisten({ id: 'mine' })).to.equal(2);
    await trigger(['news', 'n']);
    expect(heard).to.deep.equal(['new', 'sport']);
  });

  it('hold their channel, and let it go with the last', async () => {
    const undo = controller.listen({ channel: 'weather', event: 'n', callback: () => {} });
    await until(controller, () =>
      controller.channels.some(({ name, status }) => name === 'weather' && status === 'subscribed'),
    );
    undo();
    expect(controller.channels.find(({ name }) => name === 'weather')?.holders).to.equal(0);
  });

  it('with wildcards never hear the protocol’s own events', async () => {
    controller.listen({ channel: '*', event: '*', callback: ({ event }) => heard.push(event) });
    controller.hold('late');
    await until(controller, () =>
      controller.channels.some(({ name, status }) => name === 'late' && status === 'subscribed'),
    );
    expect(heard.filter((event) => event.startsWith('pusher_internal:'))).to.deep.equal([]);
  });

  it('leave a bounded, queryable history', async () => {
    await trigger(['news', 'a', { n: 1 }], ['sport', 'a', { n: 2 }], ['news', 'b', { n: 3 }]);
    expect(controller.history.query({ channel: 'news', event: 'a' }).map(({ data }) => data)).to.deep.equal([
      { n: 1 },
    ]);
    expect(controller.history.query({ last: 2 }).map(({ event }) => event)).to.deep.equal([
      'b',
      'end-of-test-step',
    ]);
    await trigger(
      ...Array.from({ length: 150 }, (_, n): [string, string, unknown] => ['news', 'many', { n }]),
    );
    expect(controller.history.query()).to.have.length(100);
    controller.history.clear();
    expect(controller.history.query()).to.deep.equal([]);
  });

  for (const [historySize, kept] of [
    [2, 2],
    ['2', 2],
    [1.5, 1],
    [0, 0],
    ['0', 0],
    [0.4, 0],
    [-1, 0],
    [Number.NaN, 0],
    ['many', 0],
  ] as const)
    it(`leave a history of ${kept} events where its size is ${typeof historySize} ${historySize}`, () => {
      const history = new History(historySize as number);
      for (let n = 0; n < 300; n += 1) history.add({ channel: 'news', event: 'n', data: n, receivedAt: n });
      expect(history.query()).to.have.length(kept);
    });
});
