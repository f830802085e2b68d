/** Tags in React's JSX, with the types of `realtime-elements/types/jsx`; checked, not run. */
import type { NotificationToastElement } from 'realtime-elements';
import { ConnectionStatus, ProgressTracker } from 'realtime-elements/react';
import type {} from 'realtime-elements/types/jsx';

export const tags = [
  <connection-status
    key="status"
    variant="dot"
    size="large"
    show-details
    class="corner"
    onstatus-changed={({ status, previous }) => status === 'refused' && previous.length}
  />,
  <notification-toast
    key="toast"
    channel="news"
    max={3}
    ref={(element: NotificationToastElement | null) => element?.clear()}
  />,
  // @ts-expect-error no such variant
  <connection-status key="wrong" variant="star" />,
  // @ts-expect-error the element says its status, nobody sets it
  <connection-status key="status" status="connected" />,
];

export const components = [
  <ConnectionStatus key="status" size="small" onLostChanged={({ lost }) => lost === true} />,
  // @ts-expect-error no such size
  <ConnectionStatus key="wrong" size="huge" />,
  // @ts-expect-error the event has no such field
  <ProgressTracker key="event" onProgressFailed={({ nothing }) => nothing} />,
];
