/** The packed and installed package: what it brings, its types, and pages that are built from it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import vue from '@vitejs/plugin-vue';
import type { Browser } from 'puppeteer-core';
import { build, type PreviewServer, preview, type Rolldown } from 'vite';
import { type Emulator, startEmulator } from '../../src/emulator/node.js';
import { launchBrowser, Visitor } from '../e2e/browser.js';
import { type Installation, install } from './installation.js';

const tags = readdirSync('src/elements')
  .filter((file) => file.endsWith('.define.ts'))
  .map((file) => file.slice(0, -'.define.ts'.length));
const pascalCase = (tag: string) =>
  tag.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());

/** Runs a tool of this repository. */
function run(tool: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(join('node_modules', '.bin', tool), parameters, {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

let installed: Installation;
let withReact18: Installation;
/** With the oldest versions of a backend's libraries that the package says it works with. */
let withLeastPeers: Installation;
const backendPeers = ['hono', 'jose', 'pusher', 'ws', 'zod'];

before(() => {
  installed = install();
  withReact18 = installed.clone();
  for (const name of ['react', 'react-dom', 'scheduler', '@types/react-dom']) installed.add(name);
  withLeastPeers = installed.clone();
  for (const name of ['vue', 'svelte', ...backendPeers]) installed.add(name, name, 'link');
  for (const name of backendPeers) withLeastPeers.add(name, `${name}-least`, 'link');
  withReact18.add('react', 'react-18');
  withReact18.add('react-dom', 'react-dom-18');
});

after(() => {
  installed.remove();
  withReact18.remove();
  withLeastPeers.remove();
});

describe('the installed package', () => {
  it('brings no server, no framework and no tool with it', () => {
    const modules = join(withReact18.folder, 'node_modules');
    const names = readdirSync(modules).flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((part) => `${name}/${part}`) : [name],
    );
    assert.deepEqual(
      names.filter((name) => !name.startsWith('.') && !/^(react|react-dom)$/.test(name)).sort(),
      [
        '@lit-labs/ssr-dom-shim',
        '@lit/context',
        '@lit/react',
        '@lit/reactive-element',
        '@noble/hashes',
        '@types/react',
        '@types/trusted-types',
        'csstype',
        'idb-keyval',
        'lit',
        'lit-element',
        'lit-html',
        'pusher-js',
        'realtime-elements',
        'tweetnacl',
      ],
    );
  });

  it('holds what was built, the documents that its errors name, its data for tools, and nothing else', () => {
    const rooms = [...new Set(installed.tarball.files.map((file) => file.split('/')[0]))].sort();
    assert.deepEqual(rooms, [
      'LICENSE',
      'README.md',
      'custom-elements.json',
      'dist',
      'docs',
      'package.json',
      'types',
      'vscode.html-custom-data.json',
      'web-types.json',
    ]);
    assert.ok(installed.tarball.files.includes('docs/troubleshooting.md'));
  });

  it('starts the emulator by its command, which tells what it lacks', () => {
    const command = join('node_modules', '.bin', 'realtime-elements');
    const help = ({ folder }: Installation) =>
      spawnSync(process.execPath, [join(folder, command), '--help'], { encoding: 'utf8' });
    const without = help(withReact18);
    assert.equal(without.stderr, 'The emulator needs the package ws: npm install --save-dev ws\n');
    assert.equal(without.status, 1);
    const { status, stdout } = help(installed);
    assert.match(stdout, /^realtime-elements emulator/);
    assert.equal(status, 0);
  });

  for (const [what, installation] of [
    ['where the backend has brought what they need', () => installed],
    ['with the oldest versions of that which it takes', () => withLeastPeers],
  ] as const) {
    it(`opens its doors for a backend ${what}`, () => {
      const program = join(installation().addPage('backend'), 'backend.js');
      const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
      assert.ok(stdout, stderr);
      assert.deepEqual(JSON.parse(stdout), {
        own: 200,
        other: 403,
        sent: 200,
        wrong: 400,
        tooLarge: 413,
        channels: [],
      });
    });
  }

  it('takes no older versions of a backend’s libraries than it is tested with', () => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
    const { peerDependencies } = read('package.json');
    for (const name of backendPeers) {
      assert.equal(peerDependencies[name], `^${read(`node_modules/${name}-least/package.json`).version}`);
    }
  });

  it('is valid to publint, to its last suggestion', () => {
    // Where CI is set it writes in colours.
    assert.match(
      stripVTControlCharacters(run('publint', installed.tarball.path, '--strict').output),
      /All good!\n$/,
    );
  });

  it('has types that resolve in Node and in bundlers, to are-the-types-wrong', () => {
    const parameters = ['--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'];
    // These name the package itself, which TypeScript's oldest resolution cannot follow; the next test reads them.
    parameters.push('--exclude-entrypoints', 'types/jsx', 'types/vue', 'types/svelte');
    const { status, output } = run('attw', installed.tarball.path, ...parameters);
    assert.equal(status, 0, output);
  });

  it('has types for every door, for React, Vue and Svelte, that TypeScript accepts in full', () => {
    for (const page of ['types', 'plain', 'react']) installed.addPage(page);
    const settings = {
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'Bundler',
        lib: ['ES2024', 'DOM', 'DOM.Iterable'],
        types: [],
        strict: true,
        jsx: 'react-jsx',
        noEmit: true,
      },
      include: ['types', 'plain', 'react'],
    };
    writeFileSync(join(installed.folder, 'tsconfig.json'), JSON.stringify(settings));
    assert.deepEqual(run('tsc', '-p', installed.folder), { status: 0, output: '' });
  });
});

describe('a bundle of one element', () => {
  /** Which tags' files a bundle of some code holds. */
  async function tagsIn(code: string): Promise<string[]> {
    const entry = '\0entry';
    const { output } = (await build({
      root: installed.folder,
      configFile: false,
      logLevel: 'error',
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === entry ? entry : undefined),
          load: (id) => (id === entry ? code : undefined),
        },
      ],
      build: { write: false, minify: false, rolldownOptions: { input: entry } },
    })) as Rolldown.RolldownOutput;
    const modules = output.flatMap((chunk) =>
      chunk.type === 'chunk'
        ? Object.entries(chunk.modules).flatMap(([id, { renderedLength }]) => (renderedLength ? [id] : []))
        : [],
    );
    return tags.filter((tag) =>
      modules.some((id) => id.endsWith(`/realtime-elements/dist/elements/${tag}.js`)),
    );
  }

  for (const tag of tags) {
    const name = pascalCase(tag);
    it(`holds ${tag} and no other, through each door`, async () => {
      for (const code of [
        `import 'realtime-elements/elements/${tag}/define';`,
        `import { ${name}Element } from 'realtime-elements/elements/${tag}'; console.log(${name}Element);`,
        `import { ${name}Element } from 'realtime-elements'; console.log(${name}Element);`,
        `import { ${name} } from 'realtime-elements/react'; console.log(${name});`,
      ]) {
        assert.deepEqual(await tagsIn(code), [tag], code);
      }
    });
  }

  it('holds all of them through the door that defines all, so that the check above can fail', async () => {
    assert.deepEqual(await tagsIn(`import 'realtime-elements/register';`), tags);
  });
});

describe('a page built by Vite from the installed package', () => {
  let browser: Browser;
  let emulator: Emulator;
  let server: PreviewServer | undefined;

  before(async () => {
    [browser, emulator] = await Promise.all([launchBrowser('chromium'), startEmulator()]);
  });

  after(async () => {
    await browser.close();
    await emulator.stop();
  });

  async function open(installation: Installation, name: string): Promise<Visitor> {
    const root = installation.addPage(name);
    for (const file of readdirSync(root)) {
      const code = readFileSync(join(root, file), 'utf8');
      writeFileSync(join(root, file), code.replace('port: 8008', `port: ${emulator.port}`));
    }
    const shared = { root, configFile: false, logLevel: 'error' } as const;
    await build({
      ...shared,
      plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tags.includes(tag) } } })],
    });
    server = await preview({ ...shared, preview: { port: 0, host: '127.0.0.1' } });
    const [url] = server.resolvedUrls?.local ?? [];
    return Visitor.open(browser, url as string);
  }

  /** What every page shows: the status it was told by an event, and a toast whose text is a function's. */
  async function showsItsElements(visitor: Visitor, greeting: string): Promise<void> {
    await visitor.untilConnected();
    await visitor.until(`document.querySelector('output').textContent === 'connected'`, 'the event');
    await visitor.untilLive('notification-toast');
    await emulator.driver.waitForSubscribers('news');
    emulator.driver.trigger('news', 'greeting', {});
    await visitor.untilToast(greeting);
  }

  async function leave(visitor: Visitor): Promise<void> {
    await visitor.leave();
    await server?.close();
  }

  it('works with no framework', async () => {
    const visitor = await open(installed, 'plain');
    await showsItsElements(visitor, 'Hello from plain');
    await leave(visitor);
  });

  it('works with Vue, with properties and events in its templates', async () => {
    const visitor = await open(installed, 'vue');
    await showsItsElements(visitor, 'Hello from Vue');
    await leave(visitor);
  });

  for (const [version, installation] of [
    ['18', () => withReact18],
    ['19', () => installed],
  ] as const) {
    it(`works with React ${version}: typed properties, events as props, references`, async () => {
      const visitor = await open(installation(), 'react');
      await showsItsElements(visitor, 'Hello from React');
      assert.match(
        await visitor.evaluate(`document.querySelector('#clear').textContent`),
        RegExp(`${version}\\.`),
      );
      assert.equal(await visitor.evaluate(`document.querySelector('connection-status').className`), 'status');
      assert.equal(await visitor.evaluate(`document.querySelector('connection-status').size`), 'small');

      await visitor.evaluate(`document.querySelector('#enlarge').click()`);
      await visitor.until(
        `(({ size, showDetails }) => size === 'large' && showDetails === true)(document.querySelector('connection-status'))`,
        'the changed properties',
      );
      emulator.driver.drop();
      await visitor.until(
        `document.querySelector('output').textContent === 'connected, large'`,
        'the handler of the last render, alone',
      );

      await visitor.evaluate(`document.querySelector('#clear').click()`);
      await visitor.until(
        `!document.querySelector('notification-toast').shadowRoot.querySelector('[part~="toast"]')`,
        'the toasts to be cleared through the reference',
      );
      await leave(visitor);
    });
  }
});
