/**
 * A page's long and bad day: chance lets connections drop, close, hang and be refused, authorization
 * fail and dawdle, the tab sleep, and the page do whatever pages do meanwhile. The same seed plays the
 * same day. Times are the kit's own, so the day wants virtual time.
 */
import { expect } from '@open-wc/testing';
import type { RealtimeConfig, TokenSource } from '../../src/core/config.js';
import type { WakeReason } from '../../src/core/environment.js';
import type { Undo } from '../../src/core/observable.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { PageSocket } from '../../src/emulator/page-socket.js';
import { needsAuthorization } from '../../src/protocol.js';
import { CountingEnvironment } from './counting-environment.js';
import { startController, startEmulator } from './kit.js';
import { seededRandom } from './seeded-random.js';
import { backendFor, tokenFor, userIn } from './users.js';

const USERS = [
  { id: '1', info: { name: 'Ada' } },
  { id: '2', info: { name: 'Bo' } },
];
const PRESENCE = 'presence-class-1';
const CHANNELS = [
  'news',
  'cache-scores',
  'private-class-1',
  'private-user-1',
  'private-user-2',
  'private-encrypted-class-1',
  PRESENCE,
  '#user',
];
const CLOSE_CODES = [1001, 1011, 4000, 4001, 4004, 4009, 4100, 4200, 4201, 4202, 4301];
const STATUSES = [0, 401, 403, 408, 429, 500, 503];
const WAKES: WakeReason[] = ['focus', 'visible', 'online', 'slept'];
/** What has no answer and is not repeated: were it lost, nobody could know. */
const SAID_ONCE = ['pusher:unsubscribe', 'pusher_internal:member_added', 'pusher_internal:member_removed'];
/** How long the page lives from one step to the next, in ms: often less than an answer takes. */
const PAUSES = [0, 0, 1, 10, 40, 200, 1_000, 1_000, 5_000, 20_000];
/** One way over the network. */
const NETWORK_MS = 30;
/** The kit's slowest retry, after a refusal, comes within 90 s. */
const CALM_MS = 180_000;
/** From a step into the storm to the look at what is left of it. */
const STEPS_PER_STORM = 50;

/** A socket over a network that takes its time, in both directions. */
class SlowSocket extends PageSocket {
  override send(data: string): void {
    setTimeout(() => super.send(data), NETWORK_MS);
  }

  override dispatchEvent(event: Event): boolean {
    setTimeout(() => super.dispatchEvent(event), NETWORK_MS);
    return true;
  }
}

/** One controller of the page, who is logged in, and what is held. */
interface Part {
  readonly controller: RealtimeController;
  user: string | undefined;
  readonly holds: { name: string; undo: Undo }[];
}

export class BadDay {
  readonly parts: readonly Part[];
  /** What was shown to one user although it was meant for another, or sent by one although another wrote it. */
  readonly leaks: string[] = [];
  readonly #emulator = startEmulator({ batch: true });
  readonly #world: CountingEnvironment;
  readonly #live: (ms: number) => Promise<unknown>;
  readonly #random: () => number;
  readonly #luck: () => number;
  readonly #pageLife = new AbortController();
  #isSilent = false;
  #isCalm = false;
  /** Messages whose end nobody has heard of yet. */
  #unsettled = 0;

  /** @param live Lets so many milliseconds pass. */
  constructor(seed: number, live: (ms: number) => Promise<unknown>) {
    this.#live = live;
    this.#random = seededRandom(seed);
    // Streams of their own: how often the kit draws must not change what happens next.
    this.#luck = seededRandom(seed + 1_000_000);
    this.#world = new CountingEnvironment(seededRandom(seed + 2_000_000));
    this.parts = ['first', 'second'].map((scope) => ({
      controller: startController(this.#emulator, {
        ...this.#backend(),
        environment: this.#world,
        scope,
        remember: true,
        createSocket: (url) => new SlowSocket(this.#emulator.engine, url),
      }),
      user: undefined,
      holds: [],
    }));
    // Pages react to what they hear, in the middle of it.
    for (const part of this.parts) part.controller.subscribe(() => this.#react(part));
  }

  /** Goes through storms, and looks after each whether everything came right by itself. */
  async walk(steps: number): Promise<void> {
    this.#isCalm = false;
    for (let step = 1; step <= steps; step += 1) {
      this.#step();
      await this.#live(this.#pick(PAUSES));
      if (step % STEPS_PER_STORM > 0) continue;
      await this.#calm();
      this.#isCalm = false;
    }
  }

  /** Lets go of everything: nothing may be left. */
  async windUp(): Promise<void> {
    this.#isCalm = true;
    for (const { controller, holds } of this.parts) {
      // What was asked for by hand is taken back by hand: where something needs a connection, retry() asks for none.
      const undoNeed = controller.need();
      controller.disconnect();
      controller.retry();
      await this.#live(1_000);
      undoNeed();
      for (const { undo } of holds.splice(0)) undo();
    }
    await this.#live(60_000);
    this.#emulator.driver.clear();
    expect(this.#unsettled, 'messages without an end').to.equal(0);
    expect(this.#emulator.driver.connections()).to.deep.equal([]);
    expect(this.#world.timers, 'timers').to.equal(0);
    expect(this.#world.listeners, 'listeners').to.equal(0);
    expect(this.#world.locks, 'locks').to.equal(0);
    expect(this.#world.tabLines, 'lines to other tabs').to.be.at.most(this.parts.length);
    for (const { controller } of this.parts) {
      expect(controller.channels).to.deep.equal([]);
      expect(controller.listeners()).to.deep.equal([]);
    }
  }

  /** The weather clears: exactly what the page holds is subscribed. */
  async #calm(): Promise<void> {
    this.#isCalm = true;
    this.#silence(false);
    this.#emulator.driver.clear();
    this.#world.show();
    this.#world.regainNetwork();
    for (const { controller, user } of this.parts) {
      if (controller.status === 'disconnected') controller.retry();
      // What was refused for good is asked for again by a new identity.
      controller.identify(user === undefined ? null : this.#tokenFor(user));
    }
    const differs = () => JSON.stringify(this.#found()) !== JSON.stringify(this.#wanted());
    for (let waitedMs = 0; waitedMs < CALM_MS && differs(); waitedMs += 1_000) await this.#live(1_000);
    const kits = this.parts.map(({ controller, user }) => ({ user, ...controller.getSnapshot() }));
    expect(this.#found(), JSON.stringify(kits)).to.deep.equal(this.#wanted());
  }

  #step(): void {
    const { driver } = this.#emulator;
    const { authorization } = driver;
    const part = this.#pick(this.parts);
    const { controller, holds } = part;
    const user = this.#pick(USERS).id;
    const chance = (probability: number) => this.#random() < probability;
    const steps: [weight: number, step: () => unknown][] = [
      [2, () => driver.drop()],
      [2, () => driver.drop(() => chance(0.5))],
      [3, () => driver.close(this.#pick(CLOSE_CODES))],
      [2, () => driver.refuse(chance(0.3) ? this.#pick(CLOSE_CODES) : null)],
      [2, () => driver.unreachable(chance(0.3))],
      [2, () => this.#silence(chance(0.3))],
      [2, () => driver.lose(chance(0.3) ? ({ frame }) => this.#isLost(frame.event) : null)],
      [4, () => authorization.fail(this.#pick(STATUSES), this.#pick([1, 2, 5]))],
      [4, () => (authorization.delayMs = this.#pick([0, 20, 2_000, 15_000]))],
      [3, () => authorization.hang(chance(0.4))],
      [6, () => driver.trigger(`private-user-${user}`, 'note', { for: user })],
      [3, () => driver.trigger(`#server-to-user-${user}`, 'note', { for: user })],
      [3, () => driver.trigger(this.#pick(['news', 'cache-scores', 'private-class-1']), 'note', {})],
      [18, () => holds.push(this.#hold(part, this.#pick(CHANNELS)))],
      [16, () => this.#letGo(part)],
      [6, () => holds.push(this.#listen(part, this.#pick(['*', ...CHANNELS])))],
      [2, () => this.#holdUntilAbort(part, this.#pick(CHANNELS))],
      [6, () => this.#identify(part, this.#pick([...USERS, undefined])?.id)],
      [1, () => this.#world.hearFromTab({ userId: this.#pick(['1', '2', null]) })],
      [6, () => this.#send(part, chance(0.5) ? 'note' : 'client-note', chance(0.3))],
      [2, () => controller.setPresence({ busy: chance(0.5) })],
      [2, () => this.#world.touch()],
      [1, () => controller.connect()],
      [1, () => controller.disconnect()],
      [4, () => controller.retry()],
      [2, () => controller.measureLatency()],
      [2, () => this.#world.loseNetwork()],
      [3, () => this.#world.regainNetwork()],
      [2, () => this.#world.hide()],
      [3, () => this.#world.show()],
      [3, () => this.#world.wake(this.#pick(WAKES))],
      [2, () => this.#world.sleep(this.#pick([1_000, 60_000, 3_600_000]))],
      [1, () => this.#freeze()],
    ];
    let left = this.#random() * steps.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, step] of steps) {
      left -= weight;
      if (left >= 0) continue;
      step();
      return;
    }
  }

  #silence(isSilent: boolean): void {
    // What was said meanwhile is lost: a real connection would not live on without it.
    if (!isSilent && this.#isSilent) this.#emulator.driver.drop();
    this.#isSilent = isSilent;
    this.#emulator.driver.silence(isSilent);
  }

  #isLost(event: string): boolean {
    return !SAID_ONCE.includes(event) && this.#luck() < 0.2;
  }

  #react(part: Part): void {
    if (this.#isCalm || this.#luck() > 0.03) return;
    const { controller, holds } = part;
    const reactions = [
      () => holds.push(this.#hold(part, 'news')),
      () => this.#letGo(part),
      () => controller.retry(),
      () => controller.disconnect(),
      () => controller.connect(),
      () => this.#identify(part, '1'),
    ];
    reactions[Math.floor(this.#luck() * reactions.length)]?.();
  }

  #letGo({ holds }: Part): void {
    holds.splice(Math.floor(this.#luck() * holds.length), 1)[0]?.undo();
  }

  #hold({ controller }: Part, name: string) {
    return { name, undo: controller.hold(name) };
  }

  #listen({ controller }: Part, name: string) {
    const undo = controller.listen({
      channel: name,
      event: 'note',
      signal: this.#pageLife.signal,
      callback: ({ channel, data }) => {
        const reader = controller.identity.userId;
        const { for: owner = reader } = data as { for?: string };
        if (owner !== reader) this.leaks.push(`${channel} of ${owner} to ${reader}`);
      },
    });
    return { name, undo };
  }

  #holdUntilAbort({ controller }: Part, name: string): void {
    const abort = new AbortController();
    controller.hold(name, abort.signal);
    abort.abort();
  }

  /** For an hour from now, by the clock of a page that has slept. */
  #tokenFor(user: string): string {
    return tokenFor(user, this.#world.now() / 1000 + 3_600);
  }

  #identify(part: Part, user: string | undefined): void {
    part.user = user;
    const token = user === undefined ? null : this.#tokenFor(user);
    const delayMs = this.#pick([0, 100, 3_000, 30_000]);
    const provider: TokenSource = () =>
      new Promise((resolve, reject) => {
        const answer = () => (this.#luck() < 0.2 ? reject(new Error('No token today.')) : resolve(token));
        setTimeout(answer, delayMs);
      });
    part.controller.identify(this.#random() < 0.5 ? token : provider);
  }

  /** A message tells who wrote it, so that the backend can see who sends it. */
  #send({ controller }: Part, event: string, awaitAcknowledgment: boolean): void {
    this.#unsettled += 1;
    const data = { by: controller.identity.userId };
    const options = { channel: 'private-class-1', awaitAcknowledgment, queue: this.#luck() < 0.7 };
    void controller.send(event, data, options).then(() => {
      this.#unsettled -= 1;
    });
  }

  /** The backend of both users, with an eye on who sends whose messages. */
  #backend(): RealtimeConfig {
    const backend = backendFor(this.#emulator, USERS);
    const { fetch: ask = fetch, triggerEndpoint } = backend;
    return {
      ...backend,
      fetch: (input, init) => {
        if (String(input) === triggerEndpoint) {
          const { by } = (JSON.parse(String(init?.body)) as { data: { by?: string } }).data;
          const sender = userIn(new Headers(init?.headers));
          if (by !== undefined && by !== sender) this.leaks.push(`message of ${by} sent by ${sender}`);
        }
        return ask(input, init);
      },
    };
  }

  /** Into the back/forward cache and back; its timers stand still meanwhile. */
  #freeze(): void {
    this.#world.freeze();
    this.#world.sleep(60_000);
    this.#world.wake('restored');
  }

  /** What is joined: as the emulator has it, as the kit says, and who is shown as present. */
  #found(): unknown {
    const connections = this.#emulator.driver.connections();
    return {
      // A socket cannot sign out: what signing in brought stays as long as the socket.
      service: connections
        .map(({ channels }) => channels.filter((name) => !name.startsWith('#')).sort())
        .sort(),
      identities: this.parts.map(({ controller: { identity } }) => ({
        state: identity.state,
        userId: identity.userId,
      })),
      page: this.parts.map(({ controller: { channels } }) =>
        channels
          // What is lost of a sign-in is not asked for again on the same socket.
          .filter(({ name, status }) => status === 'subscribed' && name !== '#user')
          .map(({ name }) => name)
          .sort(),
      ),
      rosters: this.#rosters(({ controller }) => {
        const { members, stale } = controller.presence(PRESENCE).snapshot;
        return {
          stale,
          ids: members
            .filter(({ status }) => status !== 'offline')
            .map(({ id }) => id)
            .sort(),
        };
      }),
    };
  }

  /** The same as it should be, by the page's own books. */
  #wanted(): unknown {
    const present = [...new Set(this.#rosters(({ user }) => user ?? ''))].sort();
    return {
      service: this.parts.filter(isConnected).map(joinableIn).sort(),
      identities: this.parts.map(({ user }) => ({
        state: user === undefined ? 'anonymous' : 'authenticated',
        userId: user,
      })),
      page: this.parts.map(joinableIn),
      rosters: this.#rosters(() => ({ stale: false, ids: present })),
    };
  }

  /** Something of each part that is on the presence channel. */
  #rosters<T>(look: (part: Part) => T): T[] {
    return this.parts.filter((part) => joinableIn(part).includes(PRESENCE)).map(look);
  }

  #index(length: number): number {
    return Math.floor(this.#random() * length);
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#index(values.length)] as T;
  }
}

/** Whether something that is held needs a connection, or there is one by hand. */
function isConnected({ controller, holds }: Part): boolean {
  return controller.status === 'connected' || holds.some(({ name }) => name !== '*');
}

/** The channels that are held and let their user in. */
function joinableIn({ user, holds }: Part): string[] {
  const names = new Set(holds.map(({ name }) => name));
  return [...names].filter((name) => mayJoin(user, name)).sort();
}

function mayJoin(user: string | undefined, name: string): boolean {
  if (name === '*' || name === '#user') return false;
  if (!needsAuthorization(name)) return true;
  const owner = /^private-user-(.+)$/.exec(name)?.[1];
  return user !== undefined && (owner === undefined || owner === user);
}
