import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { expect, waitFor } from 'storybook/test';
import type { RealtimeBadgeElement } from '../src/elements/realtime-badge.js';
import { parts, texts } from './shadow.js';
import { classroom, own, playedOn, type Stage, type StageOptions, stageOf } from './stage.js';

type Args = Partial<
  Pick<RealtimeBadgeElement, 'kind' | 'channel' | 'event' | 'field' | 'max' | 'label' | 'value'>
>;
type Story = StoryObj<Args>;
type Context = { id: string; canvasElement: HTMLElement };

const tag = 'realtime-badge';
const shop = 'shop';

const meta: Meta<Args> = {
  title: 'Elements/Realtime badge',
  component: tag,
  tags: ['autodocs'],
};
export default meta;

const badge = ({ kind, channel = shop, event, field, max, label, value }: Args, content: unknown = '') =>
  html`<realtime-badge
    channel=${channel}
    kind=${ifDefined(kind)}
    event=${ifDefined(event)}
    field=${ifDefined(field)}
    max=${ifDefined(max)}
    label=${ifDefined(label)}
    value=${ifDefined(value)}
    >${content}</realtime-badge
  >`;

const on =
  (options: StageOptions = {}, setUp?: (stage: Stage) => void) =>
  (args: Args, context: Context) =>
    stageOf(context, options, setUp).show(badge(args));

/** Every control. */
export const Playground: Story = {
  args: { kind: 'count', event: 'stock', field: 'left', label: 'left in stock', max: 99 },
  render: on(),
  play: async ({ canvasElement }) => {
    const stage = playedOn(canvasElement);
    await stage.ready(shop);
    stage.trigger('stock', { left: 12 }, shop);
    await waitFor(() => expect(texts(canvasElement, tag, 'value')).toEqual(['12']));
  },
};

/** Unread messages on a button: it grows from nothing with the first. */
export const Unread: Story = {
  render: (_, context) =>
    stageOf(context).show(html`<p>${badge({ kind: 'unread' }, html`<button>Messages</button>`)}</p>`),
  play: async ({ canvasElement }) => {
    const stage = playedOn(canvasElement);
    await stage.ready(shop);
    for (let i = 0; i < 3; i += 1) stage.trigger('notification', { message: 'Hello' }, shop);
    await waitFor(() => expect(texts(canvasElement, tag, 'value')).toEqual(['3']));
  },
};

/** Above `max` a plus says enough. */
export const ALot: Story = {
  name: 'A lot',
  args: { kind: 'unread', value: 1_204 },
  render: on(),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(texts(canvasElement, tag, 'value')).toEqual(['99+']));
    await expect(parts(canvasElement, tag, 'badge')[0]).toHaveAttribute('aria-label', '1,204 unread');
  },
};

/** How many are on a page: members of a presence channel, or connections of any other. */
export const Viewers: Story = {
  args: { kind: 'viewers', channel: classroom, label: 'people are looking at this' },
  render: on({}, (stage) => stage.fill(6)),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(texts(canvasElement, tag, 'value')).toEqual(['7']));
  },
};

/** Something is live. The dot answers each event with one ring. */
export const Live: Story = {
  args: { kind: 'live' },
  render: on(),
  play: async ({ canvasElement }) => {
    const stage = playedOn(canvasElement);
    await stage.ready(shop);
    stage.trigger('sold', {}, shop);
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('status', 'live'));
  },
};

/** Not connected: the mark is hollow, and claims nothing. */
export const NotYetLive: Story = {
  name: 'Not yet live',
  args: { kind: 'live' },
  render: on({}, ({ driver }) => driver.silence(true)),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('status', 'loading'));
  },
};

/** The connection is gone: the last number stays, and no longer shines. */
export const Stale: Story = {
  render: (_, context) =>
    stageOf(context).show(html`<p>
      ${badge({ kind: 'count', value: 12 })} ${badge({ kind: 'live' })}
      ${badge({ kind: 'unread', value: 3 }, html`<button>Messages</button>`)}
    </p>`),
  play: async ({ canvasElement }) => {
    const stage = playedOn(canvasElement);
    const statuses = () =>
      [...canvasElement.querySelectorAll(tag)].map((badge) => badge.getAttribute('status'));
    await stage.ready(shop);
    await waitFor(() => expect(statuses()).toEqual(['live', 'live', 'live']));
    stage.driver.unreachable(true);
    stage.driver.drop();
    await waitFor(() => expect(statuses()).toEqual(['stale', 'stale', 'stale']));
  },
};

/** The page may not follow the channel. */
export const Refused: Story = {
  args: { kind: 'live', channel: own },
  render: on({ authorize: () => false }),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('status', 'error'));
  },
};

/** This page has no live updates. A number that the page has itself is still shown. */
export const Disabled: Story = {
  render: (_, context) =>
    stageOf(context, { enabled: false }).show(
      html`<p>${badge({ kind: 'live' })} ${badge({ kind: 'count', value: 12 })}</p>`,
    ),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('status', 'disabled'));
  },
};

/** A shop window over ten seconds. */
export const OverTime: Story = {
  name: 'Over time',
  render: (_, context) =>
    stageOf(context, {}, (stage) => {
      for (let i = 0; i < 14; i += 1) {
        stage.later(600 + i * 700, () => stage.trigger('stock', { left: 24 - i }, shop));
      }
    }).show(html`
      <p>Terracotta pot, 14 cm ${badge({ kind: 'live' })}</p>
      <p>${badge({ kind: 'count', event: 'stock', field: 'left', label: 'left in stock' })} left</p>
    `),
};
