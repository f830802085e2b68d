import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { addWords, setPageLanguage } from '../../src/elements/localizer.js';
import { words as arabic } from '../../src/elements/words.ar.js';
import { words as german } from '../../src/elements/words.de.js';
import { words as spanish } from '../../src/elements/words.es.js';
import { words as french } from '../../src/elements/words.fr.js';
import { words as japanese } from '../../src/elements/words.ja.js';
import { english, type Words } from '../../src/elements/words.js';
import { fixedController } from '../../src/testing.js';
import { endAll } from '../helpers/kit.js';
import { eventually, mount, part, spokenText } from './page.js';

defineElement('connection-status', ConnectionStatusElement);

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
});

/** The keys of a dictionary, and what kind of thing stands behind each. */
function shapeOf(words: object): unknown {
  return Object.fromEntries(
    Object.entries(words)
      .sort()
      .map(([key, value]) => [key, typeof value === 'object' ? shapeOf(value) : typeof value]),
  );
}
