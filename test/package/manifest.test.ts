/** The manifest and what is made from it say what the elements are now. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ElementDescription, elementsOf } from '../../build/elements.js';
import { generatedFiles } from '../../build/manifest.js';

const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const elements = elementsOf(JSON.parse(read('custom-elements.json')));

describe('the manifest', () => {
  it('and everything made from it are as the elements are now: else `npm run manifest`', async () => {
    const outdated = [...(await generatedFiles())].filter(([file, content]) => read(file) !== content);
    assert.deepEqual(
      outdated.map(([file]) => file),
      [],
    );
  });

  it('has every tag, and every tag has its two doors', () => {
    const tags = readdirSync('src/elements')
      .filter((file) => file.endsWith('.define.ts'))
      .map((file) => file.slice(0, -'.define.ts'.length))
      .sort();
    assert.deepEqual(
      elements.map(({ tagName }) => tagName),
      tags,
    );
    const doors = Object.keys(JSON.parse(read('package.json')).exports);
    assert.deepEqual(
      doors.filter((door) => door.startsWith('./elements/')),
      tags.flatMap((tag) => [`./elements/${tag}`, `./elements/${tag}/define`]),
    );
    for (const tag of tags) {
      assert.match(read('src/register.ts'), RegExp(`/${tag}\\.define\\.js'`));
      assert.match(read('src/index.ts'), RegExp(`/${tag}\\.js'`));
    }
  });

  it('says of everything public what it is', () => {
    const nameless = (element: ElementDescription) =>
      [
        element,
        ...(element.attributes ?? []),
        ...(element.members ?? []),
        ...(element.events ?? []),
        ...(element.slots ?? []),
        ...(element.cssParts ?? []),
        ...(element.cssProperties ?? []),
      ]
        .filter(({ description }) => !description)
        .map(({ name }) => `${element.tagName}: ${name}`);
    assert.deepEqual(elements.flatMap(nameless), []);
  });

  it('names each event with a class of its own', () => {
    for (const { tagName, events = [] } of elements) {
      for (const { name, type } of events)
        assert.match(type?.text ?? '', /^\w+Event$/, `${tagName}: ${name}`);
    }
  });

  it('knows each tag and attribute of the samples beside its tables', () => {
    const samples = [...read('docs/elements.md').matchAll(/```html\n([\s\S]*?)```/g)].map(([, html]) => html);
    assert.equal(samples.length, elements.length);
    for (const [, tag, text] of samples.join().matchAll(/<([\w-]+)((?: [\w-]+="[^"]*")*)>/g)) {
      const known = elements.find(({ tagName }) => tagName === tag)?.attributes?.map(({ name }) => name);
      for (const [, name] of (text ?? '').matchAll(/ ([\w-]+)=/g)) {
        assert.ok(known?.includes(name as string), `${tag}: ${name}`);
      }
    }
  });
});
