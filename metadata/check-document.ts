// Answers for: whether one document, as it was written, fits the schema of its kind.
// It must not look at other documents; the schema validator is handed in, so that the same check runs anywhere.

import type { DocumentKind } from './generated/types.ts'
import { nearestHint } from './nearest.ts'
import type { Problem } from './problem.ts'
import { said, words } from './said.ts'

/** Validates a value against one definition of the meta-schemas, such as `Entity`. */
export type ValidateDefinition = (definition: string, value: unknown) => Problem[]

/** The definition that describes each kind of document. */
export const DEFINITION_OF_KIND: Readonly<Record<DocumentKind, string>> = {
  entity: 'Entity',
  access_profile: 'AccessProfile',
  role: 'Role',
  query_policy: 'QueryPolicy',
  layout: 'Layout',
  view: 'View',
  navigation: 'Navigation',
  import_map: 'ImportMap',
  pack: 'Pack',
}

/** True for a kind that documents have. */
export function isDocumentKind(kind: unknown): kind is DocumentKind {
  return typeof kind === 'string' && Object.hasOwn(DEFINITION_OF_KIND, kind)
}

/** Everything in which a document does not fit its schema; an overlay is checked for its frame only, its content once it is merged. */
export function checkDocument(document: unknown, validate: ValidateDefinition): Problem[] {
  if (!isObject(document)) return [said({ pointer: '', code: 'MODEL_TYPE' }, words('A document is a JSON object.'))]
  const { kind } = document
  if (kind === undefined)
    return [
      said(
        { pointer: '/kind', code: 'MODEL_REQUIRED' },
        words('“{name}” is required.', { name: 'kind' }),
        words('Possible: {names}.', { names: Object.keys(DEFINITION_OF_KIND).join(', ') }),
      ),
    ]
  if (!isDocumentKind(kind)) {
    const name = typeof kind === 'string' ? kind.slice(0, 60) : JSON.stringify(kind)
    return [
      said(
        { pointer: '/kind', code: 'MODEL_UNKNOWN_KIND' },
        words('There is no kind “{name}” of documents.', { name }),
        nearestHint(name, Object.keys(DEFINITION_OF_KIND)).hint,
      ),
    ]
  }
  return validate(Object.hasOwn(document, 'extends') ? 'Overlay' : DEFINITION_OF_KIND[kind], document)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The kind and key by which a problem of a raw document is found again; what can not be read stays empty. */
export function placeOf(document: unknown): { kind: string; key: string } {
  if (!isObject(document)) return { kind: '', key: '' }
  const { kind, key, extends: base } = document
  const name = typeof key === 'string' ? key : typeof base === 'string' ? base.slice(base.indexOf('/') + 1) : ''
  return { kind: typeof kind === 'string' ? kind : '', key: name }
}
