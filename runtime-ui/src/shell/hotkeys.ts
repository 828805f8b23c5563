/** Keys of the whole page, told apart from typing. Knows no action. */
import { useEffect, useEffectEvent } from 'react'

/** What keys do; a name is a key, with `mod+` for Ctrl or ⌘. */
export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** Listens while mounted. Plain keys are left alone while something is typed into; an open dialog keeps all keys to itself. */
export function useHotkeys(keys: Hotkeys, enabled = true): void {
  const press = useEffectEvent((event: KeyboardEvent, isOpen: boolean): void => {
    // Escape closes what is open over the page first, and only that.
    if (event.key === 'Escape' && isOpen) return
    if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return
    const mod = event.ctrlKey || event.metaKey
    if (!mod && event.key !== 'Escape' && isTyping(event.target)) return
    const action = keys[`${mod ? 'mod+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`]
    if (!action) return
    event.preventDefault()
    action(event)
  })
  useEffect(() => {
    if (!enabled) return
    // Asked on the way down: on the way up the list of a select has closed already.
    let isOpen = false
    const look = (event: KeyboardEvent): void => {
      isOpen = isExpanded(event.target) || document.querySelector('[role="dialog"]') !== null
    }
    const listen = (event: KeyboardEvent): void => press(event, isOpen)
    document.addEventListener('keydown', look, true)
    document.addEventListener('keydown', listen)
    return () => {
      document.removeEventListener('keydown', look, true)
      document.removeEventListener('keydown', listen)
    }
  }, [enabled])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** True where the list of a select, or a calendar, hangs on this element. */
export function isExpanded(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.getAttribute('aria-expanded') === 'true' && target.getAttribute('aria-haspopup') !== null
}
