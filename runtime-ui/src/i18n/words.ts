/**
 * A text of the app in one language: its variables filled in, its plural form chosen as the language counts. Pure.
 */
import { type Dictionary, en, type MessageKey } from './en.ts'

/** Says a text of the app; `count` chooses the plural form. */
export type Words = (key: MessageKey, params?: Readonly<Record<string, string | number>>) => string

/** The words of a language; what it does not say is said in English. */
export function wordsOf(locale: string, dictionary: Dictionary): Words {
  const plural = new Intl.PluralRules(locale)
  return (key, params = {}) => {
    const { count } = params
    const form = count === undefined ? undefined : dictionary[`${key}_${plural.select(Number(count))}`]
    const text = form ?? (dictionary as Readonly<Record<string, string>>)[key] ?? (en as Readonly<Record<string, string>>)[key] ?? key
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? ''))
  }
}
