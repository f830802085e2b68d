/** The connection as a page without any kit opens it. */
import Pusher from 'pusher-js';
import { appKey } from '../workload.ts';

export const options = {
  cluster: 'none',
  wsHost: location.hostname,
  wsPort: Number(location.port),
  forceTLS: false,
  enabledTransports: ['ws'],
  channelAuthorization: { endpoint: '/pusher/auth', transport: 'ajax' },
};

export const connect = () => new Pusher(appKey, options);
