/**
 * How texts are kept comparable: an order key in a `t` slot, exact text for equality, fold for uniqueness and search.
 * Knows no single type; the fold itself is metadata/fold.ts, the same in Node, browser and `nexus.fold`.
 */
import { foldText, ORDER_KEY_LENGTH, orderKey } from '../../metadata/fold.ts'
import type { FieldType } from './field-type.ts'
import { asText } from './plain-text.ts'

/** The storage of a text that can be filtered and sorted. */
export const textSlot = {
  kindOf: () => 'text',
  slot: () => 't',
  slotKey: value => (typeof value === 'string' ? orderKey(value) : null),
  slotKeySql: json => orderKeySql(json),
  slotOperand: value => (typeof value === 'string' ? orderKey(value) : null),
  sqlType: json => `(${json})`,
  uniqueKey: value => foldText(asText(value)),
  searchText: value => (typeof value === 'string' ? value : null),
  formatCell: value => asText(value),
  measures: [],
  groupable: true,
  carries: [],
} as const satisfies Partial<FieldType>

/** SQL of the order key of a text expression. */
export function orderKeySql(text: string): string {
  return `left(nexus.fold(${text}), ${ORDER_KEY_LENGTH})`
}
