/** Who is signed in, at the foot of the navigation, and the way to his own panel. */
import { lazy } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { Me } from '../api/client.ts'
import type { Locale } from '../i18n/index.ts'
import classes from './account.module.css'
import { Panel } from './panel.tsx'

const loadMenu = () => import('./account-menu.tsx')
const AccountMenu = lazy(async () => ({ default: (await loadMenu()).AccountMenu }))

interface AccountProps {
  readonly me: Me
  readonly onLocale: (locale: Locale) => void
  readonly onSignOut: () => void
  readonly onShortcuts: () => void
}

/** The button with the person's name, and its panel. */
export function AccountPanel({ me, onLocale, onSignOut, onShortcuts }: AccountProps) {
  const { t } = useWords()
  const name = me.user.name ?? me.user.email
  return (
    <Panel
      label={`${t('shell.account')}: ${name}`}
      icon={null}
      side="above"
      width={260}
      className={classes.frame}
      onNear={() => void loadMenu()}
      face={
        <span className={classes.person}>
          <span className={classes.avatar} aria-hidden>
            {initials(name)}
          </span>
          <span className={classes.hidden}>{t('shell.account')}</span>
          <span className={classes.names}>
            <span className={classes.name}>{name}</span>
            <span className={classes.email}>{me.user.email}</span>
          </span>
        </span>
      }
    >
      {close => (
        <AccountMenu
          onLocale={onLocale}
          onSignOut={onSignOut}
          onShortcuts={() => {
            close()
            onShortcuts()
          }}
        />
      )}
    </Panel>
  )
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean)
  return ((words[0]?.[0] ?? '') + (words[1]?.[0] ?? '')).toUpperCase()
}
