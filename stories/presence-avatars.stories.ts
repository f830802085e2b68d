import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { expect, userEvent, waitFor } from 'storybook/test';
import type { PresenceAvatarsElement } from '../src/elements/presence-avatars.js';
import { parts, texts } from './shadow.js';
import { classroom, leftAlone, people, playedOn, type Stage, type StageOptions, stageOf } from './stage.js';

type Args = Partial<
  Pick<PresenceAvatarsElement, 'max' | 'sort' | 'memberRole' | 'memberStatus' | 'hideSelf' | 'heading'>
>;
type Story = StoryObj<Args>;
type Context = { id: string; canvasElement: HTMLElement };

const tag = 'presence-avatars';

const meta: Meta<Args> = {
  title: 'Elements/Presence avatars',
  component: tag,
  tags: ['autodocs'],
};
export default meta;

const element = ({ max, sort, memberRole, memberStatus, hideSelf, heading }: Args) => html`<presence-avatars
  channel=${classroom}
  max=${ifDefined(max)}
  sort=${ifDefined(sort)}
  member-role=${ifDefined(memberRole)}
  member-status=${ifDefined(memberStatus)}
  heading=${ifDefined(heading)}
  ?hide-self=${hideSelf}
></presence-avatars>`;

const on =
  (setUp: (stage: Stage) => void = () => {}, options: StageOptions = {}) =>
  (args: Args, context: Context) =>
    stageOf(context, options, setUp).show(element(args));

const shows =
  (count: number): Story['play'] =>
  async ({ canvasElement }) => {
    await waitFor(() => expect(parts(canvasElement, tag, 'avatar')).toHaveLength(count));
  };
const becomes =
  (status: string): Story['play'] =>
  async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('status', status));
  };

/** Every control, in a class of thirteen. */
export const Playground: Story = {
  args: {
    max: 5,
    sort: 'joined',
    heading: 'In this class',
    hideSelf: false,
    memberRole: '',
    memberStatus: '',
  },
  render: on((stage) => stage.fill(12)),
  play: shows(5),
};

/** Whoever reads the page comes first, and is marked by a ring. */
export const AFew: Story = {
  name: 'A few',
  render: on((stage) => stage.fill(3)),
  play: shows(4),
};

/** More than there is room for: the number opens the list of all, with a search where it is long. */
export const TheList: Story = {
  name: 'The list',
  render: on((stage) => stage.fill(12)),
  parameters: { docs: { story: { inline: false, height: 480 } } },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(texts(canvasElement, tag, 'more')).toEqual(['+8']));
    await userEvent.click(parts(canvasElement, tag, 'more')[0]!);
    await waitFor(() => expect(parts(canvasElement, tag, 'person')).toHaveLength(13));
    await userEvent.type(parts(canvasElement, tag, 'search')[0]!, 'ada');
    await waitFor(() => expect(parts(canvasElement, tag, 'person')).toHaveLength(2));
  },
};

/** Pictures where there are any; initials where there is none, and where one cannot be loaded. */
export const Pictures: Story = {
  render: on((stage) => {
    stage.join('Grace Hopper', { avatar: './avatars/grace.svg' });
    stage.join('Katherine Johnson', { avatar: './avatars/katherine.svg' });
    stage.join('Alan Turing', { avatar: './avatars/alan.svg' });
    stage.join('Barbara Liskov', { avatar: './avatars/there-is-no-such-file.svg' });
  }),
  play: async (context) => {
    await shows(5)?.(context);
    await waitFor(() => expect(parts(context.canvasElement, tag, 'image')).toHaveLength(3));
  },
};

/** Online, busy as people say of themselves, and away when nothing is done; shape and colour both tell. */
export const Statuses: Story = {
  render: on((stage) => {
    stage.join('Grace Hopper');
    stage.join('Alan Turing').setPresence({ busy: true });
    stage.join('Katherine Johnson', {}, leftAlone);
  }),
  play: async (context) => {
    await shows(4)?.(context);
    await waitFor(
      () =>
        expect(parts(context.canvasElement, tag, 'avatar').map(({ dataset }) => dataset.status)).toEqual(
          expect.arrayContaining(['online', 'busy', 'away']),
        ),
      { timeout: 5_000 },
    );
  },
};

/** Only people of one role. */
export const OneRole: Story = {
  name: 'One role',
  args: { memberRole: 'assistant', heading: 'Assistants' },
  render: on((stage) => stage.fill(12)),
  play: shows(2),
};

/** Without whoever reads the page, nobody may be left. */
export const NobodyElse: Story = {
  name: 'Nobody else',
  args: { hideSelf: true },
  render: on(),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector(tag)).toHaveAttribute('empty'));
  },
};

/** Asked for, and not yet answered: the outline of what comes. */
export const Loading: Story = {
  args: { heading: 'In this class' },
  render: on((stage) => stage.driver.silence(true)),
  play: becomes('loading'),
};

/** The connection is being made again: what was known last stays, and stands still. */
export const Stale: Story = {
  args: { heading: 'In this class' },
  // The visitor comes first: theirs is the connection that breaks.
  render: on((stage) => stage.ready(classroom).then(() => stage.fill(4))),
  play: async (context) => {
    await shows(5)?.(context);
    const stage = playedOn(context.canvasElement);
    stage.driver.unreachable(true);
    stage.drop();
    await becomes('stale')?.(context);
    await expect(parts(context.canvasElement, tag, 'avatar')).toHaveLength(5);
  },
};

/** The page may not join the channel. */
export const Refused: Story = {
  render: on(() => {}, { authorize: () => false }),
  play: becomes('error'),
};

/** The channel has reached its limit: a number instead of an error. */
export const MoreThanCanBeNamed: Story = {
  name: 'More than can be named',
  render: on(
    (stage) => {
      stage.controller.disconnect();
      stage.fill(5);
      stage.later(600, () => stage.controller.connect());
    },
    { emulator: { limits: { presenceMembers: 5 } } },
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(texts(canvasElement, tag, 'more')[0]).toMatch(/\+$/), { timeout: 5_000 });
  },
};

/** Switched off: the fallback in the slot stays. */
export const Disabled: Story = {
  render: (_, context) =>
    stageOf(context, { enabled: false }).show(
      html`<presence-avatars channel=${classroom}>See who is here by joining the class.</presence-avatars>`,
    ),
  play: becomes('disabled'),
};

/** Somebody who leaves is grey at once, and gone four seconds later; a reload is no leaving. */
export const SomebodyLeaves: Story = {
  name: 'Somebody leaves',
  render: on((stage) => stage.fill(4)),
  play: async (context) => {
    await shows(5)?.(context);
    playedOn(context.canvasElement).leave('Alan Turing');
    await waitFor(() =>
      expect(parts(context.canvasElement, tag, 'avatar').map(({ dataset }) => dataset.status)).toContain(
        'offline',
      ),
    );
  },
};

/** Ten seconds of a lesson: the class fills, two leave, the connection drops and comes back. */
export const OverTime: Story = {
  name: 'Over time',
  args: { heading: 'In this class', max: 8 },
  render: on((stage) => {
    people.forEach(({ name, role }, index) => {
      stage.later(700 * (index + 1), () => {
        const other = stage.join(name, { role });
        if (index === 2 || index === 5) stage.later(4_000, () => other.disconnect());
      });
    });
    stage.later(9_000, () => stage.drop());
  }),
};
