// @ts-check
/**
 * Trouble on purpose, for the control panel and for this demo alone: the emulator's driver cuts and
 * refuses connections. A real engine cannot be asked for that, and is not.
 */
import { Hono } from 'hono';
import { channelNames } from 'realtime-elements/protocol';
import { RealtimeServerError } from 'realtime-elements/server';

/** What the service says to an app that may have no more connections. */
const overQuota = { code: 4004, reason: 'Application is over connection quota' };

/**
 * @param {import('realtime-elements/server').RealtimeServer} realtime
 * @param {import('../engine.js').DemoEngine} engine
 * @returns {Hono}
 */
export function faultRoutes(realtime, engine) {
  const driver = engine.emulator?.driver;
  const state = { refusing: false };
  /** Actions by name; `own` picks the connections of whoever asks. */
  const actions = {
    /** @param {import('realtime-elements/emulator').ConnectionFilter} own */
    cut: (own) => driver?.drop(own),
    /** New connections are refused, everybody's; the asker's own is closed, so that there is one to refuse. */
    refuse: (/** @type {import('realtime-elements/emulator').ConnectionFilter} */ own) => {
      state.refusing = true;
      driver?.refuse(overQuota.code, overQuota.reason);
      driver?.close(overQuota.code, overQuota.reason, own);
    },
    accept: () => {
      state.refusing = false;
      driver?.refuse(null);
    },
  };

  const app = new Hono();
  const describe = () => ({ engine: engine.name, canFail: driver !== undefined, ...state });

  app.get('/demo/faults', async (context) => {
    await realtime.identify(context.req.raw);
    return context.json(describe());
  });

  app.post('/demo/faults', async (context) => {
    const { id } = await realtime.identify(context.req.raw);
    if (!driver) {
      throw new RealtimeServerError(
        'forbidden',
        `This demo runs on ${engine.name}; only the emulator can be cut.`,
      );
    }
    const body = await context.req.json().catch(() => undefined);
    const action = /** @type {keyof typeof actions} */ (body?.action);
    if (!Object.hasOwn(actions, action)) {
      throw new RealtimeServerError(
        'invalid_request',
        `The action should be one of ${Object.keys(actions).join(', ')}.`,
      );
    }
    actions[action](({ channels }) => channels.includes(channelNames.user(id)));
    return context.json(describe());
  });

  return app;
}
