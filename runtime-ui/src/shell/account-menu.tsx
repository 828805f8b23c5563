/** What the person's own panel holds: language, appearance, the sheet of keys, the way out. Loaded when somebody comes near it. */
import { useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun } from '@tabler/icons-react'
import { LOCALES, type Locale } from '../i18n/index.ts'
import { useWords } from '../i18n/use-words.ts'
import classes from './account.module.css'
import { PanelItem } from './panel.tsx'

interface MenuProps {
  readonly onLocale: (locale: Locale) => void
  readonly onShortcuts: () => void
  readonly onSignOut: () => void
}

/** The lines of the panel. */
export function AccountMenu({ onLocale, onShortcuts, onSignOut }: MenuProps) {
  const { t, locale } = useWords()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = [
    { value: 'light', label: t('shell.theme_light'), icon: <IconSun size={17} stroke={1.7} /> },
    { value: 'dark', label: t('shell.theme_dark'), icon: <IconMoon size={17} stroke={1.7} /> },
    { value: 'auto', label: t('shell.theme_auto'), icon: <IconDeviceDesktop size={17} stroke={1.7} /> },
  ] as const
  return (
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
        <PanelItem icon={<IconKeyboard size={17} stroke={1.7} />} onClick={onShortcuts}>
          {t('shell.shortcuts')}
        </PanelItem>
        <PanelItem icon={<IconLogout size={17} stroke={1.7} />} onClick={onSignOut}>
          {t('shell.sign_out')}
        </PanelItem>
      </div>
    </>
  )
}
