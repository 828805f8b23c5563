/** Links or tabs side by side that scroll when there are too many: fades where more follow, and keeps the current one in sight. */
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import classes from './strip.module.css'

interface StripProps {
  readonly label: string
  /** What is current; when it changes it is scrolled into sight. */
  readonly current: string
  readonly className?: string | undefined
  readonly role?: 'tablist'
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void
  readonly children: ReactNode
}

/** The strip. */
export function Strip({ label, current, className, role, onKeyDown, children }: StripProps) {
  const strip = useRef<HTMLElement>(null)
  const [hides, setHides] = useState({ before: false, after: false })
  useEffect(() => {
    const element = strip.current
    if (!element) return
    const look = (): void => {
      const before = element.scrollLeft > 1
      const after = element.scrollLeft + element.clientWidth < element.scrollWidth - 1
      setHides(known => (known.before === before && known.after === after ? known : { before, after }))
    }
    look()
    const size = new ResizeObserver(look)
    size.observe(element)
    for (const child of element.children) size.observe(child)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      size.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  useLayoutEffect(() => {
    const link = strip.current?.querySelector('[aria-current], [aria-selected="true"]')
    if (current !== '') link?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  return (
    <nav
      ref={strip}
      role={role}
      aria-label={label}
      onKeyDown={onKeyDown}
      className={className === undefined ? classes.strip : `${classes.strip} ${className}`}
      data-before={hides.before || undefined}
      data-after={hides.after || undefined}
    >
      {children}
    </nav>
  )
}
