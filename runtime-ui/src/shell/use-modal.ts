/** Shows a `<dialog>` over the page as long as it is drawn. */
import { type RefObject, useLayoutEffect, useRef } from 'react'

/** For the dialog's element. It is closed before it leaves the page: only then does the browser give the focus back. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const element = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = element.current
    if (dialog && !dialog.open) dialog.showModal()
    // The browser would focus the first button, which may be the one that does harm.
    dialog?.querySelector<HTMLElement>('[data-autofocus], input[autofocus]')?.focus()
    return () => dialog?.close()
  }, [])
  return element
}
