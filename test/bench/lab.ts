/** Browser and server of a run, and how a page is opened and measured. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { chromiumArguments, findBrowser } from '../helpers/browsers.js';
import type { Commands, Request } from './server.js';
import { buildSite, pageOf, type Scene, type Site, type Variant } from './site.js';

/** What a piece of work cost a page's main thread, in milliseconds. */
export interface Cost {
  /** All tasks, with microtasks, rendering and garbage collection. */
  mainThreadMs: number;
  scriptMs: number;
  /** Styles and layout. */
  layoutMs: number;
  /** What long tasks took beyond their first 50 ms. */
  blockingMs: number;
  renders: number;
}

/** Expressions over this object run in the page: `test/bench/probe.js`. */
const probe = readFileSync(new URL('probe.js', import.meta.url), 'utf8');
/** A page that has not done what it should by now never will. */
const timeoutMs = 20_000;

export class Lab {
  readonly site: Site;
  readonly server: { [K in keyof Commands]: (...parameters: Parameters<Commands[K]>) => Promise<void> };
  readonly url: string;
  readonly #browser: Browser;
  readonly #process: ChildProcess;

  private constructor(site: Site, browser: Browser, process: ChildProcess, port: number) {
    this.site = site;
    this.#browser = browser;
    this.#process = process;
    this.url = `http://127.0.0.1:${port}`;
    this.server = serverOf(process);
  }

  static async open(): Promise<Lab> {
    const site = await buildSite();
    const kit = fileURLToPath(new URL('../../dist/cdn', import.meta.url));
    const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [site.folder, kit], {
      execArgv: ['--import', 'tsx'],
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.once('message', (message: { port: number }) => resolve(message.port));
      server.once('exit', (code) => reject(new Error(`The server of the bench ended with ${code}.`)));
    });
    const browser = await puppeteer.launch({
      executablePath: findBrowser('chromium'),
      args: chromiumArguments,
      protocolTimeout: timeoutMs * 2,
    });
    return new Lab(site, browser, server, port);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#process.removeAllListeners('exit');
    this.#process.disconnect();
    await rm(this.site.folder, { recursive: true });
  }

  /** A page with an empty cache, in a process of its own, before it goes anywhere. */
  async newPage(): Promise<BenchPage> {
    await this.server.begin();
    const context = await this.#browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(timeoutMs);
    await page.evaluateOnNewDocument(probe);
    const session = await page.createCDPSession();
    // The time that the thread ran, not the time that passed: what else the machine does is no cost of the page.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new BenchPage(page, session);
  }

  /** A page that has joined so many channels and come to rest. */
  async openPage(scene: Scene | 'many', variant: Variant, channels: number): Promise<BenchPage> {
    const page = await this.newPage();
    await page.page.goto(`${this.url}/${pageOf(scene, variant)}`);
    await this.server.joined(channels);
    await page.rest();
    return page;
  }
}

export class BenchPage {
  readonly page: Page;
  readonly session: CDPSession;

  constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.session = session;
  }

  /** Measures what an action costs until it has resolved. */
  async cost(action: () => Promise<unknown>): Promise<Cost> {
    const before = await this.totals();
    await action();
    const after = await this.totals();
    return {
      mainThreadMs: after.mainThreadMs - before.mainThreadMs,
      scriptMs: after.scriptMs - before.scriptMs,
      layoutMs: after.layoutMs - before.layoutMs,
      blockingMs: after.blockingMs - before.blockingMs,
      renders: after.renders - before.renders,
    };
  }

  /** Resolves once this is to be seen, with the page's clock at that frame. */
  async shows(scene: string, picture: readonly string[], everyMs = 0): Promise<number> {
    const seen = this.page.evaluate(
      `window.bench.until(${JSON.stringify(scene)}, ${JSON.stringify(picture)}, ${everyMs})`,
    ) as Promise<number>;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(async () => {
        const now = await this.evaluate<string[]>(`window.bench.picture(${JSON.stringify(scene)})`);
        reject(new Error(`${this.page.url()} shows ${now.join(', ')} instead of ${picture.join(', ')}.`));
      }, timeoutMs);
    });
    try {
      return await Promise.race([seen, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async evaluate<T>(expression: string): Promise<T> {
    return (await this.page.evaluate(expression)) as T;
  }

  /** Resolves when nothing has been left to do for some frames. */
  async rest(): Promise<void> {
    await this.page.evaluate(
      'new Promise((resolve) => requestIdleCallback(() => requestAnimationFrame(() => requestIdleCallback(resolve))))',
    );
  }

  /** Bytes that are in use after everything unused was collected. */
  async heapBytes(): Promise<number> {
    await this.session.send('HeapProfiler.collectGarbage');
    await this.session.send('HeapProfiler.collectGarbage');
    return (await this.#metrics()).get('JSHeapUsedSize') ?? Number.NaN;
  }

  async close(): Promise<void> {
    await this.page.browserContext().close();
  }

  async #metrics(): Promise<Map<string, number>> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  }

  /** What the page has cost from its beginning. */
  async totals(): Promise<Cost> {
    const metrics = await this.#metrics();
    const { blockingMs, renders } = await this.evaluate<Cost>(
      '({ blockingMs: window.bench.blockingMs, renders: window.bench.renders })',
    );
    const ms = (name: string) => (metrics.get(name) ?? Number.NaN) * 1_000;
    return {
      mainThreadMs: ms('TaskDuration'),
      scriptMs: ms('ScriptDuration'),
      layoutMs: ms('LayoutDuration') + ms('RecalcStyleDuration'),
      blockingMs,
      renders,
    };
  }
}

function serverOf(process: ChildProcess): Lab['server'] {
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let last = 0;
  process.on('message', ({ id, error }: { id: number; error?: string }) => {
    const request = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) request?.resolve();
    else request?.reject(new Error(error));
  });
  const ask =
    (command: keyof Commands) =>
    (...parameters: unknown[]) =>
      new Promise<void>((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        process.send({ id: last, command, parameters } satisfies Request);
      });
  return {
    begin: ask('begin'),
    joined: ask('joined'),
    events: ask('events'),
    come: ask('come'),
    leave: ask('leave'),
  };
}
