/** Pages that style everything: the elements keep their size and their look. */
import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { fixedController } from '../../src/testing.js';
import { eventually, mount, parts } from './page.js';

defineElement('connection-status', ConnectionStatusElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const channel = 'private-user-1';
const looks = [
  'color',
  'backgroundColor',
  'fontSize',
  'fontFamily',
  'fontWeight',
  'direction',
  'textAlign',
  'lineHeight',
  'borderRadius',
  'cursor',
] as const;
const watched = [
  'trigger',
  'label',
  'avatar',
  'face',
  'heading',
  'toast',
  'title',
  'close',
  'track',
  'value',
  'badge',
];

async function mountAll(): Promise<Element> {
  const controller = fixedController({
    members: {
      'presence-class-1': [
        { id: '1', name: 'Ada Lovelace', isMe: true },
        { id: '2', name: 'Bo' },
      ],
    },
  });
  const first = await mount(
    controller,
    html`
    <div>
      <connection-status></connection-status>
      <presence-avatars channel="presence-class-1" heading="Here"></presence-avatars>
      <progress-tracker channel=${channel}></progress-tracker>
      <notification-toast channel=${channel} duration="0"></notification-toast>
      <realtime-badge channel=${channel} value="3"></realtime-badge>
    </div>`,
  );
  const [, avatars, tracker, toasts] = first.children;
  await eventually(() => parts(avatars!, 'avatar').length === 2);
  controller.emit(channel, 'notification', { title: 'Saved', message: 'All good' });
  controller.emit(channel, 'progress.updated', { taskId: 't', progress: 40, label: 'Lesson' });
  await eventually(() => parts(tracker!, 'task').length === 1 && parts(toasts!, 'toast').length === 1);
  await Promise.all(
    [tracker!, toasts!].flatMap((element) =>
      [...element.shadowRoot!.querySelectorAll('*')].flatMap((node) =>
        node
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().iterations === 1)
          .map(({ finished }) => finished),
      ),
    ),
  );
  return first;
}

/** Size and look of what people see. A task's label and track are as wide as the page lets them be. */
function picture(root: Element): Record<string, unknown> {
  const seen = [...root.children].flatMap((element) =>
    watched.flatMap((name) =>
      parts(element, name).map((node, index) => {
        const style = getComputedStyle(node);
        const { offsetWidth, offsetHeight } = node;
        const isWide = element.localName === 'progress-tracker' && name !== 'value';
        const size = isWide ? [offsetHeight] : [offsetWidth, offsetHeight];
        return [
          `${element.localName} ${name} ${index}`,
          [...size, ...looks.map((look) => style[look])].join(' '),
        ] as const;
      }),
    ),
  );
  return Object.fromEntries(seen);
}

const hostile: Record<string, string> = {
  'that unsets everything by force, in tiny type, from the right':
    '* { all: unset !important; font-size: 3px !important; direction: rtl }',
  'that unsets everything': '* { all: unset }',
  'whose root is 62.5 %': 'html { font-size: 62.5% } body { font-size: 1.6rem }',
  'that styles its own div and button':
    'div, button, span, svg, img, ul, li { display: block; padding: 40px; border: 9px solid red; font: 40px serif; float: left } :host { color: red }',
  'with type of its own that is inherited':
    'body { font: italic 700 30px/3 cursive; letter-spacing: 1em; text-transform: uppercase; text-align: right; word-spacing: 2em; white-space: pre; color: red; text-indent: 90px; cursor: wait }',
};

describe('a page', () => {
  let sheet: HTMLStyleElement | undefined;
  afterEach(() => sheet?.remove());

  for (const [what, css] of Object.entries(hostile)) {
    it(`${what} leaves size and look of the elements as they are`, async () => {
      const before = picture(await mountAll());
      expect(Object.keys(before).length).to.be.at.least(watched.length);
      sheet = document.createElement('style');
      sheet.textContent = css;
      document.head.append(sheet);
      expect(picture(await mountAll())).to.deep.equal(before);
    });
  }

  it('keeps its own type for what it puts into an element', async () => {
    const page = await mount(
      fixedController(),
      html`<div style="font: italic 19px/2 serif; color: rgb(1, 2, 3)">
        <progress-tracker channel=${channel}><i>Nothing yet</i></progress-tracker>
        <presence-avatars><i>Somebody</i></presence-avatars>
        <realtime-badge channel=${channel} value="3"><i>Orders</i></realtime-badge>
      </div>`,
    );
    const { font } = getComputedStyle(page);
    for (const word of page.querySelectorAll('i')) {
      const style = getComputedStyle(word);
      expect([style.color, style.font], `${word.textContent}`).to.deep.equal(['rgb(1, 2, 3)', font]);
    }
  });

  it('gets no style from the elements', async () => {
    const paragraph = document.createElement('p');
    document.body.append(paragraph);
    const before = JSON.stringify(Object.entries(getComputedStyle(paragraph)));
    const sheets = [document.styleSheets.length, document.adoptedStyleSheets.length];
    await mountAll();
    expect(JSON.stringify(Object.entries(getComputedStyle(paragraph)))).to.equal(before);
    expect([document.styleSheets.length, document.adoptedStyleSheets.length]).to.deep.equal(sheets);
    paragraph.remove();
  });

  it('changes colours, radius and space by tokens', async () => {
    const root = document.documentElement;
    root.style.setProperty('--rt-accent', 'rgb(1, 2, 3)');
    root.style.setProperty('--rt-radius', '0px');
    const first = await mountAll();
    const [badge] = parts(first.children[4]!, 'badge');
    const [toast] = parts(first.children[3]!, 'toast');
    expect(getComputedStyle(badge!).backgroundColor).to.equal('rgb(1, 2, 3)');
    expect(getComputedStyle(toast!).borderRadius).to.equal('0px');
    root.removeAttribute('style');
  });
});
