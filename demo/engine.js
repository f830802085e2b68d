// @ts-check
/**
 * Which engine carries the events: the one that `PUSHER_*` names, or, where nothing is set, the emulator
 * on the demo's own port.
 */
import { createEmulator } from 'realtime-elements/emulator';
import { readServerEnvironment } from 'realtime-elements/server';

/**
 * @typedef {object} DemoEngine
 * @property {string} name For people: what carries the events.
 * @property {import('realtime-elements/server').EngineOptions} options What the server part talks to.
 * @property {(request: Request) => Record<string, string>} attributes What a page's script tag says of it.
 * @property {import('realtime-elements/emulator').MountedEmulator} [emulator]
 */

/**
 * Where the demo listens.
 *
 * @typedef {object} Listening
 * @property {string} address An IP address, also one that means all of this machine's.
 * @property {number} port
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {Listening} listening
 * @returns {DemoEngine}
 */
export function chooseEngine(environment, listening) {
  const { engine } = readServerEnvironment(environment);
  if (!engine.enabled) {
    return {
      name: 'nothing: PUSHER_ENABLED is false',
      options: engine,
      attributes: () => ({ 'data-enabled': 'false' }),
    };
  }
  if ([engine.appId, engine.key, engine.secret, engine.cluster, engine.host].some(Boolean)) {
    return {
      name: engine.host ? `the engine at ${engine.host}` : `Pusher Channels, cluster ${engine.cluster}`,
      options: engine,
      attributes: () => attributesOf(engine),
    };
  }
  return emulate(listening);
}

/**
 * @param {Listening} listening
 * @returns {DemoEngine}
 */
function emulate({ address, port }) {
  // The demo calls itself, at the address that it listens on: with HOST there may be no other.
  const own = ['::', '0.0.0.0'].includes(address) ? '127.0.0.1' : address;
  const host = own.includes(':') ? `[${own}]` : own;
  const emulator = createEmulator({ webhooks: [{ url: `http://${host}:${port}/pusher/webhook` }] });
  const { id, key, secret } = emulator.engine.app().settings;
  return {
    name: 'the emulator',
    emulator,
    options: { enabled: true, appId: id, key, secret, host, port, scheme: 'http' },
    // The page reaches the emulator by the name and port that it was itself reached by.
    attributes(request) {
      const { hostname, port: pagePort } = new URL(request.url);
      return attributesOf({ key, host: hostname, port: Number(pagePort || 80), scheme: 'http' });
    },
  };
}

/**
 * @param {Pick<import('realtime-elements/server').EngineOptions, 'key' | 'cluster' | 'host' | 'port' | 'scheme'>} engine
 * @returns {Record<string, string>}
 */
function attributesOf({ key = '', cluster = '', host, port, scheme }) {
  if (!host) return { 'data-key': key, 'data-cluster': cluster };
  return {
    'data-key': key,
    'data-host': host,
    ...(port === undefined ? {} : { 'data-port': String(port) }),
    ...(scheme === 'http' ? { 'data-tls': 'false' } : {}),
  };
}
