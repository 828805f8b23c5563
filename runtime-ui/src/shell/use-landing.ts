/**
 * Where the keyboard stands on a new page. What had the focus went with the page before; without a place of its own the next
 * key would go to nobody, and what scrolls could not be scrolled.
 */
import { type RefObject, useEffect, useRef } from 'react'

/** For the part of the page that scrolls: takes the focus when the page comes and nothing else has it. */
export function useLanding(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isFree()) place.current?.focus({ preventScroll: true })
  }, [])
  return place
}

/** For a form: the first field that is typed into, where there is a keyboard; else the part that scrolls. */
export function useFormLanding(): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isFree()) return
    const typed = place.current?.querySelectorAll<HTMLElement>('form :is(input, textarea):not([type="hidden"], [readonly], :disabled)')
    const first = [...(typed ?? [])].find(element => element.checkVisibility())
    // On a phone the keyboard would cover the form, and a list of choices would open over it.
    const isTyped = matchMedia('(hover: hover)').matches && first?.hasAttribute('aria-haspopup') === false
    ;(isTyped ? first : place.current)?.focus({ preventScroll: true })
  }, [])
  return place
}

function isFree(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}
