/**
 * `npm test`: every suite, one after the other, and a closing line over all of them. Plain JavaScript,
 * because it runs before anything is compiled. `npm test -- server` runs the suites whose name has
 * that in it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMissingBrowsers } from './helpers/browsers.js';

const reports = mkdtempSync(join(tmpdir(), 'realtime-elements-test-'));
const bin = (name) => join('node_modules', '.bin', name);

/** What a suite reports: how many tests passed and failed, and the names of those that failed. */
const nothing = { passed: 0, failed: 0, failures: [] };

/** A suite that passes or fails as a whole. */
function check(name, ...command) {
  return { name, command, count: () => ({ ...nothing, passed: 1 }) };
}

/** Tests under node's own runner; the counts come from a second, machine-readable report. */
function nodeTests(folder, ...flags) {
  const report = join(reports, `${folder}.tap`);
  const files = readdirSync(join('test', folder))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('test', folder, file));
  const reporters = ['spec', 'tap'].flatMap((reporter) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${reporter === 'tap' ? report : 'stdout'}`,
  ]);
  return {
    name: folder,
    command: [process.execPath, '--import', 'tsx', '--test', ...flags, ...reporters, ...files],
    count() {
      const tap = existsSync(report) ? readFileSync(report, 'utf8') : '';
      const number = (label) => Number(new RegExp(`^# ${label} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
      const failures = [
        ...tap.matchAll(/^( *)not ok \d+ - (.+)\n(?:\1 {2}.*\n)*?\1 {2}failureType: '(.+)'$/gm),
      ]
        .filter(([, , , type]) => type !== 'subtestsFailed')
        .map(([, , name]) => name);
      return { passed: number('pass'), failed: number('fail') + number('cancelled'), failures };
    },
  };
}

/** Tests inside a browser; the runner's configuration writes the report. */
function browserTests(browser, { name = browser, ...environment } = {}) {
  const report = join(reports, `${name}.json`);
  return {
    name,
    command: [bin('wtr')],
    environment: { ...environment, BROWSERS: browser, TEST_REPORT: report },
    count: () => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : nothing),
  };
}

function run({ name, command: [program, ...parameters], environment, count }) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(program, parameters, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status === 0) return { name, ...count() };
  const { passed, failed, failures } = count();
  // A suite that broke before it could count has failed once.
  return { name, passed: failed > 0 ? passed : 0, failed: Math.max(1, failed), failures };
}

const suites = [
  check('types', bin('tsc'), '--noEmit'),
  check('lint', bin('biome'), 'check', '--error-on-warnings'),
  nodeTests('protocol'),
  nodeTests('server'),
  nodeTests('emulator'),
  check('build', 'npm', 'run', '--silent', 'build'),
  nodeTests('package'),
  nodeTests('guides'),
  check('storybook', 'npm', 'run', '--silent', 'storybook:build'),
  check('stories', process.execPath, 'stories/check.js'),
  browserTests('chromium'),
  // The script tags' pusher-js is built anew, and has to do all that the core asks of the one from npm.
  browserTests('chromium', { name: 'chromium-script-tags', PUSHER_FILE: 'dist/cdn/pusher.js' }),
  browserTests('firefox'),
  nodeTests('e2e', '--test-concurrency=1'),
];

installMissingBrowsers();
const wanted = process.argv[2] ?? '';
const results = suites.filter(({ name }) => name.includes(wanted)).map(run);
rmSync(reports, { recursive: true });

console.log();
for (const { name, passed, failed, failures } of results) {
  console.log(`${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed`);
  // Once more, where they are found: the suites' own words stand thousands of lines above.
  for (const failure of failures) console.log(`    ${failure}`);
}
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
// A run without a test has shown nothing.
process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
