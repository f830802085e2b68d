import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import {
  MemoryStore,
  type MetricsReport,
  type RealtimeServer,
  type RealtimeServerOptions,
} from '../../src/server/index.js';
import { bearer, errorCode, json, makeServer, RecordingEngine } from './fixtures.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const start = Date.UTC(2026, 0, 31, 12, 34, 56);

/** A server whose clock stands where the test sets it, and where everybody reads metrics. */
function counting(options: Partial<RealtimeServerOptions> = {}) {
  const time = { now: start };
  const server = makeServer({
    clock: () => time.now,
    jwt: undefined,
    identify: (request) => ({ id: request.headers.get('x-user') ?? '1' }),
    canReadMetrics: () => true,
    ...options,
  });
  const read = async (query = '') => {
    const response = await server.app.request(`/realtime/metrics${query}`);
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as MetricsReport;
  };
  return { time, server, read, track: server.metrics.track };
}

describe('metrics', () => {
  test('count events and the different people who sent them, the most frequent first', async () => {
    const { track, read } = counting();
    for (const user of ['1', '2', '1']) await track('notification', user);
    await track('progress.updated');
    await track('agent.status', '1');
    assert.deepEqual(await read('?range=15m'), {
      from: '2026-01-31T12:19:00.000Z',
      to: '2026-01-31T12:34:56.000Z',
      events: [
        { event: 'notification', count: 3, uniqueUsers: 2 },
        { event: 'agent.status', count: 1, uniqueUsers: 1 },
        { event: 'progress.updated', count: 1, uniqueUsers: 0 },
      ],
    });
  });

  test('a person is counted once in a range, however many hours it spans', async () => {
    const { time, track, read } = counting();
    for (let hour = 0; hour < 6; hour += 1) {
      time.now = start + hour * hourMs;
      await track('notification', '1');
      await track('notification', `only ${hour}`);
    }
    assert.deepEqual((await read('?range=24h')).events, [
      { event: 'notification', count: 12, uniqueUsers: 7 },
    ]);
  });

  for (const [range, ms, unit, unitMs] of [
    ['15m', 15 * minuteMs, 'minute', minuteMs],
    ['1h', hourMs, 'minute', minuteMs],
    ['24h', 24 * hourMs, 'hour', hourMs],
    ['7d', 7 * 24 * hourMs, 'hour', hourMs],
  ] as const) {
    test(`${range} reaches back to its ${unit} and no further`, async () => {
      const { time, track, read } = counting();
      await track('notification', '1');
      const lastOfUnit = start - (start % unitMs) + unitMs - 1;
      for (const now of [start + ms, lastOfUnit + ms]) {
        time.now = now;
        const report = await read(`?range=${range}`);
        assert.equal(report.events[0]?.count, 1);
        assert.equal(Date.parse(report.from), start - (start % unitMs));
      }
      time.now = lastOfUnit + ms + 1;
      assert.deepEqual((await read(`?range=${range}`)).events, []);
    });
  }

  for (const [range, hours, people] of [
    ['24h', 24, 14],
    ['7d', 7 * 24, 1],
  ] as const) {
    test(`${range} of ten kinds of events a minute fit whole into the store of a single instance`, async () => {
      const { time, server, track } = counting();
      let sent = 0;
      for (let minute = 1; minute < hours * 60; minute += 1) {
        for (let index = 0; index < 10 * people; index += 1) {
          await track(`event-${index % 10}`, `user-${index}`);
          sent += 1;
        }
        time.now += minuteMs;
      }
      const { events } = await server.metrics.query({ range });
      const counts = events.map(({ count, uniqueUsers }) => [count, uniqueUsers]);
      assert.deepEqual(counts, Array(10).fill([sent / 10, people]));
    });
  }

  test('an hour is what is answered without a range', async () => {
    const { read } = counting();
    assert.equal((await read()).from, '2026-01-31T11:34:00.000Z');
  });

  describe('with a time from and to', () => {
    /** An event of a person of its own in each minute from 08:00 until now. */
    async function everyMinute() {
      const { time, track, read } = counting();
      for (time.now = Date.UTC(2026, 0, 31, 8); time.now <= start; time.now += minuteMs) {
        await track('notification', String(time.now));
      }
      time.now = start;
      return read;
    }
    const at = (clock: string) => `2026-01-31T${clock}Z`;

    test('are true to the minute within the last hour', async () => {
      const read = await everyMinute();
      assert.deepEqual(await read(`?from=${at('11:35:10')}&to=${at('12:15:30')}`), {
        from: '2026-01-31T11:35:00.000Z',
        to: '2026-01-31T12:15:30.000Z',
        events: [{ event: 'notification', count: 41, uniqueUsers: 41 }],
      });
      assert.equal((await read(`?from=${at('12:30:00')}`)).events[0]!.count, 5);
    });

    test('are rounded out to whole hours before that, and say so', async () => {
      const read = await everyMinute();
      for (const [from, to, [countedFrom, countedTo, count]] of [
        ['08:30:00', '09:15:30', ['08:00:00', '10:00:00', 120]],
        ['08:30:00', '10:00:00', ['08:00:00', '10:00:00', 120]],
        ['08:30:00', '12:15:30', ['08:00:00', '12:15:30', 256]],
        ['11:34:00', '11:40:00', ['11:00:00', '11:40:00', 41]],
        ['11:34:00', '11:34:30', ['11:00:00', '12:00:00', 60]],
      ] as const) {
        assert.deepEqual(await read(`?from=${at(from)}&to=${at(to)}`), {
          from: new Date(at(countedFrom)).toISOString(),
          to: new Date(at(countedTo)).toISOString(),
          events: [{ event: 'notification', count, uniqueUsers: count }],
        });
      }
    });

    test('reach from the week that is kept to now', async () => {
      const read = await everyMinute();
      assert.equal((await read('?to=2026-01-31T08:01:00%2B00:00')).events[0]!.count, 60);
      assert.equal((await read('?from=2026-01-31')).events[0]!.count, 275);
      assert.equal((await read('?from=2020-01-01')).from, '2026-01-24T12:00:00.000Z', 'a week is kept');
      assert.equal((await read('?to=2030-01-01T00:00:00Z')).to, '2026-01-31T12:34:56.000Z');
    });
  });

  for (const query of [
    '?range=2h',
    '?range=',
    '?range=toString',
    '?from=yesterday',
    '?from=1769862896000',
    '?from=2026-02-30T99:00:00Z',
    '?from=2026-01-31T10:00:00Z&to=2026-01-31T09:00:00Z',
    '?from=2030-01-01T00:00:00Z',
    '?range=1h&from=2026-01-31',
  ]) {
    test(`${query} is 400`, async () => {
      const response = await counting().server.app.request(`/realtime/metrics${query}`);
      assert.equal(response.status, 400);
      assert.equal(await errorCode(response), 'invalid_request');
    });
  }

  test('are read by whom the rule lets, and by nobody without a rule', async () => {
    const person = await bearer('1', { role: 'admin' });
    const read = (server: ReturnType<typeof makeServer>, headers: Record<string, string>) =>
      server.app.request('/realtime/metrics', { headers });
    assert.equal((await read(makeServer(), person)).status, 403);
    const ruled = makeServer({ canReadMetrics: ({ roles }) => roles.includes('admin') });
    assert.equal((await read(ruled, person)).status, 200);
    assert.equal((await read(ruled, await bearer('1'))).status, 403);
    assert.equal((await read(ruled, {})).status, 401);
    assert.equal((await ruled.app.request('/realtime/metrics', { method: 'POST' })).status, 405);
  });

  test('a week is read from its hours, not from ten thousand minutes', async () => {
    const store = new MemoryStore({ clock: () => start });
    const asked: number[] = [];
    const members = store.members.bind(store);
    store.members = (keys) => {
      asked.push(keys.length);
      return members(keys);
    };
    await counting({ stores: { metrics: store } }).read('?range=7d');
    assert.ok(asked[0]! < 300, `${asked[0]} keys`);
  });

  test('several instances with one store count together', async () => {
    const stores = { metrics: new MemoryStore({ clock: () => start }) };
    const [one, two] = [counting({ stores }), counting({ stores })];
    await one.track('notification', '1');
    await two.track('notification', '1');
    assert.deepEqual((await one.read()).events, [{ event: 'notification', count: 2, uniqueUsers: 1 }]);
  });

  describe('of what was sent', () => {
    let engine: RecordingEngine;
    before(async () => {
      engine = await RecordingEngine.start();
    });
    after(() => engine.stop());

    test('routes count their sender, functions whom they name, and failures nobody', async () => {
      const { server, read } = counting({ engine: engine.options, canTrigger: () => true });
      const event = { channel: 'public', event: 'message' };
      for (const body of [event, { batch: [event, { ...event, event: 'other' }] }]) {
        await server.app.request('/realtime/trigger', json(body, { 'x-user': '7' }));
      }
      await server.trigger(['public', 'public-announcements'], 'message', {});
      const identity = await server.identify(new Request('http://x', { headers: { 'x-user': '8' } }));
      await server.trigger('public', 'message', {}, { identity });
      await server.triggerBatch([{ channel: 'public', event: 'message' }], { identity });
      await server.sendToUser('1', 'message', {});
      engine.reply = () => ({ status: 500, body: '' });
      await assert.rejects(server.trigger('public', 'message', {}));
      await server.triggerBatch([{ channel: 'public', event: 'message' }]);
      assert.deepEqual((await read()).events, [
        { event: 'message', count: 6, uniqueUsers: 2 },
        { event: 'other', count: 1, uniqueUsers: 1 },
      ]);
    });

    test('a store that fails never keeps an event from being sent', async () => {
      engine.reply = () => ({ status: 200, body: '{}' });
      const store = new MemoryStore();
      store.add = () => Promise.reject(new Error('redis is away'));
      const logged: unknown[] = [];
      const { server } = counting({
        engine: engine.options,
        stores: { metrics: store },
        logger: { error: (...parts) => logged.push(parts.join(' ')) },
      });
      assert.equal((await server.trigger('public', 'message', {})).channels[0], 'public');
      assert.match(logged.join(), /metrics failed.*redis is away/s);
    });

    for (const [what, send] of [
      ['an event', (server: RealtimeServer) => server.trigger('public', 'message', {})],
      [
        'ten together',
        (server: RealtimeServer) =>
          server.triggerBatch(Array.from({ length: 10 }, () => ({ channel: 'public', event: 'message' }))),
      ],
    ] as const) {
      test(`a store that never answers keeps nobody waiting who sends ${what}`, async (t) => {
        engine.reply = () => ({ status: 200, body: '{}' });
        const store = new MemoryStore();
        const asked = new Promise<void>((resolve) => {
          store.add = () => {
            resolve();
            return new Promise<never>(() => {});
          };
        });
        const logged: unknown[] = [];
        const { server } = counting({
          engine: engine.options,
          stores: { metrics: store },
          logger: { error: (...parts) => logged.push(parts.join(' ')) },
        });
        const time = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout'] });
        t.after(() => time.uninstall());
        const sent = send(server);
        await asked;
        await time.tickAsync(500);
        await sent;
        assert.match(logged.join(), /metrics failed.*No answer in time/s);
      });
    }
  });
});
