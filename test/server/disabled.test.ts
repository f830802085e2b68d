import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bearer, errorCode, form, json, makeServer, socketId } from './fixtures.js';

describe('a server with realtime disabled', () => {
  const server = makeServer({
    engine: { enabled: false },
    canTrigger: ({ channel }) => channel !== 'private-class-1',
  });
  const event = { channel: 'public', event: 'notification', data: { message: 'Hi' } };
  const post = async (body: unknown) =>
    server.app.request('/realtime/trigger', json(body, await bearer('1')));

  test('takes events and sends nothing', async () => {
    const response = await post(event);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), {
      ok: true,
      result: { channels: ['public'], event_id: 'mock' },
      disabled: true,
    });
  });

  test('takes batches the same way', async () => {
    assert.deepEqual(await (await post({ batch: [event] })).json(), {
      ok: true,
      results: [{ ok: true, result: { channels: ['public'], event_id: 'mock' } }],
      disabled: true,
    });
  });

  test('still refuses what it would refuse', async () => {
    assert.equal((await post({ ...event, data: {} })).status, 400);
    assert.equal((await post({ ...event, channel: 'private-class-1' })).status, 403);
    assert.equal((await server.app.request('/realtime/trigger', json(event))).status, 401);
  });

  test('authorizes nobody', async () => {
    for (const path of ['/pusher/auth', '/pusher/user-auth']) {
      const fields = [
        ['socket_id', socketId],
        ['channel_name', 'private-user-1'],
      ] as const;
      const response = await server.app.request(path, form(fields, await bearer('1')));
      assert.equal(response.status, 503);
      assert.equal(await errorCode(response), 'disabled');
    }
    assert.equal((await server.app.request('/pusher/webhook', json({}))).status, 503);
  });

  test('says the same to backend code', async () => {
    assert.deepEqual(await server.trigger('public', 'message', 1), {
      channels: ['public'],
      event_id: 'mock',
    });
    assert.deepEqual(await server.sendToUser('a|b', 'message', 1), {
      channels: ['#server-to-user-a=007cb'],
      event_id: 'mock',
    });
    assert.deepEqual(await server.triggerBatch([{ channel: 'public', event: 'message' }]), [
      { ok: true, result: { channels: ['public'], event_id: 'mock' } },
    ]);
    const identity = await server.identify(new Request('http://x', { headers: await bearer('1') }));
    for (const call of [
      () => server.authorizeChannel(identity, socketId, 'private-user-1'),
      () => server.authenticateUser(identity, socketId),
      () => server.terminateUser('1'),
      () => server.channels(),
      () => server.members('presence-student'),
    ]) {
      await assert.rejects(call, { code: 'disabled', status: 503 });
    }
    assert.deepEqual((await server.metrics.query()).events, []);
  });
});
