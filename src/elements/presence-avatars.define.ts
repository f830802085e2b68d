import { defineElement } from './define.js';
import { PresenceAvatarsElement } from './presence-avatars.js';

defineElement('presence-avatars', PresenceAvatarsElement);
