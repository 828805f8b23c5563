/** The words of the app for components. A missing or mistyped key is a type error. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageKey } from './en.ts'

/** Says a text of the app; `count` chooses the plural form. */
export type Words = (key: MessageKey, params?: Readonly<Record<string, string | number>>) => string

/** The words and the language they are in; redraws when the language changes. */
export function useWords(): { readonly t: Words; readonly locale: string } {
  const { t, i18n } = useTranslation()
  const words = useMemo<Words>(() => (key, params) => t(key, { ...params }), [t])
  return { t: words, locale: i18n.language }
}
