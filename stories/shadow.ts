/** How play functions look into elements. */

/** All elements with a part. */
export function parts(canvasElement: Element, tag: string, name: string): HTMLElement[] {
  return [...canvasElement.querySelectorAll(tag)].flatMap((element) => [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${name}"]`) ?? []),
  ]);
}

/** The text of all elements with a part. */
export function texts(canvasElement: Element, tag: string, name: string): string[] {
  return parts(canvasElement, tag, name).map(
    ({ textContent }) => textContent?.replace(/\s+/g, ' ').trim() ?? '',
  );
}
