// Answers for: a pack goes from one version to the next under an overlay that stays: three ways, the overlay wins, what both changed is told.
// It must not check the outcome; the layers are combined and checked as always afterwards.

import { diffDocuments } from './diff.ts'
import type { Change, DocumentKind, JsonValue, LayerDocument, MetadataDocument, Overlay } from './generated/types.ts'
import { identityOf, isJsonObject, type JsonObject, keyedElements, nameOf, sameJson } from './keyed-list.ts'
import { isOverlay, keyOf } from './layers.ts'
import { pointerOf } from './problem.ts'

/** A part that the pack and the overlay both changed, or that the overlay changes and the pack took away. */
export interface Conflict {
  readonly kind: DocumentKind
  readonly key: string
  /** Where in the document; lists of keyed things are addressed by key. */
  readonly pointer: string
  readonly base: JsonValue | undefined
  readonly next: JsonValue | undefined
  readonly overlay: JsonValue
}

/** The overlay as it goes on, what the pack changed, and what somebody should look at. */
export interface Upgrade {
  readonly overlay: readonly LayerDocument[]
  readonly changes: readonly Change[]
  readonly conflicts: readonly Conflict[]
}

/** Carries an overlay from the documents of a pack to those of its next version. What the pack now says itself leaves the overlay. */
export function upgradePack(
  base: readonly MetadataDocument[],
  next: readonly MetadataDocument[],
  overlay: readonly LayerDocument[],
): Upgrade {
  const conflicts: Conflict[] = []
  const carried = overlay.flatMap((document): LayerDocument[] => {
    const before = base.find(each => each.kind === document.kind && each.key === keyOf(document))
    const after = next.find(each => each.kind === document.kind && each.key === keyOf(document))
    if (!isOverlay(document)) {
      if (after !== undefined)
        conflicts.push({
          kind: document.kind,
          key: document.key,
          pointer: '',
          base: undefined,
          next: jsonOf(after),
          overlay: jsonOf(document),
        })
      return [document]
    }
    return before === undefined ? [document] : carry(document, jsonOf(before), after === undefined ? undefined : jsonOf(after), conflicts)
  })
  return { overlay: carried, changes: diffDocuments(base, next), conflicts }
}

function jsonOf(document: LayerDocument): JsonObject {
  return document as unknown as JsonObject
}

function carry(overlay: Overlay, base: JsonObject, next: JsonObject | undefined, conflicts: Conflict[]): Overlay[] {
  const place = { kind: overlay.kind, key: keyOf(overlay) }
  const { kind, key, extends: target, ...changes } = jsonOf(overlay)
  if (next === undefined) {
    conflicts.push({ ...place, pointer: '', base, next: undefined, overlay: changes })
    return []
  }
  const rest = carryValue(base, next, changes, '', conflict => conflicts.push({ ...place, ...conflict }))
  if (!isJsonObject(rest)) return []
  return [{ kind: overlay.kind, ...(key === undefined ? {} : { key: keyOf(overlay) }), extends: overlay.extends, ...rest }]
}

type Note = (conflict: Omit<Conflict, 'kind' | 'key'>) => void

/** What of a change still has to be said above `next`; undefined for nothing. */
function carryValue(
  base: JsonValue | undefined,
  next: JsonValue | undefined,
  change: JsonValue,
  pointer: string,
  note: Note,
): JsonValue | undefined {
  if (isJsonObject(change) && isJsonObject(next)) return carryObject(isJsonObject(base) ? base : {}, next, change, pointer, note)
  if (Array.isArray(change) && Array.isArray(next)) return carryList(Array.isArray(base) ? base : [], next, change, pointer, note)
  if (change === null ? next === undefined : sameJson(change, next)) return undefined
  if (!sameJson(base, next)) note({ pointer, base, next, overlay: change })
  return change
}

function carryObject(base: JsonObject, next: JsonObject, change: JsonObject, pointer: string, note: Note): JsonValue | undefined {
  const rest = Object.entries(change).flatMap(([name, value]) => {
    const kept = carryValue(base[name], next[name], value, pointer + pointerOf(name), note)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}

function carryList(
  base: readonly JsonValue[],
  next: readonly JsonValue[],
  change: readonly JsonValue[],
  pointer: string,
  note: Note,
): JsonValue | undefined {
  const known = keyedElements(next)
  if (known === null || change.some(each => identityOf(each) === undefined)) {
    if (sameJson([...change], [...next])) return undefined
    if (!sameJson([...base], [...next])) note({ pointer, base: [...base], next: [...next], overlay: [...change] })
    return [...change]
  }
  const before = keyedElements(base) ?? new Map<string, JsonValue>()
  const carried = change.flatMap(element => {
    const identity = identityOf(element) ?? ''
    const kept = carryElement(before.get(identity), known.get(identity), element, pointer + pointerOf(identity), note)
    return kept !== undefined || known.has(identity) ? [{ element, kept }] : []
  })
  // Bare names stay beside what is carried: they say where it stands.
  const ordered = sameJson(
    namesOf(
      carried.map(each => each.element),
      known,
    ),
    namesOf(next, keyedElements(change) ?? known),
  )
  if (ordered && carried.every(each => each.kept === undefined)) return undefined
  return carried.map(({ element, kept }) => kept ?? nameOf(element))
}

function namesOf(list: readonly JsonValue[], among: ReadonlyMap<string, JsonValue>): string[] {
  return list.map(element => identityOf(element) ?? '').filter(identity => among.has(identity))
}

function carryElement(
  base: JsonValue | undefined,
  next: JsonValue | undefined,
  change: JsonValue,
  pointer: string,
  note: Note,
): JsonValue | undefined {
  const removes = isJsonObject(change) && change['removed'] === true
  if (next === undefined) {
    // Changed here, gone in the pack: the change alone is no complete part, so it can not stay.
    if (base !== undefined && !removes) note({ pointer, base, next, overlay: change })
    return base === undefined && !removes ? change : undefined
  }
  if (removes) {
    if (!sameJson(base, next)) note({ pointer, base, next, overlay: change })
    return change
  }
  if (base === undefined && !sameJson(change, next)) {
    note({ pointer, base, next, overlay: change })
    return change
  }
  const kept = carryValue(base, next, change, pointer, note)
  return isJsonObject(kept) ? { ...nameOf(change), ...kept } : kept
}
