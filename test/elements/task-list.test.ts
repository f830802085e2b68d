import { expect } from '@open-wc/testing';
import { TaskList, timeLeft } from '../../src/elements/task-list.js';
import type { ProgressPayload } from '../../src/protocol.js';

const running = (progress: number, more: Partial<ProgressPayload> = {}): ProgressPayload => ({
  taskId: 't',
  progress,
  status: 'running',
  ...more,
});

describe('the list of tasks', () => {
  it('keeps a label, and a message for as long as no other is said', () => {
    const list = new TaskList();
    list.update(running(10, { label: 'Lesson', message: 'Reading' }), 0);
    const [, task] = list.update(running(20), 1_000);
    expect(task).to.include({ label: 'Lesson', message: 'Reading', progress: 20 });
  });

  it('never goes backwards while it runs', () => {
    const list = new TaskList();
    list.update(running(60), 0);
    expect(list.update(running(40), 1)[1].progress).to.equal(60);
  });

  it('begins again when it was over and runs again', () => {
    const list = new TaskList();
    list.update(running(60), 0);
    list.update({ taskId: 't', progress: 0, status: 'failed', error: 'No answer' }, 1, false);
    expect(list.get('t')).to.include({ status: 'failed', progress: 60, error: 'No answer' });
    expect(list.update(running(5), 2)[1]).to.include({ progress: 5, status: 'running', error: undefined });
  });

  it('is indeterminate until a number was said', () => {
    const list = new TaskList();
    expect(list.update(running(0), 0, false)[1].indeterminate).to.equal(true);
    expect(list.update(running(30), 1)[1].indeterminate).to.equal(false);
    expect(list.update(running(0), 2, false)[1]).to.include({ indeterminate: false, progress: 30 });
  });

  it('completes with a link, and without one that was said before', () => {
    const list = new TaskList();
    list.update(running(80, { url: '/draft' }), 0);
    const done = running(100, { status: 'completed', label: 'Cells', url: '/cells' });
    expect(list.update(done, 1)[1]).to.include({ progress: 100, url: '/cells', label: 'Cells' });
  });

  it('keeps a bounded number, and lets what is over go first', () => {
    const list = new TaskList();
    for (let i = 0; i < 60; i += 1)
      list.update(
        running(i === 3 ? 100 : 1, { taskId: `${i}`, status: i === 3 ? 'completed' : 'running' }),
        i,
      );
    expect(list.tasks).to.have.length(50);
    expect(list.get('3')).to.equal(undefined);
    expect(list.get('59')).not.to.equal(undefined);
  });

  it('estimates the time left from what has been done, and not from too little', () => {
    const list = new TaskList();
    list.update(running(0), 0);
    expect(timeLeft(list.update(running(50), 1_000)[1])).to.equal(undefined);
    expect(timeLeft(list.update(running(50), 10_000)[1])).to.equal(10_000);
    expect(timeLeft(list.update(running(75), 15_000)[1])).to.equal(5_000);
    expect(timeLeft(list.update(running(100), 20_000)[1])).to.equal(undefined);
  });

  it('estimates from where the page came in', () => {
    const list = new TaskList();
    list.update(running(80), 0);
    expect(timeLeft(list.update(running(90), 5_000)[1])).to.equal(5_000);
  });

  it('estimates nothing from less than three percent, which would jump about', () => {
    const list = new TaskList();
    list.update(running(0), 0);
    expect(timeLeft(list.update(running(2.9), 10_000)[1])).to.equal(undefined);
    expect(timeLeft(list.update(running(3), 10_000)[1])).to.be.a('number');
  });
});
