import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineClient, engineWithClock, signerOf } from './engine-client.js';

describe('signing in', () => {
  it('answers with the user data that was signed', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.signIn({ id: '7', user_info: { name: 'Seven' } });
    assert.equal(client.last?.event, 'pusher:signin_success');
    const { user_data } = client.lastData as { user_data: string };
    assert.deepEqual(JSON.parse(user_data), { id: '7', user_info: { name: 'Seven' } });
  });

  it('may be repeated as the same user, and not as another', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    client.signIn({ id: '7' });
    client.signIn({ id: '7' });
    assert.equal(client.take('pusher:signin_success').length, 2);
    client.signIn({ id: '8' });
    assert.equal(client.last?.event, 'pusher:error');
    assert.equal(engine.app().users.connectionsOf('7').length, 1);
    assert.equal(engine.app().users.connectionsOf('8').length, 0);
  });

  it('fails with 4009 for a wrong signature or user data that is none, and the connection stays', () => {
    const { engine } = engineWithClock();
    const client = new EngineClient(engine);
    const signer = signerOf(engine);
    const { auth, user_data } = signer.authenticateUser(client.socketId, { id: '7' });
    const sign = (text: string) => ({
      auth: `emulator-key:${new (Object.getPrototypeOf(signer).constructor.Token)('', 'emulator-secret').sign(`${client.socketId}::user::${text}`)}`,
      user_data: text,
    });
    const wrong = [
      undefined,
      {},
      { auth },
      { auth: 7, user_data },
      { auth: 'emulator-key:0', user_data },
      { auth, user_data: '{"id":"8"}' },
      sign('no JSON'),
      sign('[]'),
      sign('{}'),
      sign('{"id":""}'),
      sign('{"id":7}'),
      sign('{"id":"a b"}'),
      sign(`{"id":"${'x'.repeat(129)}"}`),
      sign('{"id":"7","user_info":"Seven"}'),
      sign('{"id":"7","watchlist":"all"}'),
      sign('{"id":"7","watchlist":[7]}'),
    ];
    for (const data of wrong) {
      client.send({ event: 'pusher:signin', data });
      assert.equal(client.last?.event, 'pusher:error', JSON.stringify(data));
      assert.equal((client.lastData as { code: number }).code, 4009);
    }
    assert.equal(client.ending, undefined);
  });

  it('fails where the app has not enabled it', () => {
    const { engine } = engineWithClock({ userAuthentication: false });
    const client = new EngineClient(engine);
    client.signIn({ id: '7' });
    assert.equal(client.last?.event, 'pusher:error');
  });
});

describe('the channel of a user', () => {
  it('is open to that user alone', () => {
    const { engine } = engineWithClock();
    const [seven, eight, nobody] = [1, 2, 3].map(() => new EngineClient(engine));
    seven!.signIn({ id: '7' });
    eight!.signIn({ id: '77' });
    for (const client of [seven!, eight!, nobody!]) client.subscribe('#server-to-user-7');
    assert.equal(seven!.last?.event, 'pusher_internal:subscription_succeeded');
    for (const client of [eight!, nobody!]) {
      assert.equal(client.last?.event, 'pusher:subscription_error');
      assert.equal((client.lastData as { status: number }).status, 401);
    }
    engine.app().publish({ name: 'note', channels: ['#server-to-user-7'], data: '1' });
    assert.equal(seven!.take('note').length, 1);
    assert.equal(eight!.take('note').length, 0);
  });
});

describe('a watchlist', () => {
  const events = (client: EngineClient) =>
    client
      .take('pusher_internal:watchlist_events')
      .flatMap(({ data }) => (JSON.parse(String(data)) as { events: unknown[] }).events);

  it('says at once who of it is there and who is not', () => {
    const { engine } = engineWithClock();
    new EngineClient(engine).signIn({ id: 'ada' });
    const watcher = new EngineClient(engine);
    watcher.signIn({ id: 'me', watchlist: ['ada', 'bob', 'ada'] });
    assert.deepEqual(events(watcher), [
      { name: 'online', user_ids: ['ada'] },
      { name: 'offline', user_ids: ['bob'] },
    ]);
  });

  it('tells of a user’s first connection and of the end of the last', () => {
    const { engine } = engineWithClock();
    const watcher = new EngineClient(engine);
    watcher.signIn({ id: 'me', watchlist: ['ada'] });
    watcher.frames.length = 0;
    const tabs = [new EngineClient(engine), new EngineClient(engine)];
    for (const tab of tabs) tab.signIn({ id: 'ada' });
    assert.deepEqual(events(watcher), [{ name: 'online', user_ids: ['ada'] }]);
    tabs[0]!.session.disconnected(1006);
    assert.deepEqual(events(watcher), []);
    tabs[1]!.session.disconnected(1006);
    assert.deepEqual(events(watcher), [{ name: 'offline', user_ids: ['ada'] }]);
  });

  it('tells of the end of a user whose connection is cut for reading too slowly in the middle of signing in', async () => {
    const { engine } = engineWithClock({ bufferedBytes: 1_000 });
    const [watcher, slow] = [new EngineClient(engine), new EngineClient(engine)];
    watcher.signIn({ id: 'me', watchlist: ['ada'] });
    watcher.frames.length = 0;
    slow.bufferedBytes = 1_001;
    slow.signIn({ id: 'ada' });
    await Promise.resolve();
    assert.deepEqual(events(watcher), [
      { name: 'online', user_ids: ['ada'] },
      { name: 'offline', user_ids: ['ada'] },
    ]);
    assert.deepEqual(engine.app().users.connectionsOf('ada'), []);
  });

  it('is cut at its limit with 4302, after the sign-in succeeded', () => {
    const { engine } = engineWithClock();
    const watcher = new EngineClient(engine);
    watcher.signIn({ id: 'me', watchlist: Array.from({ length: 101 }, (_, index) => `user-${index}`) });
    assert.deepEqual(
      watcher.frames.slice(1).map(({ event }) => event),
      ['pusher:signin_success', 'pusher:error', 'pusher_internal:watchlist_events'],
    );
    assert.equal((watcher.frames[2]!.data as { code: number }).code, 4302);
    const [offline] = events(watcher) as [{ user_ids: string[] }];
    assert.equal(offline.user_ids.length, 100);
    assert.equal(offline.user_ids.includes('user-100'), false);
  });

  it('is silent where the app has not enabled it, and once its watcher is gone', () => {
    const disabled = engineWithClock({ watchlists: false }).engine;
    const unheard = new EngineClient(disabled);
    unheard.signIn({ id: 'me', watchlist: ['ada'] });
    assert.deepEqual(events(unheard), []);

    const { engine } = engineWithClock();
    const gone = new EngineClient(engine);
    gone.signIn({ id: 'me', watchlist: ['ada', 'me'] });
    gone.session.disconnected(1000);
    gone.frames.length = 0;
    new EngineClient(engine).signIn({ id: 'ada' });
    assert.deepEqual(gone.frames, []);
  });
});

describe('terminating a user', () => {
  it('closes with 4009 the connections that are signed in as that user, and no others', () => {
    const { engine } = engineWithClock();
    const [ada, adaToo, bob, anonymous] = [1, 2, 3, 4].map(() => new EngineClient(engine));
    ada!.signIn({ id: 'ada' });
    adaToo!.signIn({ id: 'ada' });
    bob!.signIn({ id: 'bob' });
    anonymous!.subscribe('presence-a', { user_id: 'ada' });
    engine.app().terminateUser('ada');
    assert.deepEqual(
      [ada, adaToo, bob, anonymous].map((client) => client!.ending?.code),
      [4009, 4009, undefined, undefined],
    );
    assert.equal(engine.app().users.connectionsOf('ada').length, 0);
  });
});
