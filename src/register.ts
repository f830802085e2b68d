/** The door that defines every tag. Import it once, for its effect. */
import './elements/connection-status.define.js';
import './elements/notification-toast.define.js';
import './elements/presence-avatars.define.js';
import './elements/progress-tracker.define.js';
import './elements/realtime-badge.define.js';
import './elements/realtime-provider.define.js';
