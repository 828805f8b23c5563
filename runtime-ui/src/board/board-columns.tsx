/** The columns of a board side by side. */
import type { ReactNode } from 'react'
import classes from './board.module.css'

/** A strip of columns that scrolls sideways. */
export function BoardColumns({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes.board} role="group" aria-label={label}>
      {children}
    </div>
  )
}
