/** Picks the words of a reader's language out of labels. Pure; knows no field and no caller. */
import type { Labels } from '../../metadata/generated/types.ts'

/** The label in a locale, else in English, else in any language, else the name itself. */
export function speak(labels: Labels | undefined, locale: string, name: string): string {
  return labels?.[locale] ?? labels?.['en'] ?? Object.values(labels ?? {})[0] ?? name
}

/** As `speak`, but nothing where nobody has written anything. */
export function speakIfSaid(labels: Labels | undefined, locale: string): string | null {
  return labels === undefined ? null : speak(labels, locale, '') || null
}
