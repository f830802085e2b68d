/** The kit's tags in Vue's templates: `import type {} from 'realtime-elements/types/vue'`. */
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { ElementAttributes, ElementClasses, ElementEvents } from './attributes.js';

type Tags = {
  [Tag in keyof ElementAttributes]: new () => ElementClasses[Tag] & {
    /** Attributes and properties in templates. */
    $props: ElementAttributes[Tag] & Omit<HTMLAttributes, keyof ElementAttributes[Tag]> & PublicProps;
    /** Events in templates: `@status-changed`. */
    $emit: EmitFn<{ [Name in ElementEvents[Tag]]: (event: HTMLElementEventMap[Name]) => void }>;
  };
};

declare module 'vue' {
  interface GlobalComponents extends Tags {}
}
