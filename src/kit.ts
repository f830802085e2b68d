/** What the loader fetches first: the page's controller, its provider, and the definition of elements. */
import type { RealtimeConfig } from './core/config.js';
import { camelCase, readConfig } from './core/config-sources.js';
import { RealtimeController } from './core/realtime-controller.js';
import { setPageLanguage } from './elements/localizer.js';
import { provideToPage } from './reactive/context.js';

export { RealtimeController } from './core/realtime-controller.js';
export { defineElement } from './elements/define.js';

/**
 * Makes the page's controller from a script tag's `data-*` attributes and provides it to every element.
 * @param settings What the page set from script; wins over the attributes.
 */
export function startPage(dataset: DOMStringMap, settings?: RealtimeConfig): RealtimeController {
  if (dataset.locale) setPageLanguage(dataset.locale);
  const attributes = readConfig((name) => dataset[camelCase(name)]);
  const controller = RealtimeController.for({ ...attributes, ...settings });
  provideToPage(controller);
  return controller;
}
