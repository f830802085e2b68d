/**
 * `npm run manifest`: writes `custom-elements.json` and everything that is made from it. A test
 * compares what it would write with what is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
// @ts-expect-error The analyzer has no types for its command.
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import { vscodeData, webTypes } from './editor-data.js';
import { elementsOf, type Manifest } from './elements.js';
import { attributeTypes, reactComponent, reactDoor } from './framework-types.js';
import { withTables } from './tables.js';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** A file as the formatter leaves it. */
function formatted(file: string, content: string): [file: string, content: string] {
  const formatter = spawnSync('node_modules/.bin/biome', ['format', `--stdin-file-path=${file}`], {
    input: content,
    encoding: 'utf8',
  });
  if (formatter.status !== 0) throw new Error(`${file} could not be formatted: ${formatter.stderr}`);
  return [file, formatter.stdout];
}

/** Documents that may hold tables. */
const documents = [
  'README.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** Every generated file, by path from the repository's root, as it should be now. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const manifest: Manifest = await cli({
    argv: ['analyze', '--config', 'custom-elements-manifest.config.js', '--quiet'],
    noWrite: true,
  });
  const elements = elementsOf(manifest);
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return new Map([
    ['custom-elements.json', json(manifest)],
    formatted('vscode.html-custom-data.json', json(vscodeData(elements))),
    formatted('web-types.json', json(webTypes(elements, name, version))),
    formatted('types/attributes.d.ts', attributeTypes(elements)),
    formatted('src/react/index.ts', reactDoor(elements)),
    ...elements.map((element) => formatted(`src/react/${element.tagName}.ts`, reactComponent(element))),
    ...documents.map((file) => [file, withTables(readFileSync(file, 'utf8'), elements)] as [string, string]),
  ]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, content] of await generatedFiles()) {
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    console.log(`wrote ${file}`);
  }
}
