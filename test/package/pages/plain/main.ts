import { provideToPage, RealtimeController } from 'realtime-elements';
import 'realtime-elements/register';

provideToPage(RealtimeController.for({ key: 'emulator-key', host: 'localhost', port: 8008, tls: false }));

document.addEventListener('status-changed', ({ status }) => {
  document.querySelector('output')!.textContent = status;
});
document.querySelector('notification-toast')!.texts = {
  greeting: () => ({ title: 'Hello from plain', message: '', level: 'info' }),
};
