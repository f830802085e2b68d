import { expect } from '@open-wc/testing';
import { generateSheet } from '../../docs/examples/content-generation.js';
import { receiveNotes, sendNote } from '../../docs/examples/send-with-acknowledgement.js';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { channel, eventually, meet } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

describe('the example of sending with an acknowledgement', () => {
  afterEach(endAll);

  it('says that the note was delivered once a receiver has shown it', async () => {
    const [sender, receiver] = await meet(startEmulator());
    const shown: (string | undefined)[] = [];
    receiveNotes(receiver, channel, (text, author) => shown.push(text, author));
    const words: string[] = [];
    const delivered = await sendNote(sender, channel, 'See you at nine', (word) => words.push(word));
    expect(delivered).to.equal(true);
    expect(words).to.deep.equal(['Waiting', 'Sent', 'Delivered']);
    expect(shown).to.deep.equal(['See you at nine', '1']);
  });

  it('never claims that a note did not arrive which left and was not answered', async () => {
    const [sender] = await meet(startEmulator(), { timing: { acknowledgeMs: 50 } });
    const words: string[] = [];
    expect(await sendNote(sender, channel, 'Anybody?', (word) => words.push(word))).to.equal(false);
    expect(words.at(-1)).to.equal('Perhaps delivered');
  });

  it('says that a note may not be sent where members cannot send', async () => {
    const [sender] = await meet(startEmulator());
    const words: string[] = [];
    expect(await sendNote(sender, 'news', 'To all', (word) => words.push(word))).to.equal(false);
    expect(words).to.deep.equal(['Not allowed']);
  });
});

describe('the example of content generation', () => {
  let emulator: PageEmulator;
  let requests: { type: string; subject: string }[];
  beforeEach(() => {
    emulator = startEmulator();
    requests = [];
  });
  afterEach(endAll);

  /** A page of user 1, whose server answers as `answer` says when content is asked for. */
  function startPage(answer: () => Response | Promise<Response>): RealtimeController {
    const backend = backendFor(emulator);
    const contentEndpoint = 'https://backend.invalid/content/generate';
    const fetch: typeof globalThis.fetch = (input, init) => {
      if (String(input) !== contentEndpoint) return backend.fetch!(input, init);
      requests.push(JSON.parse(String(init?.body)));
      return Promise.resolve(answer());
    };
    return startController(emulator, { ...backend, fetch, contentEndpoint, token: tokenFor('1') });
  }
  const accepted = () => Response.json({ task_id: 't1', status: 'processing' }, { status: 202 });
  const say = (event: string, data: object) => emulator.driver.trigger('private-user-1', event, data);

  it('asks, follows the progress of its own task, and resolves with the link', async () => {
    const controller = startPage(accepted);
    const progress: number[] = [];
    const link = generateSheet(controller, 'Algebra', { onProgress: (percent) => progress.push(percent) });
    await emulator.driver.waitForSubscribers('private-user-1');
    await eventually(() => requests.length === 1);
    say('content.progress', { taskId: 'another', progress: 99 });
    say('content.progress', { taskId: 't1', progress: 50 });
    say('content.generated', { taskId: 't1', title: 'Algebra', downloadUrl: '/sheets/t1.pdf' });
    expect(await link).to.equal('/sheets/t1.pdf');
    expect(progress).to.deep.equal([50]);
    expect(requests[0]).to.include({ type: 'practice sheet', subject: 'Algebra' });
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('rejects with what the backend says when the work fails', async () => {
    const link = generateSheet(startPage(accepted), 'Algebra');
    await emulator.driver.waitForSubscribers('private-user-1');
    say('content.failed', { taskId: 't1', error: 'No more paper' });
    expect(await reasonOf(link)).to.equal('No more paper');
  });

  it('rejects with a remedy when the server does not take the request', async () => {
    const link = generateSheet(
      startPage(() => new Response('', { status: 403 })),
      'Algebra',
    );
    expect(await reasonOf(link)).to.contain('403');
  });

  it('stops waiting when its signal aborts', async () => {
    const abort = new AbortController();
    const controller = startPage(accepted);
    const link = generateSheet(controller, 'Algebra', { signal: abort.signal });
    await emulator.driver.waitForSubscribers('private-user-1');
    abort.abort(new Error('Never mind'));
    expect(await reasonOf(link)).to.equal('Never mind');
    expect(controller.listeners()).to.deep.equal([]);
  });

  it('stops waiting for a server that does not answer when its signal aborts', async () => {
    const abort = new AbortController();
    const controller = startPage(() => new Promise(() => {}));
    const link = generateSheet(controller, 'Algebra', { signal: abort.signal });
    await eventually(() => requests.length === 1);
    abort.abort(new Error('Never mind'));
    expect(await reasonOf(link)).to.equal('Never mind');
    expect(controller.listeners()).to.deep.equal([]);
  });
});

async function reasonOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: Error) => error.message,
  );
}
