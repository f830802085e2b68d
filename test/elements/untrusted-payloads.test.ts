/** Everything that comes from outside ends as text, or as nothing: a table of attacks in every field. */
import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { safeUrl } from '../../src/elements/safe-url.js';
import { fixedController } from '../../src/testing.js';
import { eventually, mount, parts } from './page.js';

defineElement('notification-toast', NotificationToastElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const attacks = [
  '<img src=x onerror="window.attacked = true">',
  '<script>window.attacked = true</script>',
  '"><svg onload="window.attacked = true">',
  '\u0000<b>zero</b>',
  '{{window.attacked = true}}',
  '<!--?lit$123$--><a href=javascript:window.attacked=true>x</a>',
  'javascript:window.attacked=true',
  ' \tjava\nscript:window.attacked=true',
  'data:text/html,<script>window.attacked=true</script>',
  'vbscript:msgbox(1)',
  'blob:https://example.com/1',
];
const channel = 'private-user-1';

/** Events with the attack in every field that the kit knows, and in one that it does not. */
const events: Record<string, (attack: string) => Record<string, unknown>> = {
  notification: (a) => ({
    title: a,
    message: a,
    type: a,
    url: a,
    image: a,
    own: a,
    actions: [
      { label: a, url: a },
      { label: a, event: a },
    ],
  }),
  'user.notification': (a) => ({ body: a, image: a, url: a }),
  'user.achievement': (a) => ({ title: a, message: a, image: a }),
  'content.generated': (a) => ({ taskId: a, contentType: a, title: a, preview: a, downloadUrl: a }),
  'content.failed': (a) => ({ taskId: a, error: a }),
  'progress.updated': (a) => ({ taskId: a, progress: 40, message: a, label: a, error: a, url: a }),
  'content.progress': (a) => ({ taskId: `${a}2`, progress: 100, message: a, label: a, url: a }),
  'trade-executed': (a) => ({ symbol: a, currency: a, profitIsWin: true }),
  'bot-updated': (a) => ({ botUUID: a, botName: a, status: 'ERROR' }),
  'strategy-modified': (a) => ({ id: a, title: a }),
};

/** Elements, attributes and addresses in a shadow root that nobody of the kit put there. */
function intruders(element: Element): string[] {
  return [...(element.shadowRoot?.querySelectorAll('*') ?? [])].flatMap((node) => {
    const isForeign = ['script', 'iframe', 'object', 'b', 'base', 'meta'].includes(node.localName);
    const handlers = node.getAttributeNames().filter((name) => name.startsWith('on'));
    const addresses = ['href', 'src', 'srcset', 'action', 'formaction']
      .map((name) => node.getAttribute(name))
      .filter((address) => address !== null && !/^(https?|mailto):/.test(address));
    return [...(isForeign ? [node.localName] : []), ...handlers, ...addresses.map(String)];
  });
}

describe('payloads from outside', () => {
  afterEach(() => {
    expect('attacked' in window).to.equal(false);
  });

  for (const attack of attacks) {
    it(`stay text: ${JSON.stringify(attack).slice(0, 50)}`, async () => {
      const controller = fixedController({
        members: {
          'presence-class-1': [{ id: attack, name: attack, role: attack, avatar: attack, activity: attack }],
        },
      });
      const toasts = await mount<NotificationToastElement>(
        controller,
        html`<notification-toast channel=${channel} max="30" duration="0"></notification-toast>`,
      );
      toasts.after(
        Object.assign(document.createElement('progress-tracker'), { channel }),
        Object.assign(document.createElement('presence-avatars'), {
          channel: 'presence-class-1',
          heading: attack,
        }),
        Object.assign(document.createElement('realtime-badge'), { channel, label: attack, value: 3 }),
      );
      const elements = [...toasts.parentElement!.children];
      await Promise.all(elements.map((element) => (element as NotificationToastElement).updateComplete));
      for (const [event, payload] of Object.entries(events)) controller.emit(channel, event, payload(attack));
      await eventually(() => parts(toasts, 'toast').length > 3);
      await eventually(() => parts(elements[1]!, 'task').length > 1);
      await eventually(() => parts(elements[2]!, 'avatar').length === 1);
      expect(elements.flatMap(intruders)).to.deep.equal([]);
      const shown = parts(toasts, 'title').map(({ textContent }) => textContent?.replace('\uFFFD', '\u0000'));
      expect(shown.some((text) => text?.includes(attack.replace('\uFFFD', '\u0000')))).to.equal(true);
    });
  }

  it('do not reach the prototype of anything', async () => {
    const controller = fixedController();
    const toasts = await mount<NotificationToastElement>(
      controller,
      html`<notification-toast channel=${channel} duration="0"></notification-toast>`,
    );
    for (const type of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      controller.emit(channel, 'notification', { message: `Type ${type}`, type });
      controller.emit(channel, type, { message: 'Event' });
    }
    await eventually(() => parts(toasts, 'toast').length > 2);
    expect(parts(toasts, 'toast').every(({ dataset }) => dataset.level === 'info')).to.equal(true);
  });

  it('have addresses only of schemes that are safe to follow', () => {
    const base = document.baseURI;
    expect(safeUrl('https://example.com/a')).to.equal('https://example.com/a');
    expect(safeUrl('mailto:ada@example.com')).to.equal('mailto:ada@example.com');
    expect(safeUrl('/path?q=1')).to.equal(new URL('/path?q=1', base).href);
    expect(
      [...attacks.slice(6), 'file:///etc/passwd', 'ftp://x', 'http://', '', undefined].map(safeUrl),
    ).to.satisfy((urls: unknown[]) => urls.every((url) => url === undefined));
  });
});
