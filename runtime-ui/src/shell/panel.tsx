/**
 * A button that opens a small panel below itself, on phones a sheet from the bottom edge. Keeps focus where a keyboard
 * expects it. Light on purpose: it belongs to the first route, where a positioning library would not fit the budget.
 */
import { ActionIcon, Button } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, Suspense, useCallback, useEffect, useId, useRef, useState } from 'react'
import { isExpanded } from './hotkeys.ts'
import classes from './panel.module.css'
import { Waiting } from './waiting.tsx'

interface PanelProps {
  readonly label: string
  readonly icon: ReactNode
  /** Shown beside the icon; left out, the button is the icon alone. */
  readonly text?: ReactNode
  readonly align?: 'start' | 'end'
  readonly side?: 'below' | 'above'
  readonly width?: number
  readonly active?: boolean
  readonly className?: string | undefined
  /** Draws the whole button itself, in place of icon and text. */
  readonly face?: ReactNode
  /** Called when a pointer comes near, to load what the panel needs. */
  readonly onNear?: () => void
  readonly children: (close: () => void) => ReactNode
}

/** The button and its panel. */
export function Panel(props: PanelProps) {
  const { label, icon, text, align = 'start', side = 'below', width = 320, active = false, children } = props
  const [open, setOpen] = useState(false)
  const id = useId()
  const frame = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const sheet = useRef<HTMLDivElement>(null)
  const inside = useRef(false)

  const close = useCallback((focus = true) => {
    setOpen(false)
    if (focus) button.current?.focus()
  }, [])

  useEffect(() => {
    if (!open) return
    // Opened by a key, a menu begins at its first line; whoever points at it sees all of them.
    const first = button.current?.matches(':focus-visible') ? itemsOf(sheet.current)[0] : undefined
    ;(first ?? sheet.current)?.focus()
    const outside = (): void => {
      if (!inside.current) close(false)
      inside.current = false
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open, close])

  const shared = {
    ref: button,
    'aria-expanded': open,
    'aria-haspopup': 'dialog' as const,
    'aria-controls': open ? id : undefined,
    onClick: () => setOpen(!open),
    onPointerEnter: props.onNear,
    onFocus: props.onNear,
  }

  return (
    // Events of what the panel opens elsewhere in the page, such as the list of a select, bubble here as well.
    <div ref={frame} className={`${classes.frame} ${props.className ?? ''}`} onPointerDown={() => (inside.current = true)}>
      {props.face === undefined ? (
        text === undefined ? (
          <ActionIcon {...shared} aria-label={label} title={label} data-active={active || undefined} className={classes.button ?? ''}>
            {icon}
          </ActionIcon>
        ) : (
          <Button {...shared} variant="default" leftSection={icon} data-active={active || undefined} className={classes.button ?? ''}>
            {text}
          </Button>
        )
      ) : (
        <button type="button" {...shared} className={classes.face}>
          {props.face}
        </button>
      )}
      {open && (
        <>
          <div className={classes.backdrop} onPointerDown={() => close(false)} aria-hidden />
          <div
            ref={sheet}
            id={id}
            role="dialog"
            aria-label={label}
            tabIndex={-1}
            className={classes.sheet}
            data-align={align}
            data-side={side}
            style={{ '--panel-width': `${width}px` } as React.CSSProperties}
            onKeyDown={event => {
              if (event.key === 'Escape' && !event.defaultPrevented && !isExpanded(event.target)) {
                event.stopPropagation()
                close()
              }
              moveOverItems(event)
            }}
            onBlur={event => {
              const next = event.relatedTarget
              if (next instanceof Node && !frame.current?.contains(next) && !(next instanceof Element && next.closest('[data-portal]')))
                close(false)
            }}
          >
            <Suspense fallback={<Waiting />}>
              <Content render={children} onClose={close} />
            </Suspense>
          </div>
        </>
      )}
    </div>
  )
}

/** The lines of a menu, as far as the panel is one. */
function itemsOf(sheet: HTMLElement | null): HTMLElement[] {
  return [...(sheet?.querySelectorAll<HTMLElement>('[data-item]') ?? [])]
}

/** Arrows, Home and End go from line to line; inputs of a panel keep these keys to themselves. */
function moveOverItems(event: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget)
  const at = items.findIndex(item => item === event.target)
  if (items.length === 0 || (at === -1 && event.target !== event.currentTarget)) return
  const last = items.length - 1
  const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key]
  if (to === undefined) return
  event.preventDefault()
  items[to]?.focus()
}

function Content({ render, onClose }: { readonly render: PanelProps['children']; readonly onClose: () => void }) {
  return render(onClose)
}

/** A line of a panel that does something. */
export function PanelItem({
  icon,
  danger = false,
  checked,
  onClick,
  children,
}: {
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly checked?: boolean
  readonly onClick: () => void
  readonly children: ReactNode
}) {
  return (
    <button type="button" data-item className={classes.item} data-danger={danger || undefined} aria-pressed={checked} onClick={onClick}>
      <span className={classes.icon}>{icon}</span>
      <span className={classes.text}>{children}</span>
    </button>
  )
}
