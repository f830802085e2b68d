/** Pages with elements on them whose controller is in the test's hand: `controller` in the page is a fixed one. */
import { build } from 'esbuild';
import type { Visitor } from './browser.js';
import { startHostPages } from './host-page.js';

export interface ElementPages {
  /** The address of a page with this HTML in its body. */
  add(html: string): string;
  stop(): Promise<void>;
}

const people = [
  { id: '1', name: 'Ada Lovelace', role: 'teacher', isMe: true },
  { id: '2', name: 'Grace Hopper', role: 'student', status: 'away' },
  { id: '3', name: 'Alan Turing', role: 'student', status: 'busy' },
  ...Array.from({ length: 12 }, (_, i) => ({ id: `${i + 4}`, name: `Person ${i}`, role: 'student' })),
];

const code = `
  import './src/register.ts';
  import { provideToPage } from './src/reactive/context.ts';
  import { fixedController } from './src/testing.ts';
  window.controller = fixedController({
    members: { 'presence-class-1': ${JSON.stringify(people)} },
    stats: { uptimeMs: 60_000, messagesReceived: 12_345, latency: { last: 23, mean: 24, jitter: 1, samples: [20, 31, 23] } },
  });
  provideToPage(controller);
  window.part = (selector, name) =>
    [...document.querySelectorAll(selector)].flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll('[part~="' + name + '"]')])[0];
`;

/** Every element, with enough in it to be looked at. */
export const everyElement = `
  <div class="stand"><connection-status></connection-status></div>
  <div class="stand"><presence-avatars channel="presence-class-1" heading="In this class"></presence-avatars></div>
  <div class="stand"><progress-tracker channel="news"></progress-tracker></div>
  <div class="stand"><realtime-badge channel="news" kind="unread" value="3"></realtime-badge></div>
  <div class="stand"><realtime-badge channel="news" kind="live"></realtime-badge></div>
  <notification-toast channel="news" duration="0"></notification-toast>`;

/** Lets the elements of `everyElement` show what they can, and waits until they stand still. */
export async function fillElements(visitor: Visitor): Promise<void> {
  await visitor.evaluate(`
    for (const [taskId, rest] of Object.entries({
      running: { progress: 40, status: 'running', label: 'Lesson 4: Photosynthesis', message: 'Writing the second chapter' },
      done: { progress: 100, status: 'completed', label: 'Quiz on cells', url: '/quiz' },
      failed: { progress: 60, status: 'failed', label: 'Sheet', error: 'The printer is out of paper.' },
    })) controller.emit('news', 'progress.updated', { taskId, ...rest });
    controller.emit('news', 'notification', {
      title: 'Maya handed in her essay', message: 'Biology 2, “The cell as a city”.', actions: [{ label: 'Review', event: 'review' }],
    });
    controller.emit('news', 'notification', { title: 'Saved', level: 'success' });
    controller.emit('news', 'notification', { title: 'Upload failed', message: 'The file is too large.', level: 'error' });
  `);
  await visitor.until(
    `['connection-status label', 'presence-avatars more', 'progress-tracker retry', 'realtime-badge badge', 'notification-toast action']
      .every((wanted) => part(...wanted.split(' ')))`,
    'every element to be filled',
  );
  await visitor.until(`${runningAnimations}.length === 0`, 'the elements to stand still');
}

/** Runs in a page: all that is animated in the elements. */
export const allAnimations = `[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot?.getAnimations() ?? [])`;

/** Runs in a page: those that run, and end. */
export const runningAnimations = `${allAnimations}
  .filter(({ effect, playState }) => playState === 'running' && effect.getComputedTiming().iterations === 1)`;

export async function startElementPages(): Promise<ElementPages> {
  const host = await startHostPages();
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const script = host.addScript(outputFiles[0]?.text ?? '');
  return {
    add: (html) =>
      host.add(`<meta name="viewport" content="width=device-width">${html}<script src="${script}"></script>`),
    stop: () => host.stop(),
  };
}
