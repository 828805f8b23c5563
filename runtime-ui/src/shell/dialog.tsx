/**
 * A modal dialog on the browser's own `<dialog>`: focus trap, Esc and an inert page come with it.
 * Knows nothing of what it asks.
 */
import { type ReactNode, useEffect, useId, useRef } from 'react'
import classes from './dialog.module.css'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly footer?: ReactNode
  readonly width?: number
  /** Left out, the dialog can't be dismissed. */
  readonly onClose?: () => void
}

/** A dialog that is open as long as it is rendered. */
export function Dialog({ title, children, footer, width = 440, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = element.current
    if (dialog && !dialog.open) dialog.showModal()
    // The browser would focus the first button, which may be the one that does harm.
    dialog?.querySelector<HTMLElement>('[data-autofocus], input[autofocus]')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      className={classes.dialog}
      aria-labelledby={id}
      style={{ '--dialog-width': `${width}px` } as React.CSSProperties}
      onCancel={event => {
        event.preventDefault()
        onClose?.()
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      <h2 id={id} className={classes.title}>
        {title}
      </h2>
      <div className={classes.body}>{children}</div>
      {footer && <div className={classes.footer}>{footer}</div>}
    </dialog>
  )
}
