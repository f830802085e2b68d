/** Opens the stories of a built Storybook in Chromium, one after the other. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import puppeteer from 'puppeteer-core';
import { chromiumArguments, findBrowser } from '../test/helpers/browsers.js';

const types = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Serves a folder on a free port of this machine. */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    try {
      const body = await readFile(join(folder, path));
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream');
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/**
 * Calls back with a page for each story that matches, after its play function has ended.
 * @param {object} options
 * @param {string} options.folder The built Storybook.
 * @param {RegExp} [options.only] Which story ids.
 * @param {(visit: (story: {id: string}, view?: {width?: number, height?: number, globals?: string}) => Promise<{page: import('puppeteer-core').Page, failure: string | undefined}>, stories: {id: string, title: string, name: string}[]) => Promise<void>} work
 */
export async function browseStories({ folder, only = /./ }, work) {
  const { server, origin } = await serve(folder);
  const browser = await puppeteer.launch({
    executablePath: findBrowser('chromium'),
    args: chromiumArguments,
  });
  try {
    const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'));
    const stories = Object.values(index.entries).filter(({ type, id }) => type === 'story' && only.test(id));
    const visit = async ({ id }, { width = 800, height = 600, globals = '' } = {}) => {
      const page = await browser.newPage();
      await page.setViewport({ width, height });
      const errors = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      await page.goto(`${origin}/iframe.html?id=${id}&viewMode=story&globals=${globals}`);
      const { status, problem } = await page.evaluate(finished);
      const failure = status === 'error' || errors.length > 0 ? [problem, ...errors].join('\n') : undefined;
      return { page, failure };
    };
    await work(visit, stories);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Runs in the page: resolves when the story has been rendered and played. */
function finished() {
  return new Promise((resolve) => {
    let problem = '';
    const look = () => {
      const channel = window.__STORYBOOK_ADDONS_CHANNEL__;
      if (!channel) {
        setTimeout(look, 10);
        return;
      }
      const fail = (error) => {
        problem = error?.message ?? error?.description ?? String(error);
      };
      for (const event of ['playFunctionThrewException', 'storyThrewException', 'storyErrored']) {
        const before = channel.last(event);
        if (before) fail(before[0]);
        channel.on(event, fail);
      }
      const end = ({ status }) => setTimeout(() => resolve({ status, problem }));
      const before = channel.last('storyFinished');
      if (before) end(before[0]);
      else channel.once('storyFinished', end);
    };
    look();
  });
}
