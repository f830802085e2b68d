/** The floor: a WebSocket, JSON.parse, and nothing else. */
import { appKey, presenceChannel } from '../workload.ts';
import { presenceView } from './plain-view.js';

const { members, draw } = presenceView();
const socket = new WebSocket(`ws://${location.host}/app/${appKey}?protocol=7`);
socket.addEventListener('message', async ({ data }) => {
  const frame = JSON.parse(data);
  const content = JSON.parse(frame.data);
  if (frame.event === 'pusher_internal:member_added') members.set(content.user_id, content.user_info.name);
  else if (frame.event === 'pusher_internal:member_removed') members.delete(content.user_id);
  else if (frame.event === 'pusher_internal:subscription_succeeded') {
    for (const [id, info] of Object.entries(content.presence.hash)) members.set(id, info.name);
  } else if (frame.event === 'pusher:connection_established') {
    const body = new URLSearchParams({ socket_id: content.socket_id, channel_name: presenceChannel });
    const answer = await (await fetch('/pusher/auth', { method: 'POST', body })).json();
    socket.send(JSON.stringify({ event: 'pusher:subscribe', data: { channel: presenceChannel, ...answer } }));
  }
  draw();
});
