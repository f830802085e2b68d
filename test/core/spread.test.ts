import { expect } from '@open-wc/testing';
import { endAll, startController, startEmulator, until } from '../helpers/kit.js';
import { stopTime } from '../helpers/virtual-time.js';

const PAGES = 20;
const WINDOW_MS = 8_000;

describe('a fleet that was dropped together', () => {
  afterEach(endAll);

  /*
   * The chance is real: `Math.random` draws 20 moments, evenly spread over 8 s. That they lie less than
   * half the window apart has a probability of 20·½¹⁹ − 19·½²⁰ = 0.00002. That some 100 ms (1/80 of the
   * window) hold six or more is at most 20·P(five or more of the other 19 within 100 ms after one)
   * = 20·Σₖ₌₅ C(19,k)·(1/80)ᵏ·(79/80)¹⁹⁻ᵏ = 0.00006. A false alarm is one in 12,000 runs. The time is
   * virtual, so that a busy machine bundles nothing.
   */
  it('comes back spread over the window of the backoff, and not in a rush', async () => {
    const time = stopTime();
    try {
      const emulator = startEmulator();
      const pages = Array.from({ length: PAGES }, () =>
        startController(emulator, { timing: { backoffBaseMs: WINDOW_MS } }),
      );
      for (const page of pages) page.connect();
      for (const page of pages) await until(page, () => page.status === 'connected');

      const attempts: number[] = [];
      emulator.engine.observe(({ type, at }) => {
        if (type === 'connected') attempts.push(at);
      });
      emulator.driver.drop();
      await time.tickAsync(WINDOW_MS);

      expect(attempts).to.have.length(PAGES);
      expect(Math.max(...attempts) - Math.min(...attempts)).to.be.at.least(WINDOW_MS / 2);
      const rush = attempts.map((start) => attempts.filter((at) => at >= start && at < start + 100).length);
      expect(Math.max(...rush)).to.be.at.most(PAGES / 4);
    } finally {
      time.uninstall();
    }
  });
});
