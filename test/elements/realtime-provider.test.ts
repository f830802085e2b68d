import { expect, fixture, html } from '@open-wc/testing';
import { RealtimeController } from '../../src/core/realtime-controller.js';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { RealtimeProviderElement } from '../../src/elements/realtime-provider.js';
import { fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { eventually } from './page.js';

defineElement('connection-status', ConnectionStatusElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const inside = (provider: Element) => provider.querySelector('connection-status') as ConnectionStatusElement;

describe('<realtime-provider>', () => {
  afterEach(endAll);

  it('makes the controller that its attributes describe, the same as any other with these settings', async () => {
    const provider = await fixture<RealtimeProviderElement>(
      html`<realtime-provider key="provided" cluster="eu" enabled="false" scope="guest"></realtime-provider>`,
    );
    expect(provider.controller).to.equal(
      RealtimeController.for({ key: 'provided', cluster: 'eu', enabled: false, scope: 'guest' }),
    );
    expect(provider.controller?.status).to.equal('disabled');
  });

  it('takes a configuration as JSON', async () => {
    const provider = await fixture<RealtimeProviderElement>(
      html`<realtime-provider config='{"key": "as-json", "cluster": "eu", "enabled": false}'></realtime-provider>`,
    );
    expect(provider.controller).to.equal(
      RealtimeController.for({ key: 'as-json', cluster: 'eu', enabled: false }),
    );
  });

  it('gives what is inside it a connection of its own, and the innermost wins', async () => {
    const outer = startController(startEmulator());
    const inner = startController(startEmulator(), { enabled: false });
    const provider = await fixture<RealtimeProviderElement>(html`
      <realtime-provider .controller=${outer}>
        <connection-status></connection-status>
        <realtime-provider .controller=${inner}><connection-status></connection-status></realtime-provider>
      </realtime-provider>
    `);
    await until(outer, () => outer.status === 'connected');
    const [first, second] = [...provider.querySelectorAll('connection-status')];
    await eventually(() => first?.getAttribute('status') === 'connected');
    expect(second?.getAttribute('status')).to.equal('disabled');
  });

  it('moves what is inside it when its settings change, and the old connection is let go', async () => {
    const first = startController(startEmulator(), { timing: { idleMs: 5 } });
    const second = startController(startEmulator());
    const provider = await fixture<RealtimeProviderElement>(
      html`<realtime-provider .controller=${first}><connection-status></connection-status></realtime-provider>`,
    );
    await until(first, () => first.status === 'connected');
    provider.controller = second;
    await until(second, () => second.status === 'connected');
    await until(first, () => first.status === 'idle');
    await eventually(() => inside(provider).getAttribute('status') === 'connected');
  });

  it('answers elements that were there before it was defined', async () => {
    const host = await fixture(html`<div></div>`);
    host.innerHTML =
      '<late-realtime-provider key="late" cluster="eu" enabled="false"><connection-status></connection-status></late-realtime-provider>';
    expect(inside(host).getAttribute('status')).to.not.equal('disabled');
    defineElement('realtime-provider', RealtimeProviderElement, 'late');
    await eventually(() => inside(host).getAttribute('status') === 'disabled');
  });

  it('takes a controller that it was given before it was defined', async () => {
    const provider = document.createElement('given-realtime-provider') as RealtimeProviderElement;
    provider.controller = fixedController({ status: 'offline' });
    provider.append(document.createElement('connection-status'));
    (await fixture(html`<div></div>`)).append(provider);
    defineElement('realtime-provider', RealtimeProviderElement, 'given');
    await provider.updateComplete;
    expect(inside(provider).getAttribute('status')).to.equal('offline');
  });

  for (const [tag, live] of [
    ['connection-status', 'connected'],
    ['notification-toast', 'live'],
    ['presence-avatars', 'live'],
    ['progress-tracker', 'live'],
    ['realtime-badge', 'live'],
  ] as const) {
    it(`is followed no more by what is moved out of it, which says so: <${tag}>`, async () => {
      const provider = await fixture<RealtimeProviderElement>(
        html`<realtime-provider .controller=${fixedController()}></realtime-provider>`,
      );
      const element = document.createElement(tag);
      element.setAttribute('channel', 'presence-class-1');
      provider.append(element);
      await eventually(() => element.getAttribute('status') === live);
      await element.updateComplete;
      provider.after(element);
      await element.updateComplete;
      expect(element.getAttribute('status')).to.equal('idle');
    });
  }

  it('says what is missing, and shows it inside', async () => {
    const provider = await fixture<RealtimeProviderElement>(
      html`<realtime-provider><connection-status></connection-status></realtime-provider>`,
    );
    await eventually(() => inside(provider).getAttribute('status') === 'refused');
    expect(provider.controller?.error?.code).to.equal('configuration/missing-key');
  });

  it('takes no place of its own in the page’s layout', async () => {
    const provider = await fixture(
      html`<realtime-provider key="k" cluster="eu" enabled="false"></realtime-provider>`,
    );
    expect(getComputedStyle(provider).display).to.equal('contents');
  });

  it('follows a changed attribute, also one that is taken away', async () => {
    const provider = await fixture<RealtimeProviderElement>(
      html`<realtime-provider key="changed" cluster="eu" enabled="false"></realtime-provider>`,
    );
    const guest = () =>
      RealtimeController.for({ key: 'changed', cluster: 'eu', enabled: false, scope: 'guest' });
    const { controller } = provider;
    expect(controller).to.not.equal(guest());
    provider.setAttribute('scope', 'guest');
    await provider.updateComplete;
    expect(provider.controller).to.equal(guest());
    provider.removeAttribute('scope');
    await provider.updateComplete;
    expect(provider.controller).to.equal(controller);
  });
});
