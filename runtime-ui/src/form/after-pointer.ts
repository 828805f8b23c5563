/**
 * Puts work off until a pressed pointer is released. What a blur shows or hides would otherwise move the page between press
 * and release, and the click that caused the blur would miss its button.
 */
let isDown = false

addEventListener('pointerdown', () => (isDown = true), true)
for (const end of ['pointerup', 'pointercancel'] as const) addEventListener(end, () => (isDown = false), true)

/** Runs `work` now, or after the click that is under way. */
export function afterPointer(work: () => void): void {
  if (!isDown) return work()
  const run = (): void => {
    removeEventListener('pointerup', run, true)
    removeEventListener('pointercancel', run, true)
    setTimeout(work)
  }
  addEventListener('pointerup', run, true)
  addEventListener('pointercancel', run, true)
}
