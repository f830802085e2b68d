import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { ProgressTrackerElement } from '../src/elements/progress-tracker.js';
import { parts, texts } from './shadow.js';
import { own, playedOn, type Stage, type StageOptions, stageOf } from './stage.js';

type Args = Partial<Pick<ProgressTrackerElement, 'channel' | 'task' | 'event' | 'fields'>>;
type Story = StoryObj<Args>;
type Context = { id: string; canvasElement: HTMLElement };

const tag = 'progress-tracker';

const meta: Meta<Args> = {
  title: 'Elements/Progress tracker',
  component: tag,
  tags: ['autodocs'],
};
export default meta;

const element = ({ channel = own, task, event, fields }: Args) => html`<progress-tracker
  channel=${channel}
  task=${ifDefined(task)}
  event=${ifDefined(event)}
  fields=${ifDefined(fields)}
></progress-tracker>`;

const on =
  (options: StageOptions = {}, setUp?: (stage: Stage) => void) =>
  (args: Args, context: Context) =>
    stageOf(context, options, setUp).show(element(args));

/** Reports once the visitor is on the channel, and waits until so many tasks are shown. */
const reports =
  (count: number, ...events: (readonly [event: string, data: unknown])[]): Story['play'] =>
  async ({ canvasElement }) => {
    const stage = playedOn(canvasElement);
    await stage.ready();
    for (const [event, data] of events) stage.trigger(event, data);
    await waitFor(() => expect(parts(canvasElement, tag, 'task')).toHaveLength(count));
  };

const lesson = { taskId: 'lesson', label: 'Lesson 4: Photosynthesis' };

/** Every control; drag the slider to report progress. */
export const Playground: Story = {
  args: { task: '', event: '', fields: '' },
  render: (args, context) => {
    const stage = stageOf(context);
    const report = ({ target }: Event) =>
      stage.trigger('progress.updated', {
        ...lesson,
        progress: Number((target as HTMLInputElement).value),
        message: 'Writing the second chapter',
      });
    return stage.show(html`
      <p><label>Report <input type="range" value="37" @input=${report} /></label></p>
      ${element(args)}
    `);
  },
  play: reports(1, ['progress.updated', { ...lesson, progress: 37, message: 'Writing the second chapter' }]),
};

/** It is under way. */
export const Running: Story = {
  render: on(),
  play: reports(1, ['progress.updated', { ...lesson, progress: 37, message: 'Writing the second chapter' }]),
};

/** It has begun, and nobody knows how far it is. */
export const Indeterminate: Story = {
  render: on(),
  play: reports(1, ['progress.updated', { ...lesson, status: 'running', message: 'Looking for sources' }]),
};

/** It has not begun. */
export const Waiting: Story = {
  render: on(),
  play: reports(1, ['progress.updated', { ...lesson, status: 'pending' }]),
};

/** Done, with the way to what was made. */
export const Completed: Story = {
  render: on(),
  play: async (context) => {
    await reports(
      1,
      ['progress.updated', { ...lesson, progress: 80 }],
      ['content.generated', { taskId: 'lesson', contentType: 'lesson', title: '', downloadUrl: '/lesson' }],
    )?.(context);
    await waitFor(() => expect(parts(context.canvasElement, tag, 'link')).toHaveLength(1));
  },
};

/** It stays where it stopped, says why, and asks the page for another try. */
export const Failed: Story = {
  render: on(),
  play: async (context) => {
    await reports(
      1,
      ['progress.updated', { ...lesson, progress: 62 }],
      ['content.failed', { taskId: 'lesson', error: 'The model did not answer in time.' }],
    )?.(context);
    const heard = new Promise<string>((resolve) => {
      context.canvasElement.addEventListener('retry-requested', ({ task }) => resolve(task.id), {
        once: true,
      });
    });
    await waitFor(() => expect(parts(context.canvasElement, tag, 'retry')).toHaveLength(1));
    await userEvent.click(parts(context.canvasElement, tag, 'retry')[0]!);
    await expect(await heard).toBe('lesson');
  },
};

/** Somebody stopped it. */
export const Cancelled: Story = {
  render: on(),
  play: reports(1, ['progress.updated', { ...lesson, progress: 45, status: 'cancelled' }]),
};

/** All tasks of a channel. */
export const Several: Story = {
  render: on(),
  play: reports(
    4,
    ['progress.updated', { ...lesson, progress: 37, message: 'Writing the second chapter' }],
    ['progress.updated', { taskId: 'quiz', label: 'Quiz on cells', progress: 100, url: '/quiz' }],
    [
      'progress.updated',
      {
        taskId: 'sheet',
        label: 'Worksheet',
        progress: 62,
        status: 'failed',
        error: 'The model did not answer in time.',
      },
    ],
    ['progress.updated', { taskId: 'summary', label: 'Summary', status: 'pending' }],
  ),
};

/** Another backend's names: `event` and `fields` say what is what. */
export const OtherNames: Story = {
  name: 'Other names',
  args: { event: 'job.step', fields: 'taskId=job progress=percent label=title message=step' },
  render: on(),
  play: async (context) => {
    await reports(1, ['job.step', { job: 7, percent: 64, title: 'Import of 1,204 rows', step: 'Row 770' }])?.(
      context,
    );
    await expect(texts(context.canvasElement, tag, 'value')).toEqual(['64%']);
  },
};

/** On a cache channel a late comer sees the last state at once. */
export const ALateComer: Story = {
  name: 'A late comer',
  args: { channel: 'private-cache-user-1' },
  render: on({}, (stage) =>
    stage.trigger(
      'progress.updated',
      { ...lesson, progress: 71, message: 'Drawing the figures' },
      'private-cache-user-1',
    ),
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(texts(canvasElement, tag, 'value')).toEqual(['71%']));
  },
};

/** The connection is being made again: what was known last stays, and stands still. */
export const Stale: Story = {
  render: on(),
  play: async (context) => {
    await reports(1, [
      'progress.updated',
      { ...lesson, progress: 37, message: 'Writing the second chapter' },
    ])?.(context);
    const { driver } = playedOn(context.canvasElement);
    driver.unreachable(true);
    driver.drop();
    await waitFor(() => expect(context.canvasElement.querySelector(tag)).toHaveAttribute('status', 'stale'));
  },
};

/** Nothing is being made: what stands in the slot is shown. */
export const Nothing: Story = {
  render: (_, context) =>
    stageOf(context).show(
      html`<progress-tracker channel=${own}>Nothing is being made right now.</progress-tracker>`,
    ),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('empty'));
  },
};

/** A lesson is made in ten seconds, with the time that is left. */
export const OverTime: Story = {
  name: 'Over time',
  render: on({}, (stage) => {
    const steps = [
      'Reading the sources',
      'Writing the first chapter',
      'Writing the second chapter',
      'Drawing the figures',
    ];
    for (let i = 0; i <= 20; i += 1) {
      stage.later(500 + i * 450, () =>
        stage.trigger('progress.updated', {
          ...lesson,
          progress: i * 5,
          message: steps[Math.min(3, Math.floor(i / 5))],
          ...(i === 20 ? { url: '/lesson', message: undefined } : {}),
        }),
      );
    }
  }),
};
