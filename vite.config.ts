/**
 * Builds `dist/cdn`, the files for script tags: a classic loader, shared code and one file per element,
 * all unhashed so that a page can name them, and one file that holds everything. The npm package itself
 * is compiled by tsc, file by file.
 *
 * `vite build` makes the modules and their table of hashes; then `--mode loader` and `--mode single`
 * the two scripts that stand alone. The loader has the table inside, and checks each file before it runs.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);

/** Every tag: an element file is one that a `.define` file stands beside. */
const tags = readdirSync(source('elements'))
  .filter((file) => file.endsWith('.define.ts'))
  .map((file) => file.slice(0, -'.define.ts'.length));

/** The tags of `realtime.js`, the one-file door. */
const singleTags = ['connection-status', 'presence-avatars', 'notification-toast', 'progress-tracker'];

const className = (tag: string) =>
  `${tag.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())}Element`;

/**
 * An element's file exports its class under one name, so that the loader needs to know none. It stands on
 * `kit.js`, which so becomes the one file for all that they share.
 */
function elementEntries(): Plugin {
  const prefix = 'virtual:element/';
  return {
    name: 'element-entries',
    resolveId: (id) => (id.startsWith(prefix) || id === 'virtual:single' ? `\0${id}` : undefined),
    load(id) {
      if (id === '\0virtual:single') return singleEntry();
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const tag = id.slice(prefix.length + 1);
      return `
        import '${source('kit.ts')}';
        export { ${className(tag)} as element } from '${source(`elements/${tag}.ts`)}';`;
    },
  };
}

const cdn = resolve(import.meta.dirname, 'dist/cdn');
const integrityFile = resolve(cdn, 'integrity.json');

/** `integrity.json`: each file with its hash, and the files that it imports at once. */
type IntegrityTable = Record<string, { integrity: string; imports?: string[] }>;

const readTable = (): IntegrityTable =>
  existsSync(integrityFile) ? JSON.parse(readFileSync(integrityFile, 'utf8')) : {};

function hashOf(file: string): string {
  return `sha256-${createHash('sha256')
    .update(readFileSync(resolve(cdn, file)))
    .digest('base64')}`;
}

/** Code in which nothing has moved to another line: the map that there was still holds. */
const inPlace = (code: string) => ({ code, map: null });

/** Writes what was built into `integrity.json`; the modules come first and begin it anew. */
function integrityTable(): Plugin {
  return {
    name: 'integrity-table',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const isModules = chunks.length > 1;
      if (isModules) fillInHashes(chunks.map(({ fileName }) => fileName));
      const table = isModules ? {} : readTable();
      for (const { fileName, imports } of chunks) {
        table[fileName] = { integrity: hashOf(fileName), ...(isModules ? { imports } : {}) };
      }
      writeFileSync(integrityFile, `${JSON.stringify(table, null, 2)}\n`);
    },
  };
}

/** Stands for a file's hash until that is known, and is as long, so that source maps stay right. */
const placeholderOf = (file: string) => `hash-of-${file}`.padEnd('sha256-'.length + 44, '_');

/** A file that holds another's hash has one itself only when that stands in it. */
function fillInHashes(files: readonly string[]): void {
  const codes = new Map(files.map((file) => [file, readFileSync(resolve(cdn, file), 'utf8')]));
  while (codes.size > 0) {
    const settled = [...codes].find(
      ([, code]) => ![...codes.keys()].some((file) => code.includes(placeholderOf(file))),
    );
    if (!settled) throw new Error(`These files wait for each other’s hashes: ${[...codes.keys()].join()}`);
    const [file, code] = settled;
    codes.delete(file);
    writeFileSync(resolve(cdn, file), code);
    for (const [other, itsCode] of codes)
      codes.set(other, itsCode.replaceAll(placeholderOf(file), hashOf(file)));
  }
}

/**
 * `import()` takes no hash: before each import on demand the built files tell the loader what they are about
 * to run, with the hashes, and wait until that was seen to be what was built. Without a loader on the page
 * they import as ever.
 */
function verifiedImports(): Plugin {
  const check = 'globalThis[Symbol.for("realtime-elements.check")]';
  return {
    name: 'verified-imports',
    renderChunk(code, { fileName: importer }, _options, { chunks }) {
      const withImports = (file: string): string[] => [
        ...(chunks[file]?.imports.flatMap(withImports) ?? []),
        file,
      ];
      const isThere = new Set(withImports(importer));
      const checked = code.replace(
        /\bimport\(\s*(["'`])\.\/([\w.-]+\.js)\1\s*\)/g,
        (original, _quote, file) => {
          const files = [...new Set(withImports(file))].filter((each) => !isThere.has(each));
          const pairs = files.map((each) => `"${each}","${placeholderOf(each)}"`);
          return `Promise.resolve(${check}?.(import.meta.url,${pairs.join()})).then(()=>${original})`;
        },
      );
      return inPlace(checked);
    },
  };
}

/**
 * Vite wraps each import on demand in a helper that preloads styles and tells the page's window of failures.
 * The kit has no style files, and its own way to check, to report and to try again.
 */
function plainImports(): Plugin {
  return {
    name: 'plain-imports',
    load: {
      order: 'pre',
      handler: (id) =>
        id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined,
    },
  };
}

/** A library in one CommonJS file without imports: given the two names that it looks for, it needs no bundler's runtime. */
function moduleLibraries(): Plugin {
  return {
    name: 'module-libraries',
    transform: (code, id) =>
      id.endsWith('/node_modules/tweetnacl/nacl-fast.js')
        ? inPlace(
            `const module = { exports: {} }, exports = module.exports, require = undefined; ${code}\nexport default module.exports;`,
          )
        : undefined,
  };
}

const pusherPackage = createRequire(import.meta.url).resolve('pusher-js/package.json');
const pusherSource = resolve(pusherPackage, '../src');

/** The version of pusher-js: part of the address of its sockets, which the loader opens early. */
const pusherVersion: string = JSON.parse(readFileSync(pusherPackage, 'utf8')).version;

/**
 * pusher-js from the sources that it ships, on a platform that has sockets alone (`build/pusher-runtime.js`).
 * The two decoders that its encrypted channels take from libraries are in every browser.
 */
function pusherOnSockets(): Plugin {
  const decoders: Record<string, string> = {
    '@stablelib/base64':
      'export const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));',
    '@stablelib/utf8':
      'export const decode = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);',
  };
  return {
    name: 'pusher-on-sockets',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id === 'pusher-js/worker/index.js') return `${pusherSource}/core/pusher.ts`;
      if (id === 'runtime') return resolve(import.meta.dirname, 'build/pusher-runtime.js');
      if (id.startsWith('core/')) return `${pusherSource}/${id}.ts`;
      // Beside it stands a file of the same name for other builds.
      if (importer?.startsWith(pusherSource) && id.endsWith('/pusher'))
        return `${pusherSource}/core/pusher.ts`;
      return decoders[id] && `\0${id}`;
    },
    load: (id) => decoders[id.slice(1)],
    // They are written for fields that are assigned, as this compiler option once was everywhere.
    transform: (code, id) =>
      id.startsWith(pusherSource)
        ? transformSync(code, {
            loader: 'ts',
            sourcemap: true,
            define: {
              VERSION: JSON.stringify(pusherVersion),
              // Where its own builds would load scripts from.
              ...Object.fromEntries(
                ['CDN_HTTP', 'CDN_HTTPS', 'DEPENDENCY_SUFFIX'].map((name) => [name, '""']),
              ),
              global: 'globalThis',
            },
            tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
          })
        : undefined,
  };
}

/** Styles without anything that a browser skips. Their lines stay where they were, for source maps. */
function smallStyles(): Plugin {
  return {
    name: 'small-styles',
    transform: (code, id) =>
      id.includes('/src/elements/')
        ? inPlace(
            code.replace(/\bcss`([^`$]*)`/g, (template, css) => {
              const small = transformSync(css, { loader: 'css', minify: true }).code.trim();
              return `css\`${small}\`${'\n'.repeat(template.split('\n').length - 1)}`;
            }),
          )
        : undefined,
  };
}

/** What Lit would leave on the page's window, and what stands there instead; each must be found. */
const litTraces: Record<string, [pattern: RegExp, replacement: string][]> = {
  'lit-html/lit-html.js': [
    // The registry has the one Trusted Types policy of the kit: a name that the page allows, taken once.
    [/\b\w+\.createPolicy\(\s*["']lit-html["'],\s*\{[^}]*\}\s*\)/, '__registry().policy()'],
    [/\(\w+\.litHtmlVersions\s*\?\?=\s*\[\]\)\.push\([^)]*\)/, 'void 0'],
  ],
  '@lit/reactive-element/reactive-element.js': [
    [/\(\w+\.reactiveElementVersions\s*\?\?=\s*\[\]\)\.push\([^)]*\)/, 'void 0'],
    [/\w+\.litPropertyMetadata\s*\?\?=\s*new WeakMap\b(\(\))?/, 'void 0'],
    [/\blitPropertyMetadata\.get\((\w+)\)/, 'void 0'],
  ],
  'lit-element/lit-element.js': [[/\(\w+\.litElementVersions\s*\?\?=\s*\[\]\)\.push\([^)]*\)/, 'void 0']],
};

/**
 * Keeps Lit from leaving names on the host page. Its property metadata serves standard decorators, which
 * the kit does not use.
 */
function tracelessLit(): Plugin {
  return {
    name: 'traceless-lit',
    transform(code, id) {
      const traces = Object.entries(litTraces).find(([file]) => id.endsWith(`/node_modules/${file}`))?.[1];
      if (!traces) return undefined;
      let result = code;
      for (const [pattern, replacement] of traces) {
        if (!pattern.test(result)) throw new Error(`Lit has changed: ${id} holds no ${pattern} any more.`);
        result = result.replace(pattern, replacement);
      }
      return inPlace(
        result.includes('__registry()')
          ? `${result}\nimport { registry as __registry } from '${source('core/registry.ts')}';`
          : result,
      );
    },
  };
}

/** What the loader asks for by itself, with its hash: pusher-js, and what stands on the shared code alone. */
function loaderTable(): Record<string, string> {
  const table = readTable();
  const names = ['kit', 'pusher', ...tags];
  for (const name of names) {
    const imports = table[`${name}.js`]?.imports?.join() ?? '';
    if (imports !== (tags.includes(name) ? 'kit.js' : '')) {
      throw new Error(`The loader does not know that ${name}.js imports ${imports}.`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, table[`${name}.js`]?.integrity ?? '']));
}

/** Loader, kit and elements in one classic script. */
function singleEntry(): string {
  const imports = singleTags.map(
    (tag) => `import { ${className(tag)} } from '${source(`elements/${tag}.ts`)}';`,
  );
  const elements = singleTags.map((tag) => `'${tag}': ${className(tag)}`);
  return `
    import { findScriptTag, startScriptTag } from '${source('script-tag.ts')}';
    import * as kit from '${source('kit.ts')}';
    ${imports.join('\n')}
    const elements = { ${elements.join(', ')} };
    const script = findScriptTag('realtime.js');
    if (script) {
      startScriptTag(script, {
        tags: Object.keys(elements),
        // In a task of its own: the tag's onload may still configure.
        load: async (name) => {
          await new Promise((resolve) => setTimeout(resolve));
          return name === 'kit' ? kit : { element: elements[name] };
        },
      });
    }
  `;
}

/** The files of libraries, by what they hold. */
const libraryNames: Record<string, string> = {
  'nacl-fast': 'nacl',
  dist: 'store',
};

const shared: UserConfig = {
  publicDir: false,
  define: {
    PUSHER_VERSION: JSON.stringify(pusherVersion),
    'process.env.NODE_ENV': '"production"',
  },
};

const target = ['chrome123', 'firefox128', 'safari17.5'];

export default defineConfig(({ mode }) => {
  const build = {
    outDir: cdn,
    emptyOutDir: false,
    target,
    minify: true as const,
    sourcemap: true,
    modulePreload: false as const,
  };
  const plugins = [
    elementEntries(),
    plainImports(),
    pusherOnSockets(),
    moduleLibraries(),
    tracelessLit(),
    smallStyles(),
  ];
  if (mode === 'loader' || mode === 'single') {
    return {
      ...shared,
      define: { ...shared.define, HASHES: JSON.stringify(mode === 'loader' ? loaderTable() : {}) },
      plugins: [...plugins, integrityTable()],
      build: {
        ...build,
        rolldownOptions: {
          input: mode === 'loader' ? source('loader.ts') : 'virtual:single',
          // Vite's own helper for split code names it; in one file nothing is split.
          transform: { define: { 'import.meta': '{}' } },
          output: {
            format: 'iife',
            entryFileNames: mode === 'loader' ? 'loader.js' : 'realtime.js',
            codeSplitting: false,
          },
        },
      },
    };
  }
  return {
    ...shared,
    plugins: [...plugins, verifiedImports(), integrityTable()],
    build: {
      ...build,
      emptyOutDir: true,
      // What is bundled with the kit asks that its licences go along.
      license: { fileName: 'licenses.md' },
      rolldownOptions: {
        input: {
          kit: source('kit.ts'),
          ...Object.fromEntries(tags.map((tag) => [tag, `virtual:element/${tag}`])),
        },
        // What the entries share stands in kit.js, and no file is there for its own exports alone.
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: ({ name }) => `${libraryNames[name] ?? name}.js`,
          codeSplitting: {
            groups: [
              { name: 'kit', tags: ['$initial'], minShareCount: 2 },
              { name: 'parts', test: /src\/elements\//, minShareCount: 2 },
            ],
          },
        },
      },
    },
  };
});
