import { expect } from '@open-wc/testing';
import { readDirectly } from '../../src/core/direct-frames.js';
import type { Frame } from '../../src/core/pusher.js';

/** A socket whose messages pusher-js reads, and what either reader hears of each. */
function setUp() {
  const frames: Frame[] = [];
  const passed: unknown[] = [];
  const socket = { onmessage: (message: MessageEvent) => passed.push(message.data) } as unknown as WebSocket;
  readDirectly(socket, (frame) => frames.push(frame));
  const hear = (message: unknown) => {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    socket.onmessage?.(new MessageEvent('message', { data }));
    return data;
  };
  return { frames, passed, hear };
}

describe('Reading events off the socket', () => {
  it('reads an event as pusher-js does: data that is JSON as a value, other data as text', () => {
    const { frames, passed, hear } = setUp();
    hear({ event: 'news', channel: 'a', data: '{"count":1}' });
    hear({ event: 'news', channel: 'a', data: 'null' });
    hear({ event: 'news', channel: 'a', data: 'plain {text' });
    hear({ event: 'client-news', channel: 'presence-a', data: { count: 2 }, user_id: 'u-1' });
    hear({ event: 'pusher-news', channel: 'a', data: '1' });
    expect(frames).to.deep.equal([
      { event: 'news', channel: 'a', data: { count: 1 } },
      { event: 'news', channel: 'a', data: null },
      { event: 'news', channel: 'a', data: 'plain {text' },
      { event: 'client-news', channel: 'presence-a', data: { count: 2 }, user_id: 'u-1' },
      { event: 'pusher-news', channel: 'a', data: 1 },
    ]);
    expect(passed).to.deep.equal([]);
  });

  it('takes a text or a number for the author, and nothing else', () => {
    const { frames, hear } = setUp();
    const authors = ['u-1', 7, '', null, { toString: 1 }, ['u-1']];
    for (const user_id of authors) hear({ event: 'client-news', channel: 'presence-a', data: '1', user_id });
    expect(frames.map((frame) => frame.user_id)).to.deep.equal(['u-1', '7', ...Array(4).fill(undefined)]);
  });

  it('reads who comes and goes, which the kit’s own roster keeps', () => {
    const { frames, passed, hear } = setUp();
    hear({ event: 'pusher_internal:member_added', channel: 'presence-a', data: '{"user_id":"1"}' });
    hear({ event: 'pusher_internal:member_removed', channel: 'presence-a', data: '{"user_id":"1"}' });
    expect(frames.map(({ data }) => data)).to.deep.equal([{ user_id: '1' }, { user_id: '1' }]);
    expect(passed).to.deep.equal([]);
  });

  it('leaves to pusher-js what belongs to the protocol, is encrypted, is for a signed-in user, or is broken', () => {
    const { frames, passed, hear } = setUp();
    const left = [
      { event: 'pusher:pong', data: '{}' },
      { event: 'pusher:error', data: { code: 4301, message: 'Too fast' } },
      { event: 'pusher_internal:subscription_succeeded', channel: 'presence-a', data: '{}' },
      { event: 'news', channel: 'private-encrypted-a', data: '{"nonce":"","ciphertext":""}' },
      { event: 'news', channel: '#server-to-user-1', data: '{}' },
      { event: 'news', data: '{}' },
      { event: 7, channel: 'a' },
      '{"event":"news","channel":"a"',
      'null',
      '[]',
      '12',
    ].map(hear);
    expect(passed).to.deep.equal(left);
    expect(frames).to.deep.equal([]);
  });
});
