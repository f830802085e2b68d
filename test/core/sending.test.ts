import { expect } from '@open-wc/testing';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import type { Fate } from '../../src/core/message.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import {
  ada,
  bo,
  channel,
  codeOf,
  eventually,
  join,
  meet,
  record,
  recordSteps,
  socketOf,
} from '../helpers/meeting.js';
import { tokenFor } from '../helpers/users.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

/** Answers requests to the trigger endpoint with what `answer` gives, and lets the others through. */
function withServer(
  emulator: PageEmulator,
  answer: (attempt: number, signal: AbortSignal) => Response | Promise<Response> | undefined,
) {
  const client = emulator.client({ user: ada });
  const bodies: { event: string; data: { id?: string } }[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    if (String(input) !== client.triggerEndpoint) return client.fetch(input, init);
    bodies.push(JSON.parse(String(init?.body)));
    const given = answer(bodies.length, init?.signal as AbortSignal);
    return given ? Promise.resolve(given) : client.fetch(input, init);
  };
  const timing = { backoffBaseMs: 20, authorizeMs: 200, acknowledgeMs: 200 };
  return { bodies, controller: startController(emulator, { ...client, fetch, timing }) };
}

const status = (code: number, headers: Record<string, string> = {}) =>
  new Response('{}', { status: code, headers });

describe('sending', () => {
  let reported: string[];
  const onError = (event: Event) => reported.push((event as RealtimeErrorEvent).error.code);
  beforeEach(() => {
    reported = [];
    document.addEventListener('realtime-error', onError);
  });
  afterEach(() => {
    document.removeEventListener('realtime-error', onError);
    endAll();
  });

  describe('through the server', () => {
    it('ends as accepted, with the id that the server gave the event', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const heard = record(receiver, 'headline');
      const { steps, onFate } = recordSteps();
      const fate = await sender.send('headline', { text: 'Hello' }, { channel, onFate });
      expect(steps).to.deep.equal(['queued', 'sent', 'accepted']);
      expect(fate.fate === 'accepted' && fate.eventId).to.equal('emulator-1');
      await until(receiver, () => heard.length === 1 || receiver.stats.messagesReceived > 0);
      expect(heard.map(({ data }) => data)).to.deep.equal([{ text: 'Hello' }]);
      expect(sender.stats.messagesSent).to.equal(1);
    });

    it('needs no channel, and opens the connection for as long as it takes', async () => {
      const emulator = startEmulator();
      const controller = startController(emulator, { timing: { idleMs: 20 } });
      const fate = await controller.send('headline', {}, { channel: 'news' });
      expect(fate.fate).to.equal('accepted');
      expect(controller.channels).to.deep.equal([]);
      await until(controller, () => controller.status === 'idle');
    });

    it('keeps the order of one channel, and lets no channel wait for another', async () => {
      const emulator = startEmulator();
      const open: (() => void)[] = [];
      const { controller, bodies } = withServer(
        emulator,
        () => new Promise<Response>((resolve) => open.push(() => resolve(status(200)))),
      );
      const sends = [
        controller.send('a', {}, { channel: 'news' }),
        controller.send('b', {}, { channel: 'news' }),
        controller.send('c', {}, { channel: 'sport' }),
      ];
      await until(controller, () => controller.status === 'connected');
      await emulator.driver.waitFor(() => true);
      await eventually(() => bodies.length === 2);
      expect(bodies.map(({ event }) => event)).to.deep.equal(['a', 'c']);
      for (const answer of open.splice(0)) answer();
      await eventually(() => bodies.length === 3);
      for (const answer of open) answer();
      await Promise.all(sends);
    });

    it('keeps no client event waiting on its channel', async () => {
      const emulator = startEmulator();
      let answer: ((response: Response) => void) | undefined;
      const { controller } = withServer(emulator, () => new Promise((resolve) => (answer = resolve)));
      await join(controller);
      const end = controller.send('headline', {}, { channel });
      await eventually(() => answer !== undefined);
      expect((await controller.send('client-wave', {}, { channel })).fate).to.equal('sent');
      answer?.(status(200));
      expect((await end).fate).to.equal('accepted');
    });

    it('waits as long as a busy server asks for', async () => {
      const emulator = startEmulator();
      const { controller, bodies } = withServer(emulator, (attempt) =>
        attempt === 1 ? status(429, { 'Retry-After': '0.05' }) : undefined,
      );
      const { steps, onFate } = recordSteps();
      const fate = await controller.send('headline', {}, { channel: 'news', onFate });
      expect(fate.fate).to.equal('accepted');
      expect(steps).to.deep.equal(['queued', 'sent', 'queued', 'sent', 'accepted']);
      expect(bodies).to.have.length(2);
    });

    it('ends as rejected when the server says no, and as failed when the server fails', async () => {
      const emulator = startEmulator();
      const { controller } = withServer(emulator, (attempt) => status(attempt === 1 ? 403 : 500));
      const refused = await controller.send('headline', {}, { channel: 'news' });
      expect([refused.fate, codeOf(refused)]).to.deep.equal(['rejected', 'auth/forbidden']);
      const failed = await controller.send('headline', {}, { channel: 'news' });
      expect([failed.fate, codeOf(failed)]).to.deep.equal(['failed', 'auth/server-failed']);
      expect(reported).to.deep.equal(['auth/forbidden', 'auth/server-failed']);
    });

    it('ends with words that promise no further try', async () => {
      const emulator = startEmulator();
      const silence = (signal: AbortSignal) =>
        new Promise<Response>((_, reject) => signal.addEventListener('abort', reject));
      const ends = ['auth/server-failed', 'auth/server-failed', 'rate-limit/endpoint', 'timeout/trigger'];
      const { controller, bodies } = withServer(
        emulator,
        (attempt, signal) => [status(500), status(502), status(429)][attempt - 1] ?? silence(signal),
      );
      for (const code of ends) {
        const queue = code !== 'rate-limit/endpoint';
        const end = await controller.send('headline', {}, { channel: 'news', queue });
        expect(codeOf(end)).to.equal(code);
        expect('error' in end && end.error.hint).not.to.match(/again|later/);
      }
      expect(bodies).to.have.length(ends.length);
    });

    it('ends as unknown, and is not sent again, when no answer comes', async () => {
      const emulator = startEmulator();
      const { controller, bodies } = withServer(emulator, (attempt) =>
        attempt === 1 ? Promise.reject(new TypeError('Failed to fetch')) : status(504),
      );
      const cut = await controller.send('headline', {}, { channel: 'news' });
      expect([cut.fate, codeOf(cut)]).to.deep.equal(['unknown', 'auth/unreachable']);
      const silent = await controller.send('headline', {}, { channel: 'news' });
      expect(silent.fate).to.equal('unknown');
      expect(bodies).to.have.length(2);
    });

    it('is sent again under the same id when no answer comes but an acknowledgement is awaited', async () => {
      const emulator = startEmulator();
      const { controller, bodies } = withServer(emulator, (attempt) =>
        attempt === 1 ? Promise.reject(new TypeError('Failed to fetch')) : undefined,
      );
      await join(controller);
      const receiver = startController(emulator, { user: bo });
      receiver.listen({ channel, event: 'headline', callback: ({ acknowledge }) => acknowledge?.() });
      await join(receiver);
      const fate = await controller.send('headline', {}, { channel, awaitAcknowledgment: true });
      expect(fate.fate).to.equal('acknowledged');
      expect(bodies).to.have.length(2);
      expect(bodies.map(({ data }) => data.id)).to.deep.equal([fate.id, fate.id]);
    });

    for (const name of ['token', 'headers']) {
      it(`fails with the reason when the page’s ${name} function throws`, async () => {
        const emulator = startEmulator();
        const controller = startController(emulator, {
          [name]: () => {
            throw new Error('logged out');
          },
        });
        const fate = await controller.send('headline', {}, { channel: 'news' });
        expect([fate.fate, codeOf(fate)]).to.deep.equal(['failed', `auth/${name}-failed`]);
      });
    }

    it('without a queue is tried at once, whatever the socket says, and fails on a device without network', async () => {
      const emulator = startEmulator();
      emulator.driver.unreachable(true);
      const controller = startController(emulator);
      const fate = await controller.send('headline', {}, { channel: 'news', queue: false });
      expect(fate.fate).to.equal('accepted');
      emulator.driver.refuse(4004);
    });

    it('leaves although the service refuses the connection: the server is another one', async () => {
      const emulator = startEmulator();
      emulator.driver.refuse(4004);
      const controller = startController(emulator);
      const fate = await controller.send('headline', {}, { channel: 'news' });
      expect(controller.status).to.equal('refused');
      expect(fate.fate).to.equal('accepted');
    });
  });

  describe('to the other members', () => {
    it('ends as sent, and carries the author that the service vouches for', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const heard = record(receiver, 'client-wave');
      const { steps, onFate } = recordSteps();
      const fate = await sender.send('client-wave', { user: '7' }, { channel, onFate });
      expect(steps).to.deep.equal(['queued', 'sent']);
      expect(fate.fate).to.equal('sent');
      await eventually(() => heard.length === 1);
      expect(heard[0]?.userId).to.equal('1');
    });

    it('joins the channel for as long as it takes', async () => {
      const emulator = startEmulator();
      const controller = startController(emulator, { timing: { releaseMs: 20 } });
      const fate = await controller.send('client-wave', {}, { channel: 'private-class-1' });
      expect(fate.fate).to.equal('sent');
      await emulator.driver.waitForFrame('client-wave', 'private-class-1');
      await until(controller, () => controller.channels.length === 0);
    });

    it('ends as rejected when the channel lets nobody in', async () => {
      const emulator = startEmulator({ authorize: () => false });
      const controller = startController(emulator, { user: ada });
      const fate = await controller.send('client-wave', {}, { channel: 'private-class-1' });
      expect([fate.fate, codeOf(fate)]).to.deep.equal(['rejected', 'auth/forbidden']);
    });

    it('ends as rejected when the page’s configuration is wrong', async () => {
      const controller = startController(startEmulator(), { key: '' });
      const fate = await controller.send('client-wave', {}, { channel });
      expect([fate.fate, codeOf(fate)]).to.deep.equal(['rejected', 'configuration/missing-key']);
    });

    it('without a queue fails at once when it cannot leave, and says why', async () => {
      const emulator = startEmulator();
      emulator.driver.unreachable(true);
      const controller = startController(emulator, { user: ada });
      const early = await controller.send('client-wave', {}, { channel, queue: false });
      expect([early.fate, codeOf(early)]).to.deep.equal(['failed', 'message/not-connected']);
      emulator.driver.unreachable(false);
      controller.connect();
      controller.retry();
      await until(controller, () => controller.status === 'connected');
      emulator.driver.authorization.hang(true);
      const outside = await controller.send('client-wave', {}, { channel: 'private-x', queue: false });
      expect([outside.fate, codeOf(outside)]).to.deep.equal(['failed', 'message/not-joined']);
    });

    it('is not lost when the connection drops before it has left', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const heard = record(receiver, 'client-wave');
      const { steps, onFate } = recordSteps();
      // In the task of the queue pusher-js has it, and has not given it to the socket yet.
      const dropAtOnce = (fate: Fate) => {
        onFate(fate);
        if (steps.length > 1) return;
        queueMicrotask(() =>
          queueMicrotask(() => emulator.driver.drop(({ socketId }) => socketId === socketOf(emulator, '1'))),
        );
      };
      const end = await sender.send('client-wave', {}, { channel, onFate: dropAtOnce });
      expect(end.fate).to.equal('sent');
      expect(steps).to.deep.equal(['queued', 'queued', 'sent']);
      await eventually(() => heard.length > 0);
      expect(heard).to.have.length(1);
    });

    it('ends as unknown, and is not sent again, when the connection drops as it leaves', async () => {
      const emulator = startEmulator();
      const [sender] = await meet(emulator);
      const end = sender.send('client-wave', {}, { channel });
      await emulator.driver.waitForFrame('client-wave');
      emulator.driver.drop();
      const fate = await end;
      expect([fate.fate, codeOf(fate)]).to.deep.equal(['unknown', 'message/broken-off']);
      await join(sender);
      expect(emulator.driver.received.filter(({ event }) => event === 'client-wave')).to.have.length(1);
    });
  });

  describe('what cannot be sent', () => {
    const wrong: [title: string, event: string, on: string, data: unknown, code: string][] = [
      ['more than 10 kB', 'headline', channel, 'x'.repeat(10_300), 'message/too-large'],
      ['what is no JSON', 'headline', channel, { big: 1n }, 'message/no-json'],
      ['an event of the service', 'pusher:subscribe', channel, {}, 'message/wrong-event'],
      ['an event without a name', '', channel, {}, 'message/wrong-event'],
      ['a name that is no channel’s', 'headline', 'with space', {}, 'message/wrong-channel'],
      ['a client event on a public channel', 'client-wave', 'news', {}, 'message/no-client-events'],
      [
        'a client event on an encrypted channel',
        'client-wave',
        'private-encrypted-a',
        {},
        'message/no-client-events',
      ],
    ];
    for (const [title, event, on, data, code] of wrong) {
      it(`is rejected with a clear error and not a byte on the wire: ${title}`, async () => {
        const emulator = startEmulator();
        const [sender] = await meet(emulator);
        const before = emulator.driver.received.length;
        const { steps, onFate } = recordSteps();
        const fate = await sender.send(event, data, { channel: on, onFate });
        expect([fate.fate, codeOf(fate)]).to.deep.equal(['rejected', code]);
        expect(steps).to.deep.equal(['rejected']);
        expect(reported).to.deep.equal([code]);
        expect('error' in fate && fate.error.hint).to.match(/\w/);
        expect(emulator.driver.received).to.have.length(before);
        expect(emulator.driver.triggered).to.deep.equal([]);
      });
    }

    it('is rejected without options as well, in place of throwing', async () => {
      const fates = [undefined, null, 5].map((options) =>
        startController(startEmulator()).send('headline', {}, options as never),
      );
      for (const fate of await Promise.all(fates))
        expect([fate.fate, codeOf(fate)]).to.deep.equal(['rejected', 'message/wrong-channel']);
    });

    it('fails quietly where realtime is disabled', async () => {
      const controller = startController(startEmulator(), { enabled: false });
      const fate = await controller.send('headline', {}, { channel });
      expect([fate.fate, codeOf(fate)]).to.deep.equal(['failed', 'configuration/disabled']);
      expect(reported).to.deep.equal([]);
    });
  });

  describe('at most ten client events a second', () => {
    it('keeps all of a burst, in order, and never has the service refuse one', async () => {
      const time = stopTime();
      try {
        const emulator = startEmulator();
        const sender = startController(emulator, { user: ada });
        const receiver = startController(emulator, { user: bo });
        const heard = record(receiver, 'client-move');
        sender.hold(channel);
        await passUntil(time, () => emulator.driver.subscriptions().get(channel)?.length === 2);
        expect(sender.remaining).to.equal(10);
        const sends = Array.from({ length: 25 }, (_, n) => sender.send('client-move', { n }, { channel }));
        await passUntil(time, () => heard.length === 10, 500);
        await time.tickAsync(500);
        expect(heard).to.have.length(10);
        expect(sender.remaining).to.equal(0);
        expect(sender.canSend).to.equal(false);
        expect(sender.retryAfter).to.be.within(1, 600);
        let changes = 0;
        sender.subscribe(() => {
          changes += 1;
        });
        await passUntil(time, () => heard.length === 25, 3_000);
        expect(heard.map(({ data }) => (data as { n: number }).n)).to.deep.equal(
          Array.from({ length: 25 }, (_, n) => n),
        );
        expect(changes).to.be.greaterThan(0);
        await passUntil(time, () => sender.canSend, 2_000);
        expect(sender.retryAfter).to.equal(0);
        await Promise.all(sends);
        expect(reported).to.deep.equal([]);
      } finally {
        time.uninstall();
      }
    });

    it('sends of those that wait under one key the latest alone, and tells the others so', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const heard = record(receiver, 'client-move');
      const sends = Array.from({ length: 20 }, (_, n) =>
        sender.send('client-move', { n }, { channel, coalesce: 'cursor' }),
      );
      const fates = await Promise.all(sends);
      expect(fates.map(({ fate }) => fate)).to.deep.equal([...Array(19).fill('expired'), 'sent']);
      expect(codeOf(fates[0])).to.equal('message/superseded');
      await eventually(() => heard.length > 0);
      expect(heard.map(({ data }) => data)).to.deep.equal([{ n: 19 }]);
      expect(reported).to.deep.equal([]);
    });

    it('without a queue says when the next may leave', async () => {
      const emulator = startEmulator();
      const [sender] = await meet(emulator);
      const fates = await Promise.all(
        Array.from({ length: 11 }, () => sender.send('client-move', {}, { channel, queue: false })),
      );
      const last = fates.at(-1);
      expect(last && [last.fate, codeOf(last)]).to.deep.equal(['failed', 'rate-limit/client-events']);
      expect(last && 'error' in last && last.error.hint).to.match(/in \d+ ms/);
    });

    it('stops for a moment when the service says that it was enough, and reports it once', async () => {
      const emulator = startEmulator({ limits: { clientEventsPerSecond: 2 } });
      const [sender] = await meet(emulator);
      await Promise.all(Array.from({ length: 6 }, () => sender.send('client-move', {}, { channel })));
      await eventually(() => reported.length > 0);
      expect(reported).to.deep.equal(['rate-limit/refused']);
      expect(sender.remaining).to.equal(0);
    });

    it('sends again what the service refused and somebody was to acknowledge', async () => {
      const emulator = startEmulator({ limits: { clientEventsPerSecond: 2 } });
      const [sender, receiver] = await meet(emulator);
      const heard: unknown[] = [];
      receiver.listen({
        channel,
        event: 'client-move',
        callback: ({ id, data }) => {
          heard.push((data as { data: unknown }).data);
          emulator.driver.trigger(channel, 'message.ack', { id });
        },
      });
      const fates = await Promise.all(
        [1, 2, 3].map((n) => sender.send('client-move', n, { channel, awaitAcknowledgment: true })),
      );
      expect(fates.map(({ fate }) => fate)).to.deep.equal(Array(3).fill('acknowledged'));
      expect(heard.sort()).to.deep.equal([1, 2, 3]);
    });
  });

  describe('with an acknowledgement', () => {
    it('ends as acknowledged once a receiver says so, and nobody acknowledges to themselves', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const own = record(sender, 'message');
      receiver.listen({ channel, event: 'message', callback: ({ acknowledge }) => acknowledge?.() });
      const { steps, onFate } = recordSteps();
      const fate = await sender.send(
        'message',
        { text: 'Hi' },
        { channel, awaitAcknowledgment: true, onFate },
      );
      expect(fate.fate).to.equal('acknowledged');
      expect(steps.slice(0, 2)).to.deep.equal(['queued', 'sent']);
      await eventually(() => own.length === 1);
      expect(own[0]?.id).to.equal(fate.id);
      expect(own[0]?.acknowledge).to.equal(undefined);
    });

    it('hears the backend’s word as well, and ignores that of others and of no sense', async () => {
      const emulator = startEmulator();
      const [sender] = await meet(emulator);
      const end = sender.send('client-order', {}, { channel, awaitAcknowledgment: true });
      const frame = await emulator.driver.waitForFrame('client-order');
      const { id } = frame.data as { id: string };
      emulator.driver.trigger(channel, 'message.ack', { id: 'another' });
      emulator.driver.trigger(channel, 'message.ack', 'nonsense');
      emulator.driver.trigger(channel, 'message.ack', { id });
      const fate = await end;
      expect(fate).to.deep.equal({ id, fate: 'acknowledged' });
    });

    it('ends as unknown when nobody says anything in time', async () => {
      const emulator = startEmulator();
      const sender = startController(emulator, { user: ada, timing: { acknowledgeMs: 30 } });
      const fate = await sender.send('client-order', {}, { channel, awaitAcknowledgment: true });
      expect([fate.fate, codeOf(fate)]).to.deep.equal(['unknown', 'timeout/acknowledgement']);
    });

    it('is sent again under the same id after a drop in between; who had it hears it once and answers again', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const heard: string[] = [];
      let isFirst = true;
      // The first answer is lost with the sender's connection.
      emulator.driver.lose(({ frame, direction }) => {
        const isAnswer = frame.event === 'client-message.ack' && direction === 'in';
        if (!isAnswer || !isFirst) return false;
        isFirst = false;
        emulator.driver.drop(({ socketId }) => socketId === socketOf(emulator, '1'));
        return true;
      });
      receiver.listen({
        channel,
        event: 'client-order',
        callback: ({ id, acknowledge }) => {
          heard.push(String(id));
          void acknowledge?.();
        },
      });
      const { steps, onFate } = recordSteps();
      const fate = await sender.send('client-order', {}, { channel, awaitAcknowledgment: true, onFate });
      expect(fate.fate).to.equal('acknowledged');
      expect(steps).to.deep.equal(['queued', 'sent', 'queued', 'sent', 'acknowledged']);
      expect(heard).to.deep.equal([fate.id]);
    });

    it('without a queue ends as unknown when the connection drops in between', async () => {
      const emulator = startEmulator();
      const [sender] = await meet(emulator);
      const end = sender.send('client-order', {}, { channel, awaitAcknowledgment: true, queue: false });
      await emulator.driver.waitForFrame('client-order');
      emulator.driver.drop();
      const fate = await end;
      expect([fate.fate, codeOf(fate)]).to.deep.equal(['unknown', 'message/broken-off']);
    });

    it('can be sent again by hand under the id of its fate, and is heard once', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const heard = record(receiver, 'client-order');
      const first = await sender.send('client-order', 1, { channel, id: 'order-7' });
      await sender.send('client-order', 1, { channel, id: first.id });
      await sender.send('client-order', 2, { channel });
      await eventually(() => heard.length === 2);
      expect(heard.map(({ id }) => id)).to.deep.equal(['order-7', undefined]);
    });

    it('puts nobody’s message away as a repeat because somebody else used its id', async () => {
      const emulator = startEmulator();
      const [sender, receiver] = await meet(emulator);
      const third = startController(emulator, { user: { id: '3' } });
      await join(third);
      const heard = record(receiver, 'client-order');
      await third.send('client-order', 'mine', { channel, id: 'order-7' });
      await sender.send('client-order', 'yours', { channel, id: 'order-7' });
      await eventually(() => heard.length === 2);
    });

    it('keeps the id of an envelope that the page made itself', async () => {
      const emulator = startEmulator();
      const [sender] = await meet(emulator);
      const envelope = { id: 'own-1', type: 'order', timestamp: new Date().toISOString(), data: {} };
      const end = sender.send('client-order', envelope, { channel, awaitAcknowledgment: true });
      const { data } = await emulator.driver.waitForFrame('client-order');
      expect(data).to.deep.equal(envelope);
      emulator.driver.trigger(channel, 'message.ack', { id: 'own-1' });
      expect((await end).fate).to.equal('acknowledged');
    });
  });

  it('sends nothing of one user as another: what waits fails when the user changes', async () => {
    const emulator = startEmulator();
    emulator.driver.unreachable(true);
    const controller = startController(emulator, { user: ada, token: tokenFor('1') });
    const { steps, onFate } = recordSteps();
    const end = controller.send('headline', {}, { channel: 'news', onFate });
    await eventually(() => steps.length === 1);
    controller.identify(tokenFor('2'));
    const fate = await end;
    expect([fate.fate, codeOf(fate)]).to.deep.equal(['failed', 'message/user-changed']);
    // Also what was given while the code for sending was still on its way.
    const fresh = startController(startEmulator(), { token: tokenFor('1') });
    const early = fresh.send('headline', {}, { channel: 'news' });
    fresh.identify(tokenFor('2'));
    expect(codeOf(await early)).to.equal('message/user-changed');
  });
});
