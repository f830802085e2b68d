import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { eventually, mount, parts, textIn, textOf } from './page.js';

defineElement('presence-avatars', PresenceAvatarsElement);

const channel = 'presence-class-1';

/** Somebody else's page on the channel. */
function join(emulator: PageEmulator, id: string, info: Record<string, unknown> = { name: `Person ${id}` }) {
  const controller = startController(emulator, { user: { id, info }, scope: id });
  controller.hold(channel);
  return controller;
}

const ids = (element: Element) => parts(element, 'avatar').map(({ dataset }) => dataset.memberId);

async function mountAsAda(
  emulator: PageEmulator,
  content = html`<presence-avatars channel=${channel}></presence-avatars>`,
) {
  const ada = startController(emulator, {
    user: { id: '1', info: { name: 'Ada Lovelace', role: 'teacher' } },
    timing: { leaveMs: 50 },
  });
  return mount<PresenceAvatarsElement>(ada, content);
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
    expect(parts(element, 'avatar')[0]?.getAttribute('aria-label')).to.equal('Ada Lovelace, you, online');
  });

  it('greys somebody who leaves, and then lets them go', async () => {
    const emulator = startEmulator();
    const bo = join(emulator, '2');
    const element = await mountAsAda(emulator);
    await eventually(() => parts(element, 'avatar').length === 2);
    bo.disconnect();
    await eventually(() => parts(element, 'avatar')[1]?.dataset.status === 'offline');
    await eventually(() => parts(element, 'avatar').length === 1);
  });

  it('counts those for whom there is no room', async () => {
    const emulator = startEmulator();
    for (const id of ['2', '3', '4', '5']) join(emulator, id);
    const element = await mountAsAda(
      emulator,
      html`<presence-avatars channel=${channel} max="2" heading="Here"></presence-avatars>`,
    );
    await eventually(() => textOf(element, 'more') === '+3');
    expect(parts(element, 'avatar')).to.have.length(2);
    expect(textOf(element, 'heading')).to.equal('Here 5');
  });

  it('tells the page who comes and who goes', async () => {
    const emulator = startEmulator();
    const element = await mountAsAda(emulator);
    const heard: string[] = [];
    for (const type of ['member-added', 'member-removed'] as const) {
      element.addEventListener(type, (event) => heard.push(`${event.type} ${event.member.id}`));
    }
    await eventually(() => parts(element, 'avatar').length === 1);
    join(emulator, '2').disconnect();
    const bo = join(emulator, '3');
    await eventually(() => ids(element).includes('3'));
    bo.disconnect();
    await eventually(() => heard.at(-1) === 'member-removed 3');
    expect(heard).to.include('member-added 3');
  });
});
