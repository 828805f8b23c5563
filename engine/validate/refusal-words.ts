/** The refusals of field types in the caller's language. English is what the type itself says. */
import { REFUSAL_MESSAGES, type Refusal } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import { TRANSLATED_REFUSALS } from './refusal-translations.ts'

/** One sentence without a subject, placeholders filled. */
export function refusalWords(refusal: Refusal, locale: Locale): string {
  const text = locale === 'en' ? REFUSAL_MESSAGES[refusal.code] : TRANSLATED_REFUSALS[locale][refusal.code]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(refusal.params[name] ?? whole))
}
