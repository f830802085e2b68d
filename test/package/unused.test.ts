/** Nothing lies about that nobody uses. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

describe('the repository', () => {
  it('has no file, export or dependency that nothing uses, to knip', () => {
    const knip = join('node_modules', '.bin', 'knip');
    const { status, stdout } = spawnSync(
      knip,
      ['--no-progress', '--no-config-hints', '--tsConfig', 'tsconfig.build.json'],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout);
  });
});
