import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import PusherClient from 'pusher-js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';

interface Heard {
  event: string;
  data: Record<string, unknown>;
}

let demo: Demo;
let token: string;
let client: PusherClient;
const heard: Heard[] = [];
let look = () => {};

before(async () => {
  demo = await startDemo();
  token = await tokenOf(demo, '2');
  client = new PusherClient('emulator-key', {
    cluster: 'emulator',
    wsHost: 'localhost',
    wsPort: demo.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: `${demo.url}/pusher/auth`,
      headers: { Authorization: `Bearer ${token}` },
    },
  });
  const channel = client.subscribe('private-user-2');
  channel.bind_global((event: string, data: Record<string, unknown>) => {
    heard.push({ event, data });
    look();
  });
  await new Promise<void>((resolve, reject) => {
    channel.bind('pusher:subscription_succeeded', () => resolve());
    channel.bind('pusher:subscription_error', reject);
  });
});
after(async () => {
  client.disconnect();
  await demo.stop();
});

function ask(body: unknown, authorization = `Bearer ${token}`): Promise<Response> {
  return fetch(`${demo.url}/content/generate`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: authorization },
    body: JSON.stringify(body),
  });
}

/** Everything that was said about a task, once the last word is there. */
function story(taskId: string): Promise<Heard[]> {
  return new Promise((resolve) => {
    const earlier = look;
    look = () => {
      earlier();
      const about = heard.filter(({ data }) => data.taskId === taskId);
      if (about.some(({ event }) => event === 'content.generated' || event === 'content.failed'))
        resolve(about);
    };
    look();
  });
}

describe('content generation', () => {
  it('answers at once, tells how it goes on, and ends with a sheet to read', async () => {
    const response = await ask({
      requestId: 'r-1',
      type: 'quiz',
      subject: 'Navigation',
      topic: 'Tidal <streams>',
    });
    assert.equal(response.status, 202);
    const { task_id: taskId, status } = (await response.json()) as { task_id: string; status: string };
    assert.equal(status, 'processing');

    const told = await story(taskId);
    const progress = told
      .filter(({ event }) => event === 'content.progress')
      .map(({ data }) => data.progress as number);
    assert.ok(progress.length > 3);
    assert.deepEqual(
      progress,
      [...progress].sort((a, b) => a - b),
    );
    const { event, data } = told.at(-1)!;
    assert.equal(event, 'content.generated');
    assert.equal(data.contentType, 'quiz');
    assert.ok(String(data.preview).length <= 100);
    const sheet = await fetch(String(data.downloadUrl));
    assert.equal(sheet.status, 200);
    const html = await sheet.text();
    assert.match(html, /Tidal &#60;streams&#62;/);
    assert.doesNotMatch(html, /<streams>/);
  });

  it('says why when it fails', async () => {
    const { task_id: taskId } = (await (
      await ask({ subject: 'Navigation', topic: 'Buoyage', fail: true })
    ).json()) as {
      task_id: string;
    };
    const told = await story(taskId);
    assert.deepEqual(told.at(-1), {
      event: 'content.failed',
      data: { taskId, error: 'The notes on Buoyage could not be read.' },
    });
  });

  it('starts one task for one request, in either spelling, and three for a person', async () => {
    const idOf = async (body: unknown) => ((await (await ask(body)).json()) as { task_id: string }).task_id;
    const first = await idOf({ requestId: 'same', type: 'quiz', subject: 'Lights' });
    assert.equal(await idOf({ request_id: 'same', type: 'quiz', subject: 'Lights' }), first);
    await Promise.all([idOf({ subject: 'Sounds' }), idOf({ subject: 'Flags' })]);
    const fourth = await ask({ subject: 'Knots' });
    assert.equal(fourth.status, 429);
    assert.ok(fourth.headers.get('retry-after'));
  });

  it('is for people with a token, and for whole requests', async () => {
    assert.equal((await ask({ subject: 'Lights' }, '')).status, 401);
    for (const body of [{}, { subject: '' }, { subject: 'x'.repeat(121) }, [], 'text']) {
      assert.equal((await ask(body)).status, 400, JSON.stringify(body));
    }
  });
});
