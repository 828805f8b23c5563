/**
 * The language of the app: English at once, the others when chosen; switched without a reload.
 * Labels of entities and fields are not here, they come from the engine in the language of the request.
 */
import { type Dictionary, en } from './en.ts'
import { type Words, wordsOf } from './words.ts'

/** A language the app speaks. */
export type Locale = 'en' | 'ru' | 'uk' | 'es'

/** The languages, each by its own name. */
export const LOCALES: Readonly<Record<Locale, string>> = { en: 'English', ru: 'Русский', uk: 'Українська', es: 'Español' }

const LOADERS: Readonly<Record<Locale, () => Promise<Dictionary>>> = {
  en: async () => en,
  ru: async () => (await import('./ru.ts')).ru,
  uk: async () => (await import('./uk.ts')).uk,
  es: async () => (await import('./es.ts')).es,
}
const MEMORY = 'nexus.locale'

interface Spoken {
  readonly t: Words
  readonly locale: Locale
}

let current: Spoken = { t: wordsOf('en', en), locale: 'en' }
let asked: Locale = 'en'
const listeners = new Set<() => void>()

/** The words and the language right now. */
export function spoken(): Spoken {
  return current
}

/** Calls the listener whenever the language changes. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Starts with the language chosen last, else the browser's. */
export async function startLanguage(): Promise<void> {
  await showLocale(chosenLocale() ?? navigator.languages.map(tag => tag.slice(0, 2)).find(isLocale) ?? 'en')
}

/** The language a person chose on this device, if any. */
export function chosenLocale(): Locale | null {
  const saved = localStorage.getItem(MEMORY)
  return isLocale(saved) ? saved : null
}

/** Switches the language and remembers the choice. */
export async function chooseLocale(locale: Locale): Promise<void> {
  localStorage.setItem(MEMORY, locale)
  await showLocale(locale)
}

/** Switches the language without remembering it, such as to the one of the person's profile. */
export async function showLocale(locale: Locale): Promise<void> {
  asked = locale
  const dictionary = await LOADERS[locale]()
  // Whoever changes his mind while words are on their way gets the last language he asked for.
  if (asked !== locale || current.locale === locale) return
  current = { t: wordsOf(locale, dictionary), locale }
  document.documentElement.lang = locale
  for (const listener of listeners) listener()
}

/** True for a language the app speaks. */
export function isLocale(tag: unknown): tag is Locale {
  return typeof tag === 'string' && tag in LOCALES
}
