import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { eventually, mount, parts, textOf } from './page.js';

defineElement('progress-tracker', ProgressTrackerElement);

const channel = 'private-user-1';

async function mountLive(
  emulator: PageEmulator,
  content = html`<progress-tracker channel=${channel}></progress-tracker>`,
) {
  const element = await mount<ProgressTrackerElement>(startController(emulator), content);
  await eventually(() => element.getAttribute('status') === 'live');
  return element;
}

const bars = (element: Element) => [...(element.shadowRoot?.querySelectorAll('[role=progressbar]') ?? [])];
const now = (element: Element) => bars(element).map((bar) => bar.getAttribute('aria-valuenow'));

describe('<progress-tracker>', () => {
  afterEach(endAll);

  it('follows a task to its number', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    emulator.driver.trigger(channel, 'progress.updated', {
      taskId: 't1',
      progress: 37,
      status: 'running',
      message: 'Half way soon',
    });
    await eventually(() => now(element)[0] === '37');
    expect(textOf(element, 'message')).to.equal('Half way soon');
    expect(textOf(element, 'value')).to.equal('37%');
  });

  it('never goes backwards unless the task begins again', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    const report = (progress: number, status: string) =>
      emulator.driver.trigger(channel, 'progress.updated', { taskId: 't1', progress, status });
    report(60, 'running');
    report(40, 'running');
    await eventually(() => now(element)[0] === '60');
    report(60, 'failed');
    report(5, 'running');
    await eventually(() => now(element)[0] === '5');
  });

  it('shows only the task it is told to show', async () => {
    const emulator = startEmulator();
    const element = await mountLive(
      emulator,
      html`<progress-tracker channel=${channel} task="b"></progress-tracker>`,
    );
    emulator.driver.trigger(channel, 'progress.updated', { taskId: 'a', progress: 10 });
    emulator.driver.trigger(channel, 'progress.updated', { taskId: 'b', progress: 20 });
    await eventually(() => now(element).length === 1);
    expect(now(element)).to.deep.equal(['20']);
  });

  it('completes with a link when content has been generated', async () => {
    const emulator = startEmulator();
    const element = await mountLive(emulator);
    emulator.driver.trigger(channel, 'progress.updated', { taskId: 't1', progress: 80 });
    emulator.driver.trigger(channel, 'content.generated', {
      taskId: 't1',
      contentType: 'lesson',
      title: 'Cells',
      downloadUrl: 'https://example.com/cells',
    });
    await eventually(() => parts(element, 'link').length === 1);
    expect(parts(element, 'link')[0]?.getAttribute('href')).to.equal('https://example.com/cells');
    expect(now(element)).to.deep.equal(['100']);
  });
});
