/** Tags in Vue's templates, with the types of `realtime-elements/types/vue`; checked, not run. */
import type {} from 'realtime-elements/types/vue';
import type { GlobalComponents } from 'vue';

type Props<Tag extends keyof GlobalComponents> = InstanceType<GlobalComponents[Tag]>['$props'];

export const status: Props<'connection-status'> = { variant: 'bar', showDetails: true, class: 'corner' };
export const toasts: Props<'notification-toast'> = { channel: 'news', max: 3, texts: {} };
// @ts-expect-error no such variant
export const wrong: Props<'connection-status'> = { variant: 'star' };

export function onStatus(emit: InstanceType<GlobalComponents['connection-status']>['$emit'], event: Event) {
  // @ts-expect-error the event has a status
  emit('status-changed', event);
  // @ts-expect-error no such event of this element
  emit('progress-changed', event);
}
