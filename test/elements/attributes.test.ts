/** What a page may do to any attribute or property: take it away again, and say what is no number. */
import { expect } from '@open-wc/testing';
import { html, type LitElement } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { fixedController } from '../../src/testing.js';
import { eventually, mount, part, parts, textOf } from './page.js';

const elements = {
  'connection-status': ConnectionStatusElement,
  'presence-avatars': PresenceAvatarsElement,
  'notification-toast': NotificationToastElement,
  'progress-tracker': ProgressTrackerElement,
  'realtime-badge': RealtimeBadgeElement,
};
for (const [tag, element] of Object.entries(elements)) defineElement(tag, element);

interface Attribute {
  tag: string;
  name: string;
  fieldName?: string;
  type: { text: string };
}
interface Declaration {
  tagName: string;
  attributes: Omit<Attribute, 'tag'>[];
}

const manifest: { modules: { declarations: Declaration[] }[] } = await (
  await fetch('/custom-elements.json')
).json();
/** What the elements write themselves. */
const reflected = ['status', 'empty', 'lost'];
const attributes = manifest.modules
  .flatMap(({ declarations }) => declarations)
  .filter(({ tagName }) => tagName in elements)
  .flatMap(({ tagName, attributes }) => attributes.map((attribute) => ({ ...attribute, tag: tagName })))
  .filter(({ name }) => !reflected.includes(name));
const numbers = attributes.filter(({ type }) => type.text.startsWith('number'));

const members = Array.from({ length: 9 }, (_, index) => ({ id: `${index}`, name: `Person ${index}` }));

/** An element that everything is told that it may show. */
async function mountTag(tag: string) {
  const controller = fixedController({ members: { 'presence-class-1': members } });
  const holder = await mount<LitElement>(controller, html`<div></div>`);
  const element = document.createElement(tag) as LitElement & Record<string, unknown>;
  holder.append(element);
  const tell = () => {
    for (const channel of ['presence-class-1', 'orders']) {
      controller.emit(channel, 'progress.updated', { taskId: 'a', progress: 5 });
      for (const title of ['One', 'Two', 'Three', 'Four'])
        controller.emit(channel, 'notification', { title });
      controller.emit(channel, 'count', 120);
    }
  };
  return { element, tell };
}

/** What is drawn, comments and spaces aside. */
const drawingOf = ({ shadowRoot }: Element) =>
  shadowRoot?.innerHTML.replace(/<!--.*?-->/g, '').replace(/\s+/g, ' ');

/** Something else than the default. */
function otherValue({ tag, name, type }: Attribute): string {
  if (name === 'channel') return tag === 'presence-avatars' ? 'presence-class-1' : 'orders';
  if (name === 'member-status') return 'away';
  if (type.text.startsWith('number')) return '2';
  const values = [...type.text.matchAll(/'([\w-]+)'/g)].map(([, value]) => value as string);
  return values[1] ?? 'name';
}

describe('the attributes of every element', () => {
  for (const attribute of attributes) {
    const { tag, name, fieldName } = attribute;
    it(`has the default of <${tag}> again when \`${name}\` is taken away, as attribute or as property`, async () => {
      const { element, tell } = await mountTag(tag);
      if (name !== 'channel') element.setAttribute('channel', otherValue({ ...attribute, name: 'channel' }));
      // A number goes with its channel.
      const hasNumber = tag === 'realtime-badge' && name !== 'value' && name !== 'channel';
      if (hasNumber) element.setAttribute('value', '120');
      else tell();
      await element.updateComplete;
      element.requestUpdate();
      await element.updateComplete;
      const property = fieldName ?? '';
      const usual = [property && element[property], drawingOf(element)];
      const ways = [() => element.removeAttribute(name)];
      if (property) {
        ways.push(
          () => {
            element[property] = undefined;
          },
          () => {
            element[property] = null;
          },
        );
      }
      for (const takeAway of ways) {
        element.setAttribute(name, otherValue(attribute));
        await element.updateComplete;
        takeAway();
        await element.updateComplete;
        element.removeAttribute(name);
        await element.updateComplete;
        await eventually(() => drawingOf(element) === usual[1]);
        expect(property && element[property]).to.equal(usual[0]);
      }
    });
  }

  for (const { tag, name, fieldName = '' } of numbers) {
    it(`takes no number of <${tag}> for its default, in \`${name}\``, async () => {
      const { element } = await mountTag(tag);
      const usual = element[fieldName];
      for (const wrong of ['abc', '', ' ', '1,000']) {
        element.setAttribute(name, '7');
        expect(element[fieldName]).to.equal(7);
        element.setAttribute(name, wrong);
        expect(element[fieldName], `"${wrong}"`).to.equal(usual);
      }
      // Frameworks set properties, also where a template has text.
      for (const wrong of [Number.NaN, 'abc', '', {}, true]) {
        element[fieldName] = '7';
        expect(element[fieldName]).to.equal(7);
        element[fieldName] = wrong;
        expect(element[fieldName], `${wrong}`).to.equal(usual);
      }
    });
  }
});

describe('numbers that no element can keep to', () => {
  it('leave one avatar and one toast at least, and a badge that says more than none', async () => {
    const { element: avatars } = await mountTag('presence-avatars');
    avatars.setAttribute('channel', 'presence-class-1');
    avatars.setAttribute('max', '-1');
    await eventually(() => parts(avatars, 'avatar').length === 1);
    const { element: toasts, tell } = await mountTag('notification-toast');
    toasts.setAttribute('channel', 'orders');
    toasts.setAttribute('max', '-1');
    await toasts.updateComplete;
    tell();
    await eventually(() => parts(toasts, 'toast').length === 1);
    const { element: badge } = await mountTag('realtime-badge');
    badge.setAttribute('value', '5');
    badge.setAttribute('max', '-1');
    await eventually(() => textOf(badge, 'value') === '0+');
  });

  for (const duration of ['-5', '1e12', 'Infinity']) {
    it(`leave a toast until it is closed, with a duration of ${duration}`, async () => {
      const { element, tell } = await mountTag('notification-toast');
      element.setAttribute('channel', 'orders');
      element.setAttribute('duration', duration);
      await element.updateComplete;
      tell();
      await eventually(() => parts(element, 'toast').length === 3);
      expect(part(element, 'time') === undefined).to.equal(true);
    });
  }
});
