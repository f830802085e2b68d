import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { RealtimeError } from '../../src/core/errors.js';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { fixedController } from '../../src/testing.js';
import { stopTime } from '../helpers/virtual-time.js';
import { eventually, mount, part, parts } from './page.js';

defineElement('connection-status', ConnectionStatusElement);

describe('the details of a connection', () => {
  it('measure the latency at once and every five seconds, for as long as they are open', async () => {
    const time = stopTime();
    try {
      let measured = 0;
      const controller = fixedController();
      controller.measureLatency = () => {
        measured += 1;
        return true;
      };
      const element = await mount<ConnectionStatusElement>(
        controller,
        html`<connection-status></connection-status>`,
      );
      time.tick(10_000);
      expect(measured).to.equal(0);
      part(element, 'trigger')?.click();
      await eventually(() => measured === 1);
      time.tick(4_900);
      expect(measured).to.equal(1);
      time.tick(200);
      expect(measured).to.equal(2);
      time.tick(10_000);
      expect(measured).to.equal(4);
      part(element, 'details')?.hidePopover();
      await eventually(() => !part(element, 'details')?.matches(':popover-open') && element.updateComplete);
      await eventually(() => part(element, 'details')?.children.length === 0);
      time.tick(10_000);
      expect(measured).to.equal(4);
    } finally {
      time.uninstall();
    }
  });

  it('measure nothing after they were removed with a change still to be drawn', async () => {
    const time = stopTime();
    try {
      const controller = fixedController();
      const element = await mount<ConnectionStatusElement>(
        controller,
        html`<connection-status show-details></connection-status>`,
      );
      await eventually(() => part(element, 'details')!.children.length > 0);
      controller.set({ status: 'reconnecting' });
      element.remove();
      element.requestUpdate();
      await element.updateComplete;
      expect(time.countTimers()).to.equal(0);
    } finally {
      time.uninstall();
    }
  });

  it('stay inside a narrow column in place, and are as wide for every status where there is room', async () => {
    const controller = fixedController();
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status show-details></connection-status>`,
    );
    const details = part(element, 'details')!;
    await eventually(() => details.children.length > 0);
    const { offsetWidth } = details;
    controller.set({ status: 'refused' });
    await eventually(() => part(element, 'retry'));
    expect(details.offsetWidth).to.equal(offsetWidth);
    element.parentElement!.style.display = 'block';
    element.parentElement!.style.width = '200px';
    expect(details.getBoundingClientRect().right).to.equal(
      element.parentElement!.getBoundingClientRect().right,
    );
  });

  it('tell the reason in the language that it is written in', async () => {
    const error = new RealtimeError('connection/refused', 'The service said no.', { hint: 'Ask why.' });
    const controller = fixedController({ status: 'refused', error });
    const content = html`<connection-status lang="ar" dir="rtl" show-details></connection-status>`;
    const element = await mount<ConnectionStatusElement>(controller, content);
    const reason = await eventually(() => part(element, 'reason'));
    expect([reason.lang, getComputedStyle(reason).direction]).to.deep.equal(['en', 'ltr']);
  });

  it('keep the focus when the button that has it goes, and give it back when they close', async () => {
    const controller = fixedController({ status: 'disconnected' });
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status></connection-status>`,
    );
    part(element, 'trigger')?.click();
    const retry = await eventually(() => part(element, 'retry'));
    retry.focus();
    controller.set({ status: 'connected' });
    await eventually(() => parts(element, 'retry').length === 0);
    expect(element.shadowRoot?.activeElement?.part.value).to.equal('details');
    part(element, 'details')?.hidePopover();
    expect(element.shadowRoot?.activeElement?.part.value).to.equal('trigger');
  });

  it('keep the focus in place as well', async () => {
    const controller = fixedController({ status: 'disconnected' });
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status show-details></connection-status>`,
    );
    const retry = await eventually(() => part(element, 'retry'));
    retry.focus();
    controller.set({ status: 'connected' });
    await eventually(() => parts(element, 'retry').length === 0);
    expect(element.shadowRoot?.activeElement?.part.value).to.equal('details');
  });
});
