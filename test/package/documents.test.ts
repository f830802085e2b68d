/** What the documents promise about the repository itself. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

describe('the documents', () => {
  for (const file of documents) {
    it(`of ${file} link only to what is there`, () => {
      const links = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
        ([, target]) => target as string,
      );
      assert.deepEqual(
        links.filter((target) => !existsSync(join(dirname(file), target))),
        [],
      );
    });
  }

  it('print the smallest page as the demo serves it', () => {
    const printed = /<!-- embed:start -->\n+```html\n([\s\S]*?)```/.exec(
      readFileSync('README.md', 'utf8'),
    )?.[1];
    const served = readFileSync('demo/pages/embed.html', 'utf8')
      .replaceAll('{{user}}', '1')
      .replace('{{token}}', 'a JWT of this person');
    assert.equal(printed, served);
    assert.ok((printed ?? '').trimEnd().split('\n').length <= 10);
  });

  it('name for every capability a test file that exists', () => {
    const rows = readFileSync('docs/features.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| F\d+/.test(line));
    assert.ok(rows.length > 20);
    const named = rows.flatMap((row) =>
      [...row.matchAll(/`((?:test|stories)\/[^`]+)`/g)].map(([, path]) => path as string),
    );
    assert.deepEqual(
      named.filter((path) => !existsSync(path)),
      [],
    );
    const bare = rows.filter((row) => !/`(?:test|stories)\/[^`]+`/.test(row) && !/not built yet/.test(row));
    assert.deepEqual(bare, []);
  });

  it('print pages from npm as they are built and tried', () => {
    const printed = [
      ...readFileSync('docs/frameworks.md', 'utf8').matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm),
    ];
    assert.equal(printed.length, 5);
    for (const [, file, code] of printed) {
      assert.equal(code, readFileSync(join('test/package/pages', file as string), 'utf8'), file);
    }
  });
});
