/** Tags in Svelte's templates, with the types of `realtime-elements/types/svelte`; checked, not run. */
import type {} from 'realtime-elements/types/svelte';
import type { SvelteHTMLElements } from 'svelte/elements';

export const status: SvelteHTMLElements['connection-status'] = {
  variant: 'bar',
  'show-details': true,
  'onstatus-changed': ({ status }) => status === 'connected',
};
export const toasts: SvelteHTMLElements['notification-toast'] = { channel: 'news', max: 3, texts: {} };
// @ts-expect-error no such variant
export const wrong: SvelteHTMLElements['connection-status'] = { variant: 'star' };
// @ts-expect-error no such event of this element
export const event: SvelteHTMLElements['progress-tracker'] = { 'onstatus-changed': () => {} };
