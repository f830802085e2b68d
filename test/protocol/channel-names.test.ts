import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  allowsClientEvents,
  channelNameProblem,
  channelNames,
  decodeId,
  describeChannel,
  encodeId,
  needsAuthorization,
  withChannelType,
} from '../../src/protocol.js';
import { check } from './property.js';

/** Any text, with many that look alike: separators, prefixes, escapes, half of a surrogate pair. */
const id = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('=', '0', '2', 'd', '-', 'a', 'A', '%', '_'), maxLength: 8 }),
  fc.constantFrom('1', '10', '01', 'a-b', 'a=002db', 'class-1', 'cache-1', 'é', 'é', '\ud83d', '__proto__'),
);

/** Every kind of channel that holds an id. Encrypted presence channels do not exist. */
const kinds: Record<string, (id: string) => string> = {
  user: channelNames.user,
  class: channelNames.class,
  agent: channelNames.agent,
  presenceRole: channelNames.presenceRole,
  presenceClass: channelNames.presenceClass,
  presenceSession: channelNames.presenceSession,
};
for (const [name, kind] of Object.entries({ ...kinds })) {
  kinds[`${name}, cache`] = (text) => channelNames.cache(kind(text));
  if (name.startsWith('presence')) continue;
  kinds[`${name}, encrypted`] = (text) => channelNames.encrypted(kind(text));
  kinds[`${name}, encrypted cache`] = (text) => channelNames.cache(channelNames.encrypted(kind(text)));
}
const constants = [
  channelNames.public,
  channelNames.publicAnnouncements,
  channelNames.botUpdates,
  channelNames.strategyUpdates,
];

describe('channel names', () => {
  test('two ids never give one channel name, also across kinds of channel', () => {
    const kind = fc.constantFrom(...Object.keys(kinds));
    check(
      fc.property(kind, id, kind, id, (kindA, a, kindB, b) => {
        const isSame = kindA === kindB && a === b;
        assert.equal(kinds[kindA]!(a) === kinds[kindB]!(b), isSame);
      }),
    );
  });

  test('no id gives the name of a channel that is for everybody', () => {
    check(
      fc.property(fc.constantFrom(...Object.keys(kinds)), id, (kind, text) => {
        const name = kinds[kind]!(text);
        assert.ok(![...constants, ...constants.map(channelNames.cache)].includes(name), name);
      }),
    );
  });

  test('an id comes back out of its name, and no other text is read as an id', () => {
    check(
      fc.property(id, (text) => {
        assert.equal(decodeId(encodeId(text)), text);
        const decoded = decodeId(text);
        if (decoded !== undefined) assert.equal(encodeId(decoded), text);
      }),
    );
  });

  test('every id, encoded, is made of characters that Pusher allows', () => {
    check(
      fc.property(fc.constantFrom(...Object.keys(kinds)), id, (kind, text) => {
        assert.equal(channelNameProblem(kinds[kind]!(text)), undefined);
      }),
    );
  });

  test('a number and its digits are one id', () => {
    assert.equal(channelNames.user(7), channelNames.user('7'));
  });

  for (const [name, type, cache, base] of [
    ['news', 'public', false, 'news'],
    ['cache-news', 'public', true, 'news'],
    ['private-user-7', 'private', false, 'private-user-7'],
    ['private-cache-user-7', 'private', true, 'private-user-7'],
    ['private-encrypted-user-7', 'encrypted', false, 'private-user-7'],
    ['private-encrypted-cache-user-7', 'encrypted', true, 'private-user-7'],
    ['presence-class-3', 'presence', false, 'presence-class-3'],
    ['presence-cache-class-3', 'presence', true, 'presence-class-3'],
    ['Private-user-7', 'public', false, 'Private-user-7'],
    ['private', 'public', false, 'private'],
  ] as const) {
    test(`${name} is ${cache ? 'a cache channel, ' : ''}${type}, with the base ${base}`, () => {
      assert.deepEqual(describeChannel(name), { name, type, cache, base });
      assert.equal(needsAuthorization(name), type !== 'public');
      assert.equal(allowsClientEvents(name), type === 'private' || type === 'presence');
    });
  }

  test('a name is told what is wrong with it', () => {
    assert.equal(channelNameProblem('a'.repeat(164)), undefined);
    assert.match(channelNameProblem('a'.repeat(165))!, /at most 164 characters; this one has 165/);
    assert.match(channelNameProblem('')!, /at least one character/);
    assert.match(channelNameProblem(7)!, /is a text/);
    for (const name of ['a b', 'a:b', 'a/b', '#server-to-user-1', 'ü', 'a\n', 'a%20b']) {
      assert.match(channelNameProblem(name)!, /encodeId/, name);
    }
  });

  test('the guard of a channel can be exchanged, and its cache stays', () => {
    assert.equal(withChannelType('class-3', 'presence'), 'presence-class-3');
    assert.equal(withChannelType('presence-class-3', 'public'), 'class-3');
    assert.equal(withChannelType('private-cache-class-3', 'encrypted'), 'private-encrypted-cache-class-3');
    assert.equal(channelNames.cache('class-3'), 'cache-class-3');
    assert.equal(channelNames.cache(channelNames.cache('private-class-3')), 'private-cache-class-3');
    assert.equal(channelNames.encrypted('private-class-3'), 'private-encrypted-class-3');
  });
});
