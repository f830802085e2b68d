import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { addWords, setPageLanguage } from '../../src/elements/localizer.js';
import { NotificationToastElement } from '../../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../../src/elements/realtime-badge.js';
import { words as arabic } from '../../src/elements/words.ar.js';
import { words as german } from '../../src/elements/words.de.js';
import { words as spanish } from '../../src/elements/words.es.js';
import { words as french } from '../../src/elements/words.fr.js';
import { words as japanese } from '../../src/elements/words.ja.js';
import { english, type Words } from '../../src/elements/words.js';
import { fixedController } from '../../src/testing.js';
import { endAll } from '../helpers/kit.js';
import { eventually, mount, part, parts, spokenText, textIn } from './page.js';

defineElement('connection-status', ConnectionStatusElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

const languages: Record<string, Words> = {
  ar: arabic,
  de: german,
  es: spanish,
  fr: french,
  ja: japanese,
};
const root = document.documentElement;
const label = (element: Element) => spokenText(part(element, 'trigger')).split(': ')[1];

function mountUnder(lang: string) {
  const content = html`<div lang=${lang}><connection-status></connection-status></div>`;
  return mount(fixedController(), content).then(
    (outer) => outer.querySelector('connection-status') as ConnectionStatusElement,
  );
}

describe('languages', () => {
  const pageLanguage = root.lang;
  afterEach(() => {
    root.lang = pageLanguage;
    setPageLanguage(undefined);
    endAll();
  });

  for (const [lang, words] of Object.entries(languages)) {
    it(`speak ${lang} under its lang, also in a variant of it`, async () => {
      const element = await mountUnder(`${lang}-001`);
      await eventually(() => label(element) === words.status.connected);
    });

    it(`have a word in ${lang} for everything that there is in English`, () => {
      expect(shapeOf(words)).to.deep.equal(shapeOf(english));
    });
  }

  it('follow the locale of a provider, its changes, and a lang further down', async () => {
    const controller = fixedController();
    const content = html`<realtime-provider .controller=${controller} lang="de" locale="ja"
      ><connection-status></connection-status><p lang="ar"><connection-status></connection-status></p
    ></realtime-provider>`;
    const provider = await mount(controller, content);
    const [element, inner] = provider.querySelectorAll('connection-status') as unknown as [Element, Element];
    await eventually(() => label(element) === japanese.status.connected);
    await eventually(() => label(inner) === arabic.status.connected);
    provider.setAttribute('locale', 'fr');
    await eventually(() => label(element) === french.status.connected);
    provider.removeAttribute('locale');
    await eventually(() => label(element) === german.status.connected);
  });

  it('follow the nearest lang, and its changes', async () => {
    const element = await mountUnder('de');
    await eventually(() => label(element) === german.status.connected);
    element.lang = 'fr';
    await eventually(() => label(element) === french.status.connected);
    element.removeAttribute('lang');
    element.parentElement!.lang = 'ja';
    await eventually(() => label(element) === japanese.status.connected);
  });

  it('follow the lang of the page through open shadow roots', async () => {
    const element = await mountUnder('');
    const host = document.createElement('div');
    element.parentElement!.after(host);
    host.attachShadow({ mode: 'open' }).append(element);
    host.lang = 'es';
    await eventually(() => label(element) === spanish.status.connected);
  });

  it('speak English where the language is not known, and where lang is no language', async () => {
    for (const lang of ['xx', 'not_a_tag', '🙂']) {
      const element = await mountUnder(lang);
      expect(label(element)).to.equal('Live');
    }
  });

  it('take a language of the page’s own, and single words of one that is there', async () => {
    const element = await mountUnder('nl');
    expect(label(element)).to.equal('Live');
    addWords('nl', { status: { ...english.status, connected: 'Verbonden' } });
    await eventually(() => label(element) === 'Verbonden');
  });

  it('can be set for the page, and give way to a lang further down', async () => {
    const element = await mountUnder('');
    setPageLanguage('de');
    await eventually(() => label(element) === german.status.connected);
    element.lang = 'fr';
    await eventually(() => label(element) === french.status.connected);
  });

  it('follow what is set for the page before the page’s own lang', async () => {
    root.lang = 'fr';
    setPageLanguage('de');
    const element = await mountUnder('');
    await eventually(() => label(element) === german.status.connected);
    setPageLanguage(undefined);
    await eventually(() => label(element) === french.status.connected);
  });

  it('write numbers with the plural that a language has', () => {
    expect([1, 2, 3, 11, 100].map(arabic.newNotifications)).to.satisfy(
      (forms: string[]) => new Set(forms).size === 5,
    );
    expect([0, 1, 2].map(french.newNotifications)).to.deep.equal(['0 nouvelle', '1 nouvelle', '2 nouvelles']);
  });

  it('set the direction by the page’s dir, not by its styles', async () => {
    const element = await mountUnder('ar');
    const direction = () => getComputedStyle(part(element, 'base')!).direction;
    expect(direction()).to.equal('ltr');
    element.parentElement!.dir = 'rtl';
    expect(direction()).to.equal('rtl');
  });

  it('leave the sign of a number where it belongs when read from right to left', async () => {
    const names = ['Ada', 'Alan', 'Barbara'].map((name) => ({ id: name, name }));
    const controller = fixedController({ members: { 'presence-class-1': names } });
    const page = await mount(
      controller,
      html`<div dir="rtl">
        <realtime-badge channel="news" value="250"></realtime-badge>
        <presence-avatars channel="presence-class-1" max="1"></presence-avatars>
        <notification-toast channel="news"></notification-toast>
      </div>`,
    );
    const [badge, avatars, toasts] = page.children;
    for (const _ of [1, 2]) controller.emit('news', 'notification', { title: 'مرحبا' });
    await eventually(() => part(toasts!, 'count') && part(avatars!, 'more'));
    expect(asSeen(part(badge!, 'value')!)).to.equal('99+');
    expect(asSeen(part(avatars!, 'more')!)).to.equal('+2');
    expect(asSeen(part(toasts!, 'count')!)).to.equal('×2');
  });

  it('leave the points of a text in another language where they belong', async () => {
    const members = Array.from({ length: 9 }, (_, index) => ({
      id: `${index}`,
      name: 'Ada (guest).',
      role: 'Guide!',
    }));
    const controller = fixedController({ members: { 'presence-class-1': members } });
    const page = await mount(
      controller,
      html`<div dir="rtl">
        <progress-tracker channel="news"></progress-tracker>
        <presence-avatars channel="presence-class-1"></presence-avatars>
        <notification-toast channel="news"></notification-toast>
      </div>`,
    );
    const [tracker, avatars, toasts] = page.children;
    controller.emit('news', 'progress.updated', { taskId: 't', label: 'Lesson (2).', message: 'Soon...' });
    const actions = [
      { label: 'Read!', url: '/read' },
      { label: 'Later?', event: 'later' },
    ];
    controller.emit('news', 'notification', { title: 'Saved (2).', message: 'All of it!', actions });
    const more = await eventually(() => part(avatars!, 'more'));
    more.click();
    await eventually(() => part(tracker!, 'label') && part(toasts!, 'action') && part(avatars!, 'person'));
    const [name, role] = part(avatars!, 'person')!.querySelectorAll<HTMLElement>('.name, .role');
    const found = (element: Element, ...names: string[]) => names.flatMap((each) => parts(element, each));
    const texts = [
      ...found(tracker!, 'label', 'message'),
      ...found(toasts!, 'title', 'message', 'action'),
      name!,
      role!,
    ];
    expect(texts).to.have.length(8);
    for (const text of texts) expect(asSeen(text)).to.equal(textIn(text));
    // It stands where the page's own texts stand.
    const { right } = part(tracker!, 'label')!.getBoundingClientRect();
    expect(boxOf(textNodesIn(part(tracker!, 'label')!)[0]!).right).to.be.closeTo(right, 1);
  });
});

function textNodesIn(element: Element): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  return nodes.filter(({ data }) => data.trim());
}

function boxOf(text: Text, from = 0, to = text.length): DOMRect {
  const range = document.createRange();
  range.setStart(text, from);
  range.setEnd(text, to);
  return range.getBoundingClientRect();
}

/** A line of text as it is drawn, from left to right. */
function asSeen(element: Element): string {
  const letters = textNodesIn(element).flatMap((text) =>
    [...text.data].map((letter, index) => ({ letter, left: boxOf(text, index, index + 1).left })),
  );
  return letters
    .sort((a, b) => a.left - b.left)
    .map(({ letter }) => letter)
    .join('')
    .trim();
}

/** The keys of a dictionary, and what kind of thing stands behind each. */
function shapeOf(words: object): unknown {
  return Object.fromEntries(
    Object.entries(words)
      .sort()
      .map(([key, value]) => [key, typeof value === 'object' ? shapeOf(value) : typeof value]),
  );
}
