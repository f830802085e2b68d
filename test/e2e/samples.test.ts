/**
 * Every sample of the documents runs, as it stands there, against the demo: markup on a page with the kit
 * on another origin, modules built into a page, and what is for Node in Node. The guide of the server part
 * and the pages from npm have tests of their own.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { build, type Plugin } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import { WebSocket } from 'ws';
import { channelAuth, type Emulator } from '../../src/emulator/node.js';
import { hasOwnTest, placeOf, type Sample, samplesIn } from '../guides/samples.js';
import { browserNames, launchBrowser, Visitor } from './browser.js';
import { type Demo, startDemo, tokenOf } from './demo-process.js';
import { type HostPages, startHostPages } from './host-page.js';
import { type KitHost, startKitHost } from './kit-host.js';

const has = (text: string | RegExp) => (sample: Sample) => sample.code.match(text) !== null;
const scripts = samplesIn('js', 'ts', 'tsx').filter((sample) => !hasOwnTest(sample));
const forNode = has(/from '(pusher|node:\w+|realtime-elements\/(server|emulator))'/);
const isModule = has(/^(import|export) /m);
const modules = scripts.filter((sample) => isModule(sample) && !forNode(sample));
const inline = scripts.filter((sample) => !isModule(sample) && !forNode(sample));
/** The smallest page is a page of the demo; it is opened below. */
const markup = samplesIn('html').filter((sample) => !has('<!doctype')(sample));

let demo: Demo;
let kit: KitHost;
let host: HostPages;
let token: string;
/** In the repository, so that a sample finds the package by its name. */
let folder: string;
before(async () => {
  [demo, kit, host] = await Promise.all([startDemo(), startKitHost(), startHostPages()]);
  token = await tokenOf(demo, '1');
  mkdirSync('.cache', { recursive: true });
  folder = mkdtempSync('.cache/samples-');
});
after(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([demo.stop(), kit.stop(), host.stop()]);
});

/** Markup with the reader's addresses, hashes, key and person filled in. */
function filledIn(code: string): string {
  const table = JSON.parse(readFileSync('dist/cdn/integrity.json', 'utf8'));
  const service = (prefix: string) =>
    `${prefix}key="emulator-key" ${prefix}host="localhost" ${prefix}port="${demo.port}" ${prefix}tls="false"`;
  return code
    .replaceAll(/(src|href)="[^"]*?([\w-]+\.js)"/g, `$1="${kit.url}/$2"`)
    .replaceAll(/sha256-of-([\w-]+\.js)/g, (_, file: string) => table[file].integrity)
    .replaceAll(
      /data-key="[^"]*"\s+data-(cluster="eu"|host="(ws.example.com|localhost)" data-port="\d+" data-tls="\w+")/g,
      `${service('data-')} data-base="${demo.url}" data-auth-token="${token}"`,
    )
    .replaceAll(/ (data-base="\/api\/v1"|data-auth-endpoint="[^"]*")/g, '')
    .replaceAll(/ key="another-app-key" cluster="us2"/g, ` ${service('')}`);
}

const tag = '<script async crossorigin src="loader.js" data-key="your-app-key" data-cluster="eu"></script>';

/** Finds `./realtime.js` where the same guide has a sample of that name. */
function neighbours({ file }: Sample): Plugin {
  return {
    name: 'neighbours',
    setup(context) {
      context.onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ path }) => {
        const name = path.slice(2).replace(/\.js$/, '.ts');
        return scripts.some((one) => one.file === file && one.name === name)
          ? { path: name, namespace: 'sample' }
          : undefined;
      });
      context.onLoad({ filter: /.*/, namespace: 'sample' }, ({ path }) => {
        const found = scripts.find((one) => one.file === file && one.name === path);
        return { contents: configured(found?.code ?? ''), loader: 'ts', resolveDir: resolve('docs') };
      });
    },
  };
}

function configured(code: string): string {
  return code.replaceAll(
    /key: 'your-app-key', cluster: 'eu'/g,
    `key: 'emulator-key', host: 'localhost', port: ${demo.port}, tls: false`,
  );
}

/** A module as a bundler makes it, which shows what it exports: elements on the page, components in React. */
async function bundled(sample: Sample): Promise<string> {
  const loader = sample.language === 'tsx' ? 'tsx' : 'ts';
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import * as sample from 'sample';
        for (const [name, exported] of Object.entries(sample)) {
          if (exported.prototype instanceof HTMLElement) {
            const tag = 'sample-' + name.toLowerCase();
            if (!customElements.getName?.(exported)) try { customElements.define(tag, exported); } catch {}
            const element = new exported();
            document.body.append(element);
            await element.updateComplete;
          } else if (/^[A-Z]/.test(name)) {
            const [{ createElement }, { createRoot }] = await Promise.all([import('react'), import('react-dom/client')]);
            createRoot(document.querySelector('main')).render(createElement(exported));
          }
        }
        window.ran = true;`,
      resolveDir: resolve('docs'),
    },
    plugins: [
      {
        name: 'sample',
        setup(context) {
          context.onResolve({ filter: /^sample$/ }, () => ({ path: 'entry', namespace: 'entry' }));
          context.onLoad({ filter: /.*/, namespace: 'entry' }, () => ({
            contents: configured(sample.code),
            loader,
            resolveDir: resolve('docs'),
          }));
        },
      },
      neighbours(sample),
    ],
    define: {
      'import.meta.env': JSON.stringify({
        VITE_PUSHER_KEY: 'emulator-key',
        VITE_PUSHER_HOST: 'localhost',
        VITE_PUSHER_PORT: String(demo.port),
        VITE_PUSHER_FORCE_TLS: 'false',
      }),
      'process.env.NODE_ENV': '"production"',
    },
    tsconfigRaw: {
      compilerOptions: { jsx: 'react-jsx', experimentalDecorators: true, useDefineForClassFields: false },
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

for (const name of browserNames) {
  describe(`the samples of the documents in ${name}`, () => {
    let browser: Browser;
    let visitor: Visitor;
    before(async () => {
      browser = await launchBrowser(name);
    });
    after(() => browser.close());
    afterEach(async () => {
      assert.deepEqual(await visitor.evaluate('window.e2e.thrown'), []);
      await visitor.leave();
    });
    const visit = async (html: string) => {
      visitor = await Visitor.open(browser, host.add(html));
    };

    for (const sample of markup) {
      it(`are live: ${placeOf(sample)}`, async () => {
        const html = sample.code.includes('loader.js"') ? sample.code : tag + sample.code;
        await visit(filledIn(html.includes('<script') ? html : tag + html));
        const tags = [...html.matchAll(/<([a-z]+-[a-z-]+)/g)].map(([, found]) => found as string);
        for (const element of new Set(tags)) {
          await visitor.until(
            `['connected', 'live', 'empty', null].includes(document.querySelector('${element}').getAttribute('status'))
              && document.querySelector('${element}').matches(':defined')`,
            `<${element}> to be live`,
          );
        }
        if (tags.length === 0)
          await visitor.until("'ready' in (window.realtimeElements ?? {})", 'the loader');
      });
    }

    for (const sample of inline) {
      it(`run in a page: ${placeOf(sample)}`, async () => {
        await visit(`<script>${sample.code}</script>${filledIn(tag)}<connection-status></connection-status>`);
        await visitor.untilConnected();
      });
    }

    for (const sample of modules) {
      it(`run as a module: ${placeOf(sample)}`, async () => {
        const script = host.addScript(await bundled(sample));
        await visit(
          `<main></main><div id="files"></div><input type="file"><script type="module" src="${script}"></script>`,
        );
        await visitor.until('window.ran === true', 'the sample to have run');
      });
    }

    it('keep what is typed while a message is on its way', async () => {
      const script = host.addScript(await bundled(modules.find(has('ClassChatElement')) as Sample));
      const slow = `<script>
        const send = fetch;
        window.fetch = async (...request) => {
          if (String(request[0]).endsWith('/trigger')) await new Promise((resolve) => { window.goOn = resolve; });
          return send(...request);
        };
      </script>`;
      const live = '<connection-status></connection-status>';
      await visit(`${slow}${filledIn(tag)}${live}<script type="module" src="${script}"></script>`);
      await visitor.until('window.ran === true', 'the sample to have run');
      await visitor.untilConnected();
      await visitor.evaluate(`
        window.form = document.querySelector('class-chat').shadowRoot.querySelector('form');
        form.text.value = 'Hello';
        form.requestSubmit();`);
      await visitor.until("window.goOn && form.querySelector('button').disabled", 'the message to leave');
      await visitor.evaluate("form.text.value = 'And another'; goOn();");
      await visitor.until("!form.querySelector('button').disabled", 'the server to have taken it');
      assert.equal(await visitor.evaluate('form.text.value'), 'And another');
    });

    it('are the five minutes of the README: the smallest page, and what is sent to it', async () => {
      visitor = await Visitor.open(browser, `${demo.url}/embed.html`);
      await visitor.untilConnected();
      for (const element of ['presence-avatars', 'progress-tracker', 'notification-toast'])
        await visitor.untilLive(element);
      const [sending] = scripts.filter(has("from 'pusher'"));
      await runInNode(sending as Sample, (code) => code.replace("'8008'", `'${demo.port}'`));
      await visitor.untilToast('Welcome');
      await visitor.until(
        "document.querySelector('progress-tracker').shadowRoot.querySelector('[aria-valuenow=\"37\"]') !== null",
        'the tracker at 37',
      );
    });
  });
}

/** Runs a sample in this process and answers what it exports. */
async function runInNode<T>(sample: Sample, prepare = (code: string) => code): Promise<T> {
  const path = resolve(join(folder, `line-${sample.line}-${Math.random()}.ts`));
  writeFileSync(path, prepare(sample.code));
  ranInNode.add(sample);
  return (await import(path)) as T;
}
const ranInNode = new Set<Sample>();

describe('the samples for Node', () => {
  const find = (text: string) => scripts.filter(forNode).find(has(text)) as Sample;

  it('start the emulator, wait for a client, and stop it', async () => {
    const heard: string[] = [];
    Object.assign(globalThis, {
      pointClients({ url, key, secret }: Emulator) {
        const client = new WebSocket(`${url.replace('http', 'ws')}/app/${key}?protocol=7`);
        client.on('message', (frame) => {
          const { event, data } = JSON.parse(String(frame));
          heard.push(event);
          if (event !== 'pusher:connection_established') return;
          const channel = 'private-user-1';
          const auth = channelAuth({ key, secret }, JSON.parse(data).socket_id, channel);
          client.send(JSON.stringify({ event: 'pusher:subscribe', data: { channel, auth } }));
        });
      },
    });
    await runInNode(find('startEmulator'), (code) =>
      code.replace(/^\/\/ … .*$/m, '(globalThis as any).pointClients(emulator);'),
    );
    // The sample goes on only once somebody has subscribed.
    assert.equal(heard[0], 'pusher:connection_established');
  });

  it('put the emulator on a server that is there already', async () => {
    const { server } = await runInNode<{ server: Server }>(
      find('createEmulator'),
      (code) => `${code}\nexport { server };`,
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    assert.equal(await (await fetch(`${url}/mine`)).text(), 'Your own answer');
    assert.equal((await fetch(`${url}/apps/1000/channels`)).status, 401);
    server.close();
  });

  it('trigger through the server part', async () => {
    Object.assign(process.env, {
      PUSHER_APP_ID: '1000',
      PUSHER_KEY: 'emulator-key',
      PUSHER_SECRET: 'emulator-secret',
      PUSHER_HOST: 'localhost',
      PUSHER_PORT: String(demo.port),
      PUSHER_SCHEME: 'http',
    });
    const { realtime } = await runInNode<{ realtime: { fetch(request: Request): Promise<Response> } }>(
      find('createRealtimeServer'),
    );
    const answer = await realtime.fetch(new Request('http://page/pusher/auth', { method: 'POST' }));
    assert.ok(answer.status >= 400);
  });

  it('have all been run', () => {
    assert.deepEqual(
      scripts
        .filter(forNode)
        .filter((sample) => !ranInNode.has(sample))
        .map(placeOf),
      [],
    );
    assert.ok(markup.length > 10 && modules.length > 15 && inline.length > 1);
  });
});
