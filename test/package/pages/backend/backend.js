/** A backend with the server part on an emulator: prints what became of a request of each kind. */
import { SignJWT } from 'jose';
import { startEmulator } from 'realtime-elements/emulator';
import { createRealtimeServer } from 'realtime-elements/server';

const secret = 'a secret that only this backend knows, long enough';
const emulator = await startEmulator();
const realtime = createRealtimeServer({
  engine: {
    appId: emulator.appId,
    key: emulator.key,
    secret: emulator.secret,
    host: emulator.host,
    port: emulator.port,
    scheme: 'http',
  },
  jwt: { secret },
  canTrigger: () => true,
});

const token = await new SignJWT({ sub: '7' })
  .setProtectedHeader({ alg: 'HS256' })
  .setIssuedAt()
  .setExpirationTime('5m')
  .sign(new TextEncoder().encode(secret));

/** A body in pieces says nothing of its length before it has come. */
const inPieces = (text) => new Blob([text]).stream();

async function statusOf(path, type, body) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type };
  const request = new Request(`http://backend${path}`, { method: 'POST', headers, body, duplex: 'half' });
  return (await realtime.fetch(request)).status;
}
const authorize = (channel) =>
  statusOf(
    '/pusher/auth',
    'application/x-www-form-urlencoded',
    new URLSearchParams({ socket_id: '1.2', channel_name: channel }).toString(),
  );
const trigger = (data, wrap = String) =>
  statusOf(
    '/realtime/trigger',
    'application/json',
    wrap(JSON.stringify({ channel: 'news', event: 'notification', data })),
  );

const outcome = {
  own: await authorize('private-user-7'),
  other: await authorize('private-user-8'),
  sent: await trigger({ title: 'Hello' }),
  wrong: await trigger({ title: 'Hello', level: 'loud' }),
  tooLarge: await trigger({ title: 'x'.repeat(2_000_000) }, inPieces),
  channels: Object.keys(await realtime.channels()),
};
await emulator.stop();
console.log(JSON.stringify(outcome));
