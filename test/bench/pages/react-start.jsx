/** What the realistic React pages share: the connection's status, and notifications as they come. */
import { useChannel, useEvent } from '@harelpls/use-pusher';
import { useCallback, useEffect, useState } from 'react';
import { usePusher } from './react-page.jsx';

export const userChannel = 'private-user-1';

const labels = { connected: 'Live', connecting: 'Connecting', disconnected: 'Disconnected' };

/** The connection's status as a word. */
export function useStatus() {
  const { client } = usePusher();
  const [status, setStatus] = useState('connecting');
  useEffect(() => {
    if (!client) return;
    setStatus(client.connection.state);
    const changed = ({ current }) => setStatus(current);
    client.connection.bind('state_change', changed);
    return () => client.connection.unbind('state_change', changed);
  }, [client]);
  return labels[status] ?? 'Connecting';
}

/** Calls back with each notification of the user. */
export function useNotifications(show) {
  const hear = useCallback((notification) => show(notification), [show]);
  useEvent(useChannel(userChannel), 'notification', hear);
}
