import { expect, fixture, html } from '@open-wc/testing';
import { placePopover } from '../../src/elements/popover.js';

/** Opens a popover of 200 px for a trigger, both where a test wants them. */
async function open(trigger: {
  top: number;
  height?: number;
}): Promise<[trigger: DOMRect, popover: DOMRect]> {
  const root = await fixture<HTMLElement>(html`<div>
    <button></button>
    <div popover></div>
  </div>`);
  const [button, popover] = [root.querySelector('button')!, root.querySelector<HTMLElement>('[popover]')!];
  const fixed = { position: 'fixed', inset: 'auto', margin: '0', boxSizing: 'border-box' };
  Object.assign(button.style, fixed, { top: `${trigger.top}px`, height: `${trigger.height ?? 20}px` });
  Object.assign(popover.style, fixed, { height: '200px' });
  popover.showPopover();
  placePopover(button, popover);
  return [button.getBoundingClientRect(), popover.getBoundingClientRect()];
}

describe('a popover', () => {
  it('stands below what opens it where there is room', async () => {
    const [trigger, popover] = await open({ top: 10 });
    expect(popover.top).to.equal(trigger.bottom + 8);
  });

  it('stands above where there is no room below', async () => {
    const [trigger, popover] = await open({ top: innerHeight - 60 });
    expect(popover.bottom).to.equal(trigger.top - 8);
  });

  it('stays inside the window where there is room on neither side', async () => {
    const [, popover] = await open({ top: 40, height: innerHeight - 100 });
    expect(popover.top).to.be.at.least(8);
    expect(popover.bottom).to.be.at.most(innerHeight);
  });
});
