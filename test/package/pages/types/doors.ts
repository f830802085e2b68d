/** Every door of the package has types; checked, not run. */
import { RealtimeController } from 'realtime-elements';
import { RealtimeBadgeElement } from 'realtime-elements/elements/realtime-badge';
import 'realtime-elements/elements/realtime-badge/define';
import { createPageEmulator } from 'realtime-elements/emulator/page';
import { channelNames } from 'realtime-elements/protocol';
import 'realtime-elements/register';
import { fixedController } from 'realtime-elements/testing';

export const emulator: { stop(): void } = createPageEmulator();
export const controller: RealtimeController = RealtimeController.for({ key: 'k', cluster: 'eu' });
export const name: string = channelNames.user('1');
export const fixed: RealtimeController = fixedController({ status: 'connected' });
export const badge: HTMLElement = new RealtimeBadgeElement();
badge.addEventListener('status-changed', ({ status }) => status === 'connected');
