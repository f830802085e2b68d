import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { eventually, mount, part, parts, textOf } from './page.js';

defineElement('notification-toast', NotificationToastElement);

const channel = 'private-user-1';

async function mountLive(
  emulator: PageEmulator,
  content = html`<notification-toast channel=${channel}></notification-toast>`,
) {
  const element = await mount<NotificationToastElement>(startController(emulator), content);
  await eventually(() => element.getAttribute('status') === 'live');
  return element;
}

describe('<notification-toast>', () => {
  afterEach(endAll);

  it('shows a notification with its title, text and level', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    emulator.driver.trigger(channel, 'notification', {
      title: 'Saved',
      message: 'All good',
      type: 'success',
    });
    const toast = await eventually(() => part(element, 'toast'));
    expect(toast.dataset.level).to.equal('success');
    expect(textOf(element, 'title')).to.equal('Saved');
    expect(textOf(element, 'message')).to.equal('All good');
    expect(element.shadowRoot?.querySelector('[role=status]')?.textContent).to.equal('Saved. All good');
  });

  it('merges the same message, and counts', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    for (let i = 0; i < 3; i += 1) emulator.driver.trigger(channel, 'notification', { message: 'Again' });
    await eventually(() => textOf(element, 'count') === '×3');
    expect(parts(element, 'toast')).to.have.length(1);
  });

  it('shows a notification that comes twice with one id once', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    emulator.driver.trigger(channel, 'notification', { id: 'n1', message: 'One' });
    emulator.driver.trigger(channel, 'notification', { id: 'n1', message: 'One' });
    emulator.driver.trigger(channel, 'notification', { id: 'n2', message: 'Two' });
    await eventually(() => parts(element, 'toast').length === 2);
    expect(textOf(element, 'message')).to.equal('One | Two');
  });

  it('goes when it is closed', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    emulator.driver.trigger(channel, 'notification', { message: 'Bye' });
    const close = await eventually(() => part(element, 'close'));
    close.click();
    await eventually(() => parts(element, 'toast').length === 0);
    expect(element.hasAttribute('empty')).to.equal(true);
  });
});
