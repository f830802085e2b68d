/**
 * The platform that the script tags' pusher-js runs on. Its core asks a module named `runtime` for all that
 * differs between platforms; those that come with it have HTTP transports, strategies to choose among them and
 * requests of their own, none of which the kit ever uses. This one has sockets and nothing else, which takes
 * a third of the file away. The core, which is all of the protocol, is pusher-js' own, unaltered.
 */
import Transport from 'core/transports/transport';
import { ws } from 'core/transports/url_schemes';

const runtime = {
  Transports: {
    ws: new Transport({
      urls: ws,
      isInitialized: () => true,
      isSupported: () => true,
      getSocket: (url) => runtime.createWebSocket(url),
    }),
  },
  createWebSocket: (url) => new WebSocket(url),
  transportConnectionInitializer() {
    this.changeState('initialized');
  },
  /** One attempt at one socket. A failed one is not told: pusher-js would try again at once, and the kit says when. */
  getDefaultStrategy(config, options, defineTransport) {
    const { wsHost, wsPort, wssPort, wsPath } = config;
    const strategy = defineTransport(config, 'ws', 'ws', 1, {
      ...options,
      hostNonTLS: `${wsHost}:${wsPort}`,
      hostTLS: `${wsHost}:${wssPort}`,
      httpPath: wsPath,
    });
    return {
      isSupported: () => true,
      connect: (priority, callback) =>
        strategy.connect(priority, (error, handshake) => {
          if (!error) callback(null, handshake);
        }),
    };
  },
  setup: (Pusher) => Pusher.ready(),
  /** Whether there is TLS is for the kit to say, not for the page's address. */
  getProtocol: () => 'http:',
  /** The kit watches the network itself. */
  getNetwork: () => ({ bind() {} }),
  /** For a number in statistics that are never sent. */
  randomInt: (limit) => Math.floor(Math.random() * limit),
};

export default runtime;
