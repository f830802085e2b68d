/**
 * `npm run bench`: everything; `npm run bench -- burst` one, or those that begin so; `--rounds 3` fewer
 * rounds. Plain JavaScript, because it installs what the bench compares with before anything is compiled.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pages = fileURLToPath(new URL('pages', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

function run(program, parameters, cwd) {
  const { status } = spawnSync(program, parameters, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${pages}/node_modules`)) {
  console.log('Installing what the bench compares with …');
  run('npm', ['ci', '--no-audit', '--no-fund'], pages);
}
// What is measured is what is here, not what was built some time ago.
run('npm', ['run', '--silent', 'build'], root);
run(process.execPath, ['--import', 'tsx', 'test/bench/bench.ts', ...process.argv.slice(2)], root);
