/** The languages as a row of buttons, each by its own name. */
import { useWords } from '../i18n/use-words.ts'
import { chooseLocale, LOCALES, type Locale } from '../i18n/index.ts'
import classes from './locale-choice.module.css'

/** Switches the language of the app at once. */
export function LocaleChoice() {
  const { t, locale } = useWords()
  return (
    <div role="group" aria-label={t('shell.language')} className={classes.row}>
      {(Object.keys(LOCALES) as Locale[]).map(other => (
        <button
          key={other}
          type="button"
          lang={other}
          className={classes.choice}
          aria-pressed={locale === other}
          onClick={() => void chooseLocale(other)}
        >
          {LOCALES[other]}
        </button>
      ))}
    </div>
  )
}
