/**
 * The package as a page gets it: packed by npm, and installed by npm into a folder of its own, with
 * nothing around it but the dependencies that it names. Needs no network: what it depends on is packed
 * from this repository's own `node_modules`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const ours = (name: string) => join(root, 'node_modules', name);

/** A folder with the package in its `node_modules`. */
export interface Installation {
  readonly folder: string;
  /** The package as packed, and the files in it. */
  readonly tarball: { readonly path: string; readonly files: readonly string[] };
  /** Adds a package that a page brings itself: a copy, or a link where it needs its own neighbours. */
  add(name: string, source?: string, how?: 'copy' | 'link'): void;
  /** Another one, with the same packages. */
  clone(): Installation;
  /** Adds the files of `test/package/pages/<name>` and answers their folder. */
  addPage(name: string): string;
  remove(): void;
}

interface LockedPackage {
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What `npm pack --json` tells. */
interface PackedPackage {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** What an install of the package brings, by name: dependencies and required peers, all the way down. */
function dependencies(): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Set<string>();
  const visit = ({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: LockedPackage) => {
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys(dependencies), ...peers]) {
      if (found.has(name)) continue;
      found.add(name);
      visit(lock.packages[`node_modules/${name}`]);
    }
  };
  visit(lock.packages['']);
  return [...found].sort();
}

function npm(folder: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', parameters, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${parameters[0]} failed: ${stderr}`);
  return stdout;
}

/** Packs the built package and what it depends on, and installs it. */
export function install(): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-elements-page-'));
  const names = dependencies();
  const packed: PackedPackage[] = JSON.parse(
    npm(folder, 'pack', '--ignore-scripts', '--json', root, ...names.map(ours)),
  );
  const packedAs = (name: string) => packed.find((one) => one.name === name) as PackedPackage;
  const address = (name: string) => `file:${join(folder, packedAs(name).filename)}`;
  const page = {
    name: 'page',
    private: true,
    type: 'module',
    dependencies: { 'realtime-elements': address('realtime-elements') },
    overrides: Object.fromEntries(names.map((name) => [name, address(name)])),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(page));
  npm(folder, 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund');
  const { filename, files } = packedAs('realtime-elements');
  return installation(folder, { path: join(folder, filename), files: files.map(({ path }) => path) });
}

function installation(folder: string, tarball: Installation['tarball']): Installation {
  return {
    folder,
    tarball,
    add(name, source = name, how = 'copy') {
      const target = join(folder, 'node_modules', name);
      mkdirSync(dirname(target), { recursive: true });
      if (how === 'link') symlinkSync(ours(source), target);
      else cpSync(ours(source), target, { recursive: true });
    },
    clone() {
      const copy = mkdtempSync(join(tmpdir(), 'realtime-elements-page-'));
      for (const part of ['package.json', 'node_modules']) {
        cpSync(join(folder, part), join(copy, part), { recursive: true, verbatimSymlinks: true });
      }
      return installation(copy, tarball);
    },
    addPage(name) {
      const target = join(folder, name);
      cpSync(join(import.meta.dirname, 'pages', name), target, { recursive: true });
      return target;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
