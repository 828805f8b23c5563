/**
 * What types with several texts as value share: they have no slot, their elements stand in `record_value`, a cell holds a list.
 * Knows no single type.
 */
import type { Canonical, CellScope, FieldType, Wire } from './field-type.ts'
import { splitCell } from './list-cell.ts'
import { asText } from './plain-text.ts'
import { type Refusal, refuse, within, wrongType } from './refusal.ts'

/** How many entries a list may have. */
export interface ListLimits {
  readonly minimum: number
  readonly maximum: number
}

/** The storage of many values. */
export const manyValues = {
  kindOf: () => 'list',
  slot: () => null,
  slotOperand: () => null,
  sqlType: json => `(${json})`,
  elements: value => textsOf(value),
  measures: [],
  groupable: false,
} as const satisfies Partial<FieldType>

/** The texts of a stored list. */
export function textsOf(value: Wire): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

/** Counts a list's entries against its limits. */
export function countEntries<T>(entries: readonly T[], limits: ListLimits): { readonly ok: true; readonly value: readonly T[] } | Refusal {
  if (entries.length < limits.minimum) return refuse('VALIDATE_MIN_ITEMS', { minimum: limits.minimum })
  return entries.length > limits.maximum ? refuse('VALIDATE_MAX_ITEMS', { maximum: limits.maximum }) : { ok: true, value: entries }
}

/** Reads a cell with several texts, each by itself; empty ones are left out. */
export function listCell(
  cell: string,
  scope: CellScope,
  read: (text: string) => Canonical,
): { readonly ok: true; readonly value: Wire[] } | Refusal {
  const split = splitCell(cell, scope.separator)
  return split.ok ? eachEntry(split.texts.filter(Boolean), text => read(asText(text))) : split
}

/** Reads each entry of a list by itself; the first refusal says which one. */
export function eachEntry(
  value: Wire,
  read: (entry: Wire, at: number) => Canonical,
): { readonly ok: true; readonly value: Wire[] } | Refusal {
  if (!Array.isArray(value)) return wrongType('array')
  const entries: Wire[] = []
  for (const [at, entry] of value.entries()) {
    const outcome = read(entry, at)
    if (!outcome.ok) return within(at, outcome)
    entries.push(outcome.value)
  }
  return { ok: true, value: entries }
}
