// Answers for: how the parts of documents are recognised from one layer or revision to the next: objects by member, lists by key.
// It must not know any kind of document.

import type { JsonValue } from './generated/types.ts'

/** An object of JSON. */
export type JsonObject = { [name: string]: JsonValue }

/** True for a JSON object, false for lists and plain values. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What an element of a list is recognised by: its key, an option by its value, a rule over fields by these; undefined for anything else. */
export function identityOf(element: JsonValue): string | undefined {
  if (!isJsonObject(element)) return undefined
  const { key, value, as, relation, fields, from, to } = element
  const name = key ?? value ?? as ?? relation
  if (typeof name === 'string') return name
  if (typeof to === 'string' && Array.isArray(from)) return `${from.join('+')}>${to}`
  return Array.isArray(fields) && fields.every(each => typeof each === 'string') ? fields.join('+') : undefined
}

/** The members that an element is recognised by, alone. */
export function nameOf(element: JsonValue): JsonObject {
  if (!isJsonObject(element)) return {}
  const single = ['key', 'value', 'as', 'relation'].find(name => typeof element[name] === 'string')
  const names = single !== undefined ? [single] : typeof element['to'] === 'string' ? ['from', 'to'] : ['fields']
  return Object.fromEntries(names.flatMap(name => (element[name] === undefined ? [] : [[name, element[name]]])))
}

/** The elements by what they are recognised by, or null when the list is not of that sort or one stands twice. */
export function keyedElements(list: readonly JsonValue[]): Map<string, JsonValue> | null {
  const elements = new Map<string, JsonValue>()
  for (const element of list) {
    const identity = identityOf(element)
    if (identity === undefined || elements.has(identity)) return null
    elements.set(identity, element)
  }
  return elements
}

/** True when two JSON values say the same; the order of members does not matter. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => sameJson(each, b[index]))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
}
