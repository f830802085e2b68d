import { expect, oneEvent } from '@open-wc/testing';
import { html } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually, mount, part, spokenText, textOf } from './page.js';

defineElement('connection-status', ConnectionStatusElement);

const label = (element: Element) => spokenText(part(element, 'trigger'));
const status = (element: Element) => element.getAttribute('status');

describe('<connection-status>', () => {
  afterEach(endAll);

  it('needs a connection, and says when it is live', async () => {
    const controller = startController(startEmulator());
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status></connection-status>`,
    );
    await until(controller, () => controller.status === 'connected');
    await element.updateComplete;
    expect(status(element)).to.equal('connected');
    expect(label(element)).to.equal('Connection: Live');
  });

  it('reflects a drop at the moment it happens, and keeps its word until the connection is lost', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { lostMs: 60, backoffBaseMs: 10 } });
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status></connection-status>`,
    );
    await until(controller, () => controller.status === 'connected');
    emulator.driver.unreachable(true);
    const dropped = oneEvent(element, 'status-changed');
    emulator.driver.drop();
    await dropped;
    expect(status(element)).to.equal('reconnecting');
    await element.updateComplete;
    expect(label(element)).to.equal('Connection: Live');
    await until(controller, () => controller.lost);
    await element.updateComplete;
    expect(element.hasAttribute('lost')).to.equal(true);
    expect(label(element)).to.equal('Connection: Reconnecting…');
    expect(element.shadowRoot?.querySelector('[role=status]')?.textContent).to.contain('your work is safe');
  });

  it('shows the bar only while the connection is lost, and then that it is back', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { lostMs: 20, backoffBaseMs: 10 } });
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status variant="bar"></connection-status>`,
    );
    await until(controller, () => controller.status === 'connected');
    await element.updateComplete;
    expect(part(element, 'bar')).to.equal(undefined);
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    const bar = await eventually(() => part(element, 'bar'));
    expect(textOf(element, 'retry')).to.equal('Retry now');
    emulator.driver.unreachable(false);
    bar.querySelector('button')?.click();
    await eventually(() => textOf(element, 'label') === 'Back online');
  });
});
