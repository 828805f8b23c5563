/**
 * What a caller may take out of the house. Of the records he exports, what a single profile reads *and* exports; of records these point at,
 * what he may export of them, and the title besides, without which a reference says nothing. Filters keep the grant for reading.
 */
import type { CompiledModel } from '../model/types.ts'
import { capsOf } from './caps.ts'
import { decideAccess, type Holder, readRows } from './decide-access.ts'
import { FieldRights } from './field-rights.ts'
import { allRows, anyRows, everyRow } from './row-filter.ts'
import type { FieldGrant, Grant, GrantTerm } from './types.ts'

/** The caller's grant on an entity's records as an export may show them. Throws like `decideAccess`. */
export function decideExport(holder: Holder, entityKey: string): Grant {
  return exportedRecords(holder.model, decideAccess(holder, entityKey, 'export'))
}

function exportedRecords(model: CompiledModel, grant: Grant): Grant {
  const terms = exportTerms(grant)
  // A profile that does not export does not widen how much leaves either.
  const { exportRows } = capsOf(
    undefined,
    terms.map(term => model.profiles.get(term.profile)?.definition.limits),
  )
  return {
    ...grant,
    caps: { ...grant.caps, exportRows },
    terms,
    rows: anyRows(terms.map(readRows)),
    fields: exportFields(model, grant, terms),
    over: key => behind(model, grant, key),
  }
}

/** What shows of another entity: its rows as for reading, its fields as far as they may be exported, its title. */
function behind(model: CompiledModel, grant: Grant, entityKey: string): Grant | null {
  const target = grant.over(entityKey)
  if (target === null) return null
  const terms = exportTerms(target)
  const exported = [...exportFields(model, target, terms)].map(
    ([key, field]) => [key, { ...field, everywhere: isEverywhere(target, terms, field) }] as const,
  )
  const always = ['id', 'version', target.entity.titleField].flatMap(key => {
    const field = target.fields.get(key)
    return field === undefined ? [] : [[key, field] as const]
  })
  return { ...target, terms, fields: new Map([...exported, ...always]), over: key => behind(model, target, key) }
}

/** The shares that export, each with the rows it both reads and exports. */
function exportTerms(grant: Grant): GrantTerm[] {
  return grant.terms
    .filter(term => term.operations.has('export'))
    .map(term => ({ ...term, rows: new Map([...term.rows, ['read', allRows([readRows(term), term.rows.get('export') ?? everyRow])]]) }))
}

function exportFields(model: CompiledModel, grant: Grant, terms: readonly GrantTerm[]): Map<string, FieldGrant> {
  const { key: own } = grant.entity
  // What a value of this entity is made of elsewhere counts as for reading: a lookup is a value of this record.
  const rights = new FieldRights(model, key => (key === own ? terms : (grant.over(key)?.terms ?? [])))
  return new Map(
    [...grant.fields.keys()].flatMap(key => {
      const field = rights.of(own, key)
      return field === null ? [] : [[key, field] as const]
    }),
  )
}

/** Whether a field shows on every row that is read, not only on every row that is exported. */
function isEverywhere(target: Grant, terms: readonly GrantTerm[], field: FieldGrant): boolean {
  if (field.read?.kind === 'all') return true
  return field.everywhere && JSON.stringify(anyRows(terms.map(readRows))) === JSON.stringify(target.rows)
}
