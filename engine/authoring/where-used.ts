/**
 * Finds every place that names an entity, a field or another document: what the checks of the language would miss if it were gone. So it knows
 * exactly the names they know, through predicates, formulas and paths. Pure but for reading the change set.
 */
import { crossCheckInSteps, type EffectiveDocument, type Entity, type MetadataDocument, type Problem } from '../../metadata/index.ts'
import type { Steps } from '../../metadata/steps.ts'
import { commonErrors } from '../kernel/errors.ts'
import { languageTools } from '../kernel/schema.ts'
import type { ModelContext } from '../model/index.ts'
import { type AuthoringParts, findDocument, loadChangeSet, nameOf } from './change-set.ts'
import type { Address } from './draft-store.ts'

/** A place that names what was asked for. */
export interface Usage extends Address {
  readonly layer: string | null
  /** Where in that layer's document. */
  readonly pointer: string
}

/** Places that name a document, or one field of an entity. Throws NOT_FOUND for what does not exist. */
export async function whereUsed(parts: AuthoringParts, ctx: ModelContext, address: Address, field: string | null): Promise<Usage[]> {
  const { before } = await loadChangeSet(parts, ctx.caller.tenant.id)
  return parts.models.aside(ctx.caller.tenant.id, () => usagesIn(before.checked.documents, address, field))
}

/** The same over given documents, in steps: it is as much work as a check of all of them, twice. */
export function* usagesIn(documents: readonly EffectiveDocument[], address: Address, field: string | null): Steps<Usage[]> {
  const found = findDocument(documents, address)
  if (found === undefined) throw commonErrors.NOT_FOUND({})
  const without =
    field === null ? documents.filter(each => each !== found) : documents.map(each => (each === found ? withoutField(each, field) : each))
  const known = new Set((yield* crossCheckInSteps(documents, languageTools)).problems.map(placeOf))
  const usages = new Map<string, Usage>()
  for (const problem of (yield* crossCheckInSteps(without, languageTools)).problems) {
    const { kind = '', key = '', layer = null } = problem.document ?? {}
    if (!known.has(placeOf(problem))) usages.set(placeOf(problem), { kind, key, layer, pointer: problem.pointer })
  }
  return [...usages.values()].sort((a, b) => (`${nameOf(a)} ${a.pointer}` < `${nameOf(b)} ${b.pointer}` ? -1 : 1))
}

function placeOf({ document, pointer }: Problem): string {
  return `${document?.kind}/${document?.key}${pointer}`
}

/** The entity with the field under a name that nobody can use: the other fields keep their places. */
function withoutField(entity: EffectiveDocument, field: string): EffectiveDocument {
  const { document } = entity
  if (document.kind !== 'entity' || !document.fields.some(each => each.key === field)) throw commonErrors.NOT_FOUND({})
  const fields: Entity['fields'] = document.fields.map(each => (each.key === field ? { ...each, key: UNUSED } : each))
  const renamed: MetadataDocument = { ...document, fields }
  const { kind, key, layer, changedBy, part } = entity
  return { kind, key, layer, changedBy, part, document: renamed }
}

/** No key of the language is written so. */
const UNUSED = '-'
