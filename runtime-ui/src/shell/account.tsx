/** The person's own panel: who is signed in, language, appearance, keyboard sheet, the way out. */
import { useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { useWords } from '../i18n/use-words.ts'
import type { Me } from '../api/client.ts'
import { LOCALES, type Locale } from '../i18n/index.ts'
import classes from './account.module.css'
import { Panel, PanelItem } from './panel.tsx'

interface AccountProps {
  readonly me: Me
  readonly onLocale: (locale: Locale) => void
  readonly onSignOut: () => void
  readonly onShortcuts: () => void
}

/** The button with the person's name, and its panel. */
export function AccountPanel({ me, onLocale, onSignOut, onShortcuts }: AccountProps) {
  const { t, locale } = useWords()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const name = me.user.name ?? me.user.email
  const schemes = [
    { value: 'light', label: t('shell.theme_light'), icon: <IconSun size={17} stroke={1.7} /> },
    { value: 'dark', label: t('shell.theme_dark'), icon: <IconMoon size={17} stroke={1.7} /> },
    { value: 'auto', label: t('shell.theme_auto'), icon: <IconDeviceDesktop size={17} stroke={1.7} /> },
  ] as const
  return (
    <Panel
      label={`${t('shell.account')}: ${name}`}
      icon={null}
      side="above"
      width={260}
      className={classes.frame}
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
        <>
          <div role="group" aria-label={t('shell.language')}>
            <div className={classes.caption}>{t('shell.language')}</div>
            {(Object.keys(LOCALES) as Locale[]).map(other => (
              <PanelItem
                key={other}
                checked={locale === other}
                icon={locale === other ? <IconLanguage size={17} stroke={1.7} /> : null}
                onClick={() => onLocale(other)}
              >
                <span lang={other}>{LOCALES[other]}</span>
              </PanelItem>
            ))}
          </div>
          <div role="group" aria-label={t('shell.theme')} className={classes.part}>
            <div className={classes.caption}>{t('shell.theme')}</div>
            {schemes.map(scheme => (
              <PanelItem
                key={scheme.value}
                checked={colorScheme === scheme.value}
                icon={scheme.icon}
                onClick={() => setColorScheme(scheme.value)}
              >
                {scheme.label}
              </PanelItem>
            ))}
          </div>
          <div className={classes.part}>
            <PanelItem
              icon={<IconKeyboard size={17} stroke={1.7} />}
              onClick={() => {
                close()
                onShortcuts()
              }}
            >
              {t('shell.shortcuts')}
            </PanelItem>
            <PanelItem icon={<IconLogout size={17} stroke={1.7} />} onClick={onSignOut}>
              {t('shell.sign_out')}
            </PanelItem>
          </div>
        </>
      )}
    </Panel>
  )
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean)
  return ((words[0]?.[0] ?? '') + (words[1]?.[0] ?? '')).toUpperCase()
}
