import { defineElement } from './define.js';
import { RealtimeProviderElement } from './realtime-provider.js';

defineElement('realtime-provider', RealtimeProviderElement);
