/** Pages with elements on them whose controller is in the test's hand: `controller` in the page is a fixed one. */
import { build } from 'esbuild';
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
  // Elements that the page brings later are looked for as well.
  window.part = (selector, name) =>
    [...document.querySelectorAll(selector)].flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll('[part~="' + name + '"]')])[0];
`;

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
