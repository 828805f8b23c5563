// Answers for: a document whose every part remembers the layer and the place it was written in, and how a change merges into it.
// It must not know which changes a layer may make.

import type { JsonValue } from './generated/types.ts'
import { identityOf, isJsonObject, type JsonObject, keyedElements } from './keyed-list.ts'
import { partsOf, pointerOf } from './problem.ts'

/** Where a part was written: the layer's name and the JSON pointer in that layer's own document. */
export interface Origin {
  readonly layer: string
  readonly pointer: string
}

/** A JSON value in which every level knows its origin, and objects and lists the last layer that changed something in them. */
export type Part =
  | { readonly origin: Origin; readonly kind: 'value'; readonly value: JsonValue }
  | { readonly origin: Origin; readonly touched?: Origin; readonly kind: 'object'; readonly members: ReadonlyMap<string, Part> }
  | { readonly origin: Origin; readonly touched?: Origin; readonly kind: 'list'; readonly elements: readonly Part[] }

/** An element of a change that takes the element of that name away. */
const REMOVED = 'removed'

/** A value written wholly by one layer. */
export function partOf(value: JsonValue, layer: string, pointer = ''): Part {
  const origin = { layer, pointer }
  if (Array.isArray(value))
    return { origin, kind: 'list', elements: value.map((each, index) => partOf(each, layer, pointer + pointerOf(index))) }
  if (!isJsonObject(value)) return { origin, kind: 'value', value }
  const members = Object.entries(value).map(([name, each]) => [name, partOf(each, layer, pointer + pointerOf(name))] as const)
  return { origin, kind: 'object', members: new Map(members) }
}

/** The bare JSON of a part. */
export function valueOf(part: Part): JsonValue {
  if (part.kind === 'list') return part.elements.map(valueOf)
  if (part.kind === 'value') return part.value
  return Object.fromEntries([...part.members].map(([name, member]) => [name, valueOf(member)]))
}

/**
 * Merges a change: objects by member, lists of named things by name, anything else replaces. null takes a member away,
 * `"removed": true` an element. Elements that are there take the order in which the change names them; a new one stands
 * after the one named before it, else before the one named after it, else at the end.
 */
export function mergePart(base: Part, change: JsonValue, layer: string, pointer = ''): Part {
  if (base.kind === 'object' && isJsonObject(change)) return mergeObject(base, change, layer, pointer)
  if (base.kind === 'list' && Array.isArray(change)) return mergeList(base, change, layer, pointer)
  return base.kind === 'value' && base.value === change ? base : partOf(change, layer, pointer)
}

function mergeObject(base: Part & { kind: 'object' }, change: JsonObject, layer: string, pointer: string): Part {
  const members = new Map(base.members)
  for (const [name, value] of Object.entries(change)) {
    const place = pointer + pointerOf(name)
    const known = members.get(name)
    if (value === null) members.delete(name)
    else members.set(name, known === undefined ? partOf(value, layer, place) : mergePart(known, value, layer, place))
  }
  return { ...base, touched: { layer, pointer }, members }
}

function mergeList(base: Part & { kind: 'list' }, change: readonly JsonValue[], layer: string, pointer: string): Part {
  const known = keyedElements(base.elements.map(valueOf))
  const named = keyedElements(change)
  if (known === null || named === null) return partOf([...change], layer, pointer)
  const elements = new Map(base.elements.map(element => [identityOf(valueOf(element)) ?? '', element]))
  for (const [index, [identity, element]] of [...named].entries()) {
    const place = pointer + pointerOf(index)
    const before = elements.get(identity)
    if (isRemoval(element)) elements.delete(identity)
    else elements.set(identity, before === undefined ? partOf(element, layer, place) : mergePart(before, element, layer, place))
  }
  const order = orderOf(
    [...known.keys()],
    [...named.keys()].filter(identity => !isRemoval(named.get(identity))),
  )
  return { ...base, touched: { layer, pointer }, elements: order.flatMap(identity => elements.get(identity) ?? []) }
}

function isRemoval(element: JsonValue | undefined): boolean {
  return isJsonObject(element) && element[REMOVED] === true
}

/** The merged order of a list that has the elements `known` when a change names `named`. */
function orderOf(known: readonly string[], named: readonly string[]): string[] {
  const moved = named.filter(identity => known.includes(identity))
  let next = 0
  const order = known.map(identity => (moved.includes(identity) ? (moved[next++] ?? identity) : identity))
  for (const [index, identity] of named.entries()) {
    if (known.includes(identity)) continue
    const before = named[index - 1]
    const after = named.slice(index).find(each => known.includes(each))
    const place = before !== undefined ? order.indexOf(before) + 1 : after !== undefined ? order.indexOf(after) : order.length
    order.splice(place, 0, identity)
  }
  return order
}

/** Where the value at a pointer was written. A pointer beyond the document answers for the nearest part above it. */
export function originAt(part: Part, pointer: string): Origin {
  let current = part
  const places = partsOf(pointer)
  for (const [depth, place] of places.entries()) {
    const next =
      current.kind === 'object' ? current.members.get(place) : current.kind === 'list' ? current.elements[Number(place)] : undefined
    if (next === undefined) {
      // What is no longer there was taken away by the layer that changed something here last.
      const above = (current.kind === 'value' ? undefined : current.touched) ?? current.origin
      return { layer: above.layer, pointer: above.pointer + pointerOf(...places.slice(depth)) }
    }
    current = next
  }
  return current.origin
}

/** The layer of every part that differs in it from the part around it, by pointer; '' is the document itself. */
export function layersOf(part: Part, pointer = '', around = ''): Record<string, string> {
  const here = part.origin.layer === around ? {} : { [pointer]: part.origin.layer }
  const inner =
    part.kind === 'object'
      ? [...part.members]
      : part.kind === 'list'
        ? part.elements.map((element, index) => [index, element] as const)
        : []
  return Object.assign(here, ...inner.map(([place, each]) => layersOf(each, pointer + pointerOf(place), part.origin.layer)))
}
