import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { hueOf, initialsOf } from '../../src/elements/avatar.js';
import { defineElement } from '../../src/elements/define.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { type FixedMember, type FixedState, fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { eventually, mount, part, parts, textIn, textOf } from './page.js';

defineElement('presence-avatars', PresenceAvatarsElement);

const channel = 'presence-class-1';
const plain = html`<presence-avatars channel=${channel}></presence-avatars>`;

/** Somebody else's page on the channel. */
function join(emulator: PageEmulator, id: string, info: Record<string, unknown> = { name: `Person ${id}` }) {
  const controller = startController(emulator, { user: { id, info }, scope: id });
  controller.hold(channel);
  return controller;
}

const openers = (element: Element) =>
  parts(element, 'avatar').map((avatar) => avatar.closest('button') as HTMLButtonElement);
const ids = (element: Element) => parts(element, 'avatar').map(({ dataset }) => dataset.memberId);

/** @param leaveMs For how long leavers are shown. */
async function mountAsAda(emulator: PageEmulator, content = plain, leaveMs = 50) {
  const ada = startController(emulator, {
    user: { id: '1', info: { name: 'Ada Lovelace', role: 'teacher' } },
    timing: { leaveMs },
  });
  return mount<PresenceAvatarsElement>(ada, content);
}

const group: FixedMember[] = [
  { id: '1', name: 'Ada Lovelace', role: 'teacher', isMe: true },
  { id: '2', name: 'Zoe', role: 'student', status: 'away' },
  { id: '3', name: 'Bo', role: 'assistant', status: 'busy' },
  { id: '4', name: 'Cy', role: 'student' },
];

async function mountFixed(members = group, content = plain, state: FixedState = {}) {
  const controller = fixedController({ members: { [channel]: members }, ...state });
  const element = await mount<PresenceAvatarsElement>(controller, content);
  await eventually(() => element.getAttribute('status') !== 'idle');
  await element.updateComplete;
  return { controller, element };
}

describe('<presence-avatars>', () => {
  afterEach(endAll);

  it('shows everyone with initials, whoever reads the page first', async () => {
    const emulator = startEmulator();
    join(emulator, '2', { name: 'Bo' });
    const element = await mountAsAda(emulator);
    await eventually(() => parts(element, 'avatar').length === 2);
    expect(ids(element)).to.deep.equal(['1', '2']);
    expect(parts(element, 'avatar').map(textIn)).to.deep.equal(['AL', 'B']);
    expect(part(element, 'avatar')?.getAttribute('aria-label')).to.equal('Ada Lovelace, you, online');
  });

  it('greys somebody who leaves, and then lets them go', async () => {
    const emulator = startEmulator();
    const bo = join(emulator, '2');
    // Long enough for a busy browser to draw them meanwhile.
    const element = await mountAsAda(emulator, plain, 1_000);
    await eventually(() => parts(element, 'avatar').length === 2);
    bo.disconnect();
    await eventually(() => parts(element, 'avatar')[1]?.dataset.status === 'offline');
    await eventually(() => parts(element, 'avatar').length === 1);
  });

  it('tells the page who comes and who goes', async () => {
    const emulator = startEmulator();
    const element = await mountAsAda(emulator);
    const heard: string[] = [];
    for (const type of ['member-added', 'member-removed'] as const) {
      element.addEventListener(type, (event) => heard.push(`${event.type} ${event.member.id}`));
    }
    await eventually(() => parts(element, 'avatar').length === 1);
    const bo = join(emulator, '3');
    await eventually(() => ids(element).includes('3'));
    bo.disconnect();
    await eventually(() => heard.at(-1) === 'member-removed 3');
    expect(heard).to.deep.equal(['member-added 3', 'member-removed 3']);
  });

  it('keeps everyone while the connection is made again, and says that this is old', async () => {
    const emulator = startEmulator();
    join(emulator, '2');
    // Person 2 is dropped as well, and Ada may hear of that before her own drop.
    const element = await mountAsAda(emulator, plain, 60_000);
    await eventually(() => parts(element, 'avatar').length === 2);
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await eventually(() => element.getAttribute('status') === 'stale');
    expect(parts(element, 'avatar')).to.have.length(2);
  });

  it('shows a number instead of an error where the channel is full', async () => {
    const emulator = startEmulator({ limits: { presenceMembers: 2 } });
    for (const id of ['8', '9']) join(emulator, id);
    await emulator.driver.waitForSubscribers(channel, 2);
    const element = await mountAsAda(emulator);
    await eventually(() => /^\d+\+$/.test(textOf(element, 'more')));
    expect(part(element, 'more')?.getAttribute('aria-label')).to.contain('More people are here');
    expect(element.hasAttribute('empty')).to.equal(false);
  });

  it('says when it may not know who is here', async () => {
    const emulator = startEmulator({ authorize: () => false });
    const element = await mountAsAda(emulator);
    await eventually(() => element.getAttribute('status') === 'error');
    await element.updateComplete;
    expect(textOf(element, 'base')).to.equal('Who is here is not known');
  });

  it('says so as well once somebody is let in no more, and counts nobody', async () => {
    const emulator = startEmulator();
    const element = await mountAsAda(
      emulator,
      html`<presence-avatars channel=${channel} heading="In class"></presence-avatars>`,
    );
    await eventually(() => parts(element, 'avatar').length === 1);
    emulator.driver.authorization.fail(403);
    emulator.driver.drop();
    await eventually(() => element.getAttribute('status') === 'error');
    expect(textOf(element, 'base')).to.equal('In class Who is here is not known');
  });

  it('orders by name, status or role', async () => {
    const order = async (sort: string) => {
      const content = html`<presence-avatars channel=${channel} sort=${sort}></presence-avatars>`;
      return ids((await mountFixed(group, content)).element);
    };
    expect(await order('name')).to.deep.equal(['1', '3', '4', '2']);
    expect(await order('status')).to.deep.equal(['1', '4', '3', '2']);
    expect(await order('role')).to.deep.equal(['1', '3', '4', '2']);
  });

  it('shows the first of its order where there is no room for all', async () => {
    const everyone = ['joined', 'name', 'status', 'role'].map(async (sort) => {
      const content = html`<presence-avatars channel=${channel} sort=${sort} max="3"></presence-avatars>`;
      const { element } = await mountFixed([...group].reverse(), content);
      expect(ids(element)).to.deep.equal(element.members.slice(0, 3).map(({ id }) => id));
      return element.members.map(({ id }) => id).join('');
    });
    expect(await Promise.all(everyone)).to.deep.equal(['1342', '1342', '1432', '1342']);
  });

  it('puts those who join within one frame into the order in which they came', async () => {
    const { controller, element } = await mountFixed(group.slice(0, 3));
    const come = (...names: string[]) => {
      const newcomers = names.map((name) => ({ id: name, name }));
      controller.set({ members: { [channel]: [...group.slice(0, 3), ...newcomers] } });
    };
    come('Yan');
    come('Yan', 'Mo');
    come('Yan', 'Mo', 'Abe');
    await eventually(() => ids(element).length === 5);
    element.max = 9;
    await element.updateComplete;
    expect(ids(element)).to.deep.equal(['1', '3', '2', 'Yan', 'Mo', 'Abe']);
  });

  it('puts newcomers at the end, and keeps the order of the others', async () => {
    const { controller, element } = await mountFixed();
    const before = ids(element);
    controller.set({ members: { [channel]: [...group, { id: '0', name: 'Aaron' }] } });
    await eventually(() => parts(element, 'avatar').length === 5);
    expect(ids(element)).to.deep.equal([...before, '0']);
  });

  it('shows one role or some statuses only', async () => {
    const students = html`<presence-avatars channel=${channel} member-role="student"></presence-avatars>`;
    expect(ids((await mountFixed(group, students)).element)).to.have.members(['2', '4']);
    const roleAttribute = html`<presence-avatars channel=${channel} role="student"></presence-avatars>`;
    expect(ids((await mountFixed(group, roleAttribute)).element)).to.have.members(['2', '4']);
    const quiet = html`<presence-avatars channel=${channel} member-status="away busy"></presence-avatars>`;
    expect(ids((await mountFixed(group, quiet)).element)).to.have.members(['2', '3']);
  });

  it('leaves out whoever reads the page where that is wanted, and says when nobody else is there', async () => {
    const content = html`<presence-avatars channel=${channel} hide-self></presence-avatars>`;
    const { controller, element } = await mountFixed(group, content);
    expect(ids(element)).not.to.include('1');
    controller.set({ members: { [channel]: group.slice(0, 1) } });
    await eventually(() => element.hasAttribute('empty'));
    expect(textOf(element, 'base')).to.equal('Nobody else is here');
  });

  it('counts those for whom there is no room, and in its heading all of them', async () => {
    const content = html`<presence-avatars channel=${channel} max="2" heading="Here"></presence-avatars>`;
    const leaver: FixedMember = { id: '5', name: 'Di', status: 'offline' };
    const { element } = await mountFixed([...group, leaver], content);
    expect(parts(element, 'avatar')).to.have.length(2);
    expect(textOf(element, 'more')).to.equal('+3');
    expect(textOf(element, 'heading')).to.equal('Here 4');
  });

  it('opens a list of all from the number, and closes it with Escape', async () => {
    const content = html`<presence-avatars channel=${channel} max="2"></presence-avatars>`;
    const { element } = await mountFixed(group, content);
    part(element, 'more')?.click();
    await eventually(() => parts(element, 'person').length === 4);
    expect(parts(element, 'person').map(textIn)[0]).to.equal('AL Ada Lovelace you teacher online');
    expect(parts(element, 'search')).to.have.length(0);
    const people = part(element, 'people');
    expect(people?.matches(':popover-open')).to.equal(true);
    people?.hidePopover();
    await eventually(() => parts(element, 'person').length === 0);
  });

  it('draws its list no more once that was closed by being moved in the document, or by having nothing to show', async () => {
    const { controller, element } = await mountFixed(
      Array.from({ length: 9 }, (_, index) => ({ id: `${index}` })),
    );
    const open = async () => {
      (await eventually(() => part(element, 'more'))).click();
      await eventually(() => parts(element, 'person').length === 9);
    };
    await open();
    element.parentElement!.append(element);
    await element.updateComplete;
    expect(parts(element, 'person')).to.have.length(0);
    await open();
    controller.set({ status: 'disabled' });
    await eventually(() => !part(element, 'people'));
    controller.set({ status: 'connected' });
    await eventually(() => part(element, 'people'));
    expect(parts(element, 'person')).to.have.length(0);
  });

  it('ends a name that is too long where it is read last, and says who is you beside it', async () => {
    const name = 'Wolfeschlegelsteinhausenbergerdorff the Elder';
    const content = html`<presence-avatars channel=${channel} max="1" dir="rtl"></presence-avatars>`;
    const { element } = await mountFixed([{ id: '1', name, isMe: true }, ...group.slice(1)], content);
    part(element, 'more')?.click();
    const person = await eventually(() => part(element, 'person'));
    const [shown, you] = person.querySelectorAll('.name > *');
    expect(shown!.scrollWidth).to.be.above(shown!.clientWidth);
    expect(getComputedStyle(shown!).direction).to.equal('ltr');
    const { left, right } = you!.getBoundingClientRect();
    const box = person.querySelector('.who')!.getBoundingClientRect();
    expect(left).to.be.at.least(box.left - 1);
    expect(right).to.be.at.most(shown!.getBoundingClientRect().left);
  });

  it('marks a status with whole, even pixels, whatever the size of an avatar', async () => {
    const { element } = await mountFixed();
    const mark = part(element, 'mark')!;
    for (const size of ['24px', '32px', '37px', '48px']) {
      element.style.setProperty('--rt-avatar-size', size);
      const { width, height } = mark.getBoundingClientRect();
      expect(height).to.equal(width);
      expect(width % 2, `${width}px on ${size}`).to.equal(0);
    }
  });

  it('opens the list from each avatar, with one stop for the keyboard', async () => {
    const { element } = await mountFixed();
    const stops = () => openers(element).filter(({ tabIndex }) => tabIndex === 0);
    expect(stops()).to.have.length(1);
    stops()[0]?.focus();
    parts(element, 'avatar').at(-1)?.click();
    await eventually(() => parts(element, 'person').length === 4);
    const people = part(element, 'people')!;
    await eventually(() => people.offsetTop >= part(element, 'list')!.getBoundingClientRect().bottom);
    people.hidePopover();
    await eventually(() => parts(element, 'person').length === 0);
    element.max = 2;
    await element.updateComplete;
    expect(stops()).to.have.length(0);
    expect(part(element, 'more')?.tabIndex).to.equal(0);
  });

  it('keeps the focus in the row when who had it leaves', async () => {
    const content = html`<presence-avatars channel=${channel} hide-self></presence-avatars>`;
    const { controller, element } = await mountFixed(group, content);
    const [opener] = openers(element);
    opener?.focus();
    expect(element.shadowRoot?.activeElement).to.equal(opener);
    const gone = ids(element)[0];
    controller.set({ members: { [channel]: group.filter(({ id }) => id !== gone) } });
    await eventually(() => !ids(element).includes(gone));
    expect(element.shadowRoot?.activeElement?.part.value).to.equal('list');
  });

  it('names row and list by its heading', async () => {
    const content = html`<presence-avatars channel=${channel} heading="In class"></presence-avatars>`;
    const { element } = await mountFixed(group, content);
    const names = () => ['list', 'people'].map((name) => part(element, name)?.getAttribute('aria-label'));
    expect(names()).to.deep.equal(['In class', 'In class']);
    element.heading = '';
    await element.updateComplete;
    expect(names()).to.deep.equal(['People here', 'People here']);
  });

  it('keeps the list inside the window', async () => {
    const content = html`<presence-avatars channel=${channel} max="1"></presence-avatars>`;
    const { element } = await mountFixed(group, content);
    element.style.setProperty('position', 'absolute');
    element.style.setProperty('inset', 'auto 0 0 auto');
    part(element, 'more')?.click();
    await eventually(() => parts(element, 'person').length === 4);
    await element.updateComplete;
    const { right, bottom, top } = part(element, 'people')!.getBoundingClientRect();
    expect(right).to.be.at.most(innerWidth);
    expect(bottom).to.be.at.most(innerHeight);
    expect(top).to.be.at.least(0);
  });

  it('searches in a long list by name and role', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      id: `${i}`,
      name: `Person ${i}`,
      role: i === 7 ? 'guide' : '',
    }));
    const { element } = await mountFixed(many);
    part(element, 'more')?.click();
    const search = (await eventually(() => part(element, 'search'))) as HTMLInputElement;
    expect(parts(element, 'person')).to.have.length(100);
    const type = async (text: string) => {
      search.value = text;
      search.dispatchEvent(new InputEvent('input'));
      await element.updateComplete;
      return parts(element, 'person').length;
    };
    expect(await type('person 29')).to.equal(11);
    expect(await type('GUIDE')).to.equal(1);
    expect(await type('nobody')).to.equal(0);
    expect(textOf(element, 'people')).to.contain('No one by that name');
  });

  it('shows a picture, and initials where it cannot be loaded', async () => {
    const { controller, element } = await mountFixed([]);
    const ada = { id: '1', name: 'Ada', avatar: '/there-is-no-such-picture.png' };
    controller.set({ members: { [channel]: [ada] } });
    await element.updateComplete;
    const image = part(element, 'image') as HTMLImageElement;
    expect(image.src).to.equal(new URL('/there-is-no-such-picture.png', document.baseURI).href);
    await eventually(() => parts(element, 'image').length === 0);
    expect(textOf(element, 'face')).to.equal('A');
  });

  it('asks again for pictures that could not be loaded once the connection is back, and not before', async () => {
    const { controller, element } = await mountFixed([
      { id: '1', name: 'Ada', avatar: '/not-there-now.png' },
    ]);
    let failures = 0;
    element.shadowRoot!.addEventListener('error', () => (failures += 1), { capture: true });
    await eventually(() => textOf(element, 'face') === 'A');
    const before = failures;
    controller.set({ status: 'reconnecting' });
    await eventually(() => element.getAttribute('status') === 'stale');
    await element.updateComplete;
    expect(parts(element, 'image')).to.have.length(0);
    controller.set({ status: 'connected' });
    await eventually(() => failures > before);
    await eventually(() => textOf(element, 'face') === 'A');
    expect(failures).to.equal(before + 1);
  });

  it('shows what is in its slot until it knows who is there', async () => {
    const content = html`<presence-avatars channel=${channel}>See who is here</presence-avatars>`;
    const { controller, element } = await mountFixed(group, content, { status: 'connecting' });
    const slot = element.shadowRoot?.querySelector('slot');
    expect(slot?.assignedNodes()).to.have.length(1);
    controller.set({ status: 'connected' });
    await eventually(() => parts(element, 'avatar').length === 4);
  });

  it('shows the outline of what comes while it is loading, and nothing where it is switched off', async () => {
    const { controller, element } = await mountFixed(group, plain, { status: 'connecting' });
    expect(element.getAttribute('status')).to.equal('loading');
    expect(element.shadowRoot?.querySelectorAll('.ghost')).to.have.length(3);
    controller.set({ status: 'disabled' });
    await eventually(() => element.getAttribute('status') === 'disabled');
    expect(element.shadowRoot?.querySelectorAll('.ghost')).to.have.length(0);
  });

  it('follows another channel when it is told to', async () => {
    const { controller, element } = await mountFixed();
    controller.set({ members: { [channel]: group, 'presence-class-2': [{ id: '9', name: 'Ivy' }] } });
    element.channel = 'presence-class-2';
    await eventually(() => ids(element).join() === '9');
    expect([controller.holders(channel), controller.holders('presence-class-2')]).to.deep.equal([0, 1]);
  });

  it('begins the order of coming anew on another channel', async () => {
    const [amy, zoe]: FixedMember[] = [
      { id: 'a', name: 'Amy' },
      { id: 'z', name: 'Zoe' },
    ];
    const other = 'presence-class-2';
    const { controller, element } = await mountFixed([zoe!], plain, {
      members: { [channel]: [zoe!], [other]: [amy!, zoe!] },
    });
    controller.set({ members: { [channel]: [amy!, zoe!], [other]: [amy!, zoe!] } });
    await eventually(() => ids(element).join() === 'z,a');
    element.channel = other;
    await element.updateComplete;
    await eventually(() => ids(element).join() === 'a,z');
  });
});

describe('initials', () => {
  it('are the first letters of the first and the last name', () => {
    expect(
      ['Ada Lovelace', 'ada', 'Évariste de Galois', '山田 太郎', '  ', '😀 Smile'].map(initialsOf),
    ).to.deep.equal(['AL', 'A', 'ÉG', '山太', '?', '😀S']);
  });

  it('keep together what is read as one: flags, people of several parts, letters with their marks', () => {
    expect(['🇩🇪 Team', '👩‍🚀', '1️⃣ 👍🏽', 'E\u0301variste', 'नि'].map(initialsOf)).to.deep.equal([
      '🇩🇪T',
      '👩‍🚀',
      '1️⃣👍🏽',
      'E\u0301',
      'नि',
    ]);
  });

  it('skip what stands before a name, and what is none', () => {
    expect(
      ['(Bob) Ross', '"Ada" (she)', '@ada', 'Bob -', '\u200fمحمد', '¿Quién?', '...'].map(initialsOf),
    ).to.deep.equal(['BR', 'AS', 'A', 'B', 'م', 'Q', '?']);
  });
});

describe('the colour of an avatar', () => {
  it('is the same for the same id, one of twelve, and spread over them', () => {
    const hues = Array.from({ length: 500 }, (_, i) => hueOf(`user-${i}`));
    expect(hueOf('user-7')).to.equal(hues[7]);
    expect(new Set(hues).size).to.equal(12);
    expect(hues.every((hue) => hue % 30 === 0 && hue < 360)).to.equal(true);
  });
});
