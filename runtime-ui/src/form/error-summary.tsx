/** The list of what needs attention; each line leads to its field. Takes the focus when a submit failed. */
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useWords } from '../i18n/use-words.ts'
import classes from './form.module.css'
import type { SummaryLine } from './problems.ts'

/** The list; nothing where there is nothing to mend. `focusCount` grows whenever it shall take the focus. */
export function ErrorSummary({
  lines,
  focusCount,
  onShow,
}: {
  readonly lines: readonly SummaryLine[]
  readonly focusCount: number
  /** Brings the field of this id into sight, if it is not. */
  readonly onShow: (id: string) => void
}) {
  const { t } = useWords()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focusCount > 0) box.current?.focus()
  }, [focusCount])
  if (lines.length === 0) return null
  return (
    <div ref={box} role="alert" tabIndex={-1} className={classes.summary}>
      <h2 className={classes.summaryTitle}>
        <IconAlertTriangle size={17} stroke={1.8} aria-hidden />
        {/* What is about no field, such as a lost connection, needs no field mended. */}
        {lines.some(line => line.id !== null) ? t('form.errors', { count: lines.length }) : t('form.not_saved')}
      </h2>
      <ul className={classes.summaryList}>
        {lines.map(line => (
          <li key={`${line.id}${line.message}`}>
            {line.id === null ? (
              line.message
            ) : (
              <button
                type="button"
                className={classes.summaryLink}
                onClick={() => {
                  const id = line.id ?? ''
                  onShow(id)
                  focusField(id)
                }}
              >
                {line.label}: {line.message}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

function focusField(id: string): void {
  const element = document.getElementById(id) ?? document.querySelector<HTMLElement>(`[data-field="${CSS.escape(id)}"]`)
  element?.scrollIntoView({ block: 'center' })
  element?.focus({ preventScroll: true })
}
