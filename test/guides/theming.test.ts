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
/** Tokens that the elements read, with their defaults. */
const defaults = new Map(
  [...code.matchAll(/var\(\s*(--rt-[a-z-]+),\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g)].map(
    ([, name, value]) => [name as string, (value as string).replace(/\s+/g, ' ').trim()],
  ),
);
const rows = [...guide.matchAll(/^\| `(--rt-[a-z-]+)` \| (.+) \|$/gm)].map(([, name, rest]) => ({
  name: name as string,
  cells: (rest as string).split(' | ').map((cell) => cell.replace(/^`(.*)`$/, '$1')),
}));

describe('the guide to theming', () => {
  it('lists every token that the elements read, once, and no other', () => {
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...defaults.keys()].sort());
  });

  it('prints the colours and lengths that they have', () => {
    for (const { name, cells } of rows) {
      const [first, second] = cells as [string, string];
      const value = defaults.get(name);
      if (value?.startsWith('light-dark(') && cells.length === 3) {
        assert.equal(value, `light-dark(${first}, ${second})`, name);
      } else if (/^(\d+(px|em|ms)?|system-ui.*)$/.test(first)) {
        assert.equal(value, first, name);
      }
    }
    assert.equal(rows.filter(({ cells }) => cells.length === 3).length, 10, 'ten colours');
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
