/** Draws the passing messages in a corner. They wait while a pointer or the focus is on them. */
import { CloseButton } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useWords } from '../i18n/use-words.ts'
import classes from './toast-region.module.css'
import { currentToasts, dismissToast, subscribeToasts, type Toast } from './toasts.ts'

const SHORT_MS = 4_000
/** A way back must not be gone before it was read. */
const LONG_MS = 10_000

/** The region of messages, once per app. */
export function ToastRegion() {
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts)
  return (
    <div className={classes.region} role="status" aria-live="polite">
      {toasts.map(toast => (
        <Message key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function Message({ toast }: { readonly toast: Toast }) {
  const { t } = useWords()
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismissToast(toast.id), toast.action || toast.kind === 'failed' ? LONG_MS : SHORT_MS)
    return () => clearTimeout(timer)
  }, [held, toast])
  const hold = {
    onPointerEnter: () => setHeld(true),
    onFocus: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onBlur: () => setHeld(false),
  }
  return (
    <div className={classes.toast} data-kind={toast.kind} {...hold}>
      {toast.kind === 'done' ? <IconCheck size={17} stroke={2} aria-hidden /> : <IconAlertTriangle size={17} stroke={1.8} aria-hidden />}
      <span className={classes.text}>{toast.text}</span>
      {toast.action && (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            toast.action?.run()
            dismissToast(toast.id)
          }}
        >
          {toast.action.label}
        </button>
      )}
      <CloseButton size="sm" aria-label={t('app.close')} onClick={() => dismissToast(toast.id)} className={classes.close ?? ''} />
    </div>
  )
}
