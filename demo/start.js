// @ts-check
/**
 * What `npm start` and `npm run emulator` run. On a fresh clone nothing is installed yet, so this file
 * imports Node alone; it installs and builds what is missing, says so, and then goes on in the same process.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const oldestNode = [20, 19];
const root = fileURLToPath(new URL('..', import.meta.url));
/** Written last by an installation, so an interrupted one does not count. */
const installed = `${root}node_modules/.package-lock.json`;
/** One file of each part that the demo needs. */
const built = ['cdn/loader.js', 'cdn/kit.js', 'server/index.js', 'emulator/bin.js'].map(
  (file) => `${root}dist/${file}`,
);
/** What the build is made of. */
const sources = ['src', 'build', 'vite.config.ts', 'tsconfig.json', 'tsconfig.build.json'].map(
  (path) => root + path,
);

try {
  checkNode();
  if (!existsSync(installed)) {
    run(
      'ci --include=dev',
      'Nothing is installed yet. Running npm ci once; this takes a minute …',
      'The installation failed',
    );
  }
  const reason = whyBuild();
  if (reason) run('run build', `${reason} Running npm run build …`, 'The build failed');

  // The emulator's command reads its options from the same command line.
  if (process.argv[2] === 'emulator') await import(new URL('../dist/emulator/bin.js', import.meta.url).href);
  else await runDemo();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function runDemo() {
  readEnvFile();
  const { startServer } = await import('./server.js');
  const { url, engine, stop } = await startServer(process.env);
  console.log(`
  The demo            ${url}/
  as another person   ${url}/?user=2
  The smallest page   ${url}/embed.html
  Events go through ${engine}.
`);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
}

/**
 * Sets the variables of `.env` in the folder that this was started in, which is the repository's under
 * npm; what is set already stays. The emulator does without: it prints its secret, and an account's
 * stands in that file.
 */
function readEnvFile() {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Error(`This needs Node ${oldestNode.join('.')} or newer; here is ${process.versions.node}.`);
}

/**
 * @returns {string | undefined} Why a build is due, as a sentence.
 */
function whyBuild() {
  if (built.some((file) => !existsSync(file))) return 'The kit is not built yet.';
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  if (Math.max(...sources.map(newest)) > oldest) return 'The sources are newer than the build.';
  return undefined;
}

/**
 * @param {string} path A file, or a folder with what is in it.
 * @returns {number} When it was changed last, in milliseconds since 1970; 0 when it is not there.
 */
function newest(path) {
  const state = statSync(path, { throwIfNoEntry: false });
  if (!state?.isDirectory()) return state?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

/**
 * Runs npm where its output can be seen.
 *
 * @param {string} command
 * @param {string} announcement
 * @param {string} failure
 * @throws Error when npm fails, or is not there.
 */
function run(command, announcement, failure) {
  console.log(announcement);
  // One text and a shell: on Windows npm is a script that only a shell can start.
  const { status, error } = spawnSync(`npm ${command}`, { cwd: root, stdio: 'inherit', shell: true });
  if (status === 0) return;
  const reason = error ? error.message : `npm ${command} ended with ${status}`;
  throw new Error(`${failure}: ${reason}. What it said stands above; mend that and run npm start again.`);
}
