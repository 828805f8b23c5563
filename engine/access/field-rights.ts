/**
 * Decides field by field what a set of profiles sees. A derived value is readable only if all its inputs are (contracts §5), across
 * entities too, so fields are decided one by one and remembered; a field being decided counts as unreadable for itself.
 */
import type { Test } from '../../metadata/predicate.ts'
import type { CompiledField, CompiledModel, Derivation } from '../model/types.ts'
import { allRows, anyRows, everyRow } from './row-filter.ts'
import type { FieldGrant, GrantTerm, Rows } from './types.ts'

const WEAKEST_FIRST = ['mask', 'read', 'create', 'write'] as const

export class FieldRights {
  private readonly model: CompiledModel
  private readonly findTerms: (entityKey: string) => readonly GrantTerm[]
  private readonly known = new Map<string, FieldGrant | null>()
  private readonly termsKnown = new Map<string, readonly GrantTerm[]>()

  constructor(model: CompiledModel, findTerms: (entityKey: string) => readonly GrantTerm[]) {
    this.model = model
    this.findTerms = findTerms
  }

  /** The shares of an entity. */
  terms(entityKey: string): readonly GrantTerm[] {
    const known = this.termsKnown.get(entityKey) ?? this.findTerms(entityKey)
    this.termsKnown.set(entityKey, known)
    return known
  }

  /** How a field may be seen; null where it does not exist for these profiles. */
  of(entityKey: string, fieldKey: string): FieldGrant | null {
    const grant = this.settled(entityKey, fieldKey)
    if (grant === null || grant.read === null || grant.field.computing !== true || !isDerived(grant.field)) return grant
    return { ...grant, read: NO_ROW, everywhere: false }
  }

  /** The same as it will be when values that are being computed anew are there. What follows from them is computed anew with them. */
  private settled(entityKey: string, fieldKey: string): FieldGrant | null {
    const key = `${entityKey}.${fieldKey}`
    const known = this.known.get(key)
    if (known !== undefined) return known
    this.known.set(key, null)
    const field = this.model.entities.get(entityKey)?.fields.get(fieldKey)
    const made = field === undefined ? null : this.decide(field)
    this.known.set(key, made)
    return made
  }

  private decide(field: CompiledField): FieldGrant | null {
    const terms = this.terms(field.entity)
    if (terms.length === 0) return null
    if (field.system && (field.key === 'id' || field.key === 'version'))
      return { field, read: everyRow, mask: null, everywhere: true, strongest: 'read' }
    const source = field.derivation?.kind === 'base' ? field.derivation.of : field.key
    const holders = terms.flatMap(term => {
      const right = term.rights.get(source)
      return right === undefined ? [] : [{ term, right }]
    })
    if (holders.length === 0) return null
    const derived = isDerived(field)
    const needed = derived ? this.inputRows(field) : []
    if (needed === null) return null
    const readers = holders.filter(each => each.right.right !== 'mask').map(each => each.term)
    const read = readers.length === 0 ? null : allRows([anyRows(readers.map(rowsOf)), ...needed])
    const mask = derived ? null : maskOf(holders)
    if (read === null && mask === null) return null
    const strongest =
      holders.map(each => each.right.right).toSorted((a, b) => WEAKEST_FIRST.indexOf(b) - WEAKEST_FIRST.indexOf(a))[0] ?? 'read'
    const everywhere = read !== null && (read.kind === 'all' || (readers.length === terms.length && needed.length === 0))
    return { field, read, mask, everywhere, strongest: derived && field.derivation?.kind === 'base' ? 'read' : strongest }
  }

  /** Row conditions that the inputs of a derived value add; null where an input can't be read at all. */
  private inputRows(field: CompiledField): Rows[] | null {
    const rows: Rows[] = []
    for (const key of field.inputs) {
      const input = this.settled(field.entity, key)
      if (input === null || input.read === null) return null
      if (!input.everywhere) rows.push(input.read)
    }
    const source = this.sourceRows(field)
    return source === null ? null : [...rows, ...source]
  }

  /** Row conditions that values of other records add: a lookup shows only what its reader could have opened, a rollup only what he could have counted. */
  private sourceRows(field: CompiledField): Rows[] | null {
    const derivation = field.derivation
    if (derivation?.kind === 'lookup') return this.lookupRows(field, derivation)
    if (derivation?.kind === 'rollup') return this.isCountable(field, derivation) ? [] : null
    return []
  }

  private lookupRows(field: CompiledField, lookup: Extract<Derivation, { kind: 'lookup' }>): Rows[] | null {
    const target = this.model.entities.get(field.entity)?.fields.get(lookup.reference)?.target
    const source = target == null ? null : this.settled(target, lookup.field)
    if (target == null || source === null || source.read === null) return null
    // A live one is read through the reference, under the grant over its target.
    if (lookup.mode === 'live') return []
    const open = allRows([anyRows(this.terms(target).map(rowsOf)), ...(source.everywhere ? [] : [source.read])])
    return open.kind === 'all' ? [] : [{ kind: 'where', test: leadsTo(lookup.reference, open.test) }]
  }

  private isCountable(field: CompiledField, rollup: Extract<Derivation, { kind: 'rollup' }>): boolean {
    const child = field.target
    if (child === null) return false
    const fields = this.model.entities.get(child)?.fields
    const inputs = rollup.inputs.filter(key => fields?.has(key) === true).map(key => this.settled(child, key))
    // Disclosed are the rows that were counted, not fields that the reader has none of.
    if (rollup.discloses) return inputs.every(input => input !== null && input.read !== null)
    const terms = this.terms(child)
    return terms.length > 0 && anyRows(terms.map(rowsOf)).kind === 'all' && inputs.every(input => input?.everywhere === true)
  }
}

function isDerived({ derivation }: CompiledField): boolean {
  return derivation !== null && derivation.kind !== 'autonumber'
}

/** Where a value is still made of what it was made of before, nobody reads it. */
const NO_ROW: Rows = { kind: 'where', test: { kind: 'false' } }

/** Rows whose reference is empty or leads to a record, not in the trash, that the test accepts. */
function leadsTo(reference: string, test: Test): Test {
  const empty = (field: string, flag: boolean): Test => ({
    kind: 'atom',
    path: [],
    field,
    of: { kind: 'id', operators: ['is_null'] },
    operator: 'is_null',
    operand: { shape: 'flag', flag },
  })
  // Of no record everything is null: that it has an id says that it is there.
  return {
    kind: 'any',
    of: [empty(reference, true), { kind: 'one', relation: reference, test: { kind: 'all', of: [empty('id', false), test] } }],
  }
}

function maskOf(
  holders: readonly { readonly term: GrantTerm; readonly right: NonNullable<ReturnType<GrantTerm['rights']['get']>> }[],
): FieldGrant['mask'] {
  const maskers = holders.flatMap(each => (each.right.right === 'mask' ? [{ term: each.term, right: each.right }] : []))
  const [first] = maskers
  if (first === undefined) return null
  return { rows: anyRows(maskers.map(each => rowsOf(each.term))), mask: first.right.mask, reveal: maskers.some(each => each.right.reveal) }
}

function rowsOf(term: GrantTerm): Rows {
  return term.rows.get('read') ?? everyRow
}
