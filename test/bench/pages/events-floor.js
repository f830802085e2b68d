/** The floor: a WebSocket, JSON.parse, and nothing else. */
import { appKey, eventChannels, eventName } from '../workload.ts';
import { eventsView } from './plain-view.js';

const show = eventsView();
const indexes = new Map(eventChannels.map((channel, index) => [channel, index]));
const socket = new WebSocket(`ws://${location.host}/app/${appKey}?protocol=7`);
socket.addEventListener('message', ({ data }) => {
  const frame = JSON.parse(data);
  if (frame.event === eventName) show(indexes.get(frame.channel), JSON.parse(frame.data));
  if (frame.event !== 'pusher:connection_established') return;
  for (const channel of eventChannels) {
    socket.send(JSON.stringify({ event: 'pusher:subscribe', data: { channel } }));
  }
});
