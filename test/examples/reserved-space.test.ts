import { expect } from '@open-wc/testing';
import { ConnectionStatusElement } from '../../src/elements/connection-status.js';
import { PresenceAvatarsElement } from '../../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { provideToPage } from '../../src/reactive/context.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { ada } from '../helpers/meeting.js';

/** Resolves as soon as something is true; looks at every picture that the browser paints. */
async function untilPainted(isTrue: () => boolean): Promise<void> {
  do await new Promise((resolve) => requestAnimationFrame(resolve));
  while (!isTrue());
}

describe('the space that docs/embedding.md reserves', () => {
  afterEach(endAll);

  it('is what the elements take: nothing on the page moves when they come to life', async () => {
    const guide = await (await fetch('/docs/embedding.md')).text();
    const css = /^```css reserve\n([\s\S]*?)^```$/m.exec(guide)?.[1] as string;
    const page = document.createElement('main');
    page.innerHTML = `<style>${css}</style>
      <p>Connection: <connection-status>Live updates</connection-status></p>
      <presence-avatars channel="presence-class-1"></presence-avatars>
      <presence-avatars channel="presence-class-1" heading="In class"></presence-avatars>
      <progress-tracker channel="private-user-1">Nothing yet</progress-tracker>
      <p>The end</p>`;
    document.body.append(page);
    const places = () =>
      [...page.children].map((child) => Math.round(child.getBoundingClientRect().top - page.offsetTop));
    const widths = () =>
      Math.round(page.querySelector('connection-status')?.getBoundingClientRect().width ?? 0);
    const before = [places(), widths()];

    const emulator = startEmulator();
    provideToPage(startController(emulator, { user: ada }));
    customElements.define('connection-status', ConnectionStatusElement);
    customElements.define('presence-avatars', PresenceAvatarsElement);
    customElements.define('progress-tracker', ProgressTrackerElement);
    const seen = new Set<string>();
    await untilPainted(() => {
      seen.add(JSON.stringify([places(), widths()]));
      return page.querySelectorAll('[status=live]').length === 3;
    });
    emulator.driver.trigger('private-user-1', 'progress.updated', {
      taskId: 'a',
      progress: 37,
      label: 'Sheet',
    });
    await untilPainted(() => {
      seen.add(JSON.stringify([places(), widths()]));
      return page.querySelector('progress-tracker')?.shadowRoot?.querySelector('[role=progressbar]') !== null;
    });
    expect([...seen].map((text) => JSON.parse(text))).to.deep.equal([before]);
  });
});
