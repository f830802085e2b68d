import { type Preview, setCustomElementsManifest } from '@storybook/web-components-vite';
import type { ArgTypesEnhancer, SBType } from 'storybook/internal/types';
import manifest from '../custom-elements.json';
import { ConnectionStatusElement } from '../src/elements/connection-status.js';
import { defineElement } from '../src/elements/define.js';
import { NotificationToastElement } from '../src/elements/notification-toast.js';
import { PresenceAvatarsElement } from '../src/elements/presence-avatars.js';
import { ProgressTrackerElement } from '../src/elements/progress-tracker.js';
import { RealtimeBadgeElement } from '../src/elements/realtime-badge.js';
import { RealtimeProviderElement } from '../src/elements/realtime-provider.js';
import { themes } from '../stories/themes.js';
import './preview.css';

defineElement('realtime-provider', RealtimeProviderElement);
defineElement('connection-status', ConnectionStatusElement);
defineElement('presence-avatars', PresenceAvatarsElement);
defineElement('notification-toast', NotificationToastElement);
defineElement('progress-tracker', ProgressTrackerElement);
defineElement('realtime-badge', RealtimeBadgeElement);

// A table has one row for each name: written like this, a part takes none from a property that is named alike.
setCustomElementsManifest(
  JSON.parse(JSON.stringify(manifest), (key, value) =>
    key === 'cssParts'
      ? value.map((part: { name: string }) => ({ ...part, name: `::part(${part.name})` }))
      : value,
  ),
);

/** A story has controls for what it sets, as the property's type asks for; everything else is there to be read. */
const offerControls: ArgTypesEnhancer = ({ argTypes, initialArgs }) =>
  Object.fromEntries(
    Object.entries(argTypes).map(([name, row]) => [
      name,
      Object.hasOwn(initialArgs, name)
        ? { ...row, type: readType(row.table?.type?.summary) }
        : { ...row, control: { disable: true } },
    ]),
  );

/** A type as the manifest writes it: `number | undefined`, or a union of words in quotes. */
function readType(text = ''): SBType {
  const words = [...text.matchAll(/'([^']+)'/g)].map(([, word]) => word as string);
  if (words.length > 0) return { name: 'enum', value: words };
  return { name: text.replace(' | undefined', '') } as SBType;
}

const themeSheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, themeSheet];

const choice = (
  title: string,
  icon: string,
  items: readonly (readonly [value: string, title: string])[],
) => ({
  toolbar: {
    title,
    icon,
    dynamicTitle: true,
    items: items.map(([value, itemTitle]) => ({ value, title: itemTitle })),
  },
});

const preview: Preview = {
  argTypesEnhancers: [offerControls],
  globalTypes: {
    scheme: choice('Scheme', 'contrast', [
      ['light dark', 'As the device'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ]),
    theme: choice(
      'Theme',
      'paintbrush',
      Object.entries(themes).map(([name, { title }]) => [name, title] as const),
    ),
    direction: choice('Direction', 'transfer', [
      ['ltr', 'Left to right'],
      ['rtl', 'Right to left'],
    ]),
    language: choice('Language', 'globe', [
      ['en', 'English'],
      ['de', 'Deutsch'],
      ['es', 'Español'],
      ['fr', 'Français'],
      ['ar', 'العربية'],
      ['ja', '日本語'],
    ]),
  },
  initialGlobals: { scheme: 'light dark', theme: 'default', direction: 'ltr', language: 'en' },
  decorators: [
    (story, { globals: { scheme, theme, direction, language } }) => {
      const root = document.documentElement;
      root.style.setProperty('color-scheme', scheme);
      root.dir = direction;
      root.lang = language;
      themeSheet.replaceSync(`:root {${themes[theme]?.css ?? ''}}`);
      return story();
    },
  ],
  parameters: {
    layout: 'padded',
    controls: { expanded: true, sort: 'requiredFirst' },
    a11y: { test: 'error' },
    options: {
      storySort: { order: ['Start here', 'Elements', 'Examples'] },
    },
  },
};

export default preview;
