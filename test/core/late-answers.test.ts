import { expect } from '@open-wc/testing';
import Pusher from 'pusher-js/worker/index.js';
import type { RealtimeConfig } from '../../src/core/config.js';
import type { RealtimeErrorEvent } from '../../src/core/errors.js';
import type { RealtimeEvent } from '../../src/core/listeners.js';
import type { Fate } from '../../src/core/message.js';
import { Observable } from '../../src/core/observable.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { makeEnvelope } from '../../src/protocol.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';
import { endAll, recordStatuses, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor, userIn } from '../helpers/users.js';
import { stopTime } from '../helpers/virtual-time.js';

/** Sockets that pusher-js made on its own, past the kit. */
const strays: string[] = [];
const runtime = Pusher.Runtime as unknown as { createWebSocket(url: string): WebSocket };
runtime.createWebSocket = (url) => {
  strays.push(url);
  throw new Error('The kit knows nothing of this socket.');
};

const stateOf = (controller: RealtimeController, name: string) =>
  controller.channels.find((channel) => channel.name === name);

const untilStatus = (controller: RealtimeController, name: string, status: string | undefined) =>
  until(controller, () => stateOf(controller, name)?.status === status);

describe('what comes late', () => {
  let emulator: PageEmulator;
  let world: CountingEnvironment;
  let errors: string[];
  let requests: Observable;

  /** A controller of user 1; `pass` sees each request on its way to the backend. */
  const start = (
    config: RealtimeConfig = {},
    pass = (request: () => Promise<Response>, _body: URLSearchParams) => request(),
  ) => {
    const backend = backendFor(emulator);
    const ask = backend.fetch as typeof fetch;
    return startController(emulator, {
      ...backend,
      token: tokenFor('1'),
      environment: world,
      timing: { releaseMs: 0, backoffBaseMs: 10 },
      fetch: (input, init) => {
        queueMicrotask(() => requests.emit());
        return pass(() => ask(input, init), new URLSearchParams(String(init?.body)));
      },
      ...config,
    });
  };
  const nextRequest = () =>
    new Promise<void>((resolve) => {
      const undo = requests.subscribe(() => {
        undo();
        resolve();
      });
    });
  const nextError = () =>
    new Promise((resolve) => {
      document.addEventListener('realtime-error', resolve, { once: true });
    });
  const onError = (event: Event) => errors.push((event as RealtimeErrorEvent).error.code);

  beforeEach(() => {
    emulator = startEmulator();
    world = new CountingEnvironment();
    errors = [];
    requests = new Observable();
    strays.length = 0;
    document.addEventListener('realtime-error', onError);
  });
  afterEach(() => {
    document.removeEventListener('realtime-error', onError);
    endAll();
  });

  it('for a channel that was let go is no error, and leaves no timer', async () => {
    const controller = start({ timing: { releaseMs: 0, subscribeMs: 20 } });
    const { authorization } = emulator.driver;
    controller.hold('news');
    await untilStatus(controller, 'news', 'subscribed');
    authorization.hang(true);
    const undo = controller.hold('private-class-1');
    await nextRequest();
    undo();
    await untilStatus(controller, 'private-class-1', undefined);
    const timers = world.timers;
    authorization.hang(false);
    controller.hold('private-class-2');
    await untilStatus(controller, 'private-class-2', 'subscribed');
    expect(world.timers).to.be.below(timers);
    expect(emulator.driver.subscriptions().has('private-class-1')).to.equal(false);
    expect(errors).to.deep.equal([]);
  });

  it('for a channel that was let go and is held again does not stand in for the new answer', async () => {
    const controller = start();
    const { authorization } = emulator.driver;
    authorization.hang(true);
    const undo = controller.hold('private-class-1');
    await nextRequest();
    undo();
    await untilStatus(controller, 'private-class-1', undefined);
    controller.hold('private-class-1');
    authorization.fail(403, 1);
    authorization.hang(false);
    await untilStatus(controller, 'private-class-1', 'subscribed');
  });

  it('keeps no new user out of a channel that the old one let go', async () => {
    const controller = start();
    const { authorization } = emulator.driver;
    authorization.hang(true);
    const undo = controller.hold('private-class-1');
    await nextRequest();
    undo();
    await untilStatus(controller, 'private-class-1', undefined);
    controller.identify(tokenFor('2'));
    controller.hold('private-class-1');
    authorization.hang(false);
    await untilStatus(controller, 'private-class-1', 'subscribed');
  });

  it('keeps nobody out of a channel that the service rejected once', async () => {
    let forge = true;
    const controller = start({}, (request) =>
      forge ? Promise.resolve(new Response('{"auth":"emulator-key:forged"}')) : request(),
    );
    const undo = controller.hold('private-class-1');
    await until(
      controller,
      () => stateOf(controller, 'private-class-1')?.error?.code === 'subscription/rejected',
    );
    forge = false;
    undo();
    await untilStatus(controller, 'private-class-1', undefined);
    controller.hold('private-class-1');
    await untilStatus(controller, 'private-class-1', 'subscribed');
  });

  it('is asked for once when a new token comes while a retry is due', async () => {
    const controller = start();
    const { authorization } = emulator.driver;
    authorization.fail(503, 1);
    controller.hold('private-class-1');
    await untilStatus(controller, 'private-class-1', 'failed');
    authorization.hang(true);
    const timers = world.timers;
    const asked = nextRequest();
    controller.identify(tokenFor('1'));
    await asked;
    // One waits for the answer, in place of the one that waited for the retry.
    expect(world.timers).to.equal(timers);
    authorization.hang(false);
    await untilStatus(controller, 'private-class-1', 'subscribed');
  });

  it('is asked for once when a new token comes in answer to the failure', async () => {
    const time = stopTime();
    try {
      const controller = start();
      const { authorization } = emulator.driver;
      authorization.fail(503, 1);
      controller.hold('private-class-1');
      await new Promise<void>((resolve) => {
        const undo = controller.subscribe(() => {
          if (stateOf(controller, 'private-class-1')?.status !== 'failed') return;
          undo();
          authorization.hang(true);
          controller.identify(tokenFor('1'));
          resolve();
        });
      });
      await time.tickAsync(1_000);
      expect(authorization.requests).to.equal(2);
    } finally {
      time.uninstall();
    }
  });

  it('is asked for no more when its socket is gone', async () => {
    let stale = 0;
    const controller = start({}, (request, body) => {
      const { driver } = emulator;
      if (driver.connections().every(({ socketId }) => socketId !== body.get('socket_id'))) stale += 1;
      return request();
    });
    const { authorization } = emulator.driver;
    authorization.hang(true);
    const names = ['private-class-1', 'private-class-2', 'private-class-3'];
    for (const name of names) controller.hold(name);
    await nextRequest();
    for (let drop = 1; drop <= 3; drop += 1) {
      const asked = nextRequest();
      emulator.driver.drop();
      await asked;
    }
    authorization.hang(false);
    for (const name of names) await untilStatus(controller, name, 'subscribed');
    expect(stale).to.equal(0);
  });

  it('of a provider that speaks for somebody else by now is dropped', async () => {
    const answers: ((token: string) => void)[] = [];
    const provider = () => {
      queueMicrotask(() => requests.emit());
      return new Promise<string>((resolve) => answers.push(resolve));
    };
    const controller = start({ token: provider });
    const first = nextRequest();
    controller.hold('private-user-2');
    await first;
    const second = nextRequest();
    controller.identify(provider);
    await second;
    answers[1]?.(tokenFor('2'));
    await untilStatus(controller, 'private-user-2', 'subscribed');
    answers[0]?.(tokenFor('1'));
    controller.hold('private-class-1');
    await untilStatus(controller, 'private-class-1', 'subscribed');
    expect(controller.identity).to.include({ state: 'authenticated', userId: '2' });
    expect(stateOf(controller, 'private-user-2')?.status).to.equal('subscribed');
  });

  it('of a provider is waited for as long as of an endpoint, and asked for again', async () => {
    let asked = 0;
    const controller = start({
      timing: { authorizeMs: 20, backoffBaseMs: 10 },
      token: () => {
        asked += 1;
        return asked === 1 ? new Promise<string>(() => {}) : tokenFor('1');
      },
    });
    controller.hold('private-user-1');
    await untilStatus(controller, 'private-user-1', 'subscribed');
    expect(errors).to.deep.equal(['auth/token-failed']);
  });

  it('never has what one user began done in the name of the next', async () => {
    const asked: string[] = [];
    const answers: ((response: Response) => void)[] = [];
    const controller = start({
      fetch: (_, init) => {
        const { data } = JSON.parse(String(init?.body)) as { data: string };
        asked.push(`${data} by ${userIn(new Headers(init?.headers))}`);
        queueMicrotask(() => requests.emit());
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    const to = { channel: 'private-class-1', queue: false };
    const first = nextRequest();
    void controller.send('note', 'of the first', to);
    await first;
    const second = nextRequest();
    controller.identify(() => tokenFor('2'));
    answers[0]?.(new Response('{}', { status: 401 }));
    void controller.send('note', 'of the second', to);
    await second;
    expect(asked).to.deep.equal(['of the first by 1', 'of the second by 2']);
  });

  it('to a change of user in the very moment of sending lets the message go, and its channel', async () => {
    const controller = start();
    await controller.send('note', 'to load what sends', { channel: 'news' });
    const undo = controller.subscribe(() => {
      if (!stateOf(controller, 'private-class-1')) return;
      undo();
      controller.identify(tokenFor('2'));
    });
    const { fate } = await controller.send('client-note', 'of the first', { channel: 'private-class-1' });
    expect(fate).to.equal('failed');
    await untilStatus(controller, 'private-class-1', undefined);
  });

  /** A controller whose code for sending has come, and what it posts from then on. */
  async function startSender() {
    const bodies: string[] = [];
    const controller = start({}, (request, body) => {
      bodies.push(body.toString());
      return request();
    });
    await controller.send('note', 'to load what sends', { channel: 'news' });
    bodies.length = 0;
    return { controller, bodies };
  }

  it('to a change of user in the moment when one message takes the place of another lets both go', async () => {
    const { controller, bodies } = await startSender();
    const to = { channel: 'news', coalesce: 'key' };
    const onFate = ({ fate }: Fate) => fate === 'expired' && controller.identify(tokenFor('2'));
    const ends = [controller.send('note', 'old', { ...to, onFate }), controller.send('note', 'new', to)];
    expect((await Promise.all(ends)).map(({ fate }) => fate)).to.deep.equal(['expired', 'failed']);
    expect(bodies).to.deep.equal([]);
  });

  it('to a change of user in the moment of another ends each message once', async () => {
    const controller = start();
    const ends: string[] = [];
    controller.disconnect();
    const send = (event: string) =>
      controller.send(
        event,
        {},
        {
          channel: 'news',
          onFate: ({ fate }) => {
            if (fate !== 'failed') return;
            ends.push(event);
            controller.identify(null);
          },
        },
      );
    const sent = [send('first'), send('second'), send('third')];
    await until(controller, () => controller.status === 'disconnected');
    await new Promise<void>((resolve) => {
      void controller.send('last', {}, { channel: 'news', onFate: () => resolve() });
    });
    controller.identify(tokenFor('2'));
    await Promise.all(sent);
    expect(ends.sort()).to.deep.equal(['first', 'second', 'third']);
  });

  it('is acknowledged by nobody for the user who has heard it', async () => {
    const bodies: string[] = [];
    const controller = start({}, (request, body) => {
      bodies.push(body.toString());
      return request();
    });
    const heard = new Promise<RealtimeEvent>((resolve) => {
      controller.listen({ channel: 'private-class-1', event: 'note', callback: resolve });
    });
    await untilStatus(controller, 'private-class-1', 'subscribed');
    emulator.driver.trigger('private-class-1', 'note', makeEnvelope('note', {}));
    const { acknowledge } = await heard;
    controller.identify(tokenFor('2'));
    await untilStatus(controller, 'private-class-1', 'subscribed');
    const { received } = emulator.driver;
    expect((await acknowledge?.())?.fate).to.equal('failed');
    expect(received.some(({ event }) => event === 'client-message.ack')).to.equal(false);
  });

  it('to a change of user in the moment of leaving stops a message', async () => {
    const { controller, bodies } = await startSender();
    const { fate } = await controller.send('note', 'of the first', {
      channel: 'news',
      onFate: ({ fate }) => fate === 'sent' && controller.identify(tokenFor('2')),
    });
    expect(fate).to.equal('failed');
    expect(bodies).to.deep.equal([]);
  });

  it('for the user is heard by nobody once nobody listens to the user, and never by the next user', async () => {
    const controller = start();
    const heard: unknown[] = [];
    const arrived = new Promise<void>((resolve) => {
      const callback = ({ data }: { data: unknown }) => {
        heard.push(data);
        if (data === 'for all') resolve();
      };
      controller.listen({ channel: '*', event: 'note', callback });
    });
    controller.hold('news');
    await untilStatus(controller, 'news', 'subscribed');
    const undo = controller.hold('#user');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    undo();
    emulator.driver.trigger('#server-to-user-1', 'note', 'for nobody');
    emulator.driver.trigger('news', 'note', 'for all');
    await arrived;
    expect(heard).to.deep.equal(['for all']);
    controller.identify(tokenFor('2'));
    controller.hold('#user');
    await emulator.driver.waitForSubscribers('#server-to-user-2');
    expect(emulator.driver.subscriptions().has('#server-to-user-1')).to.equal(false);
  });

  it('for the user, and shows that there is a network after all, is not heard by the user who takes over at that moment', async () => {
    const controller = start();
    const heard: unknown[] = [];
    await new Promise<void>((resolve) => {
      const callback = ({ data }: { data: unknown }) => {
        heard.push(data);
        resolve();
      };
      controller.listen({ channel: '#user', event: 'note', callback });
      emulator.driver.waitForSubscribers('#server-to-user-1').then(() => {
        emulator.driver.trigger('#server-to-user-1', 'note', 'while all is well');
      });
    });
    emulator.driver.trigger('#server-to-user-1', 'note', 'for 1 alone');
    world.loseNetwork();
    expect(controller.status).to.equal('offline');
    const undo = controller.subscribe(() => {
      if (controller.status !== 'connected') return;
      undo();
      controller.identify(tokenFor('2'));
    });
    await emulator.driver.waitForSubscribers('#server-to-user-2');
    expect(heard).to.deep.equal(['while all is well']);
  });

  it('for a user who goes as the list of people hears of it is in no history of the next', async () => {
    const controller = start();
    const other = startController(emulator, { user: { id: '3' } });
    const name = 'presence-class-1';
    const heard: unknown[] = [];
    controller.listen({ channel: name, event: 'client-note', callback: ({ data }) => heard.push(data) });
    await untilStatus(controller, name, 'subscribed');
    other.hold(name);
    await until(other, () => stateOf(other, name)?.status === 'subscribed');
    const roster = controller.presence(name);
    await eventually(() => roster.count === 2);
    // A sign of life after a while.
    world.sleep(60_000);
    const switched = new Promise<void>((resolve) => {
      const undo = roster.changes.subscribe(() => {
        undo();
        controller.identify(tokenFor('2'));
        resolve();
      });
    });
    void other.send('client-note', 'for 1 alone', { channel: name });
    await switched;
    await untilStatus(controller, name, 'subscribed');
    expect(heard).to.deep.equal([]);
    expect(controller.history.query()).to.deep.equal([]);
  });

  it('to a sign-in is not waited for when the connection is gone', async () => {
    const controller = start({ timing: { backoffBaseMs: 60_000, backoffCapMs: 60_000 } });
    emulator.driver.authorization.fail(503);
    controller.hold('#user');
    await nextError();
    controller.disconnect();
    expect(world.timers).to.equal(0);
  });

  it('to a disconnect by hand in the middle of connecting does not take its socket for one', async () => {
    const controller = start({ token: () => tokenFor('1', Date.now() / 1000 + 20) });
    controller.hold('#user');
    await emulator.driver.waitForSubscribers('#server-to-user-1');
    const disconnected = new Promise<void>((resolve) => {
      controller.subscribe(() => {
        // The token is refreshed for the sign-in, which pusher-js begins before it says that it is connected.
        if (controller.identity.state !== 'refreshing' || controller.status !== 'reconnecting') return;
        controller.disconnect();
        resolve();
      });
    });
    emulator.driver.drop();
    await disconnected;
    await emulator.driver.waitForConnections(0);
    expect(controller.status).to.equal('disconnected');
  });

  it('to a disconnect by hand does not turn it into idleness', async () => {
    const controller = start();
    const undo = controller.hold('news');
    await untilStatus(controller, 'news', 'subscribed');
    const time = stopTime();
    try {
      controller.subscribe(() => {
        if (stateOf(controller, 'news')?.status === 'pending') undo();
      });
      controller.disconnect();
      await time.tickAsync(60_000);
    } finally {
      time.uninstall();
    }
    expect(controller.status).to.equal('disconnected');
    controller.hold('news');
    controller.retry();
    await untilStatus(controller, 'news', 'subscribed');
  });

  it('while an idle connection closes opens it again', async () => {
    const controller = start({ timing: { idleMs: 0, releaseMs: 1_000 } });
    const undo = controller.hold('news');
    await untilStatus(controller, 'news', 'subscribed');
    const undoSubscription = controller.subscribe(() => {
      if (stateOf(controller, 'news')?.status !== 'pending') return;
      undoSubscription();
      controller.hold('sport');
    });
    undo();
    await untilStatus(controller, 'sport', 'subscribed');
  });

  it('from two that let go in one breath does not take the channel from a third', async () => {
    const controller = start({ timing: { releaseMs: 20 } });
    const undos = [controller.hold('news'), controller.hold('news')];
    await untilStatus(controller, 'news', 'subscribed');
    const undoSubscription = controller.subscribe(() => undos[1]?.());
    undos[0]?.();
    undoSubscription();
    controller.hold('news');
    // Let go later: when this one is gone, the other would be too.
    controller.hold('sport')();
    await untilStatus(controller, 'sport', undefined);
    expect(stateOf(controller, 'news')?.holders).to.equal(1);
  });

  for (const [moment, path] of [
    ['its channel is suspended', ['connected pending']],
    ['it is being made again', ['connected pending', 'reconnecting pending']],
    ['it is back', ['connected pending', 'reconnecting pending', 'connected pending']],
  ] as const) {
    it(`to a disconnect by hand at the moment when ${moment} does not open the connection again`, async () => {
      const controller = start();
      controller.hold('news');
      await untilStatus(controller, 'news', 'subscribed');
      const seen: string[] = [];
      const disconnected = new Promise<void>((resolve) => {
        controller.subscribe(() => {
          const state = `${controller.status} ${stateOf(controller, 'news')?.status}`;
          if (state !== 'connected subscribed' && seen.at(-1) !== state) seen.push(state);
          if (seen.join() !== path.join()) return;
          seen.push('then');
          controller.disconnect();
          resolve();
        });
      });
      emulator.driver.drop();
      await disconnected;
      const time = stopTime();
      await time.tickAsync(60_000);
      time.uninstall();
      expect(controller.status).to.equal('disconnected');
      expect(emulator.driver.connections()).to.deep.equal([]);
      expect(world.timers).to.equal(0);
    });
  }

  it('leaves pusher-js no connection of its own, whatever code the service closes with', async () => {
    const controller = start({ timing: { backoffBaseMs: 10, refusedMs: 10 } });
    controller.connect();
    for (const code of [1001, 4000, 4001, 4100, 4200, 4201, 4301]) {
      await until(controller, () => controller.status === 'connected');
      const statuses = recordStatuses(controller);
      emulator.driver.close(code);
      await until(controller, () => controller.status !== 'connected');
      await until(controller, () => controller.status === 'connected');
      expect(statuses).to.have.length(3);
    }
    expect(strays).to.deep.equal([]);
  });
});
