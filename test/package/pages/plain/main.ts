import { provideToPage, RealtimeController } from 'realtime-elements';
import 'realtime-elements/register';

const port = Number(new URLSearchParams(location.search).get('port'));
provideToPage(RealtimeController.for({ key: 'emulator-key', host: '127.0.0.1', port, tls: false }));

document.addEventListener('status-changed', ({ status }) => {
  document.querySelector('output')!.textContent = status;
});
document.querySelector('notification-toast')!.texts = {
  greeting: () => ({ title: 'Hello from plain', message: '', level: 'info' }),
};
