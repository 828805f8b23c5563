/** The meta-schema of a kind of document in one self-contained piece, with the hints by which the studio draws its forms. Pure. */
import { DEFINITION_OF_KIND, isDocumentKind, metadataSchema, uiHints } from '../../metadata/index.ts'
import { commonErrors } from '../kernel/errors.ts'
import type { JsonSchema } from '../kernel/schema.ts'

/** A JSON Schema (draft-07, no reference leads out of it) and hints by definition. */
export interface MetaSchema {
  readonly schema: JsonSchema
  readonly ui: Readonly<Record<string, unknown>>
}

/** Names besides the kinds of documents: parts of them, and what overlays and queries look like. */
const OTHERS: Readonly<Record<string, string>> = {
  overlay: 'Overlay',
  field: 'Field',
  predicate: 'Predicate',
  query: 'Query',
  aggregate: 'Aggregate',
  problem: 'ProblemDocument',
}

/** The schema of a name, such as `entity` or `access_profile`. Throws NOT_FOUND. */
export function metaSchemaOf(name: string): MetaSchema {
  const definition = isDocumentKind(name) ? DEFINITION_OF_KIND[name] : Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined
  if (definition === undefined || !Object.hasOwn(metadataSchema.definitions, definition)) throw commonErrors.NOT_FOUND({})
  const needed = new Set<string>()
  collect(definition, needed)
  const pick = (from: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries([...needed].filter(each => Object.hasOwn(from, each)).map(each => [each, from[each]]))
  return {
    schema: { $schema: metadataSchema.$schema, $ref: `#/definitions/${definition}`, definitions: pick(metadataSchema.definitions) },
    ui: pick(uiHints),
  }
}

function collect(definition: string, needed: Set<string>): void {
  if (needed.has(definition)) return
  needed.add(definition)
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, member] of Object.entries(value)) {
      if (name === '$ref' && typeof member === 'string') collect(member.slice(member.lastIndexOf('/') + 1), needed)
      else walk(member)
    }
  }
  walk(metadataSchema.definitions[definition])
}
