/**
 * Builds `dist/cdn`, the files for script tags: a classic loader, shared code and one file per element,
 * all unhashed so that a page can name them, and one file that holds everything. The npm package itself
 * is compiled by tsc, file by file.
 *
 * `vite build` makes the modules; `--mode loader` and `--mode single` the two scripts that stand alone.
 */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
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

/** An element's file exports its class under one name, so that the loader needs to know none. */
function elementEntries(): Plugin {
  const prefix = 'virtual:element/';
  return {
    name: 'element-entries',
    resolveId: (id) => (id.startsWith(prefix) || id === 'virtual:single' ? `\0${id}` : undefined),
    load(id) {
      if (id === '\0virtual:single') return singleEntry();
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const tag = id.slice(prefix.length + 1);
      return `export { ${className(tag)} as element } from '${source(`elements/${tag}.ts`)}';`;
    },
  };
}

/** Loader, kit and elements in one classic script. */
function singleEntry(): string {
  const imports = singleTags.map(
    (tag) => `import { ${className(tag)} } from '${source(`elements/${tag}.ts`)}';`,
  );
  const elements = singleTags.map((tag) => `'${tag}': ${className(tag)}`);
  return `
    import { startScriptTag } from '${source('script-tag.ts')}';
    import * as kit from '${source('kit.ts')}';
    ${imports.join('\n')}
    const elements = { ${elements.join(', ')} };
    if (document.currentScript) {
      startScriptTag(document.currentScript, {
        tags: Object.keys(elements),
        kit: async () => kit,
        element: async (tag) => elements[tag],
      });
    }
  `;
}

const shared: UserConfig = {
  publicDir: false,
  define: { ELEMENT_TAGS: JSON.stringify(tags), 'process.env.NODE_ENV': '"production"' },
};

const target = ['chrome123', 'firefox128', 'safari17.5'];

export default defineConfig(({ mode }) => {
  const build = {
    outDir: 'dist/cdn',
    emptyOutDir: false,
    target,
    minify: true as const,
    sourcemap: true,
    modulePreload: false as const,
  };
  if (mode === 'loader' || mode === 'single') {
    return {
      ...shared,
      plugins: [elementEntries()],
      build: {
        ...build,
        rolldownOptions: {
          input: mode === 'loader' ? source('loader.ts') : 'virtual:single',
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
    plugins: [elementEntries()],
    build: {
      ...build,
      emptyOutDir: true,
      rolldownOptions: {
        input: {
          kit: source('kit.ts'),
          ...Object.fromEntries(tags.map((tag) => [tag, `virtual:element/${tag}`])),
        },
        // What several files use stands in shared.js, and no file is there for its own exports alone.
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          codeSplitting: {
            groups: [
              { name: 'pusher', test: /node_modules\/pusher-js/ },
              { name: 'nacl', test: /node_modules\/tweetnacl/ },
              { name: 'shared', minShareCount: 2 },
            ],
          },
        },
      },
    },
  };
});
