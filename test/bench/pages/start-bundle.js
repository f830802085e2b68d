/** The realistic page as one would write it with the npm package: the same elements, in one file that the page defers. */
import '../../../dist/elements/connection-status.define.js';
import '../../../dist/elements/notification-toast.define.js';
import '../../../dist/elements/presence-avatars.define.js';
import '../../../dist/elements/progress-tracker.define.js';
import { provideToPage, RealtimeController } from '../../../dist/index.js';
import { appKey } from '../workload.ts';

provideToPage(
  RealtimeController.for({ key: appKey, host: location.hostname, port: Number(location.port), tls: false }),
);
