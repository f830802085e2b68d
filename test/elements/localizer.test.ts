/** Words that come, or are wanted, at another moment: their modules are fetched in this file for the first time. */
import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { defineElement } from '../../src/elements/define.js';
import { addWords } from '../../src/elements/localizer.js';
import { fixedController } from '../../src/testing.js';
import { eventually, mount, part, spokenText } from './page.js';

defineElement('connection-status', ConnectionStatusElement);

const label = (element: Element) => spokenText(part(element, 'trigger'));

async function mountUnder(lang: string): Promise<ConnectionStatusElement> {
  const outer = await mount(
    fixedController(),
    html`<div lang=${lang}><connection-status></connection-status></div>`,
  );
  return outer.querySelector('connection-status') as ConnectionStatusElement;
}

describe('the words of an element', () => {
  it('are not English in between when the language changes while another is on its way', async () => {
    const element = await mountUnder('ar');
    const labels = new Set<string>();
    element.addController({ hostUpdated: () => labels.add(label(element)) });
    element.parentElement!.lang = 'ja';
    await eventually(() => labels.has('接続: ライブ'));
    expect([...labels].filter(Boolean)).to.deep.equal(['接続: ライブ']);
  });

  it('are those of the page when it brings some while the language is on its way', async () => {
    const element = await mountUnder('es');
    addWords('es', { connection: 'Enlace' });
    await eventually(() => label(element) === 'Enlace: En vivo');
  });

  it('are those of the page when it has brought some before anybody needed the language', async () => {
    addWords('fr', { connection: 'Liaison' });
    const element = await mountUnder('fr');
    await eventually(() => label(element) === 'Liaison: En direct');
  });

  it('are those of the page when it has brought some while the element was removed', async () => {
    const element = await mountUnder('da');
    const { parentElement } = element;
    element.remove();
    addWords('da', { connection: 'Forbindelse' });
    parentElement!.append(element);
    await element.updateComplete;
    expect(label(element)).to.equal('Forbindelse: Live');
  });
});
