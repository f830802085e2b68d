import { presenceChannel } from '../workload.ts';
import { presenceView } from './plain-view.js';

/** Shows who is on the presence channel. */
export function showPeople(pusher) {
  const { members, draw } = presenceView();
  const channel = pusher.subscribe(presenceChannel);
  channel.bind('pusher:subscription_succeeded', (all) => {
    all.each(({ id, info }) => members.set(id, info.name));
    draw();
  });
  channel.bind('pusher:member_added', ({ id, info }) => {
    members.set(id, info.name);
    draw();
  });
  channel.bind('pusher:member_removed', ({ id }) => {
    members.delete(id);
    draw();
  });
}
