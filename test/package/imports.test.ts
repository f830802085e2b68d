/** Who imports whom: what the linter, which knows no difference between a type and a value, cannot say. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

describe('the elements', () => {
  it('take types alone from core, but for the provider, which makes the controller', () => {
    const importers = readdirSync('src/elements').filter((file) => {
      const code = readFileSync(`src/elements/${file}`, 'utf8');
      // Up to the address: `{ type A }` counts as well, since the module would still run.
      const imports = code.match(/\b(?:import|export)\b(?! type\b)[^;'"]*['"]\.\.\/core\/[^'"]+['"]/g);
      return imports !== null;
    });
    assert.deepEqual(importers, ['realtime-provider.ts']);
  });
});
