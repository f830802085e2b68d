import { expect } from '@open-wc/testing';
import type { RealtimeError } from '../../src/core/errors.js';
import { Lazy } from '../../src/core/lazy.js';

describe('a part that is loaded at its first use', () => {
  let loads: number;
  let reported: RealtimeError[];
  let isReachable: boolean;
  let part: Lazy<string>;
  beforeEach(() => {
    loads = 0;
    reported = [];
    isReachable = true;
    part = new Lazy(
      async () => {
        loads += 1;
        if (!isReachable) throw new TypeError('Failed to fetch dynamically imported module');
        return 'the part';
      },
      (error) => reported.push(error),
    );
  });

  it('is loaded once, however many use it', async () => {
    expect(part.value).to.equal(undefined);
    const used: string[] = [];
    part.use((value) => used.push(value));
    expect(await Promise.all([part.get(), part.get()])).to.deep.equal(['the part', 'the part']);
    expect([loads, part.value, used]).to.deep.equal([1, 'the part', ['the part']]);
  });

  it('says what to do when its code cannot be reached, and is asked for again at the next use', async () => {
    isReachable = false;
    const error = await part.get().then(
      () => undefined,
      (reason: RealtimeError) => reason,
    );
    expect(error?.code).to.equal('connection/code-not-loaded');
    expect(error?.retryable).to.equal(true);
    await new Promise<void>((resolve) => {
      const failing = new Lazy(
        () => Promise.reject(new Error('no')),
        () => resolve(),
      );
      failing.use(() => {});
    });
    isReachable = true;
    expect(await part.get()).to.equal('the part');
    expect(loads).to.equal(2);
    expect(reported).to.deep.equal([]);
  });
});
