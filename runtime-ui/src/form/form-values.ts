/**
 * The values of a form as fields see them, so that an amount can follow its currency. A field listens to the one value it
 * needs; the rest of the form is not redrawn for it.
 */
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { ModelEntity } from '../api/model.ts'

/** Holds the values of one form. */
export interface FormValuesStore {
  get(): Readonly<Record<string, unknown>>
  set(values: Readonly<Record<string, unknown>>): void
  subscribe(listener: () => void): () => void
}

/** A store with its first values. */
export function createFormValues(first: Readonly<Record<string, unknown>>): FormValuesStore {
  let values = first
  const listeners = new Set<() => void>()
  return {
    get: () => values,
    set(next) {
      if (next === values) return
      values = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The record behind a form: what is only shown comes from here. */
export interface FormRecord {
  readonly entity: ModelEntity
  readonly record: Readonly<Record<string, unknown>>
}

/** The record for the fields below. */
export const FormRecordContext = createContext<FormRecord | null>(null)

/** The form's values for the fields below. */
export const FormValuesContext = createContext<FormValuesStore>(createFormValues({}))

/** The text value of a sibling field; undefined where there is none. */
export function useSiblingText(key: string | undefined): string | undefined {
  const store = useContext(FormValuesContext)
  return useSyncExternalStore(store.subscribe, () => {
    const value = key === undefined ? undefined : store.get()[key]
    return typeof value === 'string' && value !== '' ? value : undefined
  })
}
