/**
 * Decides field by field what a set of profiles sees. A derived value is readable only if all its inputs are (contracts §5), across
 * entities too, so fields are decided one by one and remembered; a field being decided counts as unreadable for itself.
 */
import type { CompiledField, CompiledModel } from '../model/types.ts'
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
    if (field.system && (field.key === 'id' || field.key === 'version')) return { field, read: everyRow, mask: null, everywhere: true, strongest: 'read' }
    const source = field.derivation?.kind === 'base' ? field.derivation.of : field.key
    const holders = terms.flatMap(term => {
      const right = term.rights.get(source)
      return right === undefined ? [] : [{ term, right }]
    })
    if (holders.length === 0) return null
    const derived = field.derivation !== null && field.derivation.kind !== 'autonumber'
    const needed = derived ? this.inputRows(field) : []
    if (needed === null) return null
    const readers = holders.filter(each => each.right.right !== 'mask').map(each => each.term)
    const read = readers.length === 0 ? null : allRows([anyRows(readers.map(rowsOf)), ...needed])
    const mask = derived ? null : maskOf(holders)
    if (read === null && mask === null) return null
    const strongest = holders.map(each => each.right.right).toSorted((a, b) => WEAKEST_FIRST.indexOf(b) - WEAKEST_FIRST.indexOf(a))[0] ?? 'read'
    const everywhere = read !== null && (read.kind === 'all' || (readers.length === terms.length && needed.length === 0))
    return { field, read, mask, everywhere, strongest: derived && field.derivation?.kind === 'base' ? 'read' : strongest }
  }

  /** Row conditions that the inputs of a derived value add; null where an input can't be read at all. */
  private inputRows(field: CompiledField): Rows[] | null {
    const rows: Rows[] = []
    for (const key of field.inputs) {
      const input = this.of(field.entity, key)
      if (input === null || input.read === null) return null
      if (!input.everywhere) rows.push(input.read)
    }
    return this.sourceReadable(field) ? rows : null
  }

  /** A lookup shows only what its reader could have opened; a rollup only what he could have counted himself. */
  private sourceReadable(field: CompiledField): boolean {
    const derivation = field.derivation
    if (derivation?.kind === 'lookup') {
      const target = this.model.entities.get(field.entity)?.fields.get(derivation.reference)?.target
      return target != null && this.of(target, derivation.field)?.read != null
    }
    if (derivation?.kind === 'rollup' && !derivation.discloses) {
      const child = field.target
      if (child === null) return false
      const terms = this.terms(child)
      return terms.length > 0 && anyRows(terms.map(rowsOf)).kind === 'all' && derivation.inputs.every(key => this.of(child, key)?.everywhere === true)
    }
    return true
  }
}

function maskOf(holders: readonly { readonly term: GrantTerm; readonly right: NonNullable<ReturnType<GrantTerm['rights']['get']>> }[]): FieldGrant['mask'] {
  const maskers = holders.flatMap(each => (each.right.right === 'mask' ? [{ term: each.term, right: each.right }] : []))
  const [first] = maskers
  if (first === undefined) return null
  return { rows: anyRows(maskers.map(each => rowsOf(each.term))), mask: first.right.mask, reveal: maskers.some(each => each.right.reveal) }
}

function rowsOf(term: GrantTerm): Rows {
  return term.rows.get('read') ?? everyRow
}
