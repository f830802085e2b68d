/** Size: what each realistic page ships, minified and compressed, by whose code it is. */
import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Lab } from './lab.js';
import { pageOf } from './site.js';

/** Bytes. */
export interface Size {
  min: number;
  gzip: number;
  brotli: number;
}

/** The sizes of a page: the whole, and what each owner has in it. */
export type PageSizes = Record<string, Size>;

const cdn = fileURLToPath(new URL('../../dist/cdn/', import.meta.url));

/** The files that each page of the kit fetches at once, as its table of hashes says. */
const kitPages: Record<string, string[]> = {
  'kit, badge': ['realtime-badge'],
  'kit, four elements': ['connection-status', 'presence-avatars', 'notification-toast', 'progress-tracker'],
};

export async function measureSizes(lab: Lab): Promise<Record<string, PageSizes>> {
  const pages: Record<string, PageSizes> = {};
  for (const [name, tags] of Object.entries(kitPages)) pages[name] = await kitSizes(tags);
  for (const variant of ['pusher-js', 'React, sonner', 'React, Mantine'] as const) {
    const bundle = join(lab.site.folder, pageOf('start', variant).replace('.html', ''));
    const scripts = await readFile(`${bundle}.js`);
    const styles = await readFile(`${bundle}.css`).catch(() => Buffer.alloc(0));
    pages[variant] = { whole: sum([sizeOf(scripts), ...(styles.length > 0 ? [sizeOf(styles)] : [])]) };
  }
  return pages;
}

async function kitSizes(tags: string[]): Promise<PageSizes> {
  const table = JSON.parse(await readFile(join(cdn, 'integrity.json'), 'utf8')) as Record<
    string,
    { imports?: string[] }
  >;
  const files = new Set(['loader.js']);
  const add = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const imported of table[file]?.imports ?? []) add(imported);
  };
  for (const file of ['kit.js', 'pusher.js', ...tags.map((tag) => `${tag}.js`)]) add(file);
  const parts: Record<string, string> = { kit: '', Lit: '', 'pusher-js': '' };
  const wholes: Size[] = [];
  for (const file of files) {
    const code = await readFile(join(cdn, file), 'utf8');
    wholes.push(sizeOf(code));
    for (const [owner, text] of await byOwner(file, code)) parts[owner] += text;
  }
  const owned = Object.entries(parts).map(([owner, text]) => [owner, sizeOf(text)] as const);
  return { whole: sum(wholes), ...Object.fromEntries(owned) };
}

/** The stretches of a built file, with whose source each comes from. */
async function byOwner(file: string, code: string): Promise<[owner: string, text: string][]> {
  const mapText = await readFile(join(cdn, `${basename(file)}.map`), 'utf8').catch(() => undefined);
  // Only what the bundler itself adds has no map.
  if (mapText === undefined) return [['kit', code]];
  const map = new SourceMap(JSON.parse(mapText));
  const stretches: [string, string][] = [];
  let owner = file === 'pusher.js' ? 'pusher-js' : 'kit';
  code.split('\n').forEach((line, lineIndex) => {
    for (let column = 0; column < line.length; column += 1) {
      const entry = map.findEntry(lineIndex, column);
      // What the build has changed on its way has no source: it is whose the code before it is.
      if ('originalSource' in entry && entry.originalSource) owner = ownerOf(entry.originalSource);
      const last = stretches.at(-1);
      if (last?.[0] === owner) last[1] += line[column];
      else stretches.push([owner, line[column] as string]);
    }
  });
  return stretches;
}

function ownerOf(source: string): string {
  if (source.includes('/pusher-js/')) return 'pusher-js';
  return /\/(lit|lit-html|lit-element|@lit)\//.test(source) ? 'Lit' : 'kit';
}

function sizeOf(code: string | Buffer): Size {
  return {
    min: Buffer.byteLength(code),
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code).length,
  };
}

function sum(sizes: Size[]): Size {
  return sizes.reduce((total, { min, gzip, brotli }) => ({
    min: total.min + min,
    gzip: total.gzip + gzip,
    brotli: total.brotli + brotli,
  }));
}
