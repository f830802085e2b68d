/** Moves an element where that is possible and wanted; with reduced motion it only fades. */
export function animate(
  element: Element | null,
  frames: Keyframe[],
  duration: number,
  easing = 'ease-out',
): Animation | undefined {
  const isReduced = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches;
  if (isReduced && !frames.some((frame) => 'opacity' in frame)) return undefined;
  const allowed = isReduced
    ? frames.map((frame) => ('opacity' in frame ? { opacity: frame.opacity } : {}))
    : frames;
  return element?.animate?.(allowed, { duration, easing });
}
