/**
 * A modal dialog on the browser's own `<dialog>`: focus trap, Esc and an inert page come with it.
 * Knows nothing of what it asks.
 */
import { type ReactNode, useId } from 'react'
import classes from './dialog.module.css'
import { useModal } from './use-modal.ts'

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
  const element = useModal()
  const id = useId()
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
