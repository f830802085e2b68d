/** What the benchmarks say of their own figures, and that the document shows the last of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { withFigures } from '../bench/document.js';
import type { Results } from '../bench/results.js';
import { noiseOf, pairedRatios, verdictOf } from '../bench/statistics.js';

const results = JSON.parse(readFileSync('test/bench/results.json', 'utf8')) as Results;
const document = readFileSync('docs/performance.md', 'utf8');

describe('a bound', () => {
  const bound = (value: number, noise?: number) =>
    verdictOf({ name: 'main thread', value, atMost: 1.1, noise });

  it('is met or missed by its value', () => {
    assert.deepEqual([bound(1.1), bound(1.2)], ['met', 'missed']);
    assert.equal(verdictOf({ name: 'events per second', value: 0.98, atLeast: 0.97 }), 'met');
    assert.equal(verdictOf({ name: 'events per second', value: 0.9, atLeast: 0.97 }), 'missed');
    assert.equal(bound(Number.NaN), 'missed');
  });

  it('is not shown where it is nearer than the noise, on either side', () => {
    assert.deepEqual(
      [bound(1.0, 0.05), bound(1.08, 0.05), bound(1.12, 0.05), bound(1.2, 0.05)],
      ['met', 'not shown', 'not shown', 'missed'],
    );
  });
});

describe('the noise', () => {
  it('is how far a variant is off itself, or how widely it scatters', () => {
    const base = [100, 200, 300, 400];
    assert.equal(noiseOf(pairedRatios(base, base)), 0);
    const slower = base.map((value) => value * 1.2);
    assert.ok(Math.abs(noiseOf(pairedRatios(slower, base)) - 0.2) < 1e-9);
    assert.ok(noiseOf([0.5, 0.8, 1.2, 1.5]) > 0.25);
  });
});

describe('the results', () => {
  it('list the value of each bound with its limit', () => {
    assert.ok(results.ratios.length >= 19);
    for (const { name, value, atLeast, atMost } of results.ratios) {
      assert.ok(Number.isFinite(value), name);
      assert.equal([atLeast, atMost].filter((limit) => typeof limit === 'number').length, 1, name);
    }
    assert.equal(new Set(results.ratios.map(({ name }) => name)).size, results.ratios.length);
  });
});

describe('docs/performance.md', () => {
  it('shows the figures of the last run', () => {
    assert.equal(withFigures(document, results), document);
    for (const name of ['bounds', ...Object.keys(results.benches)]) {
      assert.ok(document.includes(`<!-- figures:${name} -->`), name);
    }
  });

  it('says of each bench whose bounds are not all met what is left to do', () => {
    const left = /^## What is left\n([\s\S]*?)^## /m.exec(document)?.[1] ?? '';
    const open = Object.entries(results.benches).filter(([, { ratios }]) =>
      ratios.some((each) => verdictOf(each) !== 'met'),
    );
    assert.deepEqual(
      open.map(([name]) => name).filter((name) => !left.includes(`\`${name}\``)),
      [],
    );
  });
});
