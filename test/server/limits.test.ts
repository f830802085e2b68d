import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import {
  type AbuseReport,
  MemoryStore,
  type RealtimeServer,
  type RealtimeServerOptions,
} from '../../src/server/index.js';
import { errorCode, form, json, makeServer, RecordingEngine } from './fixtures.js';

const minuteMs = 60_000;

let engine: RecordingEngine;
before(async () => {
  engine = await RecordingEngine.start();
});
after(() => engine.stop());
beforeEach(() => {
  engine.calls.length = 0;
  engine.reply = ({ method }) =>
    method === 'GET' ? { status: 400, body: 'no such attribute' } : { status: 200, body: '{}' };
});

/** A server with a clock that the test sets, for people named by a header. */
function limited(options: Partial<RealtimeServerOptions> = {}, start = Date.UTC(2026, 0, 31)) {
  const time = { now: start };
  const reports: AbuseReport[] = [];
  const server = makeServer({
    engine: engine.options,
    clock: () => time.now,
    jwt: undefined,
    identify: (request) => {
      const id = request.headers.get('x-user');
      return id ? { id } : null;
    },
    canTrigger: () => true,
    onAbuse: (report) => reports.push(report),
    ...options,
  });
  return { time, reports, server };
}

interface From {
  user?: string;
  address?: string;
  socket?: string;
  forwarded?: string;
}

function send(server: RealtimeServer, path: string, init: RequestInit, { address }: From) {
  return server.app.request(
    path,
    init,
    address ? { incoming: { socket: { remoteAddress: address } } } : undefined,
  );
}

function headersOf({ user = '1', forwarded }: From): Record<string, string> {
  return { 'x-user': user, ...(forwarded ? { 'X-Forwarded-For': forwarded } : {}) };
}

async function authorize(server: RealtimeServer, from: From = {}): Promise<Response> {
  const { user = '1', socket = '1.1' } = from;
  const fields = [
    ['socket_id', socket],
    ['channel_name', `private-user-${user}`],
  ] as const;
  return send(server, '/pusher/auth', form(fields, headersOf(from)), from);
}

async function trigger(
  server: RealtimeServer,
  from: From = {},
  channels: string[] = ['public'],
): Promise<Response> {
  return send(
    server,
    '/realtime/trigger',
    json({ channels, event: 'message', data: {} }, headersOf(from)),
    from,
  );
}

/** How many of so many requests were let through. */
async function passed(times: number, request: (index: number) => Promise<Response>): Promise<number> {
  let count = 0;
  for (let index = 0; index < times; index += 1) {
    const response = await request(index);
    if (response.status === 200) count += 1;
    else assert.equal(response.status, 429);
  }
  return count;
}

describe('limits', () => {
  test('a person has 60 authorizations in a minute; the next is told when to come again', async () => {
    const { server, time, reports } = limited();
    assert.equal(await passed(60, () => authorize(server)), 60);
    const response = await authorize(server);
    assert.equal(response.status, 429);
    assert.equal(await errorCode(response), 'rate_limited');
    assert.match(response.headers.get('access-control-expose-headers')!, /Retry-After/);
    const seconds = Number(response.headers.get('retry-after'));
    assert.ok(seconds >= 60 && seconds <= 62, `${seconds} s`);
    assert.deepEqual(reports, [{ kind: 'authorizations', userId: '1', limit: 60 }]);
    assert.equal((await authorize(server, { user: '2' })).status, 200, 'others are not meant');
    time.now += seconds * 1000;
    assert.equal((await authorize(server)).status, 200);
  });

  test('a burst at the end of a minute leaves no room for a second one at the start of the next', async () => {
    const { server, time } = limited({}, Date.UTC(2026, 0, 31) + 59_500);
    assert.equal(await passed(70, () => authorize(server)), 60);
    time.now += 1000;
    assert.ok((await passed(70, () => authorize(server))) <= 1);
  });

  test('whoever waits as long as told is let in, at any moment', async () => {
    for (let offset = 0; offset < minuteMs; offset += 1_700) {
      const { server, time } = limited(
        { limits: { authorizationsPerMinute: 7 } },
        Date.UTC(2026, 0, 31) + offset,
      );
      for (let step = 0; step < 40; step += 1) {
        const response = await authorize(server);
        if (response.status === 200) {
          time.now += (step % 5) * 700;
          continue;
        }
        const seconds = Number(response.headers.get('retry-after'));
        assert.ok(seconds <= 121, `${seconds} s`);
        time.now += seconds * 1000;
        assert.equal(
          (await authorize(server)).status,
          200,
          `after ${seconds} s, from ${offset} ms, step ${step}`,
        );
      }
    }
  });

  test('what is refused is not counted against whoever asks too often', async () => {
    const { server, time } = limited();
    await passed(500, () => authorize(server));
    time.now += 2 * minuteMs;
    assert.equal(await passed(61, () => authorize(server)), 60);
  });

  test('a batch of channels is one authorization', async () => {
    const { server } = limited();
    const fields = Array.from({ length: 100 }, () => ['channel_name[]', 'private-user-1'] as const);
    const batch = async () =>
      server.app.request('/pusher/auth', form([['socket_id', '1.1'], ...fields], { 'x-user': '1' }));
    assert.equal(await passed(61, batch), 60);
  });

  test('signing in counts as an authorization', async () => {
    const { server } = limited();
    const signIn = async () =>
      server.app.request('/pusher/user-auth', form([['socket_id', '1.1']], { 'x-user': '1' }));
    assert.equal(await passed(40, signIn), 40);
    assert.equal(await passed(40, () => authorize(server)), 20);
  });

  test('a person sends 120 events in a minute, counted for each channel', async () => {
    const { server, reports } = limited();
    assert.equal(await passed(119, () => trigger(server)), 119);
    assert.equal((await trigger(server, {}, ['public', 'other'])).status, 429);
    assert.equal((await trigger(server)).status, 200);
    assert.equal((await trigger(server)).status, 429);
    assert.deepEqual(reports[0], { kind: 'events', userId: '1', limit: 120 });
    assert.equal(engine.calls.length, 120);
  });

  test('the events of a batch count one by one', async () => {
    const { server } = limited();
    const batch = Array.from({ length: 50 }, () => ({ channel: 'public', event: 'message', data: {} }));
    const post = async () => server.app.request('/realtime/trigger', json({ batch }, { 'x-user': '1' }));
    assert.equal(await passed(3, post), 2);
  });

  test('more at once than a minute may hold is refused for good, not for later', async () => {
    const { server } = limited({ limits: { eventsPerMinute: 2 } });
    const response = await trigger(server, {}, ['a', 'b', 'c']);
    assert.equal(response.status, 400);
    assert.equal((await trigger(server, {}, ['a', 'b'])).status, 200);
  });

  test('an address has the same limits, whoever uses it', async () => {
    const { server, reports } = limited();
    const address = '203.0.113.7';
    assert.equal(await passed(70, (index) => authorize(server, { user: String(index), address })), 60);
    assert.equal(await passed(130, (index) => trigger(server, { user: String(index), address })), 120);
    assert.deepEqual(reports[0], { kind: 'authorizations', address, limit: 60 });
    assert.equal((await authorize(server, { address: '203.0.113.8' })).status, 200);
  });

  test('an address is limited before anybody knows who asks', async () => {
    const { server } = limited();
    const from = { user: '', address: '203.0.113.7' };
    for (let index = 0; index < 60; index += 1) assert.equal((await authorize(server, from)).status, 401);
    assert.equal((await authorize(server, from)).status, 429);
    for (let index = 0; index < 120; index += 1) assert.equal((await trigger(server, from)).status, 401);
    assert.equal((await trigger(server, from)).status, 429);
  });

  test('a batch counts whole against its address', async () => {
    const { server } = limited({ limits: { eventsPerMinutePerAddress: 4 } });
    const from = { address: '203.0.113.7' };
    assert.equal((await trigger(server, from, ['a', 'b', 'c'])).status, 200);
    assert.equal((await trigger(server, from, ['a', 'b'])).status, 429);
  });

  test('an address may be given more than a person', async () => {
    const { server } = limited({ limits: { authorizationsPerMinutePerAddress: 65 } });
    const address = '203.0.113.7';
    assert.equal(await passed(70, (index) => authorize(server, { user: String(index), address })), 65);
  });

  describe('where an address comes from', () => {
    /** Whether two requests are counted as one address. */
    async function areOne(
      options: Partial<RealtimeServerOptions>,
      first: From,
      second: From,
    ): Promise<boolean> {
      const { server } = limited({ limits: { authorizationsPerMinutePerAddress: 1 }, ...options });
      assert.equal((await authorize(server, first)).status, 200);
      return (await authorize(server, second)).status === 429;
    }

    test('X-Forwarded-For is not believed unless proxies are told', async () => {
      const address = '203.0.113.7';
      assert.ok(await areOne({}, { address, forwarded: '1.1.1.1' }, { address, forwarded: '2.2.2.2' }));
    });

    test('behind one proxy its entry counts, and nothing left of it', async () => {
      const options = { trustedProxies: 1 };
      const via = (forwarded: string) => ({ address: '10.0.0.1', forwarded });
      assert.ok(await areOne(options, via('1.1.1.1'), via('9.9.9.9, 1.1.1.1')));
      assert.ok(!(await areOne(options, via('1.1.1.1'), via('1.1.1.1, 2.2.2.2'))));
      assert.ok(await areOne(options, { address: '10.0.0.1' }, { address: '10.0.0.1' }));
    });

    test('behind two proxies the entry before the last counts', async () => {
      const via = (forwarded: string) => ({ address: '10.0.0.1', forwarded });
      assert.ok(
        await areOne({ trustedProxies: 2 }, via('1.1.1.1, 10.0.0.2'), via('8.8.8.8, 1.1.1.1, 10.0.0.3')),
      );
    });

    test('the port that some proxies write is no part of an address', async () => {
      const options = { trustedProxies: 1 };
      const via = (forwarded: string) => ({ address: '10.0.0.1', forwarded });
      assert.ok(await areOne(options, via('203.0.113.7:40000'), via('1.1.1.1, 203.0.113.7:40001')));
      assert.ok(await areOne(options, via('203.0.113.7:40000'), via('203.0.113.7')));
      assert.ok(!(await areOne(options, via('203.0.113.7:40000'), via('203.0.113.8:40000'))));
      assert.ok(await areOne(options, via('[2001:db8::1]:443'), via('[2001:db8::2]:444')));
      assert.ok(await areOne(options, via('[2001:db8::1]'), via('2001:db8::1')));
      assert.ok(!(await areOne(options, via('[2001:db8:0:1::1]:443'), via('[2001:db8:0:2::1]:443'))));
      assert.ok(await areOne(options, via('[::ffff:203.0.113.7]:443'), via('203.0.113.7')));
      assert.ok(await areOne({ address: () => '203.0.113.7:1' }, {}, {}));
    });

    test('an IPv6 network is one address, and an IPv4 one in its clothes is itself', async () => {
      const at = (address: string) => ({ address });
      assert.ok(await areOne({}, at('2001:db8:1:2::1'), at('2001:0db8:1:2:ffff::')));
      assert.ok(!(await areOne({}, at('2001:db8:1:2::1'), at('2001:db8:1:3::1'))));
      assert.ok(!(await areOne({}, at('2001:db8::1'), at('2001:db8:0:1::1'))));
      assert.ok(await areOne({}, at('::1'), at('::2')));
      assert.ok(await areOne({}, at('fe80::1%eth0'), at('fe80::2')));
      assert.ok(await areOne({}, at('::ffff:203.0.113.7'), at('203.0.113.7')));
      assert.ok(!(await areOne({}, at('::ffff:203.0.113.7'), at('203.0.113.8'))));
    });

    test('a host of another kind says it itself', async () => {
      const address = (request: Request) => request.headers.get('x-user') ?? undefined;
      assert.ok(!(await areOne({ address }, { user: '1' }, { user: '2' })));
      assert.ok(await areOne({ address: () => '1.1.1.1' }, { user: '1' }, { user: '2' }));
    });
  });

  describe('connections of a person', () => {
    const visit = (server: RealtimeServer, count: number, first = 0) =>
      passed(count, (index) => authorize(server, { socket: `1.${first + index}` }));

    test('ten are let in, the eleventh is told to wait', async () => {
      const { server, reports, time } = limited();
      assert.equal(await visit(server, 10), 10);
      const response = await authorize(server, { socket: '1.99' });
      assert.equal(response.status, 429);
      assert.deepEqual(reports, [{ kind: 'connections', userId: '1', limit: 10 }]);
      assert.equal((await authorize(server, { user: '2', socket: '1.99' })).status, 200);
      time.now += Number(response.headers.get('retry-after')) * 1000;
      assert.equal((await authorize(server, { socket: '1.99' })).status, 200);
    });

    test('one connection may ask for many channels', async () => {
      const { server } = limited();
      assert.equal(await passed(50, () => authorize(server)), 50);
    });

    test('signing in and batches count them as well', async () => {
      const { server } = limited({ limits: { connectionsPerUser: 2 } });
      const post = (path: string, socket: string, more: [string, string][] = []) =>
        server.app.request(path, form([['socket_id', socket], ...more], { 'x-user': '1' }));
      assert.equal((await post('/pusher/user-auth', '1.1')).status, 200);
      assert.equal((await post('/pusher/auth', '1.2', [['channel_name[]', 'private-user-1']])).status, 200);
      assert.equal((await post('/pusher/user-auth', '1.3')).status, 429);
    });

    /** An engine that counts the connections that hold the channel `private-user-1`. */
    function countLive() {
      const live = { count: 0 };
      engine.reply = () => ({ status: 200, body: JSON.stringify({ subscription_count: live.count }) });
      return live;
    }

    test('whoever opens page after page holds one connection, and the engine says so', async () => {
      const { server } = limited();
      countLive().count = 1;
      assert.equal(await visit(server, 50), 50);
      assert.equal(engine.calls[0]!.path, '/apps/1000/channels/private-user-1');
      assert.equal(engine.calls[0]!.query.get('info'), 'subscription_count');
    });

    test('a burst is stopped before any of it holds a channel that the engine could count', async () => {
      countLive();
      const { server } = limited();
      const burst = Array.from({ length: 50 }, (_, index) => authorize(server, { socket: `1.${index}` }));
      const statuses = (await Promise.all(burst)).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 200).length, 10);
      assert.equal(statuses.filter((status) => status === 429).length, 40);
    });

    test('the tenth connection gets its second channel: it is counted, and was let in', async () => {
      const live = countLive();
      const { server, time } = limited();
      await authorize(server, { socket: '1.99' }); // a page that was closed since
      for (let index = 0; index < 10; index += 1) {
        time.now += 10_000;
        assert.equal((await authorize(server, { socket: `1.${index}` })).status, 200, `connection ${index}`);
        live.count += 1;
      }
      assert.equal((await authorize(server, { socket: '1.9' })).status, 200);
      assert.equal((await authorize(server, { socket: '1.10' })).status, 429);
      time.now += 60 * minuteMs;
      assert.equal((await authorize(server, { socket: '1.9' })).status, 200, 'also an hour later');
    });

    test('a connection that asks in two minutes running is one', async () => {
      const { server, time } = limited({}, Date.UTC(2026, 0, 31) + 50_000);
      assert.equal(await visit(server, 10), 10);
      time.now += 10_000; // the next minute of the clock
      assert.equal(await visit(server, 10), 10);
      assert.equal((await authorize(server, { socket: '1.99' })).status, 429);
    });

    test('who was refused and tries again does not become two', async () => {
      const { server, time } = limited({ limits: { connectionsPerUser: 2 } });
      assert.equal(await visit(server, 3), 2);
      for (let index = 0; index < 20; index += 1) await authorize(server, { socket: '1.2' });
      const response = await authorize(server, { socket: '1.2' });
      time.now += Number(response.headers.get('retry-after')) * 1000;
      assert.equal((await authorize(server, { socket: '1.2' })).status, 200);
    });

    test('what one person was let in with lets nobody else in', async () => {
      const { server } = limited({ limits: { connectionsPerUser: 1 } });
      assert.equal((await authorize(server, { user: '2', socket: '1.1' })).status, 200);
      assert.equal((await authorize(server, { socket: '1.2' })).status, 200);
      assert.equal((await authorize(server, { socket: '1.1' })).status, 429);
    });

    test('whoever really holds ten gets no more, however slowly they came', async () => {
      const { server, time } = limited();
      const live = countLive();
      const opened = await passed(30, async (index) => {
        time.now += 100_000;
        const response = await authorize(server, { socket: `1.${index}` });
        if (response.status === 200) live.count += 1;
        return response;
      });
      assert.equal(opened, 10);
    });

    test('where the engine cannot say, slow visits are let in', async () => {
      const { server, time } = limited();
      const opened = await passed(30, (index) => {
        time.now += 20_000;
        return authorize(server, { socket: `1.${index}` });
      });
      assert.equal(opened, 30);
    });

    test('where the engine does not answer, a slow visit is let in before its page gives up', async (t) => {
      const { server, time } = limited();
      for (let index = 0; index < 10; index += 1) {
        await visit(server, 1, index);
        time.now += 20_000;
      }
      engine.reply = () => undefined;
      const timers = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout'] });
      t.after(() => timers.uninstall());
      let status: number | undefined;
      const answered = authorize(server, { socket: '1.10' }).then((response) => {
        status = response.status;
      });
      while (engine.calls.length === 0) await new Promise(setImmediate);
      await timers.tickAsync(2_000);
      assert.equal(status, 200);
      await answered;
    });
  });

  test('several instances with one store count together', async () => {
    const stores = { limits: new MemoryStore({ clock: () => Date.UTC(2026, 0, 31) }) };
    const [one, two] = [limited({ stores }), limited({ stores })];
    assert.equal(await passed(62, (index) => authorize(index % 2 ? one.server : two.server)), 60);
  });

  test('a store that fails lets requests pass, and says so', async () => {
    const store = new MemoryStore();
    store.increment = () => Promise.reject(new Error('redis is away'));
    store.add = store.increment as never;
    const logged: string[] = [];
    const { server } = limited({
      stores: { limits: store },
      logger: { error: (...parts) => logged.push(parts.join(' ')) },
    });
    assert.equal((await authorize(server)).status, 200);
    assert.match(logged.join('\n'), /limits failed.*redis is away/s);
  });

  test('a store that never answers lets requests pass, and says so', async (t) => {
    const time = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout'] });
    t.after(() => time.uninstall());
    const store = new MemoryStore();
    store.increment = store.members = () => new Promise<never>(() => {});
    const logged: string[] = [];
    const { server } = limited({
      stores: { limits: store },
      logger: { error: (...parts) => logged.push(parts.join(' ')) },
    });
    const answer = authorize(server);
    await time.tickAsync(1_000);
    assert.equal((await answer).status, 200);
    assert.match(logged.join('\n'), /limits failed.*No answer in time/s);
  });

  test('an onAbuse that fails changes nothing for the client', async () => {
    const logged: string[] = [];
    const { server } = limited({
      limits: { authorizationsPerMinute: 1 },
      onAbuse: async () => {
        throw new Error('mail is away');
      },
      logger: { error: (...parts) => logged.push(parts.join(' ')) },
    });
    await authorize(server);
    assert.equal((await authorize(server)).status, 429);
    await new Promise(setImmediate);
    assert.match(logged.join('\n'), /onAbuse failed.*mail is away/s);
  });
});
