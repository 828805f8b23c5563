// Answers for: raw documents of ordered layers become checked effective documents, with all problems at once.
// It must not know where documents are kept. What one broken entity would only echo elsewhere is not reported.

import { checkDocument, DEFINITION_OF_KIND, placeOf, type ValidateDefinition } from './check-document.ts'
import type { FieldTools } from './checks/fields.ts'
import { crossCheckInSteps } from './cross-check.ts'
import type { LayerDocument } from './generated/types.ts'
import { combineLayers, type EffectiveDocument, type Layer } from './layers.ts'
import { originAt } from './part.ts'
import type { Problem } from './problem.ts'
import { movedTo } from './said.ts'
import { inOneGo, type Steps } from './steps.ts'

/** A layer as it comes from files or tables: nothing about its documents is known yet. */
export interface RawLayer {
  readonly name: string
  readonly documents: readonly unknown[]
  /** Each document is known to fit the schema of its kind: whoever read it has checked it. */
  readonly fits?: boolean
}

/** What the check takes from its surroundings. */
export interface LanguageTools extends FieldTools {
  readonly validate: ValidateDefinition
}

/** Effective documents, what is wrong with them, and what is permitted but worth seeing. */
export interface CheckedLayers {
  readonly documents: readonly EffectiveDocument[]
  readonly problems: readonly Problem[]
  readonly notes: readonly Problem[]
}

/** Checks each document, puts the layers on top of each other, checks what came out, then all against all. */
export function checkLayers(layers: readonly RawLayer[], tools: LanguageTools): CheckedLayers {
  return inOneGo(checkLayersInSteps(layers, tools))
}

/** The same, a document or a part of one at a time. */
export function* checkLayersInSteps(layers: readonly RawLayer[], tools: LanguageTools): Steps<CheckedLayers> {
  const broken: Problem[] = []
  const sound: Layer[] = []
  for (const layer of layers) {
    const documents: LayerDocument[] = []
    for (const document of layer.documents) {
      const problems = layer.fits === true ? [] : checkDocument(document, tools.validate)
      broken.push(...problems.map(problem => movedTo(problem, { document: { ...placeOf(document), layer: layer.name } })))
      if (problems.length === 0) documents.push(document as LayerDocument)
      if (layer.fits !== true) yield
    }
    sound.push({ name: layer.name, documents })
  }
  const combined = combineLayers(sound)
  yield
  const spoilt = new Map<EffectiveDocument, Problem[]>()
  for (const document of combined.documents) {
    if (document.changedBy.length === 0) continue
    spoilt.set(document, checkMerged(document, tools.validate))
    yield
  }
  const problems = [...broken, ...combined.problems, ...[...spoilt.values()].flat()]
  const documents = combined.documents.filter(document => (spoilt.get(document) ?? []).length === 0)
  if (problems.some(problem => problem.document?.kind === 'entity')) return { documents, problems, notes: [] }
  const missing = new Set(problems.map(problem => problem.document?.key))
  const found = yield* crossCheckInSteps(documents, tools)
  const own = found.problems.filter(
    problem => !(problem.code.startsWith('MODEL_UNKNOWN_') && missing.has(String(problem.params?.['name']))),
  )
  return { documents, problems: [...problems, ...own], notes: found.notes }
}

/** A merged document must fit the schema of its kind; its problems point into the layer that wrote the part. */
function checkMerged(effective: EffectiveDocument, validate: ValidateDefinition): Problem[] {
  const { kind, key, part } = effective
  return validate(DEFINITION_OF_KIND[kind], effective.document).map(problem => {
    const origin = originAt(part, problem.pointer)
    return movedTo(problem, { pointer: origin.pointer, document: { kind, key, layer: origin.layer } })
  })
}
