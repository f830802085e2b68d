import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  byteLength,
  eventNameProblem,
  isClientEvent,
  makeEnvelope,
  randomId,
  readEnvelope,
} from '../../src/protocol.js';

test('an envelope carries a fresh id, the time and its payload', () => {
  const envelope = makeEnvelope('notification', { message: 'Hi' }, '7');
  assert.match(envelope.id, /^[0-9a-f]{32}$/);
  assert.equal(new Date(envelope.timestamp).toISOString(), envelope.timestamp);
  assert.deepEqual(readEnvelope('message', envelope), envelope);
  assert.equal('sender' in makeEnvelope('a', {}), false);
});

test('a bare payload is read as an envelope of its event', () => {
  assert.deepEqual(readEnvelope('notification', { id: '1', message: 'Hi' }), {
    type: 'notification',
    data: { id: '1', message: 'Hi' },
  });
  for (const payload of [null, 'text', 7, [1], { id: 1, type: 'a', timestamp: 'b', data: 1 }]) {
    assert.deepEqual(readEnvelope('a', payload), { type: 'a', data: payload });
  }
});

test('ids do not repeat', () => {
  assert.equal(new Set(Array.from({ length: 1000 }, randomId)).size, 1000);
});

test('an event name is told what is wrong with it', () => {
  assert.equal(eventNameProblem('App\\Events\\OrderShipped'), undefined);
  assert.equal(eventNameProblem('a'.repeat(200)), undefined);
  assert.match(eventNameProblem('a'.repeat(201))!, /at most 200/);
  assert.match(eventNameProblem('')!, /at least one/);
  assert.match(eventNameProblem(undefined)!, /is a text/);
  assert.match(eventNameProblem('pusher:subscribe')!, /belong to the service/);
  assert.match(eventNameProblem('pusher_internal:x')!, /belong to the service/);
  assert.equal(isClientEvent('client-typing'), true);
  assert.equal(isClientEvent('typing'), false);
});

test('bytes are counted as they go over the wire', () => {
  assert.equal(byteLength('aé€😀'), 1 + 2 + 3 + 4);
});
