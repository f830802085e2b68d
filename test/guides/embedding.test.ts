/** What the guides list, held against the sources: attributes, tokens, controllers, the policy and the examples. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const read = (file: string) => readFileSync(file, 'utf8');
const all = (pattern: RegExp, text: string) =>
  [...text.matchAll(pattern)].map(([, found]) => found as string);
const unique = (names: string[]) => [...new Set(names)].sort();
const section = (text: string, heading: string) =>
  new RegExp(`\\n## ${heading}\\n([\\s\\S]*?)(?=\\n## |$(?![\\s\\S]))`).exec(text)?.[1] ?? '';

const embedding = read('docs/embedding.md');

describe('the guide to embedding', () => {
  it('lists every attribute that a script tag is read for, and no other', () => {
    const settings = all(
      /(?:text|number|flag\(read|read)\('([a-z-]+)'\)/g,
      read('src/core/config-sources.ts'),
    );
    const ofLoader = all(/(?:read|isOff)\('([a-z-]+)'\)/g, read('src/loader.ts'));
    const fromDataset = ['loader', 'script-tag', 'kit'].flatMap((file) =>
      all(/dataset\.([a-z]\w*)/g, read(`src/${file}.ts`)),
    );
    const known = unique([...settings, ...ofLoader, ...fromDataset]).filter((name) => name !== 'secret');
    assert.ok(known.length > 15);
    const listed = all(/^\| `data-([a-z-]+)`/gm, section(embedding, "The script tag's attributes"));
    assert.deepEqual(unique(listed), known);
    assert.equal(new Set(listed).size, listed.length);
  });

  it('preloads no file before all that it imports, which a browser would fetch without a hash', () => {
    const table = JSON.parse(read('dist/cdn/integrity.json')) as Record<string, { imports?: string[] }>;
    const preloaded = all(/rel="modulepreload" crossorigin href="[^"]*\/([\w.-]+)"/g, embedding);
    assert.ok(preloaded.length > 0 && preloaded.length <= 2);
    preloaded.forEach((file, index) => {
      const { imports } = table[file] ?? assert.fail(`${file} is none of the built files`);
      assert.deepEqual(
        imports?.filter((imported) => !preloaded.slice(0, index).includes(imported)),
        [],
        file,
      );
    });
  });
});

describe('the guide to own elements', () => {
  it('lists every reactive controller, with all that it gives', () => {
    const files = readdirSync('src/reactive').filter((file) => file.endsWith('-controller.ts'));
    const rows = new Map(
      read('docs/own-elements.md')
        .split('\n')
        .flatMap((line) => {
          const name = /^\| `(\w+Controller)` /.exec(line)?.[1];
          return name ? [[name, line] as const] : [];
        }),
    );
    for (const file of files) {
      const source = read(`src/reactive/${file}`);
      const name = /export class (\w+Controller)/.exec(source)?.[1] as string;
      const body = source.slice(source.indexOf(`export class ${name}`));
      const members = unique([
        ...all(/^ {2}get (\w+)\(/gm, body),
        ...all(/^ {2}(?:async )?(?!constructor|if|for)([a-z]\w*)(?:<[^(]*>)?\([^)]*(?:\)|$)/gm, body).map(
          (method) => `${method}()`,
        ),
      ]).filter((member) => !/^host\w+\(\)$/.test(member));
      const row = rows.get(name);
      assert.ok(row, `list ${name}`);
      assert.deepEqual(
        members.filter((member) => !row.includes(`\`${member}\``)),
        [],
        name,
      );
    }
    assert.equal(rows.size, files.length);
  });
});

describe('the guide to the security policy', () => {
  it('prints the policy in one line, and only with directives that it explains', () => {
    const guide = read('docs/security-policy.md');
    const policy = /^```text policy\n(.*)\n```$/m.exec(guide)?.[1] ?? '';
    assert.equal(
      policy,
      "default-src 'none'; script-src <the kit's host>; connect-src <socket host> <authorization host>; " +
        "img-src <avatar hosts>; require-trusted-types-for 'script'; trusted-types realtime-elements",
    );
    const table = guide.split('\n').filter((line) => line.startsWith('| `'));
    for (const directive of policy.split('; ').map((part) => part.split(' ')[0] as string)) {
      assert.ok(
        table.some((row) => row.includes(`\`${directive}`)),
        directive,
      );
    }
  });
});

describe('the examples', () => {
  it('are all listed, and all run by a test', () => {
    const files = readdirSync('docs/examples').filter((file) => file.endsWith('.ts'));
    const tests = ['test/examples', 'test/core'].flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => read(`${folder}/${file}`)),
    );
    const listed = all(/^\| \[[^\]]+\]\(([^)]+)\)/gm, read('docs/examples/README.md'));
    assert.deepEqual(unique(listed), files.sort());
    for (const file of files) {
      const imported = `docs/examples/${file.replace(/\.ts$/, '.js')}'`;
      assert.ok(
        tests.some((test) => test.includes(imported)),
        file,
      );
    }
    assert.ok(files.length >= 13);
  });

  it('link only to what is there', () => {
    const links = all(/\]\((?!https?:|#)([^)#]+)/g, read('docs/examples/README.md'));
    assert.deepEqual(
      links.filter((link) => !existsSync(`docs/examples/${link}`)),
      [],
    );
  });
});
