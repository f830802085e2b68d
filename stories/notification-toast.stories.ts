import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { NotificationToastElement } from '../src/elements/notification-toast.js';
import { parts, texts } from './shadow.js';
import { own, playedOn, type Stage, type StageOptions, stageOf } from './stage.js';

type Args = Partial<Pick<NotificationToastElement, 'position' | 'duration' | 'max' | 'errors'>>;
type Story = StoryObj<Args>;
type Context = { id: string; canvasElement: HTMLElement };

const tag = 'notification-toast';

const meta: Meta<Args> = {
  title: 'Elements/Notification toast',
  component: tag,
  tags: ['autodocs'],
  parameters: { docs: { story: { inline: false, height: 420 } } },
  // In a story a toast stays, so that one can look at it.
  args: { duration: 0 },
};
export default meta;

const element = ({ position, duration, max, errors }: Args) => html`<notification-toast
  channel=${own}
  position=${ifDefined(position)}
  duration=${ifDefined(duration)}
  max=${ifDefined(max)}
  ?errors=${errors}
></notification-toast>`;

const on =
  (options: StageOptions = {}, setUp?: (stage: Stage) => void) =>
  (args: Args, context: Context) =>
    stageOf(context, options, setUp).show(element(args));

/** Triggers events once the visitor is on the channel, and waits until so many toasts are seen. */
const plays =
  (count: number, ...events: (readonly [event: string, data: unknown])[]): Story['play'] =>
  async ({ canvasElement }) => {
    const stage = playedOn(canvasElement);
    await stage.ready();
    for (const [event, data] of events) stage.trigger(event, data);
    await waitFor(() => expect(parts(canvasElement, tag, 'toast')).toHaveLength(count));
  };

const essay = {
  title: 'Maya handed in her essay',
  message: 'Biology 2, “The cell as a city”. It is waiting for your review.',
};

/** Buttons to send what you like to the stack. */
export const Playground: Story = {
  args: { position: 'bottom-right', max: 3, duration: 8_000, errors: false },
  render: (args, context) => {
    const stage = stageOf(context);
    const button = (label: string, event: string, data: unknown) =>
      html`<button @click=${() => stage.trigger(event, data)}>${label}</button> `;
    return stage.show(html`
      ${button('Information', 'notification', { ...essay, type: 'info' })}
      ${button('Success', 'notification', { title: 'Saved', type: 'success' })}
      ${button('Warning', 'notification', { message: 'Your session ends in ten minutes.', type: 'warning' })}
      ${button('Error', 'notification', { message: 'The upload of “Lab notes.pdf” has failed.', type: 'error' })}
      ${button('Achievement', 'user.achievement', { title: 'Ten lessons in a row', message: 'Keep going.' })}
      ${element(args)}
    `);
  },
  play: plays(1, ['notification', { ...essay, type: 'info' }]),
};

/** Each level tints its icon and its edge; an achievement is a little festive, once. */
export const Levels: Story = {
  args: { max: 5 },
  render: on(),
  play: plays(
    5,
    ['notification', { ...essay, type: 'info' }],
    ['notification', { title: 'Saved', message: 'Everybody sees the new schedule.', type: 'success' }],
    ['notification', { title: 'Ten minutes left', message: 'The quiz closes at noon.', type: 'warning' }],
    [
      'notification',
      { title: 'Upload failed', message: '“Lab notes.pdf” is larger than 20 MB.', type: 'error' },
    ],
    ['user.achievement', { title: 'Ten lessons in a row', message: 'Keep going.' }],
  ),
};

/** A link, and an action that the page hears of as `notification-activated`. */
export const Actions: Story = {
  render: on(),
  play: async (context) => {
    const review = [
      'notification',
      {
        ...essay,
        actions: [
          { label: 'Review', url: '/review' },
          { label: 'Later', event: 'review.later' },
        ],
      },
    ] as const;
    await plays(1, review)?.(context);
    const heard = new Promise<string | undefined>((resolve) => {
      context.canvasElement.addEventListener(
        'notification-activated',
        ({ action }) => resolve(action.event),
        { once: true },
      );
    });
    await userEvent.click(parts(context.canvasElement, tag, 'action')[1]!);
    await expect(await heard).toBe('review.later');
    await waitFor(() => expect(parts(context.canvasElement, tag, 'toast')).toHaveLength(0));
    await plays(1, review)?.(context);
  },
};

/** A picture in the place of the icon. */
export const WithAPicture: Story = {
  name: 'With a picture',
  render: on(),
  play: plays(1, [
    'notification',
    { title: 'Grace Hopper', message: 'Did you see the moth?', image: './avatars/grace.svg', url: '/chat' },
  ]),
};

/** The same words again are the same toast, with a count. */
export const Merged: Story = {
  render: on(),
  play: async (context) => {
    const again = ['notification', { title: 'Saved', type: 'success' }] as const;
    await plays(1, again, again, again)?.(context);
    await expect(texts(context.canvasElement, tag, 'count')).toEqual(['×3']);
  },
};

/** Three are seen, the rest waits tucked behind. */
export const MoreThanAreSeen: Story = {
  name: 'More than are seen',
  render: on(),
  play: plays(
    3,
    ...['First', 'Second', 'Third', 'Fourth', 'Fifth'].map(
      (title) => ['notification', { title, message: 'A short message.' }] as const,
    ),
  ),
};

/** A flood becomes one that says how many. */
export const AFlood: Story = {
  name: 'A flood',
  render: on(),
  play: async (context) => {
    const flood = Array.from(
      { length: 60 },
      (_, i) => ['notification', { message: `Message ${i + 1}` }] as const,
    );
    await plays(3, ...flood)?.(context);
    await expect(texts(context.canvasElement, tag, 'title').at(-1)).toMatch(/new$/);
  },
};

/** What has gathered while there was no connection arrives as a number. */
export const AfterAReconnect: Story = {
  name: 'After a reconnect',
  render: on({ timing: { backoffBaseMs: 100 } }),
  play: async (context) => {
    const stage = playedOn(context.canvasElement);
    await stage.ready();
    stage.driver.drop();
    await stage.driver.waitFor((driver) => driver.connections().length === 0, { what: 'the drop' });
    await stage.ready();
    for (let i = 1; i <= 12; i += 1) stage.trigger('notification', { message: `Message ${i}` });
    await waitFor(() => expect(texts(context.canvasElement, tag, 'title')).toContain('12 new'));
  },
};

/** What each event of a backend says by itself. */
export const DefaultTexts: Story = {
  name: 'Default texts',
  args: { max: 6 },
  render: on(),
  play: plays(
    5,
    ['content.generated', { taskId: 't1', contentType: 'lesson', title: 'Cells', downloadUrl: '/cells' }],
    ['trade-executed', { symbol: 'ACME', amount: 12, currency: 'EUR', profitIsWin: true }],
    ['trade-executed', { symbol: 'ACME', amount: 12, currency: 'EUR', profitIsWin: false }],
    ['bot-updated', { botUUID: 'b1', botName: 'Night watch', status: 'ERROR' }],
    ['strategy-modified', { title: 'Slow and steady' }],
  ),
};

/** However long, it stays readable; however wide, it stays inside. */
export const LongText: Story = {
  name: 'Long text',
  render: on(),
  play: plays(1, [
    'notification',
    {
      title:
        'https://example.com/a/very/long/address/that/nobody/would/ever/type/by/hand/but/that/comes/along',
      message: 'It goes on. '.repeat(30),
      type: 'warning',
    },
  ]),
};

/** Markup is text, and a link that is none is not offered. */
export const Untrusted: Story = {
  render: on(),
  play: async (context) => {
    await plays(1, [
      'notification',
      {
        title: '<img src=x onerror=alert(1)>',
        message: '<script>alert(1)</script>',
        url: 'javascript:alert(1)',
        image: 'javascript:alert(1)',
      },
    ])?.(context);
    await expect(texts(context.canvasElement, tag, 'title')).toEqual(['<img src=x onerror=alert(1)>']);
    await expect(parts(context.canvasElement, tag, 'action')).toHaveLength(0);
  },
};

/** At the top, the newest comes from above. */
export const AtTheTop: Story = {
  name: 'At the top',
  args: { position: 'top-center' },
  render: on(),
  play: plays(
    2,
    ['notification', { title: 'First', message: 'It came before.' }],
    ['notification', { title: 'Second', message: 'It came after.' }],
  ),
};

/** The kit's own errors, on request. */
export const TheKitsOwnErrors: Story = {
  name: 'The kit’s own errors',
  args: { errors: true },
  render: on({}, ({ driver }) => driver.refuse(4001)),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(parts(canvasElement, tag, 'toast')).toHaveLength(1));
  },
};

/** Above a modal dialog it is seen and waits; its time runs when the dialog closes. */
export const AboveADialog: Story = {
  name: 'Above a dialog',
  args: { duration: 8_000 },
  render: (args, context) =>
    stageOf(context).show(html`
      ${element(args)}
      <dialog aria-label="A dialog">
        <p>A modal dialog makes everything outside it inert.</p>
        <form method="dialog"><button>Close</button></form>
      </dialog>
    `),
  play: async (context) => {
    context.canvasElement.querySelector('dialog')!.showModal();
    await plays(1, ['notification', { ...essay }])?.(context);
  },
};

/** A minute of somebody's morning, in ten seconds. */
export const OverTime: Story = {
  name: 'Over time',
  args: { duration: undefined },
  render: on({}, (stage) => {
    const morning = [
      ['notification', { title: 'Good morning', message: 'Three things are due today.' }],
      ['notification', { title: 'Saved', type: 'success' }],
      ['notification', { title: 'Saved', type: 'success' }],
      ['notification', { ...essay, actions: [{ label: 'Review', url: '/review' }] }],
      [
        'notification',
        { title: 'Upload failed', message: '“Lab notes.pdf” is larger than 20 MB.', type: 'error' },
      ],
      ['user.achievement', { title: 'Ten lessons in a row', message: 'Keep going.' }],
    ] as const;
    morning.forEach(([event, data], index) => {
      stage.later(1_000 + index * 1_400, () => stage.trigger(event, data));
    });
  }),
};
