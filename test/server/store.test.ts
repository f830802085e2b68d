import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MemoryStore } from '../../src/server/index.js';

function storeAt(options: { maxEntries?: number } = {}) {
  const time = { now: 1_000_000 };
  return { time, store: new MemoryStore({ clock: () => time.now, ...options }) };
}

describe('the store in memory', () => {
  test('counts, sums and forgets', async () => {
    const { store, time } = storeAt();
    assert.equal(await store.increment('a', 2, 1000), 2);
    assert.equal(await store.increment('a', -1, 1000), 1);
    assert.equal(await store.increment('b', 5, 2000), 5);
    assert.equal(await store.count(['a', 'b', 'never']), 6);
    time.now += 1000;
    assert.equal(await store.count(['a', 'b']), 5);
    assert.equal(await store.increment('a', 1, 1000), 1);
    await store.delete('b');
    await store.delete('never');
    assert.equal(await store.count(['b']), 0);
  });

  test('a time to live counts from the first write', async () => {
    const { store, time } = storeAt();
    await store.increment('a', 1, 1000);
    time.now += 900;
    await store.increment('a', 1, 1000);
    time.now += 100;
    assert.equal(await store.count(['a']), 0);
  });

  test('joins sets', async () => {
    const { store, time } = storeAt();
    assert.equal(await store.add('a', 'x', 1000), 1);
    assert.equal(await store.add('a', 'x', 1000), 1);
    assert.equal(await store.add('a', 'y', 1000), 2);
    await store.add('b', 'y', 2000);
    assert.deepEqual((await store.members(['a', 'b', 'never'])).sort(), ['x', 'y']);
    time.now += 1000;
    assert.deepEqual(await store.members(['a', 'b']), ['y']);
  });

  test('names of any kind are keys', async () => {
    const { store } = storeAt();
    for (const key of ['__proto__', 'constructor', '']) {
      assert.equal(await store.count([key]), 0);
      assert.equal(await store.increment(key, 1, 1000), 1);
    }
  });

  test('what is never asked for again is swept', async () => {
    const { store, time } = storeAt();
    for (let index = 0; index < 1000; index += 1) await store.add(`key ${index}`, 'member', 1000);
    assert.equal(store.size, 2000);
    time.now += 61_000;
    await store.increment('new', 1, 1000);
    assert.equal(store.size, 1);
  });

  test('its memory is bounded: the oldest goes first', async () => {
    const { store } = storeAt({ maxEntries: 100 });
    for (let index = 0; index < 1000; index += 1) {
      await store.increment(`key ${index}`, 1, 1_000_000);
      assert.ok(store.size <= 100);
    }
    assert.equal(await store.count(['key 0']), 0);
    assert.equal(await store.count(['key 999']), 1);
    for (let index = 0; index < 1000; index += 1) {
      await store.add('one set', `member ${index}`, 1_000_000);
      assert.ok(store.size <= 100);
    }
    assert.ok((await store.members(['one set'])).length >= 90);
  });

  test('its size is what it holds, whatever is done', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step = fc.oneof(
      fc.record({ do: fc.constant('increment' as const), key }),
      fc.record({ do: fc.constant('add' as const), key, member: fc.constantFrom('1', '2', '3', '4') }),
      fc.record({ do: fc.constant('delete' as const), key }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(400, 70_000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { store, time } = storeAt({ maxEntries: 9 });
        for (const action of steps) {
          if (action.do === 'wait') time.now += action.ms;
          else if (action.do === 'add') await store.add(action.key, action.member, 1000);
          else if (action.do === 'delete') await store.delete(action.key);
          else await store.increment(action.key, 1, 1000);
          assert.ok(store.size >= 0 && store.size <= 9, `${store.size}`);
        }
        for (const key of ['a', 'b', 'c', 'd', 'e']) await store.delete(key);
        assert.equal(store.size, 0);
      }),
      { numRuns: 500 },
    );
  });
});
