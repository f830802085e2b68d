import { expect } from '@open-wc/testing';
import { TokenBucket } from '../../src/core/token-bucket.js';
import { CountingEnvironment } from '../helpers/counting-environment.js';

describe('turns', () => {
  it('are not withheld for an hour when the clock is set back by one', () => {
    const world = new CountingEnvironment();
    const bucket = new TokenBucket(world, 2, 1_000);
    bucket.take();
    bucket.take();
    expect(bucket.remaining).to.equal(0);
    world.sleep(-3_600_000);
    expect([bucket.remaining, bucket.retryAfter]).to.deep.equal([2, 0]);
  });
});
