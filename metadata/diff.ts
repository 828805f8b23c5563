// Answers for: what differs between two sets of effective documents, so that a person can read it; always in the same order.
// It must not know why something changed, nor whether it may.

import type { Change, JsonValue, MetadataDocument } from './generated/types.ts'
import { isJsonObject, type JsonObject, keyedElements, sameJson } from './keyed-list.ts'
import { pointerOf } from './problem.ts'

/** The order in which kinds are told: what others build upon comes first. */
const KIND_ORDER: readonly MetadataDocument['kind'][] = [
  'pack',
  'entity',
  'access_profile',
  'role',
  'query_policy',
  'layout',
  'view',
  'navigation',
  'import_map',
]

/** All differences: whole documents that came or went, and inside the others the smallest parts that differ. Lists of keyed things are addressed by key. */
export function diffDocuments(before: readonly MetadataDocument[], after: readonly MetadataDocument[]): Change[] {
  const old = byAddress(before)
  const current = byAddress(after)
  const addresses = [...new Set([...old.keys(), ...current.keys()])].sort(compareText)
  const ordered = KIND_ORDER.flatMap(kind => addresses.filter(address => address.startsWith(`${kind}/`)))
  return ordered.flatMap(address => diffDocument(old.get(address), current.get(address)))
}

function byAddress(documents: readonly MetadataDocument[]): Map<string, MetadataDocument> {
  return new Map(documents.map(document => [`${document.kind}/${document.key}`, document]))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function diffDocument(before: MetadataDocument | undefined, after: MetadataDocument | undefined): Change[] {
  const document = after ?? before
  if (document === undefined) return []
  const { kind, key } = document
  return diffValues(before as JsonValue | undefined, after as JsonValue | undefined, '').map(change => ({ kind, key, ...change }))
}

type Difference = Omit<Change, 'kind' | 'key'>

function diffValues(before: JsonValue | undefined, after: JsonValue | undefined, pointer: string): Difference[] {
  if (sameJson(before, after)) return []
  if (before === undefined) return after === undefined ? [] : [{ change: 'added', pointer, after }]
  if (after === undefined) return [{ change: 'removed', pointer, before }]
  if (isJsonObject(before) && isJsonObject(after)) return diffObjects(before, after, pointer)
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, pointer)
  return [{ change: 'changed', pointer, before, after }]
}

function diffObjects(before: JsonObject, after: JsonObject, pointer: string): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText)
  return names.flatMap(name => diffValues(before[name], after[name], pointer + pointerOf(name)))
}

function diffLists(before: readonly JsonValue[], after: readonly JsonValue[], pointer: string): Difference[] {
  const old = keyedElements(before)
  const current = keyedElements(after)
  if (old === null || current === null) return [{ change: 'changed', pointer, before: [...before], after: [...after] }]
  const identities = [...new Set([...old.keys(), ...current.keys()])]
  const inside = identities.flatMap(identity => diffValues(old.get(identity), current.get(identity), pointer + pointerOf(identity)))
  const oldOrder = [...old.keys()].filter(identity => current.has(identity))
  const newOrder = [...current.keys()].filter(identity => old.has(identity))
  return sameJson(oldOrder, newOrder) ? inside : [...inside, { change: 'changed', pointer, before: oldOrder, after: newOrder }]
}
