import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  eventNames,
  hasPayloadReader,
  type NotificationPayload,
  readMemberInfo,
  readPayload,
} from '../../src/protocol.js';
import { check } from './property.js';

/** What was read, or a failure of the test. */
function read(event: string, payload: unknown): Record<string, unknown> {
  const result = readPayload(event, payload);
  assert.ok(result.ok, result.ok ? '' : result.problem);
  return result.value as Record<string, unknown>;
}

/** What is wrong with a payload that should be refused. */
function problem(event: string, payload: unknown): string {
  const result = readPayload(event, payload);
  assert.ok(!result.ok, `${event} was read`);
  return result.problem;
}

describe('payloads', () => {
  const examples: [event: string, sent: unknown, read: unknown][] = [
    ['user.notification', { title: 'Hi' }, { title: 'Hi', message: '', level: 'info', actions: [] }],
    ['notification', { body: 'Hi', type: 'error' }, { message: 'Hi', level: 'error' }],
    ['notification', { text: 'Hi', level: 'success', type: 'error' }, { message: 'Hi', level: 'success' }],
    [
      'notification',
      { message: 'Hi', actions: [{ label: 'Open', url: '/a' }] },
      { actions: [{ label: 'Open', url: '/a' }] },
    ],
    ['user.achievement', { title: 'Gold' }, { title: 'Gold' }],
    ['progress.updated', { taskId: 't', progress: 37 }, { taskId: 't', progress: 37, status: 'running' }],
    ['progress.updated', { task_id: 5, progress: '37.5' }, { taskId: '5', progress: 37.5 }],
    ['content.progress', { taskId: 't', progress: 100 }, { status: 'completed' }],
    ['content.progress', { taskId: 't', status: 'completed' }, { progress: 100 }],
    ['content.progress', { taskId: 't', progress: 0.5 }, { progress: 0.5, status: 'running' }],
    ['content.progress', { taskId: 't', progress: 140 }, { progress: 100 }],
    ['content.progress', { taskId: 't', progress: -3 }, { progress: 0 }],
    [
      'content.generated',
      { task_id: 't', content_type: 'lesson', title: 'A', download_url: '/d', preview: 'x'.repeat(150) },
      { taskId: 't', contentType: 'lesson', title: 'A', downloadUrl: '/d', preview: 'x'.repeat(100) },
    ],
    ['content.failed', { taskId: 't', error: 'no' }, { taskId: 't', error: 'no' }],
    ['agent.status', { agent_id: 'a', status: 'ready' }, { agentId: 'a', status: 'ready' }],
    ['session.started', { sessionId: 's' }, { sessionId: 's' }],
    ['session.ended', { session_id: 's', title: 'T' }, { sessionId: 's', title: 'T' }],
    ['assessment.completed', { assessmentId: 'a', score: '9' }, { assessmentId: 'a', score: 9 }],
    ['trade-executed', { symbol: 'R', profit_is_win: true }, { profitIsWin: true, amount: 0, currency: '' }],
    ['bot-created', { botUUID: 'u', botName: 'B', status: 'RUNNING' }, { botUUID: 'u', botName: 'B' }],
    ['bot-updated', { bot_uuid: 'u' }, { botUUID: 'u', botName: '', status: '' }],
    ['strategy-modified', { title: 'S' }, { title: 'S' }],
    ['client-typing', { user: 1, typing: true }, { user: '1', typing: true }],
    ['message.ack', { id: 'm' }, { id: 'm' }],
  ];
  for (const [event, sent, expected] of examples) {
    test(`${event} ${JSON.stringify(sent).slice(0, 70)} is read`, () => {
      for (const [name, value] of Object.entries(expected as object)) {
        assert.deepEqual(read(event, sent)[name], value, name);
      }
    });
  }

  for (const [event, sent, what] of [
    ['notification', {}, /title or message/],
    ['notification', { message: { html: '' } }, /message should be a text/],
    ['notification', { message: 'Hi', level: 'loud' }, /level should be one of/],
    ['notification', { message: 'Hi', actions: {} }, /actions should be a list/],
    ['notification', { message: 'Hi', actions: [{}] }, /actions label should be a text/],
    ['notification', null, /should be an object/],
    ['notification', ['Hi'], /should be an object/],
    ['progress.updated', { progress: 3 }, /taskId should be a text/],
    ['progress.updated', { taskId: 't', progress: 'half' }, /progress should be a number/],
    ['progress.updated', { taskId: 't', progress: Number.NaN }, /progress should be a number/],
    ['progress.updated', { taskId: 't', status: 'done' }, /status should be one of pending/],
    ['trade-executed', { symbol: 'R', profitIsWin: 'yes' }, /profitIsWin should be true or false/],
    ['client-typing', { typing: 1 }, /typing should be true or false/],
    ['message.ack', {}, /id should be a text/],
  ] as const) {
    test(`${event} ${JSON.stringify(sent)} is refused whole`, () => {
      assert.match(problem(event, sent), what);
    });
  }

  test('a level follows the type, and what only looks like a type is plain information', () => {
    const level = (type: string) =>
      (read('notification', { message: 'x', type }) as never as NotificationPayload).level;
    assert.equal(level('margin_warning'), 'warning');
    assert.equal(level('profit_target_reached'), 'success');
    assert.equal(level('toString'), 'info');
    assert.equal(level('__proto__'), 'info');
  });

  test('fields that nobody knows are kept', () => {
    assert.equal(read('notification', { message: 'Hi', course: 7 }).course, 7);
  });

  test('payloads of other events pass as they are', () => {
    assert.equal(readPayload('toString', 5).ok && read('order.shipped', { a: 1 }).a, 1);
    assert.equal(hasPayloadReader('toString'), false);
  });

  test('every event of the catalogue but the free message has a reader', () => {
    const without = Object.values(eventNames).filter((name) => !hasPayloadReader(name));
    assert.deepEqual(without, ['message']);
  });

  test('whatever comes is read or refused, and never throws', () => {
    const event = fc.constantFrom(...Object.values(eventNames));
    check(
      fc.property(event, fc.jsonValue(), (name, payload) => {
        const result = readPayload(name, payload);
        assert.equal(typeof (result.ok ? 'ok' : result.problem), 'string');
      }),
    );
  });

  test('a member always has a name', () => {
    assert.deepEqual(readMemberInfo({ name: 'Ada', role: 'teacher' }, '1'), { name: 'Ada', role: 'teacher' });
    assert.deepEqual(readMemberInfo(undefined, '1'), { name: '1' });
    assert.deepEqual(readMemberInfo({ name: {} }, '1'), { name: '1' });
    for (const blank of ['', '  ', '\n', '\u200b', ' \u200e', null])
      assert.deepEqual(readMemberInfo({ name: blank, role: 'teacher' }, '1'), { name: '1', role: 'teacher' });
  });
});
