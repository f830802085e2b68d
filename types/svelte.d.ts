/**
 * The kit's tags in Svelte 5's templates: `import type {} from 'realtime-elements/types/svelte'`.
 * Events are `onstatus-changed`.
 */
import type { HTMLAttributes } from 'svelte/elements';
import type { ElementAttributes, ElementClasses, ElementEvents } from './attributes.js';

type Handlers<Tag extends keyof ElementEvents> = {
  [Name in ElementEvents[Tag] as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => void;
};

type Tags = {
  [Tag in keyof ElementAttributes]: ElementAttributes[Tag] &
    Handlers<Tag> &
    Omit<HTMLAttributes<ElementClasses[Tag]>, keyof ElementAttributes[Tag]>;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends Tags {}
}
