/** What a backend encrypts for those who are let in: read by pusher-js, and heard like any other event. */
import { expect } from '@open-wc/testing';
import nacl from 'tweetnacl';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { channelSharedSecret, type PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';

const channel = 'private-encrypted-class-1';
const masterKey = (fill: number) => btoa(String.fromCharCode(...new Uint8Array(32).fill(fill)));
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const base64Of = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** The codes that the page is told, as long as the test runs. */
function recordErrors(): string[] {
  const codes: string[] = [];
  document.addEventListener('realtime-error', ({ error }) => codes.push(error.code), {
    signal: ended.signal,
  });
  return codes;
}
let ended: AbortController;

/** A payload as Pusher's SDKs encrypt it. */
function encrypt(text: string | Uint8Array, key = masterKey(7)) {
  const nonce = nacl.randomBytes(nacl.secretbox.nonceLength);
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const secret = bytesOf(channelSharedSecret(channel, key));
  return { nonce: base64Of(nonce), ciphertext: base64Of(nacl.secretbox(bytes, nonce, secret)) };
}

describe('an encrypted channel', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;
  let heard: unknown[];
  beforeEach(async () => {
    ended = new AbortController();
    emulator = startEmulator({ encryptionMasterKey: masterKey(7) });
    controller = startController(emulator, { user: { id: '1' }, timing: { backoffBaseMs: 5 } });
    heard = [];
    controller.listen({ channel, event: 'grade', callback: ({ data }) => heard.push(data) });
    await untilJoined();
  });
  afterEach(() => {
    ended.abort();
    endAll();
  });

  const untilJoined = () => until(controller, () => controller.channels[0]?.status === 'subscribed');
  /** Triggers what has to be heard after all that came before. */
  const untilHeardAll = () =>
    new Promise<void>((resolve) => {
      controller.listen({ channel, event: 'last', once: true, callback: () => resolve() });
      emulator.driver.trigger(channel, 'last', encrypt('0'));
    });

  it('is heard in clear, whatever the language', async () => {
    for (const text of [
      '{"of":"Ada Łovelace","in":"数学 🎓"}',
      'no JSON',
      '\uFEFFa text that begins with a mark',
    ]) {
      emulator.driver.trigger(channel, 'grade', encrypt(text));
    }
    await untilHeardAll();
    expect(heard).to.deep.equal([
      { of: 'Ada Łovelace', in: '数学 🎓' },
      'no JSON',
      '\uFEFFa text that begins with a mark',
    ]);
  });

  it('is heard in clear after a drop', async () => {
    emulator.driver.drop();
    await until(controller, () => controller.status === 'reconnecting');
    await untilJoined();
    emulator.driver.trigger(channel, 'grade', encrypt('1'));
    await untilHeardAll();
    expect(heard).to.deep.equal([1]);
  });

  it('is kept in no history', async () => {
    emulator.driver.trigger(channel, 'grade', encrypt('"secret"'));
    await untilHeardAll();
    expect(heard).to.deep.equal(['secret']);
    expect(controller.history.query()).to.deep.equal([]);
  });

  it('is not heard, and harms nothing, where it cannot be read', async () => {
    const good = encrypt('1');
    for (const payload of [
      encrypt('1', masterKey(8)),
      { ...good, nonce: good.nonce.slice(0, 8) },
      { ...good, ciphertext: '' },
      { ciphertext: good.ciphertext },
      'not even an object',
    ]) {
      emulator.driver.trigger(channel, 'grade', payload);
    }
    await untilHeardAll();
    expect(heard).to.deep.equal([]);
    expect(controller.status).to.equal('connected');
  });

  it('is heard, event by event, under the key that came with it, and stays joined', async () => {
    const time = stopTime();
    try {
      const answers = [masterKey(8), masterKey(7)].map((key) => channelSharedSecret(channel, key));
      const { fetch, ...client } = emulator.client({ user: { id: '2' } });
      const other = startController(emulator, {
        ...client,
        fetch: async (input, init) => {
          const answer = await (await fetch(input, init)).json();
          return Response.json({
            ...answer,
            shared_secret: answers.length > 1 ? answers.shift() : answers[0],
          });
        },
      });
      const read: unknown[] = [];
      const statuses = new Set<string | undefined>();
      other.listen({ channel, event: 'grade', callback: ({ data }) => read.push(data) });
      await passUntil(time, () => other.channels[0]?.status === 'subscribed');
      other.subscribe(() => statuses.add(other.channels[0]?.status));
      for (const text of ['1', '2', '3']) emulator.driver.trigger(channel, 'grade', encrypt(text));
      await time.tickAsync(60_000);
      // Each asks for itself, and comes with its answer.
      expect(read).to.have.members([1, 2, 3]);
      expect([...statuses]).to.deep.equal(['subscribed']);
    } finally {
      time.uninstall();
    }
  });

  it('hides an event of any name: one that begins as the protocol’s own do is decrypted as well', async () => {
    const names: unknown[] = [];
    controller.listen({ channel, event: '*', callback: ({ event, data }) => names.push([event, data]) });
    emulator.driver.trigger(channel, 'pusher-news', { plain: true });
    emulator.driver.trigger(channel, 'pusher-news', encrypt('"hidden"'));
    await untilHeardAll();
    expect(names).to.deep.equal([
      ['pusher-news', 'hidden'],
      ['last', 0],
    ]);
  });

  it('throws nothing into the page where what came is nonsense, and says so once', async () => {
    const errors = recordErrors();
    const good = encrypt('1');
    const notText = encrypt(new Uint8Array([0xff, 0xfe]));
    for (const payload of [null, { ...good, ciphertext: '***' }, { ...good, nonce: 7 }, notText]) {
      emulator.driver.trigger(channel, 'grade', payload);
    }
    await untilHeardAll();
    expect(heard).to.deep.equal([]);
    expect(errors).to.deep.equal(['message/unreadable']);
  });

  for (const shared_secret of [undefined, 'no base64!', btoa('too short'), 7]) {
    it(`says what the server has to answer when the secret is ${JSON.stringify(shared_secret)}`, async () => {
      const errors = recordErrors();
      const { fetch, ...client } = emulator.client({ user: { id: '2' } });
      const other = startController(emulator, {
        ...client,
        fetch: async (input, init) => {
          const answer = await (await fetch(input, init)).json();
          return Response.json({ ...answer, shared_secret });
        },
      });
      other.hold(channel);
      await until(other, () => other.channels[0]?.error !== undefined);
      expect(other.channels[0]?.error?.code).to.equal('auth/unreadable');
      expect(other.channels[0]?.error?.hint).to.match(/shared_secret/);
      expect(errors).to.deep.equal(['auth/unreadable']);
    });
  }
});
