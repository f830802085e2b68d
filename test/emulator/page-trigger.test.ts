/** The trigger endpoint in a page, beside the server part in front of an emulator: one request, one answer. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import nacl from 'tweetnacl';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { createPageEmulator, type PageClientConfig, type PageEmulator } from '../../src/emulator/page.js';
import { channelSharedSecret } from '../../src/emulator/signature.js';
import { createRealtimeServer, type RealtimeServer } from '../../src/server/index.js';

const encryptionMasterKey = Buffer.alloc(32, 3).toString('base64');

let emulator: Emulator;
let server: RealtimeServer;
let page: PageEmulator;
let config: PageClientConfig;

before(async () => {
  emulator = await startEmulator();
  const { appId, key, secret, host, port } = emulator;
  server = createRealtimeServer({
    engine: {
      appId,
      key,
      secret,
      host,
      port,
      scheme: 'http',
      encryptionMasterKeyBase64: encryptionMasterKey,
    },
    identify: () => ({ id: '7' }),
    canTrigger: () => true,
    logger: { error: () => {} },
    limits: { eventsPerMinute: 1_000_000 },
  });
  page = createPageEmulator({ encryptionMasterKey });
  config = page.client({ user: { id: '7' } });
});
after(async () => {
  page.stop();
  await emulator.stop();
});

/** What a backend answered, and what it sent. */
interface Outcome {
  status: number;
  body: unknown;
  sent: unknown[];
}

const event = (more: Record<string, unknown> = {}) => ({ channel: 'news', event: 'message', ...more });
const envelope = { id: '1', type: 'message', timestamp: '2026-01-31T12:00:00Z', sender: '8', data: {} };

/** Posts a body to one of the two. */
async function outcome(
  post: (init: RequestInit) => Promise<Response>,
  { driver }: Pick<PageEmulator, 'driver'>,
  body: unknown,
): Promise<Outcome> {
  driver.clear();
  const response = await post({
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = (await response.text()).replace(/"event_id":"[^"]+"/g, '"event_id":"…"');
  return {
    status: response.status,
    body: JSON.parse(text),
    sent: driver.triggered.map(({ name, channels, data, socketId }) => ({ name, channels, data, socketId })),
  };
}

const inPage = (body: unknown) => outcome((init) => config.fetch(config.triggerEndpoint, init), page, body);
const onServer = (body: unknown) =>
  outcome(async (init) => server.app.request('/realtime/trigger', init), emulator, body);

describe('the trigger endpoint in a page answers and sends what the server part does', () => {
  const bodies: Record<string, unknown> = {
    'an object': event({ data: { n: 1 } }),
    'a text': event({ data: 'text' }),
    'a text that is a number': event({ data: '123' }),
    'a text that is JSON': event({ data: '{"a":1}' }),
    'a number, false, a list': { batch: [1, false, [1]].map((data) => event({ data })) },
    'no data': event(),
    null: event({ data: null }),
    'an envelope, with the name of who really sent it': event({ data: envelope }),
    'an envelope around a payload that nobody can read': event({
      data: { ...envelope, type: 'notification', data: { level: 'loud', message: 'x' } },
    }),
    'several channels': { channels: ['a', 'b', 'a'], event: 'message', data: {} },
    'a sender to leave out': event({ socket_id: '1.2' }),
    'no sender to leave out': event({ socket_id: null }),
    'a batch': { batch: [event({ data: 1 }), { channel: 'b', name: 'other' }, event({ event: 'third' })] },
    'a batch of which some cannot be sent': {
      batch: [
        event(),
        event({ channel: 'a b' }),
        event({ data: { password: 1 } }),
        event({ data: 'é'.repeat(6_000) }),
      ],
    },
    'a batch of a hundred': { batch: Array(100).fill(event()) },
    'a payload that its event has': event({ event: 'notification', data: { message: 'x' } }),
    'a payload that nobody can read': event({ event: 'notification', data: { level: 'loud', message: 'x' } }),
    'a payload without what it needs': event({ event: 'progress.updated', data: {} }),
    'a field named like a secret': event({ data: { deep: [{ accessToken: 'x' }] } }),
    'as many bytes as fit': event({ data: 'x'.repeat(10_238) }),
    'a byte too many': event({ data: 'x'.repeat(10_239) }),
    'more than fits encrypted': event({ channel: 'private-encrypted-a', data: 'x'.repeat(8_000) }),
    'a wrong channel': event({ channel: 'a b' }),
    'the channel of a signed-in person': event({ channel: '#server-to-user-7' }),
    'a hundred and one channels': {
      channels: Array.from({ length: 101 }, (_, n) => `c-${n}`),
      event: 'message',
    },
    'an encrypted channel among others': { channels: ['private-encrypted-a', 'a'], event: 'message' },
    'an event of the service': event({ event: 'pusher:subscribe' }),
    'an event with a long name': event({ event: 'x'.repeat(201) }),
    'a client event on a public channel': event({ event: 'client-typing', data: { typing: true } }),
    'a client event on a private channel': event({
      channel: 'private-a',
      event: 'client-typing',
      data: { typing: true },
    }),
    'a sender that is none': event({ socket_id: 'me' }),
    'a sender of another type': event({ socket_id: 1.2 }),
    'no event': { channel: 'news' },
    'an event that is no text': event({ event: 7 }),
    'a name in place of the event': { channel: 'news', name: 'message' },
    'no channel': { event: 'message' },
    'no channels': { channels: [], event: 'message' },
    'a channel and channels': event({ channels: ['a'] }),
    'a list as channel': event({ channel: ['news'] }),
    'a batch of none': { batch: [] },
    'a batch of a hundred and one': { batch: Array(101).fill(event()) },
    'a batch beside an event': { batch: [event()], event: 'message' },
    'a batch that is none': { batch: 'news' },
    'a batch with a hole': { batch: [event(), null] },
    'a batch with several channels in one': { batch: [{ channels: ['a'], event: 'message' }] },
    'a list': [],
    'no JSON': '{',
    'JSON null': 'null',
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(what, async () => {
      assert.deepEqual(await inPage(body), await onServer(body));
    });
  }

  it('an encrypted event, which only members can read', async () => {
    const channel = 'private-encrypted-a';
    const key = Buffer.from(channelSharedSecret(channel, encryptionMasterKey), 'base64');
    const decrypted = async ({ status, sent }: Outcome) => {
      const { nonce, ciphertext } = JSON.parse((sent[0] as { data: string }).data);
      const [box, salt] = [ciphertext, nonce].map((text: string) => Buffer.from(text, 'base64'));
      return [status, Buffer.from(nacl.secretbox.open(box!, salt!, key)!).toString()];
    };
    const body = event({ channel, data: { said: 'Zoë' } });
    const expected = [200, '{"said":"Zoë"}'];
    assert.deepEqual(await decrypted(await inPage(body)), expected);
    assert.deepEqual(await decrypted(await onServer(body)), expected);
  });

  it('what an engine with other limits refuses, or one whose app is off', async () => {
    for (const options of [
      { limits: { payloadBytes: 5 } },
      { limits: { eventNameLength: 5 } },
      { enabled: false },
    ]) {
      const [strict, strictPage] = [await startEmulator(options), createPageEmulator(options)];
      const { appId, key, secret, host, port } = strict;
      const app = createRealtimeServer({
        engine: { appId, key, secret, host, port, scheme: 'http' },
        identify: () => ({ id: '7' }),
        canTrigger: () => true,
        logger: { error: () => {} },
      }).app;
      const client = strictPage.client({ user: { id: '7' } });
      const body = event({ data: 'long' });
      const [here, there] = [
        await outcome((init) => client.fetch(client.triggerEndpoint, init), strictPage, body),
        await outcome(async (init) => app.request('/realtime/trigger', init), strict, body),
      ];
      const codeOf = ({ status, body: answer }: Outcome) => [
        status,
        (answer as { error: { code: string } }).error.code,
      ];
      assert.deepEqual(codeOf(here), codeOf(there));
      assert.deepEqual([here.sent, there.sent], [[], []]);
      strictPage.stop();
      await strict.stop();
    }
  });
});
