/**
 * How much a tenant's documents may be together. They are checked and compiled by the threads that serve everybody, so what counts is work: parts
 * to look at, fields, formulas. Bytes are counted too. Knows no meaning of a document.
 */
import { authoringErrors } from './errors.ts'

/** The limits, for all documents of a tenant's overlay together; a pack's own documents do not count. */
export const OVERLAY_LIMITS = { bytes: 2 * 1024 * 1024, parts: 60_000, entities: 200, fields: 3_000, formulas: 300 } as const

/** Throws AUTHORING_TOO_LARGE with the first limit that is exceeded. */
export function requireOverlaySize(overlay: readonly unknown[]): void {
  if (Buffer.byteLength(JSON.stringify(overlay)) > OVERLAY_LIMITS.bytes) throw authoringErrors.TOO_LARGE({ limit: '2 MB' })
  const fields = overlay.flatMap(fieldsOf)
  const counts = {
    parts: partsOf(overlay),
    entities: overlay.filter(isEntity).length,
    fields: fields.length,
    formulas: fields.filter(isFormula).length,
  }
  for (const what of ['entities', 'fields', 'formulas', 'parts'] as const)
    if (counts[what] > OVERLAY_LIMITS[what])
      throw authoringErrors.TOO_MANY_PARTS(
        { what, count: counts[what], limit: OVERLAY_LIMITS[what] },
        { members: { limits: OVERLAY_LIMITS } },
      )
}

function fieldsOf(document: unknown): unknown[] {
  const { fields } = (isEntity(document) ? document : {}) as { fields?: unknown }
  return Array.isArray(fields) ? fields : []
}

function isEntity(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'kind' in document && document.kind === 'entity'
}

function isFormula(field: unknown): boolean {
  return typeof field === 'object' && field !== null && 'type' in field && field.type === 'formula'
}

/** Values of every kind, in lists and objects alike. */
function partsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, each) => sum + partsOf(each), 1)
}
