/** Where the browsers of the tests are. Plain JavaScript: test runners read it before anything is compiled. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = {
  chromium: [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ],
  'firefox-esr': [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

/**
 * The path of a browser.
 * @param {'chromium' | 'firefox-esr'} name
 * @returns {string}
 * @throws Error when it is not installed, with what to install.
 */
export function findBrowser(name) {
  const path = places[name].find((candidate) => candidate && existsSync(candidate));
  if (path) return path;
  const variable = name === 'chromium' ? 'CHROMIUM_PATH' : 'FIREFOX_PATH';
  throw new Error(
    `${name} was not found. Install it (Debian: apt-get install ${name}) or set ${variable} to its path.`,
  );
}

/** What keeps a headless Chromium quiet: no sandbox (containers), no GPU, nobody called at home. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Installs the browsers that are missing, where that can be done without asking: on Debian, as root. */
export function installMissingBrowsers() {
  const missing = Object.keys(places).filter(
    (name) => !places[name].some((path) => path && existsSync(path)),
  );
  if (missing.length === 0 || process.getuid?.() !== 0) return;
  console.log(`Installing ${missing.join(' and ')} for the tests …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const parameters of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
  ]) {
    spawnSync('apt-get', parameters, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }
}
