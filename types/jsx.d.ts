/**
 * The kit's tags in React 19's JSX, for those who write tags instead of the components of
 * `realtime-elements/react`: `import type {} from 'realtime-elements/types/jsx'`. Events are
 * `onstatus-changed`; what React keeps for itself, as `key`, no attribute can have.
 */
import type { HTMLAttributes, Key, ReactNode, Ref } from 'react';
import type { ElementAttributes, ElementClasses, ElementEvents } from './attributes.js';

type Attributes<Tag extends keyof ElementAttributes> = Omit<ElementAttributes[Tag], 'key'>;

type Handlers<Tag extends keyof ElementEvents> = {
  [Name in ElementEvents[Tag] as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => void;
};

type Tags = {
  [Tag in keyof ElementAttributes]: Attributes<Tag> &
    Handlers<Tag> &
    Omit<HTMLAttributes<ElementClasses[Tag]>, keyof Attributes<Tag>> & {
      children?: ReactNode;
      class?: string;
      key?: Key | null;
      ref?: Ref<ElementClasses[Tag]>;
    };
};

declare module 'react' {
  // biome-ignore lint/style/noNamespace: React has its JSX types in one.
  namespace JSX {
    interface IntrinsicElements extends Tags {}
  }
}
