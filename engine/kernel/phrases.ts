/**
 * Says listed phrases in a language: the English words are the name of their translations, so that whoever writes them writes plain words, and a
 * phrase that is not said in every language does not compile. Knows no phrase of its own.
 */
import type { Translations } from '../../metadata/sentences/translations.ts'
import type { Locale } from './context.ts'

/** What stands for names in braces. */
export type Fill = Readonly<Record<string, string | number>>

/** Phrases by their English words. */
export type Phrases = Readonly<Record<string, Translations>>

/** Says one of these phrases in a language. Throws where a name in braces is not filled in. */
export function sayerOf<P extends Phrases>(phrases: P): (phrase: keyof P & string, locale: Locale, fill?: Fill) => string {
  return (phrase, locale, fill = {}) => {
    const [ru, uk, es] = phrases[phrase] as Translations
    return { en: phrase, ru, uk, es }[locale].replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const value = fill[name]
      if (value === undefined) throw new Error(`Nothing stands for {${name}} in “${phrase}”.`)
      return String(value)
    })
  }
}
