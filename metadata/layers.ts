// Answers for: ordered packs with a tenant's overlay on top become effective documents, every part knowing its layer.
// It must not know a schema's details; what an overlay may not do to an entity stands in overlay-rules.ts.

import { checkOverlay } from './overlay-rules.ts'
import type { DocumentKind, JsonValue, LayerDocument, MetadataDocument, Overlay } from './generated/types.ts'
import { isJsonObject, type JsonObject, keyedElements, nameOf, sameJson } from './keyed-list.ts'
import { nearestHint } from './nearest.ts'
import { mergePart, type Part, partOf, valueOf } from './part.ts'
import type { Problem } from './problem.ts'
import { movedTo, said, type Said, words } from './said.ts'

/** The name of a tenant's own layer, above all packs. */
export const OVERLAY = 'overlay'

/** One layer: a pack by its key, or the overlay. */
export interface Layer {
  readonly name: string
  readonly documents: readonly LayerDocument[]
}

/** A document as all layers together make it. */
export interface EffectiveDocument {
  readonly kind: DocumentKind
  readonly key: string
  /** The layer that introduced it. */
  readonly layer: string
  readonly document: MetadataDocument
  /** The same document, each part with its origin. */
  readonly part: Part
  /** Later layers that changed it, in order. */
  readonly changedBy: readonly string[]
}

/** Effective documents by kind and key, and everything in which the layers contradict each other. */
export interface Combined {
  readonly documents: readonly EffectiveDocument[]
  readonly problems: readonly Problem[]
}

/** True for a document that changes one of a pack below. */
export function isOverlay(document: LayerDocument): document is Overlay {
  return Object.hasOwn(document, 'extends')
}

/** The key of a document; an overlay carries that of the document it changes. */
export function keyOf(document: LayerDocument): string {
  if (!isOverlay(document)) return document.key
  return document.extends.slice(document.extends.indexOf('/') + 1)
}

/** Puts the layers on top of each other, lowest first. */
export function combineLayers(layers: readonly Layer[]): Combined {
  const documents = new Map<string, EffectiveDocument>()
  const problems: Problem[] = []
  for (const layer of layers) {
    for (const document of layer.documents) {
      const place = { kind: document.kind, key: keyOf(document), layer: layer.name }
      const keep = (problem: Problem): void => void problems.push(movedTo(problem, { document: place }))
      const report: Report = (code, pointer, message, { params, hint } = {}) =>
        keep(said(params === undefined ? { pointer, code } : { pointer, code, params }, message, hint))
      if (isOverlay(document)) extend(documents, document, layer.name, report, keep)
      else introduce(documents, document, layer.name, report)
    }
  }
  return { documents: [...documents.values()], problems }
}

type Report = (code: string, pointer: string, message: Said, more?: { readonly params?: Problem['params']; readonly hint?: Said }) => void

function addressOf(kind: string, key: string): string {
  return `${kind}/${key}`
}

function introduce(documents: Map<string, EffectiveDocument>, document: MetadataDocument, layer: string, report: Report): void {
  const address = addressOf(document.kind, document.key)
  const known = documents.get(address)
  if (known !== undefined) {
    const hint =
      known.layer === layer
        ? {}
        : {
            hint: words('To change it, write {example}.', {
              example: `{"kind": "${document.kind}", "extends": "${known.layer}/${document.key}", …}`,
            }),
          }
    report(
      'MODEL_DUPLICATE_KEY',
      '/key',
      words('There is already a document “{document}” of kind {kind}.', { document: document.key, kind: document.kind }),
      {
        params: { key: document.key },
        ...hint,
      },
    )
    return
  }
  if (document.kind === 'pack' && document.key !== layer)
    return report('MODEL_PACK_KEY', '/key', words('A pack lies in a layer of its own name; this one is “{layer}”.', { layer }), {
      params: { key: document.key },
    })
  documents.set(address, asIntroduced(document, layer))
}

function asIntroduced(document: MetadataDocument, layer: string): EffectiveDocument {
  // Most documents are never changed nor wrong: their parts are made when somebody asks.
  let part: Part | undefined
  return {
    kind: document.kind,
    key: document.key,
    layer,
    document,
    changedBy: [],
    get part() {
      part ??= partOf(jsonOf(document), layer)
      return part
    },
  }
}

function extend(
  documents: Map<string, EffectiveDocument>,
  overlay: Overlay,
  layer: string,
  report: Report,
  keep: (problem: Problem) => void,
): void {
  const key = keyOf(overlay)
  const base = documents.get(addressOf(overlay.kind, key))
  const candidates = [...documents.values()].filter(each => each.kind === overlay.kind).map(each => `${each.layer}/${each.key}`)
  if (base === undefined || `${base.layer}/${key}` !== overlay.extends) {
    report(
      'MODEL_UNKNOWN_BASE',
      '/extends',
      words('There is no {kind} “{extends}” below this layer.', { kind: overlay.kind, extends: overlay.extends }),
      nearestHint(overlay.extends, candidates),
    )
    return
  }
  if (base.layer === layer) {
    report('MODEL_UNKNOWN_BASE', '/extends', words('A layer can not extend its own document.'), {
      hint: words('Change the document itself.'),
    })
    return
  }
  if (overlay.key !== undefined && overlay.key !== key) {
    report('MODEL_IMMUTABLE', '/key', words('The key of “{extends}” can not be changed.', { extends: overlay.extends }), {
      hint: words('Keys are immutable; give it another label.'),
    })
    return
  }
  if (overlay.kind === 'pack')
    return report('MODEL_IMMUTABLE', '/extends', words('What a pack says of itself can not be changed by a layer above.'))
  const part = mergePart(base.part, changesOf(overlay), layer)
  const problems = checkOverlay(base.part, part, layer)
  problems.forEach(keep)
  if (problems.length > 0) return
  const document = valueOf(part) as unknown as MetadataDocument
  documents.set(addressOf(overlay.kind, key), { ...base, document, part, changedBy: [...base.changedBy, layer] })
}

function changesOf(overlay: Overlay): JsonObject {
  const { kind: _kind, key: _key, extends: _extends, ...changes } = jsonOf(overlay)
  return changes
}

function jsonOf(document: LayerDocument): JsonObject {
  return document as unknown as JsonObject
}

/** The overlay that makes `wanted` out of a pack's document, or null where nothing differs: what is kept of a document edited as a whole. */
export function overlayOf(base: EffectiveDocument, wanted: MetadataDocument): Overlay | null {
  const changes = changeBetween(jsonOf(base.document), jsonOf(wanted))
  if (!isJsonObject(changes) || Object.keys(changes).length === 0) return null
  return { kind: base.kind, extends: `${base.layer}/${base.key}`, ...changes }
}

/** The smallest change that merges `before` into `after`. */
function changeBetween(before: JsonValue, after: JsonValue): JsonValue {
  if (isJsonObject(before) && isJsonObject(after)) return changeOfObject(before, after)
  if (Array.isArray(before) && Array.isArray(after)) return changeOfList(before, after)
  return after
}

function changeOfObject(before: JsonObject, after: JsonObject): JsonObject {
  const removed = Object.keys(before).filter(name => !Object.hasOwn(after, name))
  const changed = Object.entries(after).filter(([name, value]) => !sameJson(before[name], value))
  return Object.fromEntries([
    ...removed.map(name => [name, null] as const),
    ...changed.map(([name, value]) => [name, before[name] === undefined ? value : changeBetween(before[name], value)] as const),
  ])
}

function changeOfList(before: readonly JsonValue[], after: readonly JsonValue[]): JsonValue {
  const known = keyedElements(before)
  const wanted = keyedElements(after)
  if (known === null || wanted === null) return [...after]
  const removed = [...known].filter(([identity]) => !wanted.has(identity)).map(([, element]) => ({ ...nameOf(element), removed: true }))
  const changed = [...wanted.keys()].filter(identity => known.has(identity) && !sameJson(known.get(identity), wanted.get(identity)))
  const named = new Set([...changed, ...namedForOrder([...known.keys()], [...wanted.keys()], changed.length > 0)])
  const elements = [...wanted].flatMap(([identity, element]) => {
    const base = known.get(identity)
    if (base === undefined) return [element]
    if (!named.has(identity)) return []
    const change = changeBetween(base, element)
    return [{ ...nameOf(element), ...(isJsonObject(change) && !sameJson(base, element) ? change : {}) }]
  })
  return [...elements, ...removed]
}

/** The unchanged elements a change must name so that the order comes out as wanted. */
function namedForOrder(known: readonly string[], wanted: readonly string[], others: boolean): string[] {
  const kept = wanted.filter(identity => known.includes(identity))
  const inPlace = known.filter(identity => wanted.includes(identity)).every((identity, index) => identity === kept[index])
  if (!inPlace) return kept
  const trailing = wanted.slice(kept.length).every(identity => !known.includes(identity))
  if (trailing && !others) return []
  return wanted.flatMap((identity, index) => {
    if (known.includes(identity)) return []
    const anchor = wanted[index - 1] ?? wanted.find(each => known.includes(each))
    return anchor !== undefined && known.includes(anchor) ? [anchor] : []
  })
}
