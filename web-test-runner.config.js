import { readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';
import { chromiumArguments, findBrowser } from './test/helpers/browsers.js';

/** CommonJS packages that the kit (lazily) or its tests import; the browser wants them as modules. */
const commonJsPackages = ['pusher-js/worker/index.js', 'tweetnacl', 'pusher-js', '@sinonjs/fake-timers'];

/** Serves those packages as one bundled module each. */
function commonJsAsModules() {
  const prefix = '/__bundled/';
  const bundle = async (name) => {
    if (name === 'pusher-js/worker/index.js' && pusherFile) return readFileSync(pusherFile, 'utf8');
    const contents = `import value from '${name}'; export default value;`;
    const result = await build({
      stdin: { contents, resolveDir: import.meta.dirname },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      // Asked for in Node alone.
      external: builtinModules,
      define: { global: 'globalThis' },
    });
    return result.outputFiles[0].text;
  };
  return {
    name: 'common-js-as-modules',
    resolveImport: ({ source }) => (commonJsPackages.includes(source) ? `${prefix}${source}.js` : undefined),
    serve: async ({ path }) =>
      path.startsWith(prefix)
        ? { body: await bundle(path.slice(prefix.length, -'.js'.length)), type: 'js' }
        : undefined,
  };
}

/** The package under its own name, as the examples of the documentation import it: its sources. */
function ownName() {
  const name = 'realtime-elements';
  return {
    name: 'own-name',
    resolveImport({ source }) {
      if (source === name) return '/src/index.ts';
      return source.startsWith(`${name}/`) ? `${source.replace(name, '/src')}.ts` : undefined;
    },
  };
}

/** Tells tests that play with chance where to begin: `TEST_SEED=7 npx wtr …`. */
function seedOfChance() {
  const body = process.env.TEST_SEED ?? '20250101';
  return {
    name: 'seed-of-chance',
    serve: ({ path }) => (path === '/test-seed' ? { body, type: 'text' } : undefined),
  };
}

/** What the soak needs to weigh the page's memory. */
const memoryArguments = ['--enable-precise-memory-info', '--js-flags=--expose-gc'];

const browsers = {
  chromium: () =>
    chromeLauncher({
      launchOptions: {
        executablePath: findBrowser('chromium'),
        args: [...chromiumArguments, ...memoryArguments],
      },
    }),
  firefox: () =>
    chromeLauncher({
      puppeteer,
      launchOptions: { browser: 'firefox', executablePath: findBrowser('firefox-esr'), headless: true },
      createPage: ({ context }) => context.newPage(),
      concurrency: 1,
    }),
};
/** Writes what `npm test` sums up over all suites. */
function countReporter(file) {
  return {
    onTestRunFinished({ sessions }) {
      const tests = sessions.flatMap(({ testResults }) => testsIn(testResults));
      const broken = sessions.filter(
        ({ passed, testResults }) => !passed && testsIn(testResults).every((test) => test.passed),
      );
      const failures = [
        ...tests.filter(({ passed, skipped }) => !passed && !skipped).map(({ name }) => name),
        ...broken.map(({ testFile }) => testFile),
      ];
      const passed = tests.filter((test) => test.passed).length;
      writeFileSync(file, JSON.stringify({ passed, failed: failures.length, failures }));
    },
  };
}

function testsIn(suite) {
  return suite ? [...suite.tests, ...suite.suites.flatMap(testsIn)] : [];
}

/** A built pusher-js to run the core on, in place of the one from npm. */
const pusherFile = process.env.PUSHER_FILE;

const wanted = (process.env.BROWSERS ?? 'chromium,firefox').split(',');

export default {
  files: pusherFile
    ? // The comparison is with the pusher-js that people have.
      ['test/core/**/*.test.ts', '!test/core/versus-pusher-js.test.ts']
    : 'test/{core,reactive,elements,testing,examples}/**/*.test.ts',
  nodeResolve: { exportConditions: ['browser', 'development'] },
  browsers: wanted.map((name) => browsers[name]()),
  concurrency: 1,
  concurrentBrowsers: 1,
  testFramework: { config: { ui: 'bdd', timeout: 5000 } },
  testsFinishTimeout: 300_000,
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  reporters: [
    defaultReporter({ reportTestProgress: true }),
    ...(process.env.TEST_REPORT ? [countReporter(process.env.TEST_REPORT)] : []),
  ],
  plugins: [
    commonJsAsModules(),
    ownName(),
    seedOfChance(),
    esbuildPlugin({ ts: true, tsconfig: './tsconfig.json', target: 'es2022' }),
  ],
  coverageConfig: {
    include: ['src/**/*.ts'],
    exclude: ['src/emulator/**', 'node_modules/**'],
    report: true,
    reportDir: 'coverage',
  },
};
