/** The refusals of field types in the caller's language. English is what the type itself says. */
import { JSON_TYPES, type JsonType, REFUSAL_MESSAGES, type Refusal } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import { TRANSLATED_REFUSALS } from './refusal-translations.ts'

const TYPES: Readonly<Record<Locale, Readonly<Record<JsonType, string>>>> = {
  en: JSON_TYPES,
  ru: {
    string: 'текст в кавычках',
    boolean: 'true или false',
    integer: 'целое число без кавычек',
    array: 'список',
    object: 'объект с частями',
  },
  uk: {
    string: 'текст у лапках',
    boolean: 'true або false',
    integer: 'ціле число без лапок',
    array: 'список',
    object: 'об’єкт із частинами',
  },
  es: {
    string: 'un texto entre comillas',
    boolean: 'true o false',
    integer: 'un número entero sin comillas',
    array: 'una lista',
    object: 'un objeto con sus partes',
  },
}

const SUCH_AS: Readonly<Record<Locale, string>> = { en: ', such as ', ru: ', например ', uk: ', наприклад ', es: ', por ejemplo ' }

/** One sentence without a subject, placeholders filled. */
export function refusalWords(refusal: Refusal, locale: Locale): string {
  const text = locale === 'en' ? REFUSAL_MESSAGES[refusal.code] : TRANSLATED_REFUSALS[locale][refusal.code]
  const types: Readonly<Record<string, string>> = refusal.code === 'VALIDATE_TYPE' ? TYPES[locale] : {}
  const { example } = refusal.params
  const such = refusal.code === 'VALIDATE_TYPE' && example !== undefined ? `${SUCH_AS[locale]}${JSON.stringify(example)}` : ''
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = String(refusal.params[name] ?? whole)
    return types[value] === undefined ? value : `${types[value]}${such}`
  })
}
