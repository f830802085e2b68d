/** What the loader fetches first: the page's controller, its provider, and the definition of elements. */
import { configFromAttributes, type RealtimeConfig } from './core/config.js';
import { RealtimeController } from './core/realtime-controller.js';
import { provideToPage } from './reactive/context.js';

export { RealtimeController } from './core/realtime-controller.js';
export { defineElement } from './elements/define.js';

/**
 * Makes the page's controller from a script tag's `data-*` attributes and provides it to every element.
 * @param settings What the page set from script; wins over the attributes.
 */
export function startPage(dataset: DOMStringMap, settings: RealtimeConfig): RealtimeController {
  const attributes = configFromAttributes((name) => dataset[camelCase(name)]);
  const controller = RealtimeController.for({ ...attributes, ...settings });
  provideToPage(controller);
  return controller;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
