/** The tabs of a form: arrows, Home and End move between them; one that holds something to mend says so. A view. */
import { createContext, type KeyboardEvent } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { Strip } from '../shell/strip.tsx'
import classes from './form-tabs.module.css'
import type { FormTab } from './prepare.ts'

/** The tab that is open, for the frame of the record's sections. */
export const OpenTabContext = createContext<string | null>(null)

/** Ids that join a tab and its panel. */
export const tabId = (key: string): string => `tab-${key}`
export const panelId = (key: string): string => `tab-panel-${key}`

interface TabsProps {
  readonly tabs: readonly FormTab[]
  readonly open: string
  /** How many findings are on each tab. */
  readonly findings: ReadonlyMap<string, number>
  readonly onOpen: (key: string) => void
}

/** The strip of tabs. */
export function FormTabs({ tabs, open, findings, onOpen }: TabsProps) {
  const { t } = useWords()
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const at = tabs.findIndex(tab => tab.key === open)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    const next = to === undefined ? undefined : tabs.at(to % tabs.length)
    if (!next) return
    event.preventDefault()
    onOpen(next.key)
    document.getElementById(tabId(next.key))?.focus()
  }
  return (
    <Strip role="tablist" label={t('form.tabs')} current={open} className={classes.tabs} onKeyDown={move}>
      {tabs.map(tab => {
        const count = findings.get(tab.key) ?? 0
        return (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={tabId(tab.key)}
            aria-selected={tab.key === open}
            aria-controls={panelId(tab.key)}
            tabIndex={tab.key === open ? 0 : -1}
            className={classes.tab}
            onClick={() => onOpen(tab.key)}
          >
            {tab.label}
            {count > 0 && (
              <span className={classes.mark}>
                <span aria-hidden>{count}</span>
                <span className={classes.hidden}>{t('form.errors', { count })}</span>
              </span>
            )}
          </button>
        )
      })}
    </Strip>
  )
}
