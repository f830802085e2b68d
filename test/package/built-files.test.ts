/** What the built files promise; `npm run build` comes first. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const dist = resolve('dist');

/** Every file that a built module reaches, by static and dynamic imports of its own package. */
function reachable(entry: string, seen = new Set<string>()): Set<string> {
  const file = resolve(dist, entry);
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, specifier] of source.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
    reachable(join(dirname(file), specifier as string), seen);
  }
  return seen;
}

/** Bare imports of the files that an entry reaches. */
function packagesOf(entry: string): string[] {
  const names = [...reachable(entry)].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*['"]([^.'"\s][^'"]*)['"]/g)].map(
      ([, name]) => name as string,
    ),
  );
  return [...new Set(names)].sort();
}

const cdnFiles = readdirSync(join(dist, 'cdn')).filter((file) => file.endsWith('.js'));

describe('the built package', () => {
  for (const door of ['index.js', 'register.js', 'kit.js', 'loader.js', 'script-tag.js']) {
    it(`reaches neither server nor emulator from ${door}, where the app secret lives`, () => {
      const rooms = [...reachable(door)].map((file) => file.slice(dist.length + 1).split('/')[0]);
      assert.deepEqual(
        rooms.filter((room) => room === 'server' || room === 'emulator'),
        [],
      );
    });
  }

  it('finds the way to the secret where there is one, so that the check above can fail', () => {
    assert.ok([...reachable('emulator/page.js')].some((file) => file.includes('/emulator/')));
  });

  it('brings a page no library but Lit, its context, pusher-js and what is loaded on demand', () => {
    assert.deepEqual(
      packagesOf('index.js').filter((name) => !/^(lit|@lit\/context)(\/|$)/.test(name)),
      ['idb-keyval', 'pusher-js/worker/index.js', 'tweetnacl'],
    );
  });

  it('imports libraries by names that need no searching in folders, as Node, webpack and Rspack want it', () => {
    const names = readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js') && !file.startsWith('cdn'))
      .flatMap(packagesOf)
      .filter((name) => /^[@\w][\w./@-]+$/.test(name));
    assert.ok(names.includes('hono') && names.includes('lit'));
    // Node itself, without the loader of TypeScript that these tests run under, which finds more.
    const check = `import { statSync } from 'node:fs';
      for (const name of process.argv.slice(1))
        if (!statSync(new URL(import.meta.resolve(name))).isFile()) throw new Error(name);`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', check, ...new Set(names)]);
  });

  it('names no secret in the files for script tags', () => {
    for (const file of cdnFiles) {
      assert.doesNotMatch(
        readFileSync(join(dist, 'cdn', file), 'utf8'),
        /emulator-secret|createHmac|PUSHER_SECRET['"]?\]/,
        file,
      );
    }
  });

  it('brings a pusher-js that opens sockets, and has no other way to the network or to the page', () => {
    const pusher = readFileSync(join(dist, 'cdn', 'pusher.js'), 'utf8');
    assert.match(pusher, /new WebSocket/);
    assert.doesNotMatch(pusher, /XMLHttpRequest|\bfetch\(|localStorage|createElement|importScripts/);
  });

  it('never evaluates text as code or writes markup from text', () => {
    for (const file of cdnFiles) {
      assert.doesNotMatch(
        readFileSync(join(dist, 'cdn', file), 'utf8'),
        /\beval\(|new Function\(|unsafeHTML/,
        file,
      );
    }
  });

  it('has for script tags the loader, the kit, pusher-js, the one-file script and a file for each element', () => {
    for (const file of [
      'loader',
      'kit',
      'pusher',
      'realtime',
      'connection-status',
      'presence-avatars',
      'notification-toast',
      'progress-tracker',
      'realtime-provider',
    ]) {
      assert.ok(cdnFiles.includes(`${file}.js`), file);
    }
  });

  it('has every file that the manifest names', () => {
    const manifest = JSON.parse(readFileSync('custom-elements.json', 'utf8'));
    for (const { path } of manifest.modules) assert.ok(existsSync(path), path);
  });

  it('has beside them the licences of what is bundled', () => {
    const licenses = readFileSync(join(dist, 'cdn', 'licenses.md'), 'utf8');
    for (const name of ['lit', 'lit-html', '@lit/context', 'pusher-js', 'tweetnacl', 'idb-keyval']) {
      assert.match(licenses, RegExp(`^## ${name} `, 'm'));
    }
  });

  it('can be imported on a server without a document, where it connects nothing', async () => {
    const { provideToPage, RealtimeController } = await import(join(dist, 'index.js'));
    await import(join(dist, 'register.js'));
    const controller = RealtimeController.for({ key: 'k', cluster: 'eu' });
    provideToPage(controller);
    controller.connect();
    assert.equal(controller.status, 'disabled');
    assert.notEqual(RealtimeController.for({ key: 'k', cluster: 'eu' }), controller);
  });

  it('keeps no server’s process alive, whoever is said to be there', () => {
    const script = `
      const { RealtimeController } = await import(${JSON.stringify(join(dist, 'index.js'))});
      RealtimeController.for({ key: 'k', cluster: 'eu' }).identify(null);
    `;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: 10_000 });
  });
});
