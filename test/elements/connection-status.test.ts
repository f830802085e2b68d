import { expect, fixture } from '@open-wc/testing';
import { html } from 'lit';
import type { ConnectionStatus } from '../../src/core/connection.js';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { type FixedState, fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { passUntil, stopTime } from '../helpers/virtual-time.js';
import { eventually, heard, mount, part, parts, spokenText, textIn, textOf } from './page.js';

defineElement('connection-status', ConnectionStatusElement);

const plain = html`<connection-status></connection-status>`;
const label = (element: Element) => spokenText(part(element, 'trigger'));
const said = (element: Element) => element.shadowRoot?.querySelector('[role=status]')?.textContent;

async function mountFixed(state: FixedState = {}, content = plain) {
  const controller = fixedController(state);
  const element = await mount<ConnectionStatusElement>(controller, content);
  await eventually(() => element.status === controller.status);
  await element.updateComplete;
  return { controller, element };
}

describe('<connection-status>', () => {
  afterEach(endAll);

  it('needs a connection, and says when it is live', async () => {
    const controller = startController(startEmulator());
    const element = await mount<ConnectionStatusElement>(controller, plain);
    await until(controller, () => controller.status === 'connected');
    await element.updateComplete;
    expect(element.getAttribute('status')).to.equal('connected');
    expect(label(element)).to.equal('Connection: Live');
  });

  it('reflects a drop at the moment it happens, and keeps its word until the connection is lost', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { lostMs: 500, backoffBaseMs: 10 } });
    const element = await mount<ConnectionStatusElement>(controller, plain);
    await until(controller, () => controller.status === 'connected');
    emulator.driver.unreachable(true);
    const dropped = heard(element, 'status-changed');
    emulator.driver.drop();
    const { status, previous } = await dropped;
    expect([status, previous]).to.deep.equal(['reconnecting', 'connected']);
    expect(element.getAttribute('status')).to.equal('reconnecting');
    await element.updateComplete;
    expect(label(element)).to.equal('Connection: Live');
    const { lost } = await heard(element, 'lost-changed');
    expect(lost).to.equal(true);
    await element.updateComplete;
    expect(element.hasAttribute('lost')).to.equal(true);
    expect(label(element)).to.equal('Connection: Reconnecting…');
    expect(said(element)).to.equal('Reconnecting… your work is safe.');
  });

  it('shows the bar only while the connection is lost, and then for a moment that it is back', async () => {
    const emulator = startEmulator();
    const controller = startController(emulator, { timing: { lostMs: 20, backoffBaseMs: 10 } });
    const element = await mount<ConnectionStatusElement>(
      controller,
      html`<connection-status variant="bar"></connection-status>`,
    );
    await until(controller, () => controller.status === 'connected');
    await element.updateComplete;
    expect(parts(element, 'bar')).to.have.length(0);
    emulator.driver.unreachable(true);
    emulator.driver.drop();
    const retry = await eventually(() => part(element, 'retry'));
    emulator.driver.unreachable(false);
    const time = stopTime();
    try {
      retry.click();
      await passUntil(time, () => controller.status === 'connected');
      await eventually(() => textOf(element, 'label') === 'Back online');
      expect(said(element)).to.equal('Back online');
      const [leave] = part(element, 'bar')!.getAnimations();
      expect(leave?.effect?.getComputedTiming().endTime).to.be.at.most(3_000);
      time.tick(2_900);
      await element.updateComplete;
      expect(parts(element, 'bar')).to.have.length(1);
      time.tick(100);
      await eventually(() => parts(element, 'bar').length === 0);
    } finally {
      time.uninstall();
    }
  });

  it('has its bar at the window’s edge, whatever it stands in and wherever it is moved', async () => {
    const content = html`<connection-status variant="bar"></connection-status>`;
    const { controller, element } = await mountFixed({}, content);
    const provider = element.parentElement!;
    Object.assign(provider.style, {
      display: 'block',
      overflow: 'hidden',
      margin: '40px',
      filter: 'blur(0)',
    });
    const before = await fixture<HTMLElement>(html`<button>Before</button>`);
    before.focus();
    controller.set({ status: 'reconnecting', lost: true });
    const isAtEdge = () => {
      const { left, top, width } = part(element, 'bar')?.getBoundingClientRect() ?? {};
      return left === 0 && top === 0 && width === document.documentElement.clientWidth;
    };
    await eventually(isAtEdge);
    const box = document.createElement('div');
    provider.append(box);
    box.append(element);
    await eventually(isAtEdge);
    expect(part(element, 'bar')?.matches(':popover-open')).to.equal(true);
    expect(document.activeElement === before).to.equal(true);
  });

  it('does not put its bar over a modal dialog, where nobody could use it', async () => {
    const dialog = await fixture<HTMLDialogElement>(html`<dialog><button>Close</button></dialog>`);
    dialog.showModal();
    const content = html`<connection-status variant="bar"></connection-status>`;
    const { controller, element } = await mountFixed({ status: 'reconnecting', lost: true }, content);
    expect(part(element, 'bar')?.matches(':popover-open')).to.equal(false);
    dialog.close();
    controller.set({ status: 'offline' });
    await eventually(() => part(element, 'bar')?.matches(':popover-open'));
  });

  it('gives the focus back to where it came from when the bar’s button goes', async () => {
    const before = await fixture<HTMLElement>(html`<button>Before</button>`);
    const content = html`<connection-status variant="bar"></connection-status>`;
    const { controller, element } = await mountFixed({ status: 'reconnecting', lost: true }, content);
    // Of what has the focus inside another element, only that element is known.
    const other = (await mountFixed()).element;
    for (const [from, host] of [
      [before, before],
      [part(other, 'trigger'), other],
    ]) {
      from?.focus();
      part(element, 'retry')?.focus();
      expect(document.activeElement === element).to.equal(true);
      controller.set({ status: 'connected', lost: false });
      await eventually(() => parts(element, 'retry').length === 0);
      expect(document.activeElement === host).to.equal(true);
      controller.set({ status: 'reconnecting', lost: true });
      await eventually(() => part(element, 'retry'));
    }
  });

  const words: [ConnectionStatus, string][] = [
    ['connecting', 'Connecting…'],
    ['connected', 'Live'],
    ['refused', 'Not available'],
    ['disconnected', 'Disconnected'],
    ['disabled', 'Off'],
  ];
  for (const [status, word] of words) {
    it(`says “${word}” when it is ${status}`, async () => {
      const { element } = await mountFixed({ status });
      expect(label(element)).to.equal(`Connection: ${word}`);
      expect(element.getAttribute('status')).to.equal(status);
    });
  }

  it('tells no network from a service that does not answer, and from one that refuses', async () => {
    const texts: (string | null | undefined)[] = [];
    for (const status of ['offline', 'reconnecting', 'refused'] as const) {
      const { element } = await mountFixed({ status, lost: true });
      texts.push(said(element));
    }
    expect(new Set(texts).size).to.equal(3);
    expect(texts[0]).to.contain('Your device is offline');
  });

  it('tells the status by shape, not by colour alone', async () => {
    const shape = async (status: ConnectionStatus) => {
      const { element } = await mountFixed({ status });
      const style = getComputedStyle(part(element, 'mark')!);
      return [style.borderRadius, style.borderTopWidth, style.animationName].join();
    };
    const shapes = await Promise.all(
      (['connected', 'reconnecting', 'offline', 'refused'] as const).map(shape),
    );
    expect(new Set(shapes).size).to.equal(4);
  });

  it('has a mark of whole, even pixels, so that it is round, and full where it is to be', async () => {
    for (const [size, width] of [
      ['small', '6px'],
      ['medium', '8px'],
      ['large', '10px'],
    ]) {
      const content = html`<connection-status size=${size}></connection-status>`;
      const { element } = await mountFixed({ status: 'refused' }, content);
      const { inlineSize, blockSize, borderTopWidth } = getComputedStyle(part(element, 'mark')!);
      expect([inlineSize, blockSize].map(Number.parseFloat).map(Math.round)).to.deep.equal(
        [width, width].map((each) => Number.parseFloat(each!)),
      );
      expect(2 * Number.parseFloat(borderTopWidth)).to.equal(Number.parseFloat(width!));
    }
  });

  it('says once to screen readers what several elements show', async () => {
    const { controller, element } = await mountFixed(
      {},
      html`<connection-status hidden></connection-status
        ><connection-status></connection-status
        ><connection-status variant="bar"></connection-status>`,
    );
    element.style.display = 'none';
    const all = [...element.parentElement!.querySelectorAll('connection-status')];
    const spoken = () => all.slice(1).map(said).filter(Boolean);
    await eventually(() => all.every(({ status }) => status === 'connected'));
    for (const _ of ['first', 'again']) {
      controller.set({ status: 'reconnecting', lost: true });
      await Promise.all(all.map(({ updateComplete }) => updateComplete));
      expect(spoken()).to.deep.equal(['Reconnecting… your work is safe.']);
      controller.set({ status: 'connected', lost: false });
      await Promise.all(all.map(({ updateComplete }) => updateComplete));
      expect(spoken()).to.deep.equal(['Back online']);
    }
  });

  it('is as wide for every word', async () => {
    const widths = new Set<number>();
    for (const [status] of words) {
      const { element } = await mountFixed({ status });
      widths.add(part(element, 'trigger')!.offsetWidth);
    }
    expect(widths.size).to.equal(1);
  });

  it('comes in three sizes, as a mark alone, and in a corner', async () => {
    const height = async (size: string) => {
      const { element } = await mountFixed({}, html`<connection-status size=${size}></connection-status>`);
      return part(element, 'trigger')!.offsetHeight;
    };
    const [small, medium, large] = [await height('small'), await height('medium'), await height('large')];
    expect(small).to.be.at.least(24);
    expect(medium).to.be.greaterThan(small);
    expect(large).to.be.greaterThan(medium);
    const dot = await mountFixed({}, html`<connection-status variant="dot"></connection-status>`);
    expect(parts(dot.element, 'label')).to.have.length(0);
    expect(label(dot.element)).to.equal('Connection: Live');
    const corner = await mountFixed({}, html`<connection-status position="bottom-left"></connection-status>`);
    const box = part(corner.element, 'base')!.getBoundingClientRect();
    expect([box.left, Math.round(innerHeight - box.bottom)]).to.deep.equal([16, 16]);
  });

  it('tells details in a popover: since when, how fast, how much', async () => {
    const { element } = await mountFixed({
      since: Date.now() - 180_000,
      stats: {
        uptimeMs: 7_200_000,
        messagesReceived: 1_204,
        messagesSent: 7,
        reconnections: 2,
        latency: { last: 42, mean: 40, jitter: 3, samples: [38, 40, 42] },
      },
    });
    expect(textOf(element, 'details')).to.equal('');
    part(element, 'trigger')?.click();
    await eventually(() => textOf(element, 'details') !== '');
    expect(textOf(element, 'details')).to.contain(
      'Live for 3 min Everything here is up to date. Latency 42 ms',
    );
    const figures = [...(element.shadowRoot?.querySelectorAll('dl > div') ?? [])].map((figure) =>
      [...figure.children].map(textIn).join(': '),
    );
    expect(figures).to.deep.equal([
      'Time online: 2 hr',
      'Channels: 0',
      'Received: 1,204',
      'Sent: 7',
      'Reconnections: 2',
    ]);
    expect(element.shadowRoot?.querySelector('polyline')?.getAttribute('points')?.split(' ')).to.have.length(
      3,
    );
    expect(parts(element, 'retry')).to.have.length(0);
    part(element, 'details')?.hidePopover();
    await eventually(() => textOf(element, 'details') === '');
  });

  it('tells why it is refused, how often it was tried and when again, and tries at once on request', async () => {
    const emulator = startEmulator();
    emulator.driver.refuse(4001);
    const controller = startController(emulator);
    const element = await mount<ConnectionStatusElement>(controller, plain);
    await until(controller, () => controller.getSnapshot().retryAt !== undefined);
    part(element, 'trigger')?.click();
    const retry = await eventually(() => part(element, 'retry'));
    expect(textOf(element, 'reason')).to.contain('no app with this key');
    expect(textOf(element, 'details')).to.match(/1 attempt, next in \d+ (sec|min)/);
    emulator.driver.refuse(null);
    retry.click();
    await until(controller, () => controller.status === 'connected');
  });

  it('shows the details in place where it is told to', async () => {
    const { element } = await mountFixed({}, html`<connection-status show-details></connection-status>`);
    await eventually(() => textOf(element, 'details').includes('Everything here is up to date'));
    expect(part(element, 'details')?.popover).to.equal(null);
    expect(part(element, 'trigger')?.localName).to.equal('div');
  });

  it('counts the seconds only while the details are shown', async () => {
    const controller = fixedController();
    let measured = 0;
    controller.measureLatency = () => {
      measured += 1;
      return true;
    };
    const element = await mount<ConnectionStatusElement>(controller, plain);
    part(element, 'trigger')?.click();
    await eventually(() => measured === 1);
    let renders = 0;
    element.addController({
      hostUpdated: () => {
        renders += 1;
      },
    });
    await eventually(() => renders > 0);
    part(element, 'details')?.hidePopover();
    await eventually(() => textOf(element, 'details') === '');
    renders = 0;
    element.remove();
    expect(renders).to.equal(0);
  });

  it('works without a provider, and with one that comes later', async () => {
    const element = await mount<ConnectionStatusElement>(undefined, plain);
    expect(element.getAttribute('status')).to.exist;
    const provider = element.parentElement as HTMLElement & { controller: unknown };
    provider.controller = fixedController({ status: 'refused' });
    await eventually(() => element.getAttribute('status') === 'refused');
  });
});
