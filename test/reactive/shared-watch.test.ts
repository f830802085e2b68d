import { expect } from '@open-wc/testing';
import { watchTogether } from '../../src/reactive/shared-watch.js';
import { fixedController } from '../../src/testing.js';

describe('watching a controller together', () => {
  it('tells each once of all that one task changes', async () => {
    const controller = fixedController();
    const told = [0, 0];
    const undos = told.map((_, index) =>
      watchTogether(controller, () => {
        told[index]! += 1;
      }),
    );
    const change = async () => {
      for (let n = 0; n < 100; n += 1) controller.set({ status: n % 2 ? 'connected' : 'reconnecting' });
      await Promise.resolve();
    };
    await change();
    expect(told).to.deep.equal([1, 1]);
    undos[0]?.();
    await change();
    expect(told).to.deep.equal([1, 2]);
    undos[1]?.();
    await change();
    expect(told).to.deep.equal([1, 2]);
  });

  it('subscribes once for however many, until the last has gone, and anew for the next', () => {
    const controller = fixedController();
    const subscribe = controller.subscribe.bind(controller);
    let subscriptions = 0;
    controller.subscribe = (listener) => {
      subscriptions += 1;
      const undo = subscribe(listener);
      return () => {
        subscriptions -= 1;
        undo();
      };
    };
    const watchers = () => Array.from({ length: 1_000 }, () => watchTogether(controller, () => {}));
    const [first, ...rest] = watchers();
    expect(subscriptions).to.equal(1);
    for (const undo of rest) undo();
    expect(subscriptions).to.equal(1);
    first?.();
    first?.();
    expect(subscriptions).to.equal(0);
    for (const undo of watchers()) undo();
    expect(subscriptions).to.equal(0);
  });
});
