/** The troubleshooting guide: no error of the kit without an entry, and no entry without an error. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { RealtimeError } from '../../src/core/errors.js';

const guide = readFileSync('docs/troubleshooting.md', 'utf8');
const kinds = 'connection|auth|subscription|message|rate-limit|timeout|configuration';

/** The sources of the page; emulator and server have no such errors. */
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/^(emulator|server)\//.test(file))
  .map((file) => readFileSync(join('src', file), 'utf8'))
  .join('\n');

const all = (pattern: RegExp, text: string): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found!);

/** Parts of codes that are put together: what a service refuses with, and what a request is called. */
const refusals = [...all(/^ +4\d{3}: \[\s*'([a-z-]+)'/gm, sources), 'refused'];
const requests = all(/\.post\([^;]*?'([a-z-]+)'(?:, author|,)?\s*\);/g, sources);

const codes = new Set([
  ...all(new RegExp(`['"]((?:${kinds})/[a-z-]+)['"]`, 'g'), sources),
  ...refusals.map((name) => `connection/${name}`),
  ...requests.map((what) => `timeout/${what}`),
]);

describe('the troubleshooting guide', () => {
  it('knows every way in which a code is put together', () => {
    const templates = all(new RegExp(`\`((?:${kinds})/\\$[^\`]*)\``, 'g'), sources);
    assert.deepEqual(templates.map((template) => template.replace('$', '')).sort(), [
      'connection/{name}',
      'timeout/{what}',
    ]);
    assert.equal(refusals.length, 7);
    assert.deepEqual(requests.sort(), ['authorization', 'content', 'sign-in', 'trigger']);
  });

  for (const code of [...codes].sort()) {
    it(`has an entry for ${code}, where the error itself points`, () => {
      const { docs } = new RealtimeError(code as RealtimeError['code'], 'message', { hint: 'hint' });
      const [file, anchor] = docs.split('#');
      assert.equal(file, 'docs/troubleshooting.md');
      assert.ok(guide.includes(`| <a id="${anchor}"></a>\`${code}\` |`), `add a row for ${code}`);
    });
  }

  it('has no entry for an error that does not exist', () => {
    const documented = all(/<a id="[^"]+"><\/a>`([^`]+)`/g, guide);
    assert.deepEqual(
      documented.filter((code) => !codes.has(code)),
      [],
    );
    assert.equal(new Set(documented).size, documented.length);
  });

  it('names only errors that exist', () => {
    const named = all(new RegExp(`\`((?:${kinds})/[a-z-]+)\``, 'g'), guide);
    assert.deepEqual(
      named.filter((code) => !codes.has(code)),
      [],
    );
  });

  it('tells what each code of the server means', () => {
    const union =
      /RealtimeServerErrorCode =([^;]+);/.exec(readFileSync('src/server/errors.ts', 'utf8'))?.[1] ?? '';
    const answers = all(/'(\w+)'/g, union);
    assert.ok(answers.length > 10);
    const section = guide.slice(guide.indexOf('### What the kit'));
    assert.deepEqual(
      answers.filter((code) => !section.includes(`\`${code}\``)),
      [],
    );
  });
});
