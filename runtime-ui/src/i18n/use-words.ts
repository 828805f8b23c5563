/** The words of the app for components. A missing or mistyped key is a type error. */
import { useSyncExternalStore } from 'react'
import { spoken, subscribe } from './index.ts'
import type { Words } from './words.ts'

export type { Words } from './words.ts'

/** The words and the language they are in; redraws when the language changes. */
export function useWords(): { readonly t: Words; readonly locale: string } {
  return useSyncExternalStore(subscribe, spoken)
}
