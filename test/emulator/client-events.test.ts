import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../../src/emulator/options.js';
import { EngineClient, engineWithClock } from './engine-client.js';

/** Two clients on one channel. */
function pair(channel: string, options: EngineOptions = {}) {
  const { engine, time } = engineWithClock({ subscriptionCount: false, ...options });
  const [sender, receiver] = [new EngineClient(engine), new EngineClient(engine)];
  sender.subscribe(channel, channel.startsWith('presence-') ? { user_id: 1 } : undefined);
  receiver.subscribe(channel, channel.startsWith('presence-') ? { user_id: '2' } : undefined);
  sender.frames.length = 0;
  receiver.frames.length = 0;
  return { engine, time, sender, receiver };
}

describe('a client event', () => {
  it('reaches the other subscribers of a private channel, and not its sender', () => {
    const { sender, receiver } = pair('private-a');
    sender.send({ event: 'client-typing', channel: 'private-a', data: { typing: true } });
    assert.deepEqual(receiver.frames, [
      { event: 'client-typing', channel: 'private-a', data: '{"typing":true}' },
    ]);
    assert.deepEqual(sender.frames, []);
  });

  it('carries the id of its sender on a presence channel, in the type that it has', () => {
    const { sender, receiver } = pair('presence-a');
    sender.send({ event: 'client-typing', channel: 'presence-a', data: '"text"', user_id: 'forged' });
    assert.deepEqual(receiver.frames, [
      { event: 'client-typing', channel: 'presence-a', data: '"text"', user_id: 1 },
    ]);
  });

  const refused: [why: string, channel: string, frame: object, options?: EngineOptions][] = [
    ['the app has not enabled them', 'private-a', {}, { clientEvents: false }],
    ['the channel is public', 'news', {}],
    ['the channel is encrypted', 'private-encrypted-a', {}],
    ['the sender is not on the channel', 'private-a', { channel: 'private-b' }],
    ['the channel is a prototype key', 'private-a', { channel: '__proto__' }],
    ['there is no channel', 'private-a', { channel: undefined }],
    ['the channel is no text', 'private-a', { channel: { length: 1 } }],
    ['the name is too long', 'private-a', { event: `client-${'x'.repeat(194)}` }],
    ['the data is too large', 'private-a', { data: 'é'.repeat(5_121) }],
  ];
  for (const [why, channel, frame, options] of refused) {
    it(`is refused with 4301 when ${why}`, () => {
      const { sender, receiver } = pair(channel, options);
      sender.send({ event: 'client-x', channel, data: {}, ...frame });
      assert.equal(sender.last?.event, 'pusher:error');
      assert.equal((sender.lastData as { code: number }).code, 4301);
      assert.deepEqual(receiver.frames, []);
      assert.equal(sender.ending, undefined);
    });
  }

  it('may have a name of 200 characters and 10,240 bytes of data, or no data at all', () => {
    const { sender, receiver } = pair('private-a');
    sender.send({ event: `client-${'x'.repeat(193)}`, channel: 'private-a', data: 'x'.repeat(10_240) });
    sender.send({ event: 'client-y', channel: 'private-a' });
    assert.equal(receiver.frames.length, 2);
    assert.equal(receiver.last?.data, '');
  });

  it('is dropped with 4301 above ten in any second, each connection counted by itself', () => {
    const { sender, receiver, time } = pair('private-a');
    const send = (client: EngineClient, times: number) => {
      for (let index = 0; index < times; index += 1) {
        client.send({ event: 'client-x', channel: 'private-a', data: index });
      }
    };
    send(sender, 5);
    time.tick(600);
    send(sender, 8);
    assert.equal(receiver.take('client-x').length, 10);
    assert.equal(sender.take('pusher:error').length, 3);
    send(receiver, 10);
    assert.equal(receiver.take('pusher:error').length, 0);
    time.tick(400);
    send(sender, 10);
    assert.equal(receiver.take('client-x').length, 5);
    time.tick(1_000);
    send(sender, 10);
    assert.equal(receiver.take('client-x').length, 10);
  });

  it('goes through a second after ten others, also when the clock is set back meanwhile', () => {
    const { sender, receiver, time } = pair('private-a');
    const send = () => sender.send({ event: 'client-n', channel: 'private-a', data: {} });
    for (let index = 0; index < 10; index += 1) send();
    time.setSystemTime(time.now - 3_600_000);
    time.tick(1_000);
    send();
    assert.equal(receiver.take('client-n').length, 11);
  });
});
