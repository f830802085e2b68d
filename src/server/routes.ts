/** The HTTP face: each route reads its request, asks, and answers. */
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { eventsPerRequest, triggerBodyProblem, withSender } from '../protocol/outgoing-event.js';
import { limits as protocolLimits } from '../protocol.js';
import type { createAuthorizer } from './authorize.js';
import { atMost, readBytes, readForm, readJson } from './body.js';
import { type Broadcaster, checkSocketId, type TriggerRule } from './broadcast.js';
import type { ConnectionLimiter } from './connections.js';
import { RealtimeServerError } from './errors.js';
import type { Identity } from './identity.js';
import type { Limiter } from './limits.js';
import type { Logger } from './log.js';
import type { Metrics } from './metrics.js';
import type { WebhookReceiver } from './webhook.js';

interface RouteParts {
  identify: (request: Request) => Promise<Identity>;
  addressOf: (request: Request, env: unknown) => string | undefined;
  isAllowedOrigin: (origin: string) => boolean;
  authorizer: ReturnType<typeof createAuthorizer>;
  broadcaster: Broadcaster;
  limiter: Limiter;
  connections: ConnectionLimiter;
  metrics: Metrics;
  /** Undefined when realtime is disabled. */
  webhooks: WebhookReceiver | undefined;
  canTrigger: TriggerRule | undefined;
  canReadMetrics: ((identity: Identity) => boolean | Promise<boolean>) | undefined;
  isEnabled: boolean;
  logger: Logger;
}

const socketId = z.string();
const channel = z.string();
const triggerBody = z.union([
  z.object({
    batch: z
      .array(
        z
          .object({
            channel,
            event: z.string().optional(),
            name: z.string().optional(),
            data: z.unknown().optional(),
            socket_id: socketId.nullish(),
          })
          .refine((item) => (item.event ?? item.name) !== undefined, { error: 'event' }),
      )
      .min(1)
      .max(eventsPerRequest),
    event: z.never().optional(),
  }),
  z
    .object({
      batch: z.never().optional(),
      channel: channel.optional(),
      channels: z.array(channel).min(1).optional(),
      event: z.string(),
      data: z.unknown().optional(),
      socket_id: socketId.nullish(),
    })
    .refine((body) => (body.channel === undefined) !== (body.channels === undefined)),
]);

/** Builds the app. It answers under any prefix, mounted or alone. */
export function createRoutes(parts: RouteParts): Hono {
  const paths = [
    '/pusher/auth',
    '/pusher/user-auth',
    '/pusher/webhook',
    '/realtime/trigger',
    '/realtime/metrics',
  ];
  const app = new Hono({
    // Called alone, under whatever prefix the host has: the path's end decides.
    getPath: (request) => {
      const { pathname } = new URL(request.url);
      return paths.find((path) => pathname.endsWith(path)) ?? pathname;
    },
  });

  const acrossOrigins = cors({
    origin: (origin) => (parts.isAllowedOrigin(origin) ? origin : null),
    credentials: true,
    allowMethods: ['GET', 'POST'],
    exposeHeaders: ['X-Realtime-Batch', 'Retry-After'],
    maxAge: 600,
  });
  for (const path of paths) {
    app.use(path, acrossOrigins, async (context, next) => {
      await next();
      context.header('Cache-Control', 'no-store');
    });
  }

  app.post('/pusher/auth', atMost(64), async (context) => {
    const identity = await admit(parts, context);
    const form = await readForm(context);
    const names = form.getAll('channel_name[]');
    const id = readSocketId(form);
    context.header('X-Realtime-Batch', String(protocolLimits.channelsPerAuthorization));
    if (names.length === 0) {
      const name = only(form, 'channel_name');
      await parts.connections.admit(identity.id, id);
      return context.json(await parts.authorizer.authorizeChannel(identity, id, name));
    }
    if (form.has('channel_name') || names.length > protocolLimits.channelsPerAuthorization) {
      throw invalid(
        `Give channel_name, or channel_name[] up to ${protocolLimits.channelsPerAuthorization} times.`,
      );
    }
    await parts.connections.admit(identity.id, id);
    const answers = await Promise.all(
      [...new Set(names)].map(async (name) => [
        name,
        await parts.authorizer.authorizeChannel(identity, id, name).catch((error: unknown) => ({
          error: toErrorEntry(toServerError(error, parts.logger)),
        })),
      ]),
    );
    return context.json(Object.fromEntries(answers));
  });

  app.post('/pusher/user-auth', atMost(64), async (context) => {
    const identity = await admit(parts, context);
    const id = readSocketId(await readForm(context));
    await parts.connections.admit(identity.id, id);
    return context.json(await parts.authorizer.authenticateUser(identity, id));
  });

  app.post('/realtime/trigger', atMost(1536), async (context) => {
    const address = parts.addressOf(context.req.raw, context.env);
    if (address) await parts.limiter.take('events', { address });
    const identity = await parts.identify(context.req.raw);
    const body = triggerBody.safeParse(await readJson(context)).data;
    if (!body) throw invalid(triggerBodyProblem);
    const count = body.batch ? body.batch.length : (body.channels?.length ?? 1);
    await parts.limiter.take('events', { userId: identity.id }, count);
    if (address && count > 1) await parts.limiter.take('events', { address }, count - 1);
    return context.json(
      body.batch
        ? await triggerBatch(parts, identity, body.batch)
        : await triggerOne(parts, identity, {
            ...body,
            channels: body.channels ?? [body.channel!],
          }),
    );
  });

  app.post('/pusher/webhook', atMost(1536), async (context) => {
    if (!parts.webhooks) throw disabled();
    await parts.webhooks.receive(context.req.raw.headers, await readBytes(context));
    return context.json({ status: 'ok' });
  });

  app.get('/realtime/metrics', async (context) => {
    const identity = await parts.identify(context.req.raw);
    if ((await parts.canReadMetrics?.(identity)) !== true) {
      throw new RealtimeServerError('forbidden', 'You may not read the metrics.');
    }
    const { range, from, to } = context.req.query();
    return context.json(await parts.metrics.query({ range, from, to }));
  });

  for (const path of paths) {
    const allowed = path === '/realtime/metrics' ? 'GET' : 'POST';
    app.all(path, () => {
      throw new RealtimeServerError('method_not_allowed', `Use ${allowed}.`, { Allow: allowed });
    });
  }
  app.notFound((context) =>
    answer(context, new RealtimeServerError('not_found', 'There is nothing under this path.')),
  );
  app.onError((error, context) => answer(context, toServerError(error, parts.logger)));
  return app;
}

type BatchBody = NonNullable<z.infer<typeof triggerBody>['batch']>[number];

interface TriggerBody {
  channels: string[];
  event: string;
  data?: unknown;
  socket_id?: string | null;
}

async function triggerOne(parts: RouteParts, identity: Identity, body: TriggerBody) {
  const result = await parts.broadcaster.trigger(
    body.channels,
    body.event,
    withSender(body.data, identity.id),
    {
      socketId: body.socket_id ?? undefined,
      identity,
      guard: guardFor(parts, identity),
    },
  );
  return { ok: true, result, ...(parts.isEnabled ? {} : { disabled: true }) };
}

async function triggerBatch(parts: RouteParts, identity: Identity, batch: readonly BatchBody[]) {
  const results = await parts.broadcaster.triggerBatch(
    batch.map((item) => ({
      channel: item.channel,
      event: (item.event ?? item.name)!,
      data: withSender(item.data, identity.id),
      socketId: item.socket_id ?? undefined,
    })),
    { identity, guard: guardFor(parts, identity) },
  );
  const failures = results.flatMap((entry) => (entry.ok ? [] : [entry.error]));
  // The events of one call to the engine share its error.
  for (const failure of new Set(failures)) toServerError(failure, parts.logger);
  return {
    ok: failures.length === 0,
    results: results.map((entry) => (entry.ok ? entry : { ok: false, error: toErrorEntry(entry.error) })),
    ...(parts.isEnabled ? {} : { disabled: true }),
  };
}

function guardFor({ canTrigger }: RouteParts, identity: Identity) {
  return async (channel: string, event: string, data: unknown): Promise<void> => {
    if ((await canTrigger?.({ identity, channel, event, data })) !== true) {
      throw new RealtimeServerError('forbidden', 'You may not send this event to this channel.');
    }
  };
}

/** Lets a request for an authorization in: realtime is on, the limits are kept, somebody is asking. */
async function admit(parts: RouteParts, context: Context): Promise<Identity> {
  if (!parts.isEnabled) throw disabled();
  const address = parts.addressOf(context.req.raw, context.env);
  if (address) await parts.limiter.take('authorizations', { address });
  const identity = await parts.identify(context.req.raw);
  await parts.limiter.take('authorizations', { userId: identity.id });
  return identity;
}

function only(form: URLSearchParams, name: string): string {
  const [value, ...others] = form.getAll(name);
  if (value === undefined || others.length > 0) throw invalid(`${name} should be there once.`);
  return value;
}

/** Checked before anything is counted under it. */
function readSocketId(form: URLSearchParams): string {
  const id = only(form, 'socket_id');
  checkSocketId(id);
  return id;
}

/** What the client is told; what it is not told goes to the log. */
function toServerError(error: unknown, logger: Logger): RealtimeServerError {
  if (error instanceof RealtimeServerError) {
    if (error.cause !== undefined) logger.error(error.message, error.cause);
    return error;
  }
  logger.error('The realtime server failed.', error);
  return new RealtimeServerError('internal', 'The server could not do this.');
}

/** An error among the results of a batch, which has no status line of its own. */
function toErrorEntry({ code, message, status }: RealtimeServerError) {
  return { code, message, status };
}

function answer(context: Context, error: RealtimeServerError): Response {
  return context.json(error.toJSON(), error.status as ContentfulStatusCode, { ...error.headers });
}

function invalid(message: string): RealtimeServerError {
  return new RealtimeServerError('invalid_request', message);
}

function disabled(): RealtimeServerError {
  return new RealtimeServerError('disabled', 'Realtime is disabled on this server.');
}
