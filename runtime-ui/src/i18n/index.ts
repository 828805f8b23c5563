/**
 * The language of the app: English at once, the others when chosen; switched without a reload.
 * Labels of entities and fields are not here, they come from the engine in the language of the request.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Dictionary, en } from './en.ts'

/** A language the app speaks. */
export type Locale = 'en' | 'ru' | 'uk' | 'es'

/** The languages, each by its own name. */
export const LOCALES: Readonly<Record<Locale, string>> = { en: 'English', ru: 'Русский', uk: 'Українська', es: 'Español' }

const LOADERS: Readonly<Record<Exclude<Locale, 'en'>, () => Promise<Dictionary>>> = {
  ru: async () => (await import('./ru.ts')).ru,
  uk: async () => (await import('./uk.ts')).uk,
  es: async () => (await import('./es.ts')).es,
}
const MEMORY = 'nexus.locale'

/** The app's i18next. */
export const i18n = i18next.createInstance()

/** Starts with the language chosen last, else the browser's. */
export async function startI18n(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  })
  const chosen = chosenLocale() ?? navigator.languages.map(tag => tag.slice(0, 2)).find(isLocale) ?? 'en'
  await showLocale(chosen)
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
  if (locale !== 'en' && !i18n.hasResourceBundle(locale, 'translation')) {
    i18n.addResourceBundle(locale, 'translation', await LOADERS[locale]())
  }
  await i18n.changeLanguage(locale)
  document.documentElement.lang = locale
}

/** True for a language the app speaks. */
export function isLocale(tag: unknown): tag is Locale {
  return typeof tag === 'string' && tag in LOCALES
}
