/** Tokens and parts do what docs/theming.md says. */
import { expect } from '@open-wc/testing';
import { html, type LitElement } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { fixedController } from '../../src/testing.js';
import { eventually, mount, part, parts } from './page.js';

defineElement('connection-status', ConnectionStatusElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const guide = await (await fetch('/docs/theming.md')).text();
const tokens = [...guide.matchAll(/^\| `(--rt-[a-z-]+)` \|/gm)].map(([, name]) => name as string);

/** Something else than the default, of the kind that a token takes. */
function otherValue(token: string): string {
  if (/radius|space|size|width/.test(token)) return '13px';
  if (token === '--rt-layer') return '7';
  if (token === '--rt-duration') return '777ms';
  if (token === '--rt-font') return 'monospace';
  if (token === '--rt-shadow') return '1px 2px 3px rgb(1, 2, 3)';
  return 'rgb(1, 2, 3)';
}

async function mountAll(): Promise<LitElement> {
  const members = (['online', 'away', 'busy'] as const).map((status, index) => ({
    id: `${index}`,
    isMe: index === 0,
    status,
  }));
  const controller = fixedController({ members: { 'presence-class-1': members } });
  const page = await mount<LitElement>(
    controller,
    html`<div>
      <connection-status></connection-status>
      <presence-avatars channel="presence-class-1" max="2" heading="Here"></presence-avatars>
      <progress-tracker channel="news"></progress-tracker>
      <realtime-badge channel="news" value="3"></realtime-badge>
      <notification-toast channel="news" max="9" duration="0"></notification-toast>
    </div>`,
  );
  controller.emit('news', 'progress.updated', { taskId: 't', progress: 40, label: 'Lesson' });
  for (const level of ['info', 'success', 'warning', 'error', 'achievement'])
    controller.emit('news', 'notification', { message: level, level });
  const [, avatars, tracker, , toasts] = page.children;
  await eventually(() => parts(toasts!, 'toast').length === 5 && parts(tracker!, 'task').length === 1);
  await eventually(() => parts(avatars!, 'avatar').length === 2);
  return page;
}

/** What tokens may change. */
const properties = [
  'color',
  'background-color',
  'border-inline-start-color',
  'border-start-start-radius',
  'box-shadow',
  'font-family',
  'inline-size',
  'block-size',
  'padding-inline-start',
  'column-gap',
  'transition-duration',
  'z-index',
];

/** How everything in the elements is styled, with what stands before it. */
function looks(page: Element): string {
  const nodes = [...page.children].flatMap(({ shadowRoot }) => [
    ...(shadowRoot?.querySelectorAll('*') ?? []),
  ]);
  return nodes
    .flatMap((node) => [getComputedStyle(node), getComputedStyle(node, '::before')])
    .map((style) => properties.map((name) => style.getPropertyValue(name)).join())
    .join('\n');
}

/** What is under way from one value to another would look like a change. */
const still = new CSSStyleSheet();
still.replaceSync('* { transition-property: none !important; animation: none !important }');

const pages = {
  'dark blue': '--rt-accent: #ffd166; --rt-surface: #102a43; --rt-text: #f0f4f8',
  cream: '--rt-accent: #8a2be2; --rt-surface: #fdf6e3; --rt-text: #3b2f1e',
};

function backgroundOf(element: Element): string {
  return getComputedStyle(element).backgroundColor;
}

const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

/** Red, green, blue and opacity as they are painted, 0 to 255. */
function bytesOf(color: string): number[] {
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}

/** How bright a colour is, as WCAG counts it. */
function luminance(color: string): number {
  const [red, green, blue] = bytesOf(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('theming', () => {
  it('hears each token that the guide names', async () => {
    const page = await mountAll();
    for (const { shadowRoot } of page.children) shadowRoot?.adoptedStyleSheets.push(still);
    const before = looks(page);
    expect(looks(page)).to.equal(before);
    expect(tokens).to.have.length.above(15);
    for (const token of tokens) {
      page.style.setProperty(token, otherValue(token));
      expect(looks(page) === before, `${token} changes nothing`).to.equal(false);
      page.style.removeProperty(token);
    }
    expect(looks(page) === before).to.equal(true);
  });

  it('has the colours that the guide prints', async () => {
    const rows = [...guide.matchAll(/^\| `--rt-([a-z-]+)` \| `([^`]+)` \| `([^`]+)` \|/gm)];
    expect(rows).to.have.length(9);
    const [status] = (await mountAll()).children as unknown as [ConnectionStatusElement];
    const probe = document.createElement('span');
    part(status, 'base')!.append(probe);
    const painted = (scheme: string, color: string) => {
      status.style.colorScheme = scheme;
      probe.style.color = color;
      return bytesOf(getComputedStyle(probe).color);
    };
    for (const [, name = '', light = '', dark = ''] of rows) {
      const own = `var(--_${name.replace('text-muted', 'muted')})`;
      for (const [scheme, printed] of Object.entries({ light, dark })) {
        const pairs = painted(scheme, own).map((byte, index) => [byte, painted(scheme, printed)[index]!]);
        for (const [is, said] of pairs as [number, number][])
          expect(is, `${name}, ${scheme}: ${pairs}`).to.be.closeTo(said, 3);
      }
    }
  });

  it('follows the scheme of a section', async () => {
    const page = await mountAll();
    const surface = () => getComputedStyle(part(page.children[4]!, 'toast')!).backgroundColor;
    page.style.colorScheme = 'light';
    expect(luminance(surface())).to.equal(1);
    page.style.colorScheme = 'dark';
    expect(luminance(surface())).to.be.below(0.03);
  });

  for (const [kind, tokens] of Object.entries(pages)) {
    for (const scheme of ['light', 'dark']) {
      it(`is readable on a ${kind} page of three tokens whose scheme is ${scheme}`, async () => {
        const page = await mountAll();
        page.style.cssText = `color-scheme: ${scheme}; ${tokens}`;
        for (const { shadowRoot } of page.children) shadowRoot?.adoptedStyleSheets.push(still);
        const [status, , tracker, badge, toasts] = page.children;
        part(status!, 'trigger')!.click();
        await eventually(() => part(status!, 'retry') ?? part(status!, 'details')?.querySelector('strong'));
        const details = part(status!, 'details')!;
        const toast = part(toasts!, 'toast')!;
        const surface = page.style.getPropertyValue('--rt-surface');
        expect(luminance(backgroundOf(toast))).to.be.within(luminance(surface), 0.97);
        const read: [what: string, element: Element, ground: string][] = [
          ['details', details.querySelector('strong')!, backgroundOf(details)],
          ['more details', details.querySelector('p')!, backgroundOf(details)],
          ['a toast', toast.querySelector('.message')!, backgroundOf(toast)],
          ['closing it', toast.querySelector('.close')!, backgroundOf(toast)],
          ['a number', part(badge!, 'value')!, backgroundOf(part(badge!, 'badge')!)],
          ['a label', part(tracker!, 'label')!, surface],
          ['a percentage', part(tracker!, 'value')!, surface],
        ];
        for (const [what, element, ground] of read)
          expect(contrast(getComputedStyle(element).color, ground), what).to.be.above(4.5);
        for (const icon of parts(toasts!, 'icon')) {
          const ratio = contrast(getComputedStyle(icon).color, backgroundOf(toast));
          expect(ratio, icon.parentElement!.dataset.level).to.be.above(3);
        }
      });
    }
  }

  it('lets a part have the last word, and a wrapper another size', async () => {
    const page = await mountAll();
    const sheet = document.createElement('style');
    sheet.textContent = `
      presence-avatars::part(face) { border-radius: 25% }
      connection-status::part(base) { font-size: 20px }`;
    page.append(sheet);
    expect(getComputedStyle(part(page.children[1]!, 'face')!).borderRadius).to.equal('25%');
    expect(getComputedStyle(part(page.children[0]!, 'label')!).fontSize).to.equal('16.25px');
  });
});
