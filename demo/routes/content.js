// @ts-check
/**
 * Content generation: a request is answered at once with a task's id, and the rest comes as events on the
 * person's own channel: `content.progress` again and again, then `content.generated` or `content.failed`.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Hono } from 'hono';
import { channelNames } from 'realtime-elements/protocol';
import { RealtimeServerError } from 'realtime-elements/server';
import { z } from 'zod';
import { renderPage } from '../pages.js';
import { stages, writeSheet } from '../practice-sheets.js';

/** Long enough to watch, short enough to try twice. */
const stageMs = 900;
/** Tasks that one person may have under way. */
const tasksPerPerson = 3;
/** Finished sheets that are kept; the oldest goes first. */
const keptSheets = 200;

const text = z.string().trim().min(1).max(120);
const requestBody = z.object({
  /** The same request sent twice starts one task. */
  requestId: z.string().max(120).optional(),
  type: text.default('practice sheet'),
  subject: text,
  topic: text.optional(),
  /** For the control panel: play a failure halfway. */
  fail: z.boolean().default(false),
});

/**
 * @param {import('realtime-elements/server').RealtimeServer} realtime
 * @returns {Hono}
 */
export function contentRoutes(realtime) {
  /** @type {Map<string, import('../practice-sheets.js').Sheet>} By task id. */
  const sheets = new Map();
  /** @type {Map<string, Map<string, string>>} Task ids under way, by person and then by request. */
  const underWay = new Map();

  const app = new Hono();

  app.post('/content/generate', async (context) => {
    const identity = await realtime.identify(context.req.raw);
    const body = requestBody.safeParse(camelCase(await context.req.json().catch(() => undefined))).data;
    if (!body) {
      throw new RealtimeServerError(
        'invalid_request',
        'The body should be {requestId?, type?, subject, topic?}, texts of 1 to 120 characters.',
      );
    }
    const own = underWay.get(identity.id) ?? new Map();
    underWay.set(identity.id, own);
    const requestId = body.requestId ?? randomUUID();
    let taskId = own.get(requestId);
    if (taskId === undefined) {
      if (own.size >= tasksPerPerson) {
        throw new RealtimeServerError(
          'rate_limited',
          `At most ${tasksPerPerson} at a time; wait for one to end.`,
          {
            'Retry-After': '5',
          },
        );
      }
      taskId = randomUUID();
      own.set(requestId, taskId);
      const downloadUrl = new URL(`/content/${taskId}`, context.req.url).href;
      generate(channelNames.user(identity.id), {
        ...body,
        topic: body.topic ?? body.subject,
        taskId,
        downloadUrl,
      })
        .catch((error) => console.error(`The demo could not tell how a task goes on: ${error.message}`))
        .finally(() => own.delete(requestId));
    }
    return context.json({ task_id: taskId, status: 'processing' }, 202);
  });

  // The link carries an id that nobody can guess: who has it may read the sheet.
  app.get('/content/:taskId', (context) => {
    const sheet = sheets.get(context.req.param('taskId'));
    if (!sheet) throw new RealtimeServerError('not_found', 'There is no such sheet, or not any more.');
    const [one = '', two = '', three = '', four = ''] = sheet.questions;
    return context.html(
      renderPage('sheet.html', { title: sheet.title, intro: sheet.intro, one, two, three, four }),
    );
  });

  /**
   * @param {string} channel
   * @param {{ taskId: string, type: string, subject: string, topic: string, fail: boolean, downloadUrl: string }} task
   */
  async function generate(channel, task) {
    const { taskId, type, topic, fail, downloadUrl } = task;
    const label = `${topic}: ${type}`;
    await realtime.trigger(channel, 'content.progress', {
      taskId,
      label,
      progress: 0,
      status: 'pending',
      message: 'Waiting for its turn',
    });
    for (const { progress, message } of stages) {
      await wait(stageMs);
      if (fail && progress > 50) {
        await realtime.trigger(channel, 'content.failed', {
          taskId,
          error: `The notes on ${topic} could not be read.`,
        });
        return;
      }
      await realtime.trigger(channel, 'content.progress', {
        taskId,
        label,
        progress,
        status: 'running',
        message,
      });
    }
    await wait(stageMs);
    const sheet = writeSheet(task);
    sheets.set(taskId, sheet);
    for (const oldest of sheets.keys()) {
      if (sheets.size <= keptSheets) break;
      sheets.delete(oldest);
    }
    await realtime.trigger(channel, 'content.generated', {
      taskId,
      contentType: type,
      title: sheet.title,
      preview: sheet.questions.join(' ').slice(0, 100),
      downloadUrl,
    });
  }

  return app;
}

/**
 * @param {unknown} body Fields in either spelling.
 */
function camelCase(body) {
  if (typeof body !== 'object' || body === null) return body;
  const { request_id: requestId, ...rest } = /** @type {Record<string, unknown>} */ (body);
  return requestId === undefined ? rest : { requestId, ...rest };
}
