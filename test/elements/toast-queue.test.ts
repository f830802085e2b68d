import { expect } from '@open-wc/testing';
import FakeTimers, { type Clock } from '@sinonjs/fake-timers';
import { ToastQueue } from '../../src/elements/toast-queue.js';

let clock: Clock;
let log: string[];

/** @param onEvent What the page does when it hears of one. */
function makeQueue(onEvent: (queue: ToastQueue, what: string) => void = () => {}): ToastQueue {
  const note = (what: string) => {
    log.push(what);
    onEvent(queue, what);
  };
  const queue = new ToastQueue({
    onChange: () => {},
    onShown: ({ title, summaryOf }) => note(`shown ${title ?? summaryOf}`),
    onDismissed: ({ title, summaryOf }, reason) => note(`${reason} ${title ?? summaryOf}`),
  });
  return queue;
}

const titles = (queue: ToastQueue) =>
  queue.visible.map(({ title, summaryOf }) => title ?? `${summaryOf} new`);

describe('the queue of toasts', () => {
  beforeEach(() => {
    clock = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    log = [];
  });
  afterEach(() => clock.uninstall());

  it('shows a toast for six seconds at least, and a long one for longer', () => {
    const queue = makeQueue();
    queue.add({ title: 'Short' });
    queue.add({ title: 'Long', message: 'x'.repeat(200) });
    clock.tick(5_999);
    expect(titles(queue)).to.deep.equal(['Short', 'Long']);
    clock.tick(1);
    expect(titles(queue)).to.deep.equal(['Long']);
    clock.tick(24_000);
    expect(titles(queue)).to.deep.equal([]);
  });

  it('shows a toast as long as the page says, and with 0 until it is closed', () => {
    const queue = makeQueue();
    queue.durationMs = 100;
    queue.add({ title: 'Brief' });
    clock.tick(100);
    expect(titles(queue)).to.deep.equal([]);
    queue.durationMs = 0;
    queue.add({ title: 'Patient' });
    clock.tick(1_000_000);
    expect(titles(queue)).to.deep.equal(['Patient']);
  });

  it('lets the time of those run that are seen, and of no others', () => {
    const queue = makeQueue();
    for (const title of ['1', '2', '3', '4']) queue.add({ title });
    expect(titles(queue)).to.deep.equal(['1', '2', '3']);
    expect(queue.waiting).to.equal(1);
    clock.tick(6_000);
    expect(titles(queue)).to.deep.equal(['4']);
    clock.tick(5_999);
    expect(titles(queue)).to.deep.equal(['4']);
    clock.tick(1);
    expect(titles(queue)).to.deep.equal([]);
  });

  it('stops every clock for as long as there is a reason to, and goes on from there', () => {
    const queue = makeQueue();
    queue.add({ title: 'Read me' });
    clock.tick(4_000);
    queue.pause('hover');
    queue.pause('focus');
    clock.tick(60_000);
    queue.resume('hover');
    clock.tick(60_000);
    expect(queue.remainingMs(0)).to.equal(2_000);
    queue.resume('focus');
    clock.tick(1_999);
    expect(titles(queue)).to.deep.equal(['Read me']);
    clock.tick(1);
    expect(titles(queue)).to.deep.equal([]);
  });

  it('merges the same words at the same level, counts, and starts their time anew', () => {
    const queue = makeQueue();
    queue.add({ title: 'Saved' });
    clock.tick(5_000);
    queue.add({ title: 'Saved' });
    queue.add({ title: 'Saved', level: 'success' });
    expect(queue.visible.map(({ count }) => count)).to.deep.equal([2, 1]);
    clock.tick(5_000);
    expect(queue.visible).to.have.length(2);
  });

  it('shows the same id once, also after its toast has gone', () => {
    const queue = makeQueue();
    queue.add({ id: 'a', title: 'One' });
    queue.dismiss(0, 'closed');
    queue.add({ id: 'a', title: 'One' });
    expect(titles(queue)).to.deep.equal([]);
  });

  it('remembers a bounded number of ids', () => {
    const queue = makeQueue();
    for (let i = 0; i < 600; i += 1) queue.add({ id: `${i}`, title: 'Same' });
    queue.add({ id: '599', title: 'Repeat' });
    queue.add({ id: '0', title: 'Forgotten' });
    expect(titles(queue)).to.deep.equal(['Same', 'Forgotten']);
  });

  it('lets errors and what lasts go first', () => {
    const queue = makeQueue();
    for (const title of ['1', '2', '3']) queue.add({ title });
    queue.add({ title: 'Bad', level: 'error', lasting: true });
    expect(titles(queue)).to.deep.equal(['Bad', '1', '2']);
    clock.tick(100_000);
    expect(titles(queue)).to.deep.equal(['Bad']);
  });

  it('makes a flood one toast that says how many, and loses none from the count', () => {
    const queue = makeQueue();
    for (let i = 1; i <= 1_000; i += 1) queue.add({ title: `${i}` });
    const summaries = queue.visible.filter(({ summaryOf }) => summaryOf !== undefined);
    expect(summaries).to.have.length(1);
    const folded = summaries[0]?.summaryOf ?? 0;
    expect(folded + queue.visible.length - 1 + queue.waiting).to.equal(1_000);
    expect(queue.waiting).to.be.at.most(10);
  });

  it('makes a burst one toast as soon as there are more than can be seen', () => {
    const queue = makeQueue();
    for (let i = 1; i <= 12; i += 1) queue.add({ title: `${i}` }, 7);
    expect(titles(queue)).to.deep.equal(['12 new']);
  });

  it('shows a small burst one by one, and another burst by itself', () => {
    const queue = makeQueue();
    queue.add({ title: 'a' }, 1);
    queue.add({ title: 'b' }, 1);
    queue.add({ title: 'c' }, 2);
    expect(titles(queue)).to.deep.equal(['a', 'b', 'c']);
  });

  it('never folds what lasts into a burst', () => {
    const queue = makeQueue();
    queue.add({ title: 'Stopped', level: 'error', lasting: true }, 1);
    for (let i = 1; i <= 5; i += 1) queue.add({ title: `${i}` }, 1);
    expect(titles(queue)).to.deep.equal(['Stopped', '5 new']);
  });

  it('lets what lasts wait its turn in the order in which it came, and folds none of it', () => {
    const queue = makeQueue();
    for (let i = 1; i <= 15; i += 1) queue.add({ title: `${i}`, level: 'error', lasting: true });
    expect(titles(queue)).to.deep.equal(['1', '2', '3']);
    expect(queue.waiting).to.equal(12);
    const order: (string | undefined)[] = [];
    while (queue.visible.length > 0) {
      order.push(queue.visible[0]?.title);
      queue.dismiss(queue.visible[0]!.key, 'closed');
    }
    expect(order).to.deep.equal(Array.from({ length: 15 }, (_, index) => `${index + 1}`));
    expect(log.filter((line) => line.startsWith('folded'))).to.deep.equal([]);
  });

  it('shows a passing error at once, in front of what lasts', () => {
    const queue = makeQueue();
    for (const title of ['1', '2', '3']) queue.add({ title, level: 'error', lasting: true });
    queue.add({ title: 'Now', level: 'error' });
    expect(titles(queue)).to.deep.equal(['Now', '1', '2']);
    clock.tick(6_000);
    expect(titles(queue)).to.deep.equal(['1', '2', '3']);
  });

  it('puts the number of a flood behind what lasts', () => {
    const queue = makeQueue();
    for (const title of ['1', '2', '3']) queue.add({ title, level: 'error', lasting: true });
    for (let i = 1; i <= 40; i += 1) queue.add({ title: `small ${i}` });
    expect(titles(queue)).to.deep.equal(['1', '2', '3']);
    for (const { key } of queue.visible) queue.dismiss(key, 'closed');
    expect(titles(queue)[0]).to.match(/^\d+ new$/);
  });

  it('keeps a hundred waiting that last; the rest becomes a number that lasts as well', () => {
    const queue = makeQueue();
    for (let i = 1; i <= 1_000; i += 1) queue.add({ title: `${i}`, level: 'error', lasting: true });
    expect(queue.waiting).to.be.at.most(112);
    const seen = new Map<string, number>();
    for (let toast = queue.visible[0]; toast; toast = queue.visible[0]) {
      seen.set(toast.title ?? toast.level, toast.summaryOf ?? 1);
      expect(toast.durationMs).to.equal(Number.POSITIVE_INFINITY);
      queue.dismiss(toast.key, 'closed');
    }
    expect([...seen.keys()].slice(0, 103)).to.deep.equal(Array.from({ length: 103 }, (_, i) => `${i + 1}`));
    expect(seen.get('error')).to.be.above(800);
    expect([...seen.values()].reduce((sum, count) => sum + count)).to.equal(1_000);
  });

  it('tells of a toast when it is seen, and why it went', () => {
    const queue = makeQueue();
    queue.max = 1;
    queue.add({ title: '1' });
    queue.add({ title: '2' });
    expect(log).to.deep.equal(['shown 1']);
    queue.dismiss(0, 'swiped');
    clock.tick(6_000);
    queue.add({ title: '3' });
    queue.clear();
    expect(log).to.deep.equal(['shown 1', 'swiped 1', 'shown 2', 'timeout 2', 'shown 3', 'cleared 3']);
  });

  it('tells once of a toast, also when the page answers by showing another, or by taking all away', () => {
    const queue = makeQueue((itself, what) => {
      if (what === 'shown One') itself.add({ title: 'Two' });
      if (what.startsWith('closed') || what.startsWith('cleared')) itself.clear();
    });
    queue.add({ title: 'One' });
    queue.add({ title: 'Three' });
    queue.dismiss(0, 'closed');
    expect(log).to.deep.equal([
      'shown One',
      'shown Two',
      'shown Three',
      'closed One',
      'cleared Two',
      'cleared Three',
    ]);
  });

  it('lets no time run for a toast that is taken away as the page hears of it', () => {
    const queue = makeQueue((itself) => itself.clear());
    queue.add({ title: 'One' });
    expect(log).to.deep.equal(['shown One', 'cleared One']);
    expect(clock.countTimers()).to.equal(0);
  });

  it('leaves no timer behind when it is cleared or paused', () => {
    const queue = makeQueue();
    for (const title of ['1', '2', '3', '4']) queue.add({ title });
    queue.pause('hover');
    expect(clock.countTimers()).to.equal(0);
    queue.resume('hover');
    queue.clear();
    expect(clock.countTimers()).to.equal(0);
  });
});
