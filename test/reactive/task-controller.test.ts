import { expect } from '@open-wc/testing';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import type { PageEmulator } from '../../src/emulator/page.js';
import { TaskController } from '../../src/reactive/task-controller.js';
import { endAll, startController, startEmulator } from '../helpers/kit.js';
import { LitHost, mount } from '../helpers/lit-host.js';
import { eventually } from '../helpers/meeting.js';
import { backendFor, tokenFor } from '../helpers/users.js';

class TaskHost extends LitHost {
  changes: string[] = [];
  tasks = new TaskController(this, {
    channel: () => this.channel,
    onChange: (task, before) => this.changes.push(`${before?.progress ?? '-'} to ${task.progress}`),
  });
}

describe('TaskController', () => {
  let emulator: PageEmulator;
  let controller: RealtimeController;
  let host: TaskHost;

  const tell = (data: unknown, event = 'progress.updated') =>
    emulator.driver.trigger(host.channel, event, data);
  /** Tells of one task, and waits until that has come. */
  const step = async (data: object, event?: string) => {
    const before = host.changes.length;
    tell({ taskId: 't', ...data }, event);
    await eventually(() => host.changes.length > before);
    const { progress, status } = host.tasks.get('t') ?? {};
    return `${progress} ${status}`;
  };

  beforeEach(async () => {
    emulator = startEmulator();
    controller = startController(emulator, { ...backendFor(emulator), token: tokenFor('1') });
    host = await mount(TaskHost, controller, 'private-user-1');
    await eventually(() => host.tasks.status === 'live');
  });
  afterEach(endAll);

  it('knows each task by its id, in the order in which they began', async () => {
    tell({ task_id: 'b', progress: 10, label: 'Quiz', custom: 1 });
    tell({ taskId: 'a', progress: '37', status: 'running', message: 'Drafting' });
    tell({ taskId: 'b', progress: 20 });
    await eventually(() => host.changes.length === 3);
    await host.settled();
    expect(host.tasks.tasks.map(({ taskId, progress }) => `${taskId} ${progress}`)).to.deep.equal([
      'b 20',
      'a 37',
    ]);
    expect(host.tasks.get('b')).to.include({ label: 'Quiz', custom: 1 });
    expect(host.tasks.get('a')?.message).to.equal('Drafting');
    expect(host.tasks.get('unknown')).to.equal(undefined);
    expect(host.changes).to.deep.equal(['- to 10', '- to 37', '10 to 20']);
    expect(host.tasks.error).to.equal(undefined);
    expect(host.renders).to.be.greaterThan(1);
  });

  it('never goes backwards, unless the task was started anew', async () => {
    expect(await step({ progress: 50 })).to.equal('50 running');
    expect(await step({ progress: 30 })).to.equal('50 running');
    expect(await step({ status: 'failed', error: 'No paper' })).to.equal('50 failed');
    expect(host.tasks.get('t')?.error).to.equal('No paper');
    expect(await step({ progress: 5 })).to.equal('5 running');
    expect(host.tasks.get('t')?.error).to.equal(undefined);
    expect(await step({ status: 'completed' })).to.equal('100 completed');
    expect(await step({ status: 'pending' })).to.equal('0 pending');
  });

  it('follows generated content to its end', async () => {
    await step({ progress: 60, status: 'running' }, 'content.progress');
    const generated = { contentType: 'quiz', title: 'Fractions', downloadUrl: '/sheets/1' };
    expect(await step(generated, 'content.generated')).to.equal('100 completed');
    expect(host.tasks.get('t')).to.include({ label: 'Fractions', url: '/sheets/1' });
    await step({ progress: 10 }, 'content.progress');
    expect(await step({ error: 'No ink' }, 'content.failed')).to.equal('10 failed');
    expect(host.tasks.get('t')?.error).to.equal('No ink');
  });

  it('skips what it cannot read, with one report', async () => {
    let reports = 0;
    host.addEventListener('realtime-error', () => {
      reports += 1;
    });
    for (const nonsense of [{}, { taskId: 't', progress: 'much' }, {}]) tell(nonsense);
    expect(await step({ progress: 1 })).to.equal('1 running');
    expect(reports).to.equal(2);
  });

  it('keeps a bounded number, of which those that are over go first', async () => {
    tell({ taskId: 'first', progress: 1 });
    tell({ taskId: 'done', progress: 100 });
    for (let n = 0; n < 49; n += 1) tell({ taskId: `t${n}`, progress: 1 });
    await eventually(() => host.changes.length === 51);
    expect(host.tasks.tasks).to.have.length(50);
    expect(host.tasks.get('done')).to.equal(undefined);
    tell({ taskId: 'last', progress: 1 });
    await eventually(() => host.tasks.get('last') !== undefined);
    expect(host.tasks.get('first')).to.equal(undefined);
  });

  it('forgets everything with the user', async () => {
    await step({ progress: 1 });
    controller.identify(tokenFor('2'));
    expect(host.tasks.tasks).to.deep.equal([]);
  });
});
