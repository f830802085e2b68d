import { expect } from '@open-wc/testing';
import { html } from 'lit';
import { defineElement } from '../../src/elements/define.js';
import { ProgressTrackerElement } from '../../src/elements/progress-tracker.js';
import { fixedController } from '../../src/testing.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { stopTime } from '../helpers/virtual-time.js';
import { eventually, heard, mount, part, parts, textIn, textOf } from './page.js';

defineElement('progress-tracker', ProgressTrackerElement);

const channel = 'private-user-1';
const plain = html`<progress-tracker channel=${channel}></progress-tracker>`;

async function mountFixed(content = plain) {
  const controller = fixedController();
  const element = await mount<ProgressTrackerElement>(controller, content);
  const emit = (event: string, data: unknown) => controller.emit(channel, event, data);
  const report = (data: Record<string, unknown>) => emit('progress.updated', { taskId: 't', ...data });
  return { controller, element, emit, report };
}

const bars = (element: Element) => [...(element.shadowRoot?.querySelectorAll('[role=progressbar]') ?? [])];
/** From where to where the bar fills its track, in parts of it, once it has glided there. */
async function filled(element: Element): Promise<[left: number, right: number]> {
  const [bar, track] = [part(element, 'fill')!, part(element, 'track')!];
  await Promise.all(bar.getAnimations().map(({ finished }) => finished));
  const [inner, outer] = [bar.getBoundingClientRect(), track.getBoundingClientRect()];
  const place = (x: number) =>
    Math.round(((Math.min(outer.right, Math.max(outer.left, x)) - outer.left) / outer.width) * 100);
  return [place(inner.left), place(inner.right)];
}
const now = (element: Element) => bars(element).map((bar) => bar.getAttribute('aria-valuenow'));

describe('<progress-tracker>', () => {
  afterEach(endAll);

  it('follows a task to its number', async () => {
    const emulator = startEmulator();
    const element = await mount<ProgressTrackerElement>(startController(emulator), plain);
    await eventually(() => element.getAttribute('status') === 'live');
    const payload = { taskId: 't1', progress: 37, status: 'running', message: 'Half way soon' };
    emulator.driver.trigger(channel, 'progress.updated', payload);
    await eventually(() => now(element)[0] === '37');
    expect(textOf(element, 'message')).to.equal('Half way soon');
    expect(textOf(element, 'value')).to.equal('37%');
  });

  it('fills its track from where reading begins', async () => {
    const { element, report } = await mountFixed();
    report({ progress: 37.4 });
    await eventually(() => bars(element).length === 1);
    expect(await filled(element)).to.deep.equal([0, 37]);
    element.dir = 'rtl';
    expect(await filled(element)).to.deep.equal([63, 100]);
    report({ progress: 80 });
    await eventually(() => now(element)[0] === '80');
    expect(await filled(element)).to.deep.equal([20, 100]);
  });

  it('glides to a number, and does not where numbers come faster than it would', async () => {
    const { element, report } = await mountFixed();
    const time = stopTime();
    const glidesTo = async (progress: number, afterMs: number) => {
      time.tick(afterMs);
      report({ progress });
      await eventually(() => now(element)[0] === `${progress}`);
      return part(element, 'fill')?.getAnimations().length === 1;
    };
    try {
      await glidesTo(10, 0);
      expect(await glidesTo(40, 1_000)).to.equal(true);
      expect(await glidesTo(41, 50)).to.equal(false);
      expect(await filled(element)).to.deep.equal([0, 41]);
      expect(await glidesTo(60, 1_000)).to.equal(true);
      // Drawn again for another reason, it glides on.
      element.requestUpdate();
      await element.updateComplete;
      expect(part(element, 'fill')?.getAnimations().length).to.equal(1);
    } finally {
      time.uninstall();
    }
  });

  it('shows the last state at once to whoever comes late to a cache channel', async () => {
    const emulator = startEmulator();
    const cached = 'private-cache-user-1';
    emulator.driver.trigger(cached, 'progress.updated', { taskId: 't1', progress: 71 });
    const element = await mount<ProgressTrackerElement>(
      startController(emulator),
      html`<progress-tracker channel=${cached}></progress-tracker>`,
    );
    await eventually(() => now(element)[0] === '71');
  });

  it('never goes backwards unless the task begins again', async () => {
    const { element, report } = await mountFixed();
    report({ progress: 60 });
    report({ progress: 40 });
    await eventually(() => now(element)[0] === '60');
    report({ progress: 60, status: 'failed', error: 'No answer' });
    await eventually(() => textOf(element, 'message') === 'No answer');
    expect(now(element)).to.deep.equal(['60']);
    report({ progress: 5 });
    await eventually(() => now(element)[0] === '5');
  });

  it('shows only the task it is told to show', async () => {
    const { element, report } = await mountFixed(
      html`<progress-tracker channel=${channel} task="b"></progress-tracker>`,
    );
    report({ taskId: 'a', progress: 10 });
    report({ taskId: 'b', progress: 20 });
    await eventually(() => now(element).length === 1);
    expect(now(element)).to.deep.equal(['20']);
  });

  it('says nothing of a number that it does not know', async () => {
    const { element, report } = await mountFixed();
    report({ status: 'running', label: 'Lesson' });
    await eventually(() => bars(element).length === 1);
    expect(now(element)).to.deep.equal([null]);
    expect(textOf(element, 'value')).to.equal('');
    expect(bars(element)[0]?.getAttribute('aria-label')).to.equal('Lesson');
  });

  it('says what became of a task in words', async () => {
    const { element, report } = await mountFixed();
    const statuses = ['pending', 'completed', 'failed', 'cancelled'];
    for (const status of statuses) report({ taskId: status, progress: 40, status });
    await eventually(() => bars(element).length === 4);
    expect(parts(element, 'task').map(({ dataset }) => dataset.status)).to.deep.equal(statuses);
    expect(textOf(element, 'value')).to.equal('Waiting | Done | Failed | Cancelled');
    expect(bars(element).map((bar) => bar.getAttribute('aria-valuetext'))).to.deep.equal([
      'Waiting',
      'Done',
      'Failed',
      'Cancelled',
    ]);
  });

  it('completes with a link when content has been generated', async () => {
    const { element, emit, report } = await mountFixed();
    report({ progress: 80 });
    const content = {
      taskId: 't',
      contentType: 'lesson',
      title: 'Cells',
      downloadUrl: 'https://example.com/cells',
    };
    const completed = heard(element, 'progress-completed');
    emit('content.generated', content);
    expect((await completed).task).to.include({ id: 't', progress: 100, url: 'https://example.com/cells' });
    const link = (await eventually(() => part(element, 'link'))) as HTMLAnchorElement;
    expect(link.href).to.equal('https://example.com/cells');
    expect(link.getAttribute('aria-label')).to.equal('Open: Cells');
    expect(now(element)).to.deep.equal(['100']);
  });

  it('stays where it stopped when it fails, says why, and asks the page for another try', async () => {
    const { element, emit, report } = await mountFixed();
    report({ progress: 62 });
    const failed = heard(element, 'progress-failed');
    emit('content.failed', { taskId: 't', error: 'The model did not answer.' });
    expect((await failed).task.error).to.equal('The model did not answer.');
    const retry = await eventually(() => part(element, 'retry'));
    expect(now(element)).to.deep.equal(['62']);
    expect(textOf(element, 'message')).to.equal('The model did not answer.');
    const asked = heard(element, 'retry-requested');
    retry.click();
    expect((await asked).task.id).to.equal('t');
  });

  it('keeps the focus on a task that is tried again', async () => {
    const { element, report } = await mountFixed();
    report({ progress: 60, status: 'failed' });
    const retry = await eventually(() => part(element, 'retry'));
    retry.focus();
    report({ progress: 0, status: 'running' });
    await eventually(() => parts(element, 'retry').length === 0);
    expect(element.shadowRoot?.activeElement?.part.value).to.equal('task');
  });

  it('says in a live region how a task has ended, once, and no step of it', async () => {
    const { element, report } = await mountFixed();
    const spoken: string[] = [];
    report({ label: 'Worksheet', progress: 10 });
    const region = await eventually(() => element.shadowRoot?.querySelector('[role=status]'));
    expect(region.textContent).to.equal('');
    const listener = new MutationObserver(() => spoken.push(textIn(region)));
    listener.observe(region, { characterData: true, childList: true, subtree: true });
    const isDrawn = (value: string) => eventually(() => textOf(element, 'value') === value);
    report({ progress: 60 });
    await isDrawn('60%');
    report({ progress: 60, status: 'failed', error: 'The model did not answer.' });
    await isDrawn('Failed');
    element.requestUpdate();
    await element.updateComplete;
    // The same words again are heard only where there were none between.
    report({ progress: 0, status: 'running' });
    await isDrawn('0%');
    report({ progress: 20, status: 'failed', error: 'The model did not answer.' });
    await isDrawn('Failed');
    report({ progress: 0, status: 'running' });
    report({ progress: 100 });
    await isDrawn('Done');
    const failed = 'Worksheet: Failed. The model did not answer.';
    expect(spoken).to.deep.equal([failed, '', failed, 'Worksheet: Done']);
    listener.disconnect();
  });

  it('does not say what a late comer finds done', async () => {
    const { element, report } = await mountFixed();
    report({ label: 'Worksheet', progress: 100 });
    const region = await eventually(() => element.shadowRoot?.querySelector('[role=status]'));
    expect(region.textContent).to.equal('');
    report({ taskId: 'other', label: 'Slides', progress: 100 });
    await eventually(() => textIn(region) === 'Slides: Done');
    element.clear();
    report({ label: 'Worksheet', progress: 50 });
    await eventually(() => textOf(element, 'value') === '50%');
    expect(textIn(element.shadowRoot?.querySelector('[role=status]'))).to.equal('');
  });

  it('tells the page of each change, and of the end once', async () => {
    const { element, report } = await mountFixed();
    const log: string[] = [];
    for (const type of ['progress-changed', 'progress-completed'] as const) {
      element.addEventListener(type, ({ task }) => log.push(`${type} ${task.progress}`));
    }
    report({ progress: 50 });
    report({ progress: 100 });
    report({ progress: 100 });
    await eventually(() => log.length >= 4);
    expect(log).to.deep.equal([
      'progress-changed 50',
      'progress-changed 100',
      'progress-completed 100',
      'progress-changed 100',
    ]);
  });

  it('tells the page of numbers as often as it draws them, and ends with the last', async () => {
    const { element, report } = await mountFixed();
    report({ progress: 1 });
    await eventually(() => now(element)[0] === '1');
    const told: number[] = [];
    element.addEventListener('progress-changed', ({ task }) => told.push(task.progress));
    for (let progress = 2; progress <= 50; progress += 1) report({ progress });
    report({ taskId: 'other', progress: 3 });
    expect(told).to.deep.equal([50, 3]);
    for (let progress = 51; progress <= 60; progress += 1) report({ progress });
    await eventually(() => now(element)[0] === '60');
    expect(told).to.deep.equal([50, 3, 60]);
  });

  it('takes another backend’s events and names of fields', async () => {
    const { element, emit } = await mountFixed(
      html`<progress-tracker
        channel=${channel}
        event="job.step"
        fields="taskId=job progress=percent label=title"
      ></progress-tracker>`,
    );
    emit('job.step', { job: 7, percent: '64', title: 'Import' });
    emit('job.other', { job: 8, percent: 1 });
    await eventually(() => now(element)[0] === '64');
    expect(textOf(element, 'label')).to.equal('Import');
    expect(element.tasks.map(({ id }) => id)).to.deep.equal(['7']);
  });

  it('leaves a label the width of a narrow column, and puts what becomes of the task below', async () => {
    const { element, report } = await mountFixed();
    element.style.cssText = 'display: block; inline-size: 180px';
    report({
      label: 'Geschwindigkeitsbegrenzungen: Übungsblatt',
      progress: 100,
      status: 'completed',
      url: '/',
    });
    const link = await eventually(() => part(element, 'link'));
    const label = part(element, 'label')!;
    expect(label.offsetWidth).to.equal(180);
    expect(link.offsetTop).to.be.at.least(label.offsetTop + label.offsetHeight - 4);
  });

  it('keeps its height when the number gets longer, however wide it is', async () => {
    const { element, report } = await mountFixed();
    element.style.display = 'block';
    const heights = async (progress: number) => {
      report({ label: 'Lesson 4', progress });
      await eventually(() => now(element)[0] === `${progress}`);
      return Array.from({ length: 40 }, (_, index) => {
        element.style.inlineSize = `${100 + 3 * index}px`;
        return part(element, 'task')!.offsetHeight;
      });
    };
    const narrow = await heights(9);
    expect(new Set(narrow).size).to.equal(2);
    expect(await heights(99)).to.deep.equal(narrow);
  });

  it('shows what is in its slot while there is no task', async () => {
    const { element, report } = await mountFixed(
      html`<progress-tracker channel=${channel}>Nothing is being made.</progress-tracker>`,
    );
    expect(element.shadowRoot?.querySelector('slot')?.assignedNodes()).to.have.length(1);
    expect(element.hasAttribute('empty')).to.equal(true);
    report({ progress: 1 });
    await eventually(() => !element.hasAttribute('empty'));
    element.removeTask('t');
    await eventually(() => element.hasAttribute('empty'));
  });

  it('keeps what it knows while the connection is made again', async () => {
    const { controller, element, report } = await mountFixed();
    report({ progress: 37 });
    await eventually(() => now(element)[0] === '37');
    controller.set({ status: 'reconnecting' });
    await eventually(() => element.getAttribute('status') === 'stale');
    expect(now(element)).to.deep.equal(['37']);
  });

  it('forgets the tasks of another channel and of another user', async () => {
    const { controller, element, report } = await mountFixed();
    controller.set({ identity: { state: 'authenticated', userId: '1' } });
    report({ progress: 37 });
    await eventually(() => now(element).length === 1);
    controller.set({ identity: { state: 'authenticated', userId: '2' } });
    await eventually(() => now(element).length === 0);
    report({ progress: 38 });
    await eventually(() => now(element).length === 1);
    element.channel = 'private-user-2';
    await eventually(() => now(element).length === 0);
  });

  it('skips a payload that it cannot read, and says so once', async () => {
    const { element, report } = await mountFixed();
    const problems: string[] = [];
    element.addEventListener('realtime-error', ({ error }) => problems.push(error.code));
    report({ progress: 10 });
    await eventually(() => now(element).length === 1);
    report({ progress: 'half' });
    report({ progress: 'half' });
    report({ progress: 20 });
    await eventually(() => now(element)[0] === '20');
    expect(problems).to.deep.equal(['message/unreadable']);
  });

  it('tells the page of the task that it shows, and of no other', async () => {
    const { element, report } = await mountFixed(
      html`<progress-tracker channel=${channel} task="b"></progress-tracker>`,
    );
    const told: string[] = [];
    for (const type of ['progress-changed', 'progress-completed', 'progress-failed'] as const)
      element.addEventListener(type, (event) => told.push(`${event.type} ${event.task.id}`));
    report({ taskId: 'a', progress: 100, status: 'completed' });
    report({ taskId: 'c', status: 'failed' });
    report({ taskId: 'b', progress: 20 });
    await eventually(() => now(element).length === 1);
    expect(told).to.deep.equal(['progress-changed b']);
  });

  it('links to the result once there is one, and not to what is half done', async () => {
    const { element, report } = await mountFixed();
    report({ progress: 50, url: '/draft' });
    await eventually(() => now(element)[0] === '50');
    expect(parts(element, 'link')).to.have.length(0);
    report({ progress: 100, status: 'completed', url: '/result' });
    const link = (await eventually(() => part(element, 'link'))) as HTMLAnchorElement;
    expect(link.pathname).to.equal('/result');
  });
});
