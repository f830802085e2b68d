import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { flushed } from '../../src/reactive/flush.js';
import { fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { stopTime } from '../helpers/virtual-time.js';
import { eventually, mount, part, parts, textOf } from './page.js';

defineElement('realtime-badge', RealtimeBadgeElement);

const channel = 'shop';

async function mountFixed(content = html`<realtime-badge channel=${channel}></realtime-badge>`) {
  const controller = fixedController();
  const element = await mount<RealtimeBadgeElement>(controller, content);
  return {
    controller,
    element,
    emit: (event: string, data: unknown) => controller.emit(channel, event, data),
  };
}

const spoken = (element: Element) => part(element, 'badge')?.getAttribute('aria-label');

describe('<realtime-badge>', () => {
  afterEach(endAll);

  it('shows the number of an event: the payload itself, or a field of it', async () => {
    const { element, emit } = await mountFixed(
      html`<realtime-badge channel=${channel} event="stock" field="left" label="left in stock"></realtime-badge>`,
    );
    expect(parts(element, 'badge')).to.have.length(0);
    expect(element.hasAttribute('empty')).to.equal(true);
    emit('stock', { left: '12' });
    await eventually(() => textOf(element, 'value') === '12');
    expect(spoken(element)).to.equal('12 left in stock');
    emit('other', { left: 99 });
    emit('stock', 0);
    await eventually(() => textOf(element, 'value') === '0');
    emit('stock', { left: 'many' });
    emit('stock', 3);
    await eventually(() => textOf(element, 'value') === '3');
  });

  it('counts unread notifications from where the page begins, until they are read', async () => {
    const { element, emit } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="unread" value="2"></realtime-badge>`,
    );
    emit('notification', {});
    emit('something-else', {});
    await eventually(() => textOf(element, 'value') === '3');
    expect(spoken(element)).to.equal('3 unread');
    element.markRead();
    await eventually(() => parts(element, 'badge').length === 0);
  });

  for (const { kind, channel, left } of [
    { kind: 'unread', channel: 'private-user-1', left: undefined },
    { kind: 'count', channel: 'private-user-1', left: undefined },
    { kind: 'count', channel: '#user', left: undefined },
    { kind: 'unread', channel: 'shop', left: undefined },
    { kind: 'count', channel: 'shop', left: 3 },
  ] as const) {
    it(`shows the next user ${left ?? 'no'} ${kind} of ${channel} that was another's`, async () => {
      const controller = fixedController({ identity: { state: 'authenticated', userId: '1' } });
      const element = await mount<RealtimeBadgeElement>(
        controller,
        html`<realtime-badge channel=${channel} kind=${kind} event="notification" value="2"></realtime-badge>`,
      );
      controller.emit(channel, 'notification', { count: 3 });
      await eventually(() => textOf(element, 'value') === '3');
      controller.set({ identity: { state: 'authenticated', userId: '2' } });
      await element.updateComplete;
      expect(element.count).to.equal(left);
    });
  }

  it('begins anew on another channel, unless the page gives it a number to begin with', async () => {
    const { element, emit } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="unread"></realtime-badge>`,
    );
    emit('notification', {});
    await eventually(() => textOf(element, 'value') === '1');
    element.channel = 'garden';
    await element.updateComplete;
    expect(element.count).to.equal(undefined);
    Object.assign(element, { channel, value: 7 });
    await element.updateComplete;
    expect(element.count).to.equal(7);
  });

  it('writes a number above its limit as the limit and a plus, and speaks it in full', async () => {
    const { element } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="unread" value="1204"></realtime-badge>`,
    );
    expect(textOf(element, 'value')).to.equal('99+');
    expect(spoken(element)).to.equal('1,204 unread');
  });

  it('counts the viewers of a public channel as the service tells them', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator);
    const element = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel=${channel} kind="viewers"></realtime-badge>`,
    );
    await eventually(() => textOf(element, 'value') === '1');
    startController(emulator, { scope: 'other' }).hold(channel);
    await eventually(() => textOf(element, 'value') === '2');
    expect(spoken(element)).to.equal('2 watching');
  });

  it('counts the members of a presence channel', async () => {
    const emulator = startEmulator();
    const presence = 'presence-class-1';
    const element = await mount<RealtimeBadgeElement>(
      startController(emulator, { user: { id: '1' } }),
      html`<realtime-badge channel=${presence} kind="viewers"></realtime-badge>`,
    );
    startController(emulator, { user: { id: '2' }, scope: '2' }).hold(presence);
    await eventually(() => textOf(element, 'value') === '2');
  });

  it('counts at least as many as a full presence channel holds, and is no error there', async () => {
    const emulator = startEmulator({ limits: { presenceMembers: 1 } });
    const presence = 'presence-class-1';
    startController(emulator, { user: { id: '2' }, scope: '2' }).hold(presence);
    await emulator.driver.waitForSubscribers(presence, 1);
    const element = await mount<RealtimeBadgeElement>(
      startController(emulator, { user: { id: '1' } }),
      html`<realtime-badge channel=${presence} kind="viewers" max="500"></realtime-badge>`,
    );
    await eventually(() => textOf(element, 'value') === '100+');
    expect(spoken(element)).to.equal('100+ watching');
    expect([element.status, element.hasAttribute('empty')]).to.deep.equal(['live', false]);
    element.max = 50;
    await element.updateComplete;
    expect(textOf(element, 'value')).to.equal('50+');
    element.kind = 'live';
    await element.updateComplete;
    expect([element.status, textOf(element, 'value')]).to.not.include('live');
  });

  it('says “live” only while it is, and else what the connection does', async () => {
    const { controller, element } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="live" label="On air"></realtime-badge>`,
    );
    expect(textOf(element, 'value')).to.equal('On air');
    controller.set({ status: 'reconnecting' });
    await eventually(() => textOf(element, 'value') === 'Reconnecting…');
    controller.set({ status: 'offline' });
    await eventually(() => textOf(element, 'value') === 'No network');
    controller.set({ status: 'disconnected' });
    await eventually(() => textOf(element, 'value') === 'Disconnected');
    controller.set({ status: 'connected' });
    await eventually(() => textOf(element, 'value') === 'On air');
  });

  it('answers each event with one ring around the dot, and stands still otherwise', async () => {
    const { element, emit } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="live"></realtime-badge>`,
    );
    const rings = () => part(element, 'dot')?.getAnimations() ?? [];
    expect(rings()).to.have.length(0);
    emit('sold', {});
    const [ring] = await eventually(() => rings().length > 0 && rings());
    expect(ring?.effect?.getComputedTiming().iterations).to.equal(1);
    emit('sold', {});
    await element.updateComplete;
    expect(rings()).to.deep.equal([ring]);
  });

  it('slides a new number in, unless the number runs', async () => {
    const { element, emit } = await mountFixed();
    const time = stopTime();
    const slidesTo = async (number: number, afterMs: number) => {
      time.tick(afterMs);
      emit('stock', number);
      await eventually(() => textOf(element, 'value') === `${number}`);
      const slides = part(element, 'value')?.getAnimations() ?? [];
      for (const slide of slides) slide.finish();
      return slides.length === 1;
    };
    try {
      expect(await slidesTo(1, 1_000)).to.equal(false);
      expect(await slidesTo(2, 1_000)).to.equal(true);
      expect(await slidesTo(3, 100)).to.equal(false);
      expect(await slidesTo(4, 1_000)).to.equal(true);
    } finally {
      time.uninstall();
    }
  });

  it('has a dot of whole, even pixels, whatever the size of type', async () => {
    const { element } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="live"></realtime-badge>`,
    );
    const dot = await eventually(() => part(element, 'dot'));
    for (const size of ['16px', '17.3px', '32px']) {
      part(element, 'base')!.style.fontSize = size;
      const { width, height } = dot.getBoundingClientRect();
      expect(height).to.equal(width);
      expect(width % 2, `${width}px in type of ${size}`).to.equal(0);
    }
    part(element, 'base')!.style.fontSize = '16px';
    expect(dot.offsetWidth).to.equal(6);
  });

  it('covers the corner of a picture, and no letter of a word', async () => {
    const { element } = await mountFixed(
      html`<realtime-badge channel=${channel} kind="unread" value="7">Orders</realtime-badge>`,
    );
    const covered = (content: Element | Range) =>
      content.getBoundingClientRect().right - (part(element, 'badge')?.getBoundingClientRect().left ?? 0);
    const word = document.createRange();
    word.selectNodeContents(element);
    expect(covered(word)).to.be.within(0, 3);
    element.innerHTML = '<svg width="24" height="24" style="display: block"></svg>';
    await eventually(() => covered(element.firstElementChild as Element) > 5);
  });

  it('sits on what is in its slot, and stands alone without', async () => {
    const alone = await mountFixed(html`<realtime-badge channel=${channel} value="3">
      <!-- nothing -->
    </realtime-badge>`);
    expect(getComputedStyle(part(alone.element, 'badge')!).position).to.equal('static');
    const on = await mountFixed(
      html`<realtime-badge channel=${channel} value="3"><button>Inbox</button></realtime-badge>`,
    );
    expect(getComputedStyle(part(on.element, 'badge')!).position).to.equal('absolute');
  });

  it('takes no number from what the protocol says of itself', async () => {
    const { element, emit } = await mountFixed();
    emit('pusher:cache_miss', 7);
    emit('stock', 3);
    await eventually(() => textOf(element, 'value') === '3');
    emit('pusher:cache_miss', 7);
    await flushed(element);
    await element.updateComplete;
    expect(textOf(element, 'value')).to.equal('3');
  });
});
