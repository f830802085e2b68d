/** Channels and their events as React components with use-pusher's hooks; how they look is the caller's. */
import { PusherProvider, useChannel, useEvent, usePresenceChannel } from '@harelpls/use-pusher';
import { useCallback, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { appKey, avatars, eventChannels, eventName, presenceChannel } from '../workload.ts';
import { options } from './connect.js';

export { usePusher } from '@harelpls/use-pusher';

export function renderPage(content) {
  const root = document.createElement('div');
  document.body.append(root);
  createRoot(root).render(
    <PusherProvider clientKey={appKey} {...options}>
      {content}
    </PusherProvider>,
  );
}

/** The last payload of an event on a channel. */
export function useLatest(channelName, event = eventName) {
  const [payload, setPayload] = useState();
  const hear = useCallback((data) => setPayload(data), []);
  useEvent(useChannel(channelName), event, hear);
  window.bench.renders += 1;
  return payload;
}

/** Each channel with what shows its progress and what shows its count. */
export function Channels({ Progress, Count }) {
  return eventChannels.map((channel) => (
    <p key={channel}>
      <Progress channel={channel} />
      <Count channel={channel} />
    </p>
  ));
}

/** Who came first on the presence channel, and how many more there are. */
export function usePeople(channelName = presenceChannel) {
  const { members, count } = usePresenceChannel(channelName);
  window.bench.renders += 1;
  const shown = [];
  for (const id in members) {
    shown.push({ id, name: members[id].name });
    if (shown.length === avatars) break;
  }
  return { shown, rest: count - shown.length };
}
