import { StrictMode, useRef, useState, version } from 'react';
import { createRoot } from 'react-dom/client';
import type { NotificationToastElement } from 'realtime-elements/elements/notification-toast';
import { ConnectionStatus, NotificationToast, RealtimeProvider } from 'realtime-elements/react';

const config = { key: 'emulator-key', host: 'localhost', port: 8008, tls: false };
const texts = { greeting: () => ({ title: 'Hello from React', message: '', level: 'info' as const }) };

function Page() {
  const [status, setStatus] = useState('');
  const [isLarge, setLarge] = useState(false);
  const toasts = useRef<NotificationToastElement>(null);
  return (
    <RealtimeProvider config={config}>
      <ConnectionStatus
        className="status"
        size={isLarge ? 'large' : 'small'}
        showDetails={isLarge}
        onStatusChanged={(event) => setStatus(`${event.status}${isLarge ? ', large' : ''}`)}
      />
      <NotificationToast ref={toasts} channel="news" texts={texts} />
      <output>{status}</output>
      <button type="button" id="enlarge" onClick={() => setLarge(true)}>
        Enlarge
      </button>
      <button type="button" id="clear" onClick={() => toasts.current?.clear()}>
        React {version}
      </button>
    </RealtimeProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
