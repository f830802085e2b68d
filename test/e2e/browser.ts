/** Real browsers on the demo: a context for each person, and conditions to wait for. */
import { readFileSync } from 'node:fs';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import { chromiumArguments, findBrowser } from '../helpers/browsers.js';

export type BrowserName = 'chromium' | 'firefox';

/** The browsers to run in; `BROWSERS=chromium` narrows. */
export const browserNames = (process.env.BROWSERS ?? 'chromium,firefox').split(',') as BrowserName[];

const pageScript = readFileSync(new URL('page-script.js', import.meta.url), 'utf8');
/** How often a condition is looked at. */
const pollMs = 50;

/** One change that a page wrote down, in milliseconds since 1970. */
export interface DiaryEntry<T> {
  at: number;
  value: T;
}

/**
 * Launches with an empty profile in a temporary folder, which goes with the browser.
 * @param fontSizePx The font size that the reader has set in the browser.
 */
export function launchBrowser(name: BrowserName, fontSizePx = 16): Promise<Browser> {
  return name === 'chromium'
    ? puppeteer.launch({
        executablePath: findBrowser('chromium'),
        args: [...chromiumArguments, `--blink-settings=defaultFontSize=${fontSizePx}`],
      })
    : puppeteer.launch({
        browser: 'firefox',
        executablePath: findBrowser('firefox-esr'),
        extraPrefsFirefox: { 'font.size.variable.x-western': fontSizePx },
      });
}

/** A page of somebody who shares nothing with the other pages. */
export class Visitor {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string): Promise<Visitor> {
    return Visitor.#openIn(await browser.createBrowserContext(), url);
  }

  /** Opens another tab of the same person, which leaves with the first. */
  static openBeside(visitor: Visitor, url: string): Promise<Visitor> {
    return Visitor.#openIn(visitor.page.browserContext(), url);
  }

  static async #openIn(context: BrowserContext, url: string): Promise<Visitor> {
    const page = await context.newPage();
    await page.evaluateOnNewDocument(pageScript);
    const visitor = new Visitor(page);
    await page.goto(url, { waitUntil: 'domcontentloaded' });
    return visitor;
  }

  /** Brings the page to the front: in a hidden tab, browsers let timers run once a second. */
  async look(): Promise<void> {
    await this.page.bringToFront();
    await this.until('!document.hidden', 'the page to be looked at');
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string, what: string, timeoutMs = 10_000): Promise<void> {
    try {
      await this.page.waitForFunction(expression, { polling: pollMs, timeout: timeoutMs });
    } catch (cause) {
      const state = await this.page
        .evaluate('document.body.innerText.slice(0, 300) + JSON.stringify(window.e2e?.diary)')
        .catch(() => 'the page is gone');
      throw new Error(`Waited ${timeoutMs} ms for ${what}. The page: ${state}`, { cause });
    }
  }

  untilConnected(timeoutMs?: number): Promise<void> {
    return this.until(
      "document.querySelector('connection-status')?.getAttribute('status') === 'connected'",
      'the status connected',
      timeoutMs,
    );
  }

  /** Waits until the avatars of exactly these people are to be seen, online. */
  untilOnline(...ids: string[]): Promise<void> {
    return this.until(
      `JSON.stringify(${avatars('document.querySelector("presence-avatars")')}
        .filter(([, status]) => status === 'online').map(([id]) => id).sort()) === '${JSON.stringify(ids.sort())}'`,
      `the avatars of ${ids.join(', ')}`,
    );
  }

  /** Waits until a toast holds a text. */
  untilToast(text: string): Promise<void> {
    return this.until(
      `[...(document.querySelector('notification-toast').shadowRoot?.querySelectorAll('[part~="toast"]') ?? [])]
        .some((toast) => toast.textContent.includes(${JSON.stringify(text)}))`,
      `the toast “${text}”`,
    );
  }

  /** Waits until an element follows its channel. */
  untilLive(selector: string): Promise<void> {
    return this.until(
      `document.querySelector('${selector}').getAttribute('status') === 'live'`,
      `${selector} to be live`,
    );
  }

  /** Keeps a diary of what an expression over `element` answers. */
  async watch(name: string, selector: string, expression: string): Promise<void> {
    await this.page.evaluate(`window.e2e.watch('${name}', '${selector}', (element) => (${expression}))`);
  }

  async diary<T>(name: string): Promise<DiaryEntry<T>[]> {
    return (await this.page.evaluate(`window.e2e.diary['${name}']`)) as DiaryEntry<T>[];
  }

  async evaluate<T>(expression: string): Promise<T> {
    return (await this.page.evaluate(expression)) as T;
  }

  /** Leaves as somebody who closes the window. */
  async leave(): Promise<void> {
    await this.page.browserContext().close();
  }
}

/** The avatars of an element as `[id, status]`, for use in a page. */
export function avatars(element: string): string {
  return `[...(${element}.shadowRoot?.querySelectorAll('[part~="avatar"]') ?? [])]
    .map((avatar) => [avatar.dataset.memberId, avatar.dataset.status])`;
}
