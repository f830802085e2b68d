import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, nothing } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import guide from '../docs/embedding.md?raw';
import type { NotificationToastElement } from '../src/elements/notification-toast.js';
import { parts } from './shadow.js';
import { classroom, leftAlone, own, type Stage, stageOf } from './stage.js';
import css from './start.css?raw';
import { themes } from './themes.js';

const meta: Meta = {
  title: 'Start here',
  parameters: { layout: 'fullscreen', controls: { disable: true }, actions: { disable: true } },
};
export default meta;

type Story = StoryObj;

/** The lines that reserve space, as the guide prints them. */
const reserved = /^```css reserve\n([\s\S]*?)^```$/m.exec(guide)?.[1];

/** A token that a page may set, and how it is tried out here. */
interface Token {
  readonly name: string;
  readonly says: string;
  readonly input: 'color' | 'length' | 'font';
  /** Where it begins; a colour begins at what it is. */
  readonly value?: string;
}

const tokens: readonly Token[] = [
  {
    name: '--rt-accent',
    says: 'Links, bars in progress, counts, the ring around yourself',
    input: 'color',
  },
  { name: '--rt-surface', says: 'Pills, and the ring between avatars', input: 'color' },
  { name: '--rt-surface-raised', says: 'Toasts and popovers', input: 'color' },
  {
    name: '--rt-text',
    says: 'Text; borders and muted surfaces are mixed from it',
    input: 'color',
  },
  { name: '--rt-text-muted', says: 'What is said beside', input: 'color' },
  { name: '--rt-good', says: 'Live, done, online', input: 'color' },
  { name: '--rt-wait', says: 'Reconnecting, away, a warning', input: 'color' },
  { name: '--rt-bad', says: 'Refused, failed, busy', input: 'color' },
  { name: '--rt-info', says: 'A piece of information', input: 'color' },
  { name: '--rt-award', says: 'An achievement', input: 'color' },
  { name: '--rt-radius', says: 'Corners; pills and avatars stay round', input: 'length', value: '8' },
  { name: '--rt-space', says: 'The unit of every gap', input: 'length', value: '4' },
  {
    name: '--rt-font',
    says: 'The family; name your page’s own',
    input: 'font',
    value: 'system-ui, sans-serif',
  },
];

/** The elements as they stand in a page, small enough to be seen at once. */
const sample = () => html`
  <div class="sample">
    <div class="row">
      <connection-status></connection-status>
      <realtime-badge kind="live" channel=${own}></realtime-badge>
      <realtime-badge kind="unread" channel=${own} value="4"></realtime-badge>
    </div>
    <presence-avatars channel=${classroom} heading="In this class" max="6"></presence-avatars>
    <progress-tracker channel=${own}></progress-tracker>
  </div>
`;

/** One toast of each level, as short as they can be: they float over this page. */
const toasts = [
  { level: 'info', title: 'Maya handed in her essay' },
  { level: 'success', title: 'Saved for everybody' },
  { level: 'warning', title: 'The quiz closes in ten minutes' },
  { level: 'error', title: '“Lab notes.pdf” was not uploaded' },
  { level: 'achievement', title: 'Ten lessons in a row' },
] as const;

/** Shows the toasts on the sample beside the table, or takes them away. */
function toggleToasts(event: Event): void {
  const preview = (event.target as Element).closest('.preview')!;
  const element = preview.querySelector<NotificationToastElement>('notification-toast')!;
  if (parts(preview, 'notification-toast', 'toast').length > 0) element.clear();
  else for (const toast of toasts) element.show(toast);
}

/** As it is written: a bundler would make of `light-dark()` what knows nothing of a scheme that a script sets. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(
  [css, ...Object.entries(themes).map(([name, theme]) => `.look-${name} {${theme.css}}`)].join('\n'),
);

function setUp(stage: Stage): void {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  stage.join('Alan Turing', { role: 'student' }).setPresence({ busy: true });
  stage.join('Barbara Liskov', { role: 'student' }, leftAlone);
  stage.fill(9);
  stage.ready().then(() => {
    stage.trigger('progress.updated', {
      taskId: 'lesson',
      label: 'Lesson 4: Photosynthesis',
      progress: 42,
      message: 'Writing the second chapter',
    });
    stage.trigger('progress.updated', {
      taskId: 'quiz',
      label: 'Quiz on cells',
      progress: 100,
      url: '/quiz',
    });
    stage.trigger('progress.updated', {
      taskId: 'slides',
      label: 'Slides on osmosis',
      progress: 64,
      status: 'failed',
      error: 'Two pictures could not be read.',
    });
  });
}

/** Sets a token on the sample beside the table, and writes down what a page would say. */
function tryToken(event: Event): void {
  const input = event.target as HTMLInputElement;
  const page = input.closest('.start')!;
  const preview = page.querySelector<HTMLElement>('.preview')!;
  const unit = input.type === 'range' ? 'px' : '';
  preview.style.setProperty(input.name, `${input.value}${unit}`);
  const rules = [...preview.style].filter((name) => name.startsWith('--rt-'));
  page.querySelector('pre')!.textContent = `:root {\n${rules
    .map((name) => `  ${name}: ${preview.style.getPropertyValue(name)};`)
    .join('\n')}\n}`;
}

/** Sets each colour field to what the elements draw now, in the scheme of this page. */
function showColours(page: Element): void {
  const { shadowRoot } = page.querySelector('.preview connection-status')!;
  const probe = shadowRoot!.appendChild(document.createElement('span'));
  const paint = document.createElement('canvas').getContext('2d')!;
  for (const input of page.querySelectorAll<HTMLInputElement>('input[type=color]')) {
    // Inside an element `--_name` is the token or its default.
    probe.style.color = `var(--_${input.name.replace('--rt-', '').replace(/^(surface|text)-/, '')})`;
    paint.fillStyle = getComputedStyle(probe).color;
    paint.fillRect(0, 0, 1, 1);
    const [...rgb] = paint.getImageData(0, 0, 1, 1).data.slice(0, 3);
    input.value = `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  }
  probe.remove();
}

const control = ({ name, input, value }: Token) => {
  if (input === 'color') {
    return html`<input type="color" name=${name} aria-label=${name} @input=${tryToken} />`;
  }
  const max = name === '--rt-space' ? 8 : 24;
  return input === 'length'
    ? html`<input type="range" min="0" max=${max} name=${name} value=${value ?? ''} aria-label=${name} @input=${tryToken} />`
    : html`<select name=${name} aria-label=${name} @input=${tryToken}>
        ${['system-ui', 'Georgia, serif', 'ui-monospace, monospace'].map((font) => html`<option>${font}</option>`)}
      </select>`;
};

/** For designers: what can be changed, with the elements beside it. */
export const Designers: Story = {
  render: (_, context) =>
    stageOf(context, {}, setUp).show(html`
      <main class="start">
        <header>
          <h1>Realtime elements</h1>
          <p>
            Who is here, what is new, how far it is, and whether the line is up. They take their scheme from your
            page’s <code>color-scheme</code>; everything else you may change is a token, a part or a slot. Set three
            tokens, and the rest follows.
          </p>
        </header>

        <section aria-labelledby="tokens">
          <h2 id="tokens">Tokens, live</h2>
          <div class="bench">
            <table>
              <thead>
                <tr><th>Token</th><th>Where it is seen</th><th>Try</th></tr>
              </thead>
              <tbody>
                ${tokens.map(
                  (token) => html`<tr>
                    <th scope="row"><code>${token.name}</code></th>
                    <td>${token.says}</td>
                    <td>${control(token)}</td>
                  </tr>`,
                )}
              </tbody>
            </table>
            <div class="preview">
              ${sample()}
              <button type="button" @click=${toggleToasts}>A toast of each level</button>
              <notification-toast channel=${own} max=${toasts.length} duration="0"></notification-toast>
            </div>
            <pre tabindex="0" aria-label="What a page would write">:root {\n}</pre>
          </div>
        </section>

        <section aria-labelledby="looks">
          <h2 id="looks">Three looks, one kit</h2>
          <div class="looks">
            ${Object.entries(themes).map(
              ([name, { title, description, css }]) => html`<figure class="look look-${name}">
                <figcaption><strong>${title}</strong> ${description}</figcaption>
                ${sample()}
                ${css ? html`<pre tabindex="0" aria-label="The tokens of ${title}">:root {${css}\n}</pre>` : nothing}
              </figure>`,
            )}
          </div>
        </section>

        <section aria-labelledby="further">
          <h2 id="further">Where tokens end</h2>
          <p>
            Each element names its parts: <code>notification-toast::part(toast) { border-width: 2px }</code>. Its page
            here lists them, with every state it can be in. What stands in a slot is yours, also before the kit has
            loaded; these lines keep the room for it:
          </p>
          <pre tabindex="0" aria-label="Styles that reserve space">${reserved}</pre>
        </section>
      </main>
    `),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(parts(canvasElement, 'progress-tracker', 'task')).toHaveLength(12));
    showColours(canvasElement);
  },
};

/** What anybody can see of a box's elements, as it is computed. */
function look(box: Element): string {
  return [...box.querySelectorAll('*')]
    .flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll('*') ?? [])])
    .filter((node) => node.checkVisibility())
    .map((node) => {
      const style = getComputedStyle(node);
      return [...style].filter((name) => !name.startsWith('--')).map((name) => style.getPropertyValue(name));
    })
    .join();
}

/** For the check alone: each token is tried, and changes something that is to be seen. */
export const EachTokenIsSeen: Story = {
  ...Designers,
  name: 'Each token is seen',
  tags: ['!dev'],
  play: async (context) => {
    await Designers.play?.(context);
    const preview = context.canvasElement.querySelector<HTMLElement>('.preview')!;
    await userEvent.click(preview.querySelector('button')!);
    await waitFor(() => expect(parts(preview, 'notification-toast', 'toast')).toHaveLength(toasts.length));
    await waitFor(
      () =>
        expect(parts(preview, 'presence-avatars', 'avatar').map(({ dataset }) => dataset.status)).toEqual(
          expect.arrayContaining(['online', 'busy', 'away']),
        ),
      { timeout: 5_000 },
    );
    preview.style.setProperty('--rt-duration', '0ms');
    await waitFor(() =>
      expect(
        [...preview.querySelectorAll('*')]
          .flatMap(({ shadowRoot }) => shadowRoot?.getAnimations() ?? [])
          .filter(({ effect }) => effect?.getComputedTiming().iterations === 1),
      ).toEqual([]),
    );
    const before = look(preview);
    const values = { color: 'rgb(1 2 3)', length: '3px', font: 'monospace' };
    const unseen = tokens.filter(({ name, input }) => {
      preview.style.setProperty(name, values[input]);
      const isSeen = look(preview) !== before;
      preview.style.removeProperty(name);
      return !isSeen;
    });
    await expect(unseen.map(({ name }) => name)).toEqual([]);
  },
};
