import { expect, html } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { defineElement } from '../../src/elements/define.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually, mount, part, textOf } from './page.js';

defineElement('realtime-badge', RealtimeBadgeElement);

describe('<realtime-badge>', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;

  beforeEach(() => {
    emulator = startEmulator();
    controller = startController(emulator, {
      user: { id: '1', info: { name: 'Ada' } },
      timing: { releaseMs: 5, idleMs: 5, backoffBaseMs: 20 },
    });
  });
  afterEach(endAll);

  const live = (badge: Element) => eventually(() => badge.getAttribute('status') === 'live');

  it('shows nothing before there is a number, then the last number of an event', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" event="stock"></realtime-badge>`,
    );
    await live(badge);
    expect(badge.hasAttribute('empty')).to.equal(true);
    emulator.driver.trigger('shop', 'stock', { count: 7 });
    await eventually(() => textOf(badge, 'value').includes('7'));
    expect(badge.hasAttribute('empty')).to.equal(false);
    emulator.driver.trigger('shop', 'stock', { count: 8 });
    await eventually(() => badge.count === 8);
    await expect(badge).to.be.accessible();
  });

  it('counts what has not been read, and begins anew when the page says so', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" kind="unread" label="new orders"></realtime-badge>`,
    );
    await live(badge);
    for (let n = 0; n < 3; n += 1) emulator.driver.trigger('shop', 'notification', { message: `Order ${n}` });
    await eventually(() => badge.count === 3);
    await eventually(() => part(badge, 'badge')?.getAttribute('aria-label') === '3 new orders');
    badge.markRead();
    await eventually(() => badge.hasAttribute('empty'));
  });

  it('cuts large numbers, and tells screen readers the same', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" event="stock" max="99"></realtime-badge>`,
    );
    await live(badge);
    emulator.driver.trigger('shop', 'stock', { count: 1000 });
    await eventually(() => textOf(badge, 'value').includes('99+'));
    expect(badge.count).to.equal(1000);
  });

  it('counts the people of a presence channel', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="presence-shop" kind="viewers"></realtime-badge>`,
    );
    await eventually(() => badge.count === 1);
    const other = startController(emulator, { user: { id: '2', info: { name: 'Bo' } } });
    other.hold('presence-shop');
    await eventually(() => badge.count === 2);
    other.disconnect();
    await eventually(() => badge.count === 1);
  });

  it('counts the connections on any other channel, where the service tells', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" kind="viewers"></realtime-badge>`,
    );
    await live(badge);
    startController(emulator).hold('shop');
    await eventually(() => badge.count === 2);
  });

  it('says "live" only while it is', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" kind="live"></realtime-badge>`,
    );
    await live(badge);
    expect(textOf(badge, 'value')).to.equal('Live');
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    await eventually(() => badge.getAttribute('status') === 'stale');
    await eventually(() => textOf(badge, 'value') !== 'Live');
  });

  it('skips a payload without a number', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" event="stock"></realtime-badge>`,
    );
    await live(badge);
    for (const payload of [{ count: 'many' }, null, 'x', { count: Number.MAX_VALUE * 2 }, { other: 1 }]) {
      emulator.driver.trigger('shop', 'stock', payload);
    }
    emulator.driver.trigger('shop', 'stock', { count: 3 });
    await eventually(() => badge.count === 3);
  });

  it('leaves nothing behind when it is removed', async () => {
    const badge = await mount<RealtimeBadgeElement>(
      controller,
      html`<realtime-badge channel="shop" kind="unread"></realtime-badge>`,
    );
    await live(badge);
    badge.remove();
    await until(controller, () => controller.channels.length === 0);
    expect(controller.listeners()).to.deep.equal([]);
    await until(controller, () => controller.status === 'idle');
  });
});
