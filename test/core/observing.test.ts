/** What a developer can see of a running kit: statistics, analytics, the debug log. */
import { expect, waitUntil } from '@open-wc/testing';
import type { AnalyticsEntry } from '../../src/core/config.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { tokenFor } from '../helpers/users.js';

async function receive(emulator: PageEmulator, controller: RealtimeController, count: number): Promise<void> {
  controller.hold('news');
  await until(controller, () =>
    controller.channels.some(({ name, status }) => name === 'news' && status === 'subscribed'),
  );
  const arrived = new Promise<void>((resolve) => {
    let heard = 0;
    controller.listen({
      channel: 'news',
      event: 'headline',
      callback: () => {
        heard += 1;
        if (heard === count) resolve();
      },
    });
  });
  for (let n = 0; n < count; n += 1) emulator.driver.trigger('news', 'headline', { n });
  await arrived;
}

describe('statistics', () => {
  afterEach(endAll);

  it('count messages, connections and time, and events per second by channel', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { backoffBaseMs: 5 } });
    await receive(emulator, controller, 20);
    expect(controller.stats.messagesReceived).to.equal(20);
    expect(controller.stats.eventsPerSecond).to.deep.equal({ news: 2 });
    expect(controller.stats.reconnections).to.equal(0);
    expect(controller.stats.connectedAt).to.be.within(Date.now() - 5000, Date.now());
    expect(controller.stats.lastActivityAt).to.be.within(Date.now() - 5000, Date.now());
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    expect(controller.stats.connectedAt).to.equal(undefined);
    await until(controller, () => controller.status === 'connected');
    expect(controller.stats.reconnections).to.equal(1);
  });

  it('know of a connection when the status says that there is one', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { backoffBaseMs: 5 } });
    const told: [string, number, boolean][] = [];
    controller.subscribe(() => {
      const { reconnections, connectedAt } = controller.stats;
      const last = [controller.status, reconnections, connectedAt !== undefined] as const;
      if (told.at(-1)?.join() !== last.join()) told.push([...last]);
    });
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    await until(controller, () => controller.status === 'connected');
    expect(told).to.deep.equal([
      ['connecting', 0, false],
      ['connected', 0, true],
      ['reconnecting', 0, false],
      ['connected', 1, true],
    ]);
  });

  it('keep the last twenty latencies, with their mean and jitter', async () => {
    const controller = startController(startEmulator());
    controller.connect();
    await until(controller, () => controller.status === 'connected');
    for (let n = 1; n <= 22; n += 1) {
      const before = controller.stats.latency.samples;
      controller.measureLatency();
      await until(controller, () => controller.stats.latency.samples !== before);
    }
    const { samples, mean, jitter, last } = controller.stats.latency;
    expect(samples).to.have.length(20);
    expect(last).to.equal(samples.at(-1));
    expect(mean).to.be.closeTo(samples.reduce((sum, sample) => sum + sample, 0) / 20, 1e-9);
    expect(jitter).to.be.at.least(0);
  });
});

describe('analytics', () => {
  afterEach(endAll);

  it('hear of each event after all listeners, without its payload', async () => {
    const emulator = startEmulator();
    const order: string[] = [];
    const entries: AnalyticsEntry[] = [];
    const controller = startController(emulator, {
      analytics: (entry) => {
        order.push('analytics');
        entries.push(entry);
      },
    });
    controller.listen({
      channel: 'news',
      event: 'headline',
      priority: -1,
      callback: () => order.push('listener'),
    });
    await receive(emulator, controller, 2);
    expect(order.slice(0, 2)).to.deep.equal(['listener', 'analytics']);
    const [entry] = entries;
    expect(Object.keys(entry ?? {}).sort()).to.deep.equal(['channel', 'event', 'sessionId', 'timestamp']);
    expect(entry?.channel).to.equal('news');
    expect(entry?.event).to.equal('headline');
    expect(entry?.sessionId).to.match(/^[0-9a-f]{32}$/);
  });

  it('get payloads where the page asks for them', async () => {
    const emulator = startEmulator();
    const entries: AnalyticsEntry[] = [];
    const controller = startController(emulator, {
      analytics: (entry) => entries.push(entry),
      analyticsPayload: true,
    });
    await receive(emulator, controller, 2);
    expect(entries[0]?.data).to.deep.equal({ n: 0 });
  });

  it('that throw stop nobody', async () => {
    const emulator = startEmulator();
    const failures: unknown[] = [];
    const onError = (event: ErrorEvent) => {
      failures.push(event.error);
      event.preventDefault();
    };
    // Mocha would take the report for a failure of the test.
    const mochaHandler = window.onerror;
    window.onerror = null;
    window.addEventListener('error', onError);
    const controller = startController(emulator, {
      analytics: () => {
        throw new Error('no');
      },
    });
    await receive(emulator, controller, 2);
    window.removeEventListener('error', onError);
    window.onerror = mochaHandler;
    expect(failures).to.have.length.greaterThan(0);
  });
});

describe('the debug log', () => {
  const { debug } = console;
  let lines: string[];

  beforeEach(() => {
    lines = [];
    console.debug = (...parts) => lines.push(parts.join(' '));
  });
  afterEach(() => {
    console.debug = debug;
    endAll();
  });

  it('tells states and events with their timing, and never a token or a signature', async () => {
    const emulator = startEmulator();
    const token = tokenFor('1');
    const controller = startController(emulator, { debug: true, token, user: { id: '1' } });
    // The log's code is loaded on demand.
    await waitUntil(() => lines.length > 0);
    controller.hold('private-user-1');
    await until(controller, () => controller.channels[0]?.status === 'subscribed');
    await receive(emulator, controller, 1);
    const all = lines.join('\n');
    expect(all).to.match(/\+\d+ ms status connected/);
    expect(all).to.match(/channel private-user-1 subscribed, held by 1/);
    expect(all).to.match(/event news headline 1 listeners, \d+ ms/);
    expect(all).not.to.contain(token);
    expect(all).not.to.match(/[0-9a-f]{64}/);
  });

  it('is off unless it is asked for', async () => {
    const emulator = startEmulator();
    await receive(emulator, startController(emulator), 1);
    expect(lines).to.deep.equal([]);
  });

  it('warns of more than a hundred listeners that one event reaches, and of no fewer', async () => {
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (...parts) => warnings.push(parts.join(' '));
    try {
      const emulator = startEmulator();
      const controller = startController(emulator, { debug: true });
      await waitUntil(() => lines.length > 0);
      const listen = () => controller.listen({ channel: 'news', event: 'headline', callback: () => {} });
      for (let count = 0; count < 99; count += 1) listen();
      await receive(emulator, controller, 1);
      expect(warnings).to.deep.equal([]);
      listen();
      await receive(emulator, controller, 1);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.contain('102 listeners of headline on news');
    } finally {
      console.warn = warn;
    }
  });
});
