/** Values of a conversion as they stand in the document → values as a client would send them, every variable read. Pure. */
import type { JsonValue } from '../../metadata/generated/types.ts'

/** What the variables of a conversion stand for; nothing is null. */
export interface ConversionScope {
  /** A field of the converted record, as the caller may read it. */
  record(field: string): unknown
  /** The record a step made. */
  step(as: string): string | null
  user(field: string): unknown
  readonly now: string
  readonly today: string
}

/** A value with its variables read: lists lose what stands for nothing, texts that begin with `$$` begin with `$`. */
export function fillValue(value: JsonValue, scope: ConversionScope): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? variable(value, scope) : value
  if (Array.isArray(value)) return value.map(each => fillValue(each, scope)).filter(each => each !== null)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([key, member]) => [key, fillValue(member, scope)] as const)
  // A link to nothing is no link, whatever else would stand on it.
  if (members.some(([key, member]) => key === 'id' && member === null)) return null
  return Object.fromEntries(members.filter(([, member]) => member !== null))
}

/** Values of a record that is made: what stands for nothing is left to defaults. */
export function fillCreate(values: Readonly<Record<string, JsonValue>>, scope: ConversionScope): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fillUpdate(values, scope)).filter(([, value]) => value !== null))
}

/** Values written to a record: what stands for nothing empties the field. */
export function fillUpdate(values: Readonly<Record<string, JsonValue>>, scope: ConversionScope): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fillValue(value, scope)]))
}

function variable(text: string, scope: ConversionScope): unknown {
  if (text.startsWith('$$')) return text.slice(1)
  if (text === '$now') return scope.now
  if (text === '$today') return scope.today
  const [source, name = '', member] = text.slice(1).split('.')
  if (source === 'record') return scope.record(name) ?? null
  if (source === 'user') return scope.user(name) ?? null
  return source === 'steps' && member === 'id' ? scope.step(name) : null
}
