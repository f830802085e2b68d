import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineClient, engineWithClock, signerOf } from './engine-client.js';

const rejection = (client: EngineClient) => {
  assert.equal(client.last?.event, 'pusher:subscription_error');
  const { type, status } = client.lastData as { type: string; status: number };
  return { channel: client.last?.channel, type, status };
};

describe('a subscription', () => {
  it('to a public channel succeeds with no authorization', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    const client = new EngineClient(engine);
    client.subscribe('news');
    assert.deepEqual(client.last, {
      event: 'pusher_internal:subscription_succeeded',
      channel: 'news',
      data: '{}',
    });
  });

  it('to a private channel succeeds with the signature of the app for this socket', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    const client = new EngineClient(engine);
    client.subscribe('private-a');
    assert.equal(client.last?.event, 'pusher_internal:subscription_succeeded');
  });

  it('takes channel_data into the signature of every kind of channel', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    const client = new EngineClient(engine);
    const signed = signerOf(engine).authorizeChannel(client.socketId, 'private-a', { user_id: '1' });
    client.send({ event: 'pusher:subscribe', data: { channel: 'private-a', auth: signed.auth } });
    assert.deepEqual(rejection(client), { channel: 'private-a', type: 'AuthError', status: 401 });
    client.send({ event: 'pusher:subscribe', data: { channel: 'private-a', ...signed } });
    assert.equal(client.last?.event, 'pusher_internal:subscription_succeeded');
  });

  it('is rejected on its channel when the signature is missing, wrong, of another socket, channel or key', () => {
    const { engine } = engineWithClock();
    const [client, other] = [new EngineClient(engine), new EngineClient(engine)];
    const signer = signerOf(engine);
    const right = signer.authorizeChannel(client.socketId, 'private-a').auth;
    const wrong = [
      undefined,
      null,
      7,
      '',
      right.slice(0, -1),
      `${right}0`,
      right.toUpperCase(),
      right.replace('emulator-key', 'another-key'),
      signer.authorizeChannel(other.socketId, 'private-a').auth,
      signer.authorizeChannel(client.socketId, 'private-b').auth,
    ];
    for (const auth of wrong) {
      client.send({ event: 'pusher:subscribe', data: { channel: 'private-a', auth } });
      assert.deepEqual(rejection(client), { channel: 'private-a', type: 'AuthError', status: 401 });
    }
    assert.equal(client.ending, undefined);
    assert.equal(engine.app().channels.size, 0);
  });

  it('needs a signature for the encrypted and cache variants of guarded channels too', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    for (const channel of [
      'private-encrypted-a',
      'private-cache-a',
      'presence-cache-a',
      'private-encrypted-cache-a',
    ]) {
      client.send({ event: 'pusher:subscribe', data: { channel, auth: 'emulator-key:0' } });
      assert.deepEqual(rejection(client), { channel, type: 'AuthError', status: 401 });
    }
  });

  it('is rejected when the name is too long or holds other characters', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    for (const channel of ['', 'a b', 'über', 'a/b', '#secret', 'x'.repeat(165)]) {
      client.subscribe(channel);
      assert.deepEqual(rejection(client), { channel, type: 'InvalidChannel', status: 400 });
    }
    client.subscribe('x'.repeat(164));
    assert.notEqual(client.last?.event, 'pusher:subscription_error');
  });

  it('is rejected above the number of channels that one connection may hold, and fits again after leaving one', () => {
    const { engine } = engineWithClock({ limits: { channelsPerConnection: 2 } });
    const client = new EngineClient(engine);
    for (const channel of ['a', 'b', 'c']) client.subscribe(channel);
    assert.deepEqual(rejection(client), { channel: 'c', type: 'LimitReached', status: 4100 });
    client.unsubscribe('a');
    client.subscribe('c');
    assert.deepEqual([...engine.app().channels.keys()], ['b', 'c']);
  });

  it('made twice is an error that leaves the first as it is', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.subscribe('news');
    client.subscribe('news');
    assert.equal(client.last?.event, 'pusher:error');
    assert.match((client.lastData as { message: string }).message, /Existing subscription to channel news/);
    assert.equal(engine.app().channels.get('news')?.subscribers.size, 1);
  });

  it('ends with an unsubscription, which may come twice and for channels that nobody holds', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.subscribe('news');
    client.frames.length = 0;
    for (const channel of ['news', 'news', 'never', '__proto__']) client.unsubscribe(channel);
    assert.deepEqual(client.frames, []);
    assert.equal(engine.app().channels.size, 0);
  });

  it('takes prototype keys as names like any other', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    for (const channel of ['__proto__', 'constructor', 'toString', 'presence-__proto__']) {
      client.subscribe(channel, { user_id: '__proto__' });
      engine.app().publish({ name: 'event', channels: [channel], data: '1' });
      assert.equal(client.take('event').length, 1);
    }
  });
});

describe('a presence channel', () => {
  it('tells the newcomer who is there, the newcomer included', () => {
    const { engine } = engineWithClock();
    const [ada, bob] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('presence-a', { user_id: '1', user_info: { name: 'Ada' } });
    bob.subscribe('presence-a', { user_id: '2', user_info: { name: 'Bob' } });
    assert.deepEqual(bob.lastData, {
      presence: { count: 2, ids: ['1', '2'], hash: { 1: { name: 'Ada' }, 2: { name: 'Bob' } } },
    });
  });

  it('tells the others, and not the newcomer, who came and who went', () => {
    const { engine } = engineWithClock();
    const [ada, bob] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('presence-a', { user_id: '1' });
    bob.subscribe('presence-a', { user_id: '2', user_info: { name: 'Bob' } });
    assert.equal(ada.last?.event, 'pusher_internal:member_added');
    assert.deepEqual(ada.lastData, { user_id: '2', user_info: { name: 'Bob' } });
    assert.equal(bob.take('pusher_internal:member_added').length, 0);
    bob.unsubscribe('presence-a');
    assert.equal(ada.last?.event, 'pusher_internal:member_removed');
    assert.deepEqual(ada.lastData, { user_id: '2' });
    assert.deepEqual(bob.frames, []);
  });

  it('keeps no member whose connection is cut for reading too slowly in the middle of joining', async () => {
    const { engine } = engineWithClock({ bufferedBytes: 1_000 });
    const [ada, slow] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('presence-a', { user_id: '1' });
    slow.bufferedBytes = 1_001;
    slow.subscribe('presence-a', { user_id: '2' });
    await Promise.resolve();
    assert.deepEqual(
      ada.frames.map(({ event }) => event).filter((event) => event.includes('member_')),
      ['pusher_internal:member_added', 'pusher_internal:member_removed'],
    );
    assert.equal(engine.app().connections.size, 1);
  });

  it('counts a user once, however many connections they have, until the last is gone', () => {
    const { engine } = engineWithClock();
    const watcher = new EngineClient(engine);
    watcher.subscribe('presence-a', { user_id: 'watcher' });
    const tabs = [1, 2, 3].map(() => new EngineClient(engine));
    for (const tab of tabs) tab.subscribe('presence-a', { user_id: 'ada' });
    assert.equal(watcher.take('pusher_internal:member_added').length, 1);
    assert.equal((tabs[2]!.lastData as { presence: { count: number } }).presence.count, 2);
    tabs[0]!.unsubscribe('presence-a');
    tabs[1]!.session.disconnected(1006);
    assert.equal(watcher.take('pusher_internal:member_removed').length, 0);
    tabs[2]!.session.disconnected(1006);
    assert.equal(watcher.take('pusher_internal:member_removed').length, 1);
  });

  it('keeps the info of a member’s first connection until the member has left, so that all see the same', () => {
    const { engine } = engineWithClock();
    const [first, second, third] = [1, 2, 3].map(() => new EngineClient(engine));
    first!.subscribe('presence-a', { user_id: '1', user_info: { name: 'Ada' } });
    second!.subscribe('presence-a', { user_id: '1', user_info: { name: 'Ada Lovelace' } });
    third!.subscribe('presence-a', { user_id: '3' });
    const { hash } = (third!.lastData as { presence: { hash: Record<string, unknown> } }).presence;
    assert.deepEqual(hash, { 1: { name: 'Ada' }, 3: null });
    first!.session.disconnected(1000);
    second!.session.disconnected(1000);
    second!.frames.length = 0;
    const again = new EngineClient(engine);
    again.subscribe('presence-a', { user_id: '1', user_info: { name: 'Ada Lovelace' } });
    assert.deepEqual(third!.lastData, { user_id: '1', user_info: { name: 'Ada Lovelace' } });
  });

  it('keeps the JSON type of a numeric id on the wire, and takes 1 and "1" for the same user', () => {
    const { engine } = engineWithClock();
    const [watcher, number, text] = [1, 2, 3].map(() => new EngineClient(engine));
    watcher!.subscribe('presence-a', { user_id: 'w' });
    number!.subscribe('presence-a', { user_id: 1 });
    assert.deepEqual(watcher!.lastData, { user_id: 1 });
    watcher!.frames.length = 0;
    text!.subscribe('presence-a', { user_id: '1' });
    assert.deepEqual(watcher!.frames, []);
  });

  it('takes prototype keys as user ids', () => {
    const { engine } = engineWithClock();
    const [ada, bob] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('presence-a', { user_id: '__proto__', user_info: { name: 'Ada' } });
    bob.subscribe('presence-a', { user_id: 'constructor' });
    const { count, hash } = (bob.lastData as { presence: { count: number; hash: object } }).presence;
    assert.equal(count, 2);
    assert.deepEqual(Object.keys(hash).sort(), ['__proto__', 'constructor']);
  });

  it('takes the signed-in user where the authorization names none', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.signIn({ id: '7', user_info: { name: 'Seven' } });
    client.subscribe('presence-a');
    assert.deepEqual((client.lastData as { presence: unknown }).presence, {
      count: 1,
      ids: ['7'],
      hash: { 7: { name: 'Seven' } },
    });
  });

  it('rejects who has no id, no object as info, or too much of either', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    const refused: [member: unknown, type: string, status: number][] = [
      [undefined, 'AuthError', 400],
      [{ user_info: {} }, 'AuthError', 400],
      [{ user_id: '' }, 'AuthError', 400],
      [{ user_id: null }, 'AuthError', 400],
      [{ user_id: ['1'] }, 'AuthError', 400],
      [{ user_id: { id: 1 } }, 'AuthError', 400],
      [['1'], 'AuthError', 400],
      [{ user_id: '1', user_info: 'Ada' }, 'AuthError', 400],
      [{ user_id: '1', user_info: ['Ada'] }, 'AuthError', 400],
      [{ user_id: 'x'.repeat(129) }, 'LimitReached', 4301],
      [{ user_id: '1', user_info: { text: 'é'.repeat(510) } }, 'LimitReached', 4301],
    ];
    for (const [member, type, status] of refused) {
      client.subscribe('presence-a', member as never);
      assert.deepEqual(rejection(client), { channel: 'presence-a', type, status }, JSON.stringify(member));
    }
    client.subscribe('presence-a', { user_id: 'x'.repeat(128), user_info: { text: 'x'.repeat(1_013) } });
    assert.equal(client.last?.event, 'pusher_internal:subscription_succeeded');
  });

  it('rejects channel_data that is no JSON text', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    const { auth } = signerOf(engine).authorizeChannel(client.socketId, 'presence-a');
    client.send({
      event: 'pusher:subscribe',
      data: { channel: 'presence-a', auth, channel_data: { user_id: 1 } },
    });
    assert.deepEqual(rejection(client), { channel: 'presence-a', type: 'AuthError', status: 400 });
  });

  it('is full at its limit, for new members but not for new connections of those inside', () => {
    const { engine } = engineWithClock({ limits: { presenceMembers: 2 } });
    const clients = ['1', '2', '3', '1'].map((user_id) => {
      const client = new EngineClient(engine);
      client.subscribe('presence-a', { user_id });
      return client;
    });
    assert.deepEqual(rejection(clients[2]!), { channel: 'presence-a', type: 'LimitReached', status: 4100 });
    assert.equal(clients[3]!.last?.event, 'pusher_internal:subscription_succeeded');
  });
});

describe('a cache channel', () => {
  it('gives a newcomer the last event of the API, after the subscription succeeded', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    const app = engine.app();
    app.publish({ name: 'old', channels: ['cache-a'], data: '1' });
    app.publish({ name: 'new', channels: ['cache-a'], data: '{"n":2}' });
    const client = new EngineClient(engine);
    client.subscribe('cache-a');
    assert.deepEqual(
      client.frames.map(({ event }) => event),
      ['pusher:connection_established', 'pusher_internal:subscription_succeeded', 'new'],
    );
    assert.deepEqual(client.last, { event: 'new', channel: 'cache-a', data: '{"n":2}' });
  });

  it('says that there is none, also for private, presence and encrypted ones', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    const client = new EngineClient(engine);
    for (const channel of ['cache-a', 'private-cache-a', 'presence-cache-a', 'private-encrypted-cache-a']) {
      client.subscribe(channel, { user_id: '1' });
      assert.deepEqual(client.last, { event: 'pusher:cache_miss', channel, data: '{}' });
    }
  });

  it('forgets an event after half an hour', () => {
    const { engine, time } = engineWithClock({ subscriptionCount: false });
    engine.app().publish({ name: 'event', channels: ['cache-a', 'cache-b'], data: '1' });
    time.tick(1_799_999);
    const early = new EngineClient(engine);
    early.subscribe('cache-a');
    assert.equal(early.last?.event, 'event');
    time.tick(1);
    const late = new EngineClient(engine);
    late.subscribe('cache-b');
    assert.equal(late.last?.event, 'pusher:cache_miss');
  });

  it('does not keep client events', () => {
    const { engine } = engineWithClock({ subscriptionCount: false });
    const [ada, bob] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('private-cache-a');
    ada.send({ event: 'client-x', channel: 'private-cache-a', data: {} });
    bob.subscribe('private-cache-a');
    assert.equal(bob.last?.event, 'pusher:cache_miss');
  });

  it('keeps the events of so many channels only, dropping the one written longest ago', () => {
    const { engine } = engineWithClock({ limits: { cachedEvents: 2 } });
    const app = engine.app();
    for (const channel of ['cache-a', 'cache-b', 'cache-a', 'cache-c']) {
      app.publish({ name: 'event', channels: [channel], data: '1' });
    }
    assert.equal(app.cache.get('cache-b'), undefined);
    assert.ok(app.cache.get('cache-a') && app.cache.get('cache-c'));
  });
});

describe('the number of subscribers', () => {
  const counts = (client: EngineClient) =>
    client.take('pusher_internal:subscription_count').map(({ data }) => JSON.parse(String(data)));

  it('is told to all of them at each change', () => {
    const { engine } = engineWithClock();
    const [ada, bob] = [new EngineClient(engine), new EngineClient(engine)];
    ada.subscribe('news');
    bob.subscribe('news');
    assert.deepEqual(counts(ada), [{ subscription_count: 1 }, { subscription_count: 2 }]);
    assert.deepEqual(counts(bob), [{ subscription_count: 2 }]);
    bob.unsubscribe('news');
    assert.deepEqual(counts(ada), [{ subscription_count: 1 }]);
    assert.deepEqual(counts(bob), []);
  });

  it('is told every five seconds where there are more than a hundred', () => {
    const { engine, time } = engineWithClock();
    const first = new EngineClient(engine);
    first.subscribe('news');
    for (let index = 1; index < 100; index += 1) new EngineClient(engine).subscribe('news');
    assert.equal(counts(first).length, 100);
    for (let index = 0; index < 10; index += 1) new EngineClient(engine).subscribe('news');
    assert.deepEqual(counts(first), []);
    time.tick(5_000);
    assert.deepEqual(counts(first), [{ subscription_count: 110 }]);
    time.tick(60_000);
    assert.deepEqual(counts(first), []);
  });

  it('is not told on presence channels, nor where the app has not enabled it', () => {
    const presence = new EngineClient(engineWithClock().engine);
    presence.subscribe('presence-a', { user_id: '1' });
    assert.deepEqual(counts(presence), []);
    const disabled = new EngineClient(engineWithClock({ subscriptionCount: false }).engine);
    disabled.subscribe('news');
    assert.deepEqual(counts(disabled), []);
  });

  it('leaves no timer for a channel that everybody has left', () => {
    const { engine, time } = engineWithClock();
    const clients = Array.from({ length: 102 }, () => new EngineClient(engine));
    for (const client of clients) client.subscribe('news');
    for (const client of clients) client.session.disconnected(1000);
    assert.equal(time.countTimers(), 0);
  });
});
