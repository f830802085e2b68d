/** What element tests share: elements inside a provider whose controller is on an emulator. */
import { fixture, nextFrame } from '@open-wc/testing';
import { html, type LitElement, type TemplateResult } from 'lit';
import type { RealtimeController } from '../../src/core/realtime-controller.js';
import { defineElement } from '../../src/elements/define.js';
import { RealtimeProviderElement } from '../../src/elements/realtime-provider.js';

defineElement('realtime-provider', RealtimeProviderElement);

/** Puts elements under a controller; answers the first of them. */
export async function mount<T extends LitElement>(
  controller: RealtimeController | undefined,
  content: TemplateResult,
): Promise<T> {
  const provider = await fixture<RealtimeProviderElement>(
    html`<realtime-provider .controller=${controller}>${content}</realtime-provider>`,
  );
  const element = provider.firstElementChild as T;
  await element.updateComplete;
  return element;
}

/** Resolves as soon as something is true; looks at every frame. Fails by the test's own time-out. */
export async function eventually<T>(look: () => T | null | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    await nextFrame();
  }
}

/** All elements with a part, in an element's shadow root. */
export function parts(element: Element, name: string): HTMLElement[] {
  return [...(element.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${name}"]`) ?? [])];
}

/** The first element with a part. */
export function part(element: Element, name: string): HTMLElement | undefined {
  return parts(element, name)[0];
}

/** The text that a part shows, without the spaces around it. */
export function textOf(element: Element, name: string): string {
  return parts(element, name).map(textIn).join(' | ');
}

/** The text inside an element, with single spaces. */
export function textIn(element: Element | undefined | null): string {
  return element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
}

/** The text inside an element that assistive technology reads. */
export function spokenText(element: Element | undefined | null): string {
  const copy = element?.cloneNode(true) as Element | undefined;
  for (const silent of copy?.querySelectorAll('[aria-hidden=true]') ?? []) silent.remove();
  return textIn(copy);
}

/** The next event of a type, with its own fields. */
export function heard<K extends keyof GlobalEventHandlersEventMap>(
  target: EventTarget,
  type: K,
): Promise<GlobalEventHandlersEventMap[K]> {
  return new Promise((resolve) => {
    target.addEventListener(type, (event) => resolve(event as GlobalEventHandlersEventMap[K]), {
      once: true,
    });
  });
}
