/** A toast that follows the finger, and goes when it is let go far enough out. */

/** Further than this is meant; less is a tremor of the hand. */
const AWAY_PX = 80;
/** Below this it is a tap or a click. */
const START_PX = 6;

/**
 * Follows one pointer from its `pointerdown` on.
 * @param directions Where the element may go: -1 is left, 1 is right.
 */
export function followSwipe(
  event: PointerEvent,
  element: HTMLElement,
  directions: readonly number[],
  onAway: () => void,
): void {
  const pressed = event.composedPath()[0] as Element;
  if (event.button !== 0 || pressed.closest('a, button')) return;
  const from = event.clientX;
  let moved = 0;
  const move = ({ clientX, pointerId }: PointerEvent) => {
    const distance = clientX - from;
    moved = directions.includes(Math.sign(distance)) ? distance : 0;
    if (Math.abs(moved) < START_PX) return;
    element.setPointerCapture(pointerId);
    element.style.setProperty('translate', `${moved}px`);
    element.style.setProperty('opacity', `${Math.max(0.2, 1 - Math.abs(moved) / 300)}`);
  };
  const end = () => {
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', end);
    element.removeEventListener('pointercancel', end);
    if (Math.abs(moved) > AWAY_PX) {
      onAway();
      return;
    }
    element.style.removeProperty('translate');
    element.style.removeProperty('opacity');
  };
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
}
