import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { expect, userEvent, waitFor } from 'storybook/test';
import { pageEnvironment } from '../src/core/environment.js';
import type { ConnectionStatusElement } from '../src/elements/connection-status.js';
import { parts, texts } from './shadow.js';
import { playedOn, type Stage, type StageOptions, stageOf } from './stage.js';

type Args = Partial<Pick<ConnectionStatusElement, 'variant' | 'size' | 'position' | 'showDetails'>>;
type Story = StoryObj<Args>;
type Context = { id: string; canvasElement: HTMLElement };

const tag = 'connection-status';

const meta: Meta<Args> = {
  title: 'Elements/Connection status',
  component: tag,
  tags: ['autodocs'],
};
export default meta;

/** Short times, so that a story need not wait for what people wait for. */
const quick = { lostMs: 300, backoffBaseMs: 200, backoffCapMs: 400 };

const element = ({ variant, size, position, showDetails }: Args) => html`<connection-status
  variant=${ifDefined(variant)}
  size=${ifDefined(size)}
  position=${ifDefined(position)}
  ?show-details=${showDetails}
></connection-status>`;

/** A story that stands on a stage with these options, after something has been set up on it. */
const on =
  (options: StageOptions = {}, setUp?: (stage: Stage) => void) =>
  (args: Args, context: Context) =>
    stageOf(context, options, setUp).show(element(args));

const becomes =
  (status: string): Story['play'] =>
  async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('status', status));
  };

/** Every control, on a live connection. */
export const Playground: Story = {
  args: { variant: 'pill', size: 'medium', position: 'inline', showDetails: false },
  render: on(),
  play: becomes('connected'),
};

/** The three sizes, as a mark alone and with its word. */
export const Sizes: Story = {
  render: (_, context) =>
    stageOf(context).show(html`
      <p>
        ${(['small', 'medium', 'large'] as const).map((size) => html`${element({ variant: 'dot', size })} `)}
      </p>
      <p>${(['small', 'medium', 'large'] as const).map((size) => html`${element({ size })} `)}</p>
    `),
  play: becomes('connected'),
};

/** Nothing was heard from the service yet. */
export const Connecting: Story = {
  render: on({}, ({ driver }) => driver.silence(true)),
  play: becomes('connecting'),
};

/** The connection broke. For five seconds the mark alone tells; the word waits until it matters. */
export const Reconnecting: Story = {
  render: on({ timing: { ...quick, lostMs: 60_000 } }),
  play: async (context) => {
    await becomes('connected')?.(context);
    const { driver } = playedOn(context.canvasElement);
    driver.unreachable(true);
    driver.drop();
    await becomes('reconnecting')?.(context);
    await expect(texts(context.canvasElement, tag, 'label')[0]).toContain('Live');
  },
};

/** It has been gone for longer: now the word says so, and screen readers hear it. */
export const Lost: Story = {
  render: on({ timing: quick }),
  play: async (context) => {
    await becomes('connected')?.(context);
    const { driver } = playedOn(context.canvasElement);
    driver.unreachable(true);
    driver.drop();
    await waitFor(() => expect(context.canvasElement.querySelector(tag)).toHaveAttribute('lost'));
    await waitFor(() => expect(texts(context.canvasElement, tag, 'label')[0]).toContain('Reconnecting'));
  },
};

/** The device has no network: another thing than a service that cannot be reached. */
export const Offline: Story = {
  render: on(
    {
      timing: quick,
      environment: Object.create(pageEnvironment, { online: { value: false } }),
      createSocket: undefined,
    },
    ({ driver }) => driver.silence(true),
  ),
  play: becomes('offline'),
};

/** The service says no, and why stands in the details. */
export const Refused: Story = {
  render: on({ timing: quick }, ({ driver }) => driver.refuse(4001)),
  play: becomes('refused'),
};

/** Closed by hand. */
export const Disconnected: Story = {
  render: on({}, ({ controller }) => controller.disconnect()),
  play: becomes('disconnected'),
};

/** Switched off by configuration: quiet, and no error. */
export const Disabled: Story = {
  render: on({ enabled: false }),
  play: becomes('disabled'),
};

/** The popover: since when, how fast, how much. Open it by click, Enter or Space; Escape closes it. */
export const Details: Story = {
  render: on(),
  parameters: { docs: { story: { inline: false, height: 320 } } },
  play: async (context) => {
    const { canvasElement } = context;
    await becomes('connected')?.(context);
    await userEvent.click(parts(canvasElement, tag, 'trigger')[0]!);
    await waitFor(() =>
      expect(texts(canvasElement, tag, 'details')[0]).toContain('Everything here is up to date'),
    );
  },
};

/** The popover of a connection that is refused: the reason, the next attempt, and a way to hurry. */
export const DetailsOfARefusal: Story = {
  name: 'Details of a refusal',
  render: on({}, ({ driver }) => driver.refuse(4001)),
  parameters: { docs: { story: { inline: false, height: 420 } } },
  play: async (context) => {
    const { canvasElement } = context;
    await becomes('refused')?.(context);
    await userEvent.click(parts(canvasElement, tag, 'trigger')[0]!);
    await waitFor(() => expect(parts(canvasElement, tag, 'retry')).toHaveLength(1));
    await expect(texts(canvasElement, tag, 'reason')[0]).toContain('no app with this key');
  },
};

/** `show-details`: the same, in place. */
export const DetailsInPlace: Story = {
  name: 'Details in place',
  args: { showDetails: true },
  render: on(),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(texts(canvasElement, tag, 'details')[0]).toContain('Channels'));
  },
};

/** The bar slides in only while the connection is lost. */
export const Bar: Story = {
  args: { variant: 'bar' },
  render: on({ timing: quick }, ({ driver }) => driver.unreachable(true)),
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: 120 } } },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(parts(canvasElement, tag, 'retry')).toHaveLength(1));
  },
};

/** Fixed in a corner of the window. */
export const InACorner: Story = {
  name: 'In a corner',
  args: { position: 'bottom-left', variant: 'pill' },
  render: on(),
  parameters: { docs: { story: { inline: false, height: 160 } } },
  play: becomes('connected'),
};

/** A bad minute, played in eight seconds: it drops, stays away, and comes back. */
export const OverTime: Story = {
  name: 'Over time',
  render: (_, context) =>
    stageOf(context, { timing: { ...quick, lostMs: 1_500 } }, (stage) => {
      stage.later(1_500, () => {
        stage.driver.unreachable(true);
        stage.driver.drop();
      });
      stage.later(6_000, () => stage.driver.unreachable(false));
    }).show(html`${element({ variant: 'bar' })} ${element({ variant: 'dot' })} ${element({})}`),
  parameters: { docs: { story: { inline: false, height: 160 } } },
};
