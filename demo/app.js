// @ts-check
/** The demo as one Hono app: pages, kit, sign-in, the server part, and what the course page asks for. */
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { createRealtimeServer, RealtimeServerError, readServerEnvironment } from 'realtime-elements/server';
import { chooseEngine } from './engine.js';
import { renderPage } from './pages.js';
import { findPerson, initials, people } from './people.js';
import { classroomRoutes } from './routes/classroom.js';
import { contentRoutes } from './routes/content.js';
import { faultRoutes } from './routes/faults.js';
import { createSessions, sessionSecret } from './session.js';
import { canTrigger } from './trigger-rule.js';

/** Everybody in the demo has one address, so what guards a real address would stop a class of six windows. */
const roomyLimits = {
  authorizationsPerMinute: 600,
  authorizationsPerMinutePerAddress: 2_000,
  eventsPerMinute: 600,
  eventsPerMinutePerAddress: 2_000,
  connectionsPerUser: 100,
};

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {import('./engine.js').Listening} listening Where the demo listens.
 * @throws Error with a sentence for people when a `PUSHER_*` variable is wrong or missing.
 */
export function createDemo(environment, listening) {
  const engine = chooseEngine(environment, listening);
  const sessions = createSessions(sessionSecret(new URL('../.cache/demo-session-secret', import.meta.url)));
  const realtime = createRealtimeServer({
    engine: engine.options,
    jwt: sessions.jwt,
    origins: readServerEnvironment(environment).origins ?? 'loopback',
    limits: roomyLimits,
    canTrigger,
    canReadMetrics: ({ roles }) => roles.includes('teacher'),
  });

  const app = new Hono({ strict: false });
  app.use(async (context, next) => {
    await next();
    // Whoever edits the kit or the demo sees it at the next reload.
    // Asked again each time; kept out of the back/forward cache, as `no-store` would, it is not.
    context.header('Cache-Control', 'private, no-cache');
  });
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  addPages(app, engine, sessions);
  addSession(app, sessions);
  app.use(
    '/content/generate',
    cors({
      origin: (origin) => (realtime.isAllowedOrigin(origin) ? origin : null),
      credentials: true,
      allowMethods: ['POST'],
      exposeHeaders: ['Retry-After'],
    }),
  );
  for (const routes of [contentRoutes(realtime), classroomRoutes(realtime), faultRoutes(realtime, engine)]) {
    app.route('/', routes);
  }
  app.on(['GET', 'POST', 'OPTIONS'], ['/pusher/*', '/realtime/*'], (context) =>
    realtime.fetch(context.req.raw, context.env),
  );
  addFiles(app);
  app.onError((error) => {
    if (error instanceof RealtimeServerError) return error.getResponse();
    console.error(error);
    return Response.json(
      { error: { code: 'internal', message: 'The demo could not do this.' } },
      { status: 500 },
    );
  });

  return {
    fetch: app.fetch,
    engineName: engine.name,
    emulator: engine.emulator,
    async stop() {
      await engine.emulator?.stop();
    },
  };
}

/**
 * @param {Hono} app
 * @param {import('./engine.js').DemoEngine} engine
 * @param {ReturnType<typeof createSessions>} sessions
 */
function addPages(app, engine, sessions) {
  /** @param {string} file */
  const pageFor = (file) => async (/** @type {import('hono').Context} */ context) => {
    const person = findPerson(context.req.query('user') ?? '1');
    if (!person)
      throw new RealtimeServerError('not_found', `Nobody here has that id; there are 1 to ${people.length}.`);
    const values = {
      token: await sessions.issue(person),
      user: person.id,
      name: person.name,
      role: person.role,
      initials: initials(person.name),
      people: JSON.stringify(people),
      engine: engine.name,
    };
    return context.html(renderPage(file, values, engine.attributes(context.req.raw)));
  };
  for (const path of ['/', '/websocket-demo']) app.get(path, pageFor('course.html'));
  app.get('/embed.html', pageFor('embed.html'));
  // The smallest page names no icon, so its browser asks for this one.
  app.get('/favicon.ico', (context) => context.redirect('/demo/favicon.svg'));
  app.get('/side-by-side', (context) => context.html(renderPage('side-by-side.html', {})));
}

/**
 * @param {Hono} app
 * @param {ReturnType<typeof createSessions>} sessions
 */
function addSession(app, sessions) {
  app.post('/session/renew', async (context) => {
    const [, old = ''] = /^Bearer (.+)$/i.exec(context.req.header('Authorization') ?? '') ?? [];
    const token = await sessions.renew(old);
    if (!token) throw new RealtimeServerError('unauthenticated', 'The session has ended; reload the page.');
    return context.json({ token });
  });
}

/**
 * The demo's own files, and the kit's: pages anywhere may load those, as from a CDN. The loader looks for
 * its other files beside itself, so they stand beside `/loader.js` as well as under `/cdn`.
 *
 * @param {Hono} app
 */
function addFiles(app) {
  const folder = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
  app.use(
    '/demo/*',
    serveStatic({ root: folder('public'), rewriteRequestPath: (path) => path.slice('/demo'.length) }),
  );
  app.use(async (context, next) => {
    await next();
    context.header('Access-Control-Allow-Origin', '*');
    context.header('Cross-Origin-Resource-Policy', 'cross-origin');
  });
  const root = folder('../dist/cdn');
  app.use('/cdn/*', serveStatic({ root, rewriteRequestPath: (path) => path.slice('/cdn'.length) }));
  app.get('/:file', serveStatic({ root }));
  app.notFound((context) =>
    context.json({ error: { code: 'not_found', message: 'There is nothing here.' } }, 404),
  );
}
