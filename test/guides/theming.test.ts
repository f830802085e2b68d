/** What docs/theming.md says of tokens, parts and states is what the elements have. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { elementsOf } from '../../build/elements.js';

const read = (file: string) => readFileSync(file, 'utf8');
const guide = read('docs/theming.md');
const elements = elementsOf(JSON.parse(read('custom-elements.json')));
const code = readdirSync('src/elements')
  .map((file) => read(`src/elements/${file}`))
  .join('\n');

const tokensIn = (text: string) => [...new Set(text.match(/--rt-[a-z]+(?:-[a-z]+)*/g))].sort();
/** What stands before the parenthesis that closes what is open at the beginning. */
function untilClosed(text: string): string {
  let depth = 0;
  const end = [...text].findIndex((character) => {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    return depth < 0;
  });
  return text.slice(0, end);
}
/** Tokens that the elements read, with their defaults. */
const defaults = new Map(
  [...code.matchAll(/var\(\s*(--rt-[a-z-]+),/g)].map(({ 0: start, 1: name, index }) => [
    name as string,
    untilClosed(code.slice(index + start.length)).trim(),
  ]),
);
const rows = [...guide.matchAll(/^\| `(--rt-[a-z-]+)` \| (.+) \|$/gm)].map(([, name, rest]) => ({
  name: name as string,
  cells: (rest as string).split(' | ').map((cell) => cell.replace(/^`(.*)`$/, '$1')),
}));

describe('the guide to theming', () => {
  it('lists every token that the elements read, once, and no other', () => {
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...defaults.keys()].sort());
  });

  it('prints the lengths, times and families that they have', () => {
    const printed = rows.filter(({ cells }) => /^(\d+(px|em|ms)?|system-ui.*)$/.test(cells[0] as string));
    for (const { name, cells } of printed) assert.equal(defaults.get(name), cells[0], name);
    assert.ok(printed.length > 5);
  });

  it('and every other document and story name no token that does not exist', () => {
    const files = [
      ...readdirSync('docs')
        .filter((file) => file.endsWith('.md'))
        .map((file) => `docs/${file}`),
      ...readdirSync('stories')
        .filter((file) => /\.(ts|css)$/.test(file))
        .map((file) => `stories/${file}`),
      'README.md',
    ];
    for (const file of files) {
      const unknown = tokensIn(read(file)).filter((name) => !defaults.has(name));
      assert.deepEqual(unknown, [], file);
    }
  });

  it('names parts, tags and states that are there', () => {
    const rules = [
      ...guide.matchAll(/^([a-z]+-[a-z-]+)(?:\[(\w+)(?:='(\w+)')?\])?(?:::part\((\w+)\))? \{$/gm),
    ];
    assert.ok(rules.length >= 8);
    for (const [rule, tag, attribute, value, part] of rules) {
      const element = elements.find(({ tagName }) => tagName === tag);
      assert.ok(element, rule);
      if (part)
        assert.ok(
          element.cssParts?.some(({ name }) => name === part),
          rule,
        );
      const found = element.attributes?.find(({ name }) => name === attribute);
      if (attribute) assert.ok(found, rule);
      if (value) assert.match(found?.type?.text ?? '', RegExp(`'${value}'`), rule);
    }
  });
});
