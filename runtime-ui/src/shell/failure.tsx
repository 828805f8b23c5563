/**
 * Says that something did not work, what it was, and what can be done. One look for problems of lists, records and pages.
 */
import { Button } from '@mantine/core'
import { IconCloudOff, IconLock, IconMoodEmpty, IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { Problem, Unreachable } from '../api/client.ts'
import classes from './failure.module.css'

/** A failed request, in words. */
export function Failure({
  error,
  onRetry,
  page = false,
}: {
  readonly error: unknown
  readonly onRetry?: () => void
  readonly page?: boolean
}) {
  const { t } = useWords()
  const retry = onRetry ? (
    <Button variant="default" onClick={onRetry}>
      {t('app.retry')}
    </Button>
  ) : null
  if (error instanceof Unreachable) {
    return (
      <Notice
        page={page}
        icon={<IconCloudOff size={28} stroke={1.5} />}
        title={t('error.unreachable_title')}
        text={t('error.unreachable_text')}
        action={retry}
      />
    )
  }
  if (error instanceof Problem && error.status === 404) {
    return (
      <Notice
        page={page}
        icon={<IconMoodEmpty size={28} stroke={1.5} />}
        title={t('error.not_found_title')}
        text={t('error.not_found_text')}
        action={page ? <WayOut /> : null}
      />
    )
  }
  if (error instanceof Problem && error.status === 403) {
    return (
      <Notice
        page={page}
        icon={<IconLock size={28} stroke={1.5} />}
        title={t('error.forbidden_title')}
        text={error.message}
        action={page ? <WayOut /> : null}
      />
    )
  }
  const document = error instanceof Problem ? error.document : null
  return (
    <Notice
      page={page}
      alert
      icon={<IconAlertTriangle size={28} stroke={1.5} />}
      title={document?.title ?? t('error.title')}
      text={[document?.detail ?? (error instanceof Error && !document ? error.message : null), document?.hint].filter(Boolean).join(' ')}
      note={document?.trace_id ? t('error.trace', { id: document.trace_id }) : undefined}
      action={retry}
    />
  )
}

/** A page that leads nowhere offers the way to one that does. */
function WayOut() {
  const { t } = useWords()
  return (
    <Button variant="default" renderRoot={root => <Link to="/" {...root} />}>
      {t('app.home')}
    </Button>
  )
}

interface NoticeProps {
  readonly icon: ReactNode
  readonly title: string
  readonly text?: string | undefined
  readonly note?: string | undefined
  readonly action?: ReactNode
  readonly alert?: boolean
  /** The message is all there is on the page. */
  readonly page?: boolean
}

/** A quiet message in the middle of an empty place. */
export function Notice({ icon, title, text, note, action, alert = false, page = false }: NoticeProps) {
  const Title = page ? 'h1' : 'h2'
  return (
    <div className={classes.notice} role={alert ? 'alert' : undefined}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <Title className={classes.title}>{title}</Title>
      {text && <p className={classes.text}>{text}</p>}
      {note && <p className={classes.note}>{note}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
