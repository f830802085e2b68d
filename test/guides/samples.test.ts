/** The documents' samples: what is TypeScript is type-checked, what is HTML names elements and attributes that exist. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { transform } from 'esbuild';
import { hasOwnTest, placeOf, samples, samplesIn } from './samples.js';

const root = resolve('.');
const folder = mkdtempSync(join(tmpdir(), 'guides-'));
after(() => rmSync(folder, { recursive: true }));

describe('the samples of the documents', () => {
  it('are in languages that are checked', () => {
    const languages = [
      ...new Set(samples.filter((sample) => !hasOwnTest(sample)).map(({ language }) => language)),
    ].sort();
    assert.deepEqual(languages, ['css', 'html', 'js', 'sh', 'text', 'ts', 'tsx']);
  });

  it('parse, also those of what was before', async () => {
    for (const sample of samples) {
      if (!/^(ts|tsx|js)$/.test(sample.language)) continue;
      const loader = sample.language === 'ts' ? 'ts' : 'tsx';
      await assert.doesNotReject(transform(sample.code, { loader }), placeOf(sample));
    }
  });

  it('fit the types of the kit', () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const sample of samplesIn('ts', 'tsx')) {
      if (hasOwnTest(sample)) continue;
      const { line, language, name, code } = sample;
      const file = join(folder, basename(sample.file, '.md'), name || `line-${line}.${language}`);
      if (!existsSync(dirname(file))) {
        mkdirSync(dirname(file));
        // Where a guide has them.
        symlinkSync(join(root, 'docs/examples'), join(dirname(file), 'examples'));
      }
      // Each is a module, and may be one that imports nothing.
      writeFileSync(file, `${code}\nexport {};\n`);
    }
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: true, types: ['node', 'vite/client'] },
      include: ['*/*.ts', '*/*.tsx'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], {
      encoding: 'utf8',
    });
    assert.ok(status === 0 || stdout, 'the compiler has run');
    // The sources themselves are checked elsewhere.
    assert.deepEqual(
      stdout.split('\n').filter((line) => line && !/(^|\/)(src|node_modules|examples)\//.test(line)),
      [],
    );
  });

  it('use tags and attributes that the elements have', () => {
    const known = attributesByTag();
    const wrong = samplesIn('html').flatMap((sample) =>
      [...sample.code.matchAll(/<([a-z]+-[a-z-]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g)].flatMap(
        ([, tag, text]) => {
          const attributes = known.get((tag as string).replace(/^acme-/, ''));
          if (!attributes) return [`${placeOf(sample)} <${tag}>`];
          const names = [...(text as string).matchAll(/([a-z-]+)(?:="[^"]*")?/g)].map(
            ([, name]) => name as string,
          );
          return names
            .filter((name) => !attributes.has(name) && !['id', 'class', 'lang', 'slot'].includes(name))
            .map((name) => `${placeOf(sample)} <${tag} ${name}>`);
        },
      ),
    );
    assert.deepEqual(wrong, []);
  });

  it('run commands that the package has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    const names = samplesIn('sh').flatMap(({ code }) =>
      [...code.matchAll(/^npm (?:run )?(?!(?:install|ci)\b)([\w:-]+)/gm)].map(([, name]) => name as string),
    );
    assert.deepEqual(
      names.filter((name) => !scripts[name]),
      [],
    );
  });
});

/** What the manifest says; a tag of a sample's own is not in it. */
function attributesByTag(): Map<string, Set<string>> {
  const { modules } = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as {
    modules: { declarations?: { tagName?: string; attributes?: { name: string }[] }[] }[];
  };
  const found = new Map<string, Set<string>>();
  for (const { tagName, attributes = [] } of modules.flatMap(({ declarations = [] }) => declarations)) {
    if (tagName) found.set(tagName, new Set(attributes.map(({ name }) => name)));
  }
  return found;
}
