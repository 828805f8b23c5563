/**
 * Values made of named lines of text, such as an address: their schema, their canonical form, and a cell that holds them all,
 * `part; part; …` in a fixed order. Knows no single type.
 */
import type { Labels } from '../../metadata/generated/types.ts'
import type { Canonical, JsonSchema, SchemaScope, Wire } from './field-type.ts'
import { joinCell, splitCell } from './list-cell.ts'
import { ONE_LINE, plainText } from './plain-text.ts'
import { type Refusal, refuse, within, wrongType } from './refusal.ts'

/** One part: how long it may be, what it is called. */
export interface TextPart {
  readonly key: string
  readonly maximum: number
  readonly label: Labels
}

/** A value of named texts. */
export type Parts = Readonly<Record<string, string>>

/** Schema of a value of these parts, at least one of them. */
export function partsSchema(parts: readonly TextPart[], scope: SchemaScope): JsonSchema {
  const properties = parts.map(part => [
    part.key,
    {
      type: 'string',
      title: scope.label(part.label, part.key),
      minLength: 1,
      maxLength: part.maximum,
      pattern: ONE_LINE,
    },
  ])
  return { type: 'object', additionalProperties: false, minProperties: 1, properties: Object.fromEntries(properties) }
}

/** The parts in their order, each as a stored line of text. */
export function canonicalParts(value: Wire, parts: readonly TextPart[]): { readonly ok: true; readonly value: Parts } | Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrongType('object')
  const given: Readonly<Record<string, Wire>> = { ...value }
  const unknown = Object.keys(given).find(key => !parts.some(part => part.key === key))
  if (unknown !== undefined) return refuse('VALIDATE_UNKNOWN_PART', { part: unknown })
  const kept: Record<string, string> = {}
  for (const { key, maximum } of parts) {
    if (given[key] === undefined) continue
    const text = plainText(given[key], { lines: 'one', trim: true, minimum: 1, maximum })
    if (!text.ok) return within(key, text)
    kept[key] = text.value
  }
  return Object.keys(kept).length === 0 ? refuse('VALIDATE_EMPTY') : { ok: true, value: kept }
}

/** The texts of a stored value in the order of the parts, absent ones left out. */
export function textsOfParts(value: Wire, keys: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return []
  const given: Readonly<Record<string, Wire>> = { ...value }
  return keys.flatMap(key => (typeof given[key] === 'string' ? [given[key]] : []))
}

/** Writes every part in its place, `part; part;`; trailing empty places are left out, a single possible part stands alone. */
export function formatPartsCell(value: Wire, keys: readonly string[]): string {
  const places = keys.map(key => textsOfParts(value, [key])[0] ?? '')
  if (places.length === 1) return places[0] ?? ''
  while (places.length > 2 && places.at(-1) === '') places.pop()
  return joinCell(places)
}

/** Reads what `formatPartsCell` writes; null for a cell that is not divided by semicolons. */
export function parsePartsCell(cell: string, parts: readonly TextPart[]): Canonical | null {
  const [only, ...more] = parts
  if (only !== undefined && more.length === 0) return canonicalParts({ [only.key]: cell }, parts)
  if (!cell.replaceAll(/"(?:[^"]|"")*"/g, '').includes(';')) return null
  const split = splitCell(cell, ';')
  if (!split.ok) return split
  if (split.texts.length > parts.length) return refuse('VALIDATE_UNKNOWN_PART', { part: split.texts[parts.length] ?? '' })
  return canonicalParts(Object.fromEntries(split.texts.flatMap((text, at) => (text === '' ? [] : [[parts[at]?.key, text]]))), parts)
}
