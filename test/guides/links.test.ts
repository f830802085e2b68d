/** The documents' links to a place within a document: each place is there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const files = readdirSync('docs').filter((file) => file.endsWith('.md'));
const texts = new Map(files.map((file) => [file, readFileSync(`docs/${file}`, 'utf8')]));
const all = (pattern: RegExp, text: string) =>
  [...text.matchAll(pattern)].map(([, found]) => found as string);

/** The names of headings, as forges make them, and the places that are named by hand. */
function anchorsOf(text: string): string[] {
  const headings = all(/^#+ (.+)$/gm, text).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  return [...headings, ...all(/<a id="([^"]+)">/g, text)];
}

describe('the links between the documents', () => {
  for (const [file, text] of texts) {
    it(`of ${file} lead to places that are there`, () => {
      const links = all(/\]\(((?!https?:)[^)\s]*#[^)\s]+)\)/g, text);
      const broken = links.filter((link) => {
        const [target, anchor] = link.split('#') as [string, string];
        return !anchorsOf(texts.get(target || file) ?? '').includes(anchor);
      });
      assert.deepEqual(broken, []);
    });
  }
});
