// Answers for: what the effective documents say about names: entities, their fields, relations, and how fields compare.
// It must not judge anything; a name that does not exist is answered with undefined.

import type { AccessProfile, Entity, Field, MetadataDocument, QueryPolicy, Relation } from '../generated/types.ts'
import type { EffectiveDocument } from '../layers.ts'
import { type Comparison, comparisonOf, operatorsOf } from '../operators.ts'
import type { PredicateScope, ScopeEntry } from '../predicate.ts'
import { isSystemField, relationsOf, SYSTEM_COMPARISON, targetOf } from '../relations.ts'

/** Where a dotted path leads, or the step at which it fails and the names that would have gone on. */
export type ResolvedPath =
  | { readonly ok: true; readonly entity: Entity; readonly field: string }
  | { readonly ok: false; readonly step: string; readonly candidates: readonly string[] }

// A lookup of a lookup of a lookup: deeper chains than any real model's end here.
const MAX_LOOKUPS = 8

/** Names of one set of effective documents. */
export class Facts {
  readonly entities: ReadonlyMap<string, Entity>
  readonly policies: ReadonlyMap<string, QueryPolicy>
  readonly profiles: ReadonlyMap<string, AccessProfile>
  readonly documents: readonly EffectiveDocument[]
  private readonly relations = new Map<string, Map<string, Relation>>()

  constructor(documents: readonly EffectiveDocument[]) {
    this.documents = documents
    this.entities = new Map(this.all('entity').map(entity => [entity.key, entity]))
    this.policies = new Map(this.all('query_policy').map(policy => [policy.entity, policy]))
    this.profiles = new Map(this.all('access_profile').map(profile => [profile.key, profile]))
    for (const key of this.entities.keys()) this.relations.set(key, new Map())
    for (const relation of relationsOf(this.entities.values())) {
      const known = this.relations.get(relation.entity)
      if (known?.has(relation.key) === false) known.set(relation.key, relation)
    }
  }

  /** The documents of one kind, in their order. */
  all<K extends MetadataDocument['kind']>(kind: K): Extract<MetadataDocument, { kind: K }>[] {
    return this.documents.flatMap(({ document }) => (isOfKind(document, kind) ? [document] : []))
  }

  /** A declared field. */
  field(entity: string, key: string): Field | undefined {
    return this.entities.get(entity)?.fields.find(field => field.key === key)
  }

  /** True for declared fields, system fields and the converted amounts beside money. */
  hasField(entity: string, key: string): boolean {
    return this.field(entity, key) !== undefined || isSystemField(key) || this.moneyBehind(entity, key) !== undefined
  }

  /** The money field whose converted amount a name is. */
  moneyBehind(entity: string, key: string): Field | undefined {
    const money = key.endsWith('_base') ? this.field(entity, key.slice(0, -'_base'.length)) : undefined
    return money !== undefined && isMoney(money) ? money : undefined
  }

  /** Names of fields that may be suggested. */
  fieldNames(entity: string): string[] {
    return [...(this.entities.get(entity)?.fields ?? []).map(field => field.key), ...Object.keys(SYSTEM_COMPARISON)]
  }

  /** A relation by its name; where two claim it, the first. */
  relation(entity: string, key: string): Relation | undefined {
    return this.relations.get(entity)?.get(key)
  }

  relationNames(entity: string, cardinality?: Relation['cardinality']): string[] {
    const relations = [...(this.relations.get(entity)?.values() ?? [])]
    return relations.filter(relation => cardinality === undefined || relation.cardinality === cardinality).map(relation => relation.key)
  }

  /** How a field compares, through lookups and rollups; null where it has no value or leads into nothing. */
  comparison(entity: string, key: string, depth = 0): Comparison | null {
    if (isSystemField(key)) return SYSTEM_COMPARISON[key]
    const field = this.field(entity, key)
    if (field === undefined) return this.moneyBehind(entity, key) === undefined ? null : { kind: 'decimal' }
    const own = comparisonOf(field)
    if (own !== null || depth > MAX_LOOKUPS) return own
    const source = this.sourceOf(entity, field)
    return source === null ? null : this.comparison(source.entity, source.field, depth + 1)
  }

  /** The field of another entity that a lookup or rollup takes its value from. */
  sourceOf(entity: string, field: Field): { entity: string; field: string } | null {
    if (field.type === 'lookup') {
      const target = this.relation(entity, field.reference)?.target
      return target === undefined ? null : { entity: target, field: field.field }
    }
    if (field.type !== 'rollup' || field.field === undefined) return null
    const child = this.relation(entity, field.relation)?.target
    return child === undefined ? null : { entity: child, field: field.field }
  }

  /** Follows a dotted path over to-one relations to a field. */
  resolvePath(entity: string, path: string): ResolvedPath {
    const steps = path.split('.')
    let current = this.entities.get(entity)
    for (const [index, step] of steps.entries()) {
      if (current === undefined) return { ok: false, step, candidates: [] }
      if (index === steps.length - 1)
        return this.hasField(current.key, step)
          ? { ok: true, entity: current, field: step }
          : { ok: false, step, candidates: this.fieldNames(current.key) }
      const relation: Relation | undefined = this.relation(current.key, step)
      if (relation?.cardinality !== 'one') return { ok: false, step, candidates: this.relationNames(current.key, 'one') }
      current = this.entities.get(relation.target)
    }
    return { ok: false, step: path, candidates: [] }
  }

  /** The names of an entity as a predicate sees them; everything the documents declare exists. */
  scope(entity: string): PredicateScope {
    return {
      lookup: name => this.scopeEntry(entity, name),
      names: () => [...this.fieldNames(entity), ...this.relationNames(entity, 'many')],
    }
  }

  private scopeEntry(entity: string, name: string): ScopeEntry | undefined {
    const comparison = this.comparison(entity, name)
    const relation = this.relation(entity, name)
    if (comparison === null && relation === undefined) return undefined
    const behind = relation === undefined || !this.entities.has(relation.target) ? undefined : () => this.scope(relation.target)
    return {
      ...(comparison === null ? {} : { field: this.scopeField(entity, name, comparison) }),
      ...(behind === undefined ? {} : relation?.cardinality === 'one' ? { one: behind } : { many: behind }),
    }
  }

  private scopeField(entity: string, name: string, comparison: Comparison): NonNullable<ScopeEntry['field']> {
    const options = this.optionsOf(entity, name)
    const target = this.relation(entity, name)?.target
    const tree = target !== undefined && this.isTree(target) ? target : undefined
    return {
      ...comparison,
      operators: operatorsOf(comparison, tree !== undefined),
      ...(options === undefined ? {} : { options }),
      ...(tree === undefined ? {} : { tree }),
    }
  }

  /** The values of a choice, through lookups. */
  optionsOf(entity: string, key: string): string[] | undefined {
    const field = this.field(entity, key)
    if (field?.type === 'choice' || field?.type === 'multi_choice') return field.options.map(option => option.value)
    const source = field === undefined || field.type === 'rollup' ? null : this.sourceOf(entity, field)
    return source === null || source.entity === entity ? undefined : this.optionsOf(source.entity, source.field)
  }

  /** True for an entity whose records form a tree. */
  isTree(entity: string): boolean {
    return this.entities.get(entity)?.fields.some(field => field.type === 'parent') === true
  }
}

/** True for a field that keeps a converted amount beside it. */
export function isMoney(field: Field): boolean {
  return field.type === 'money' || (field.type === 'formula' && field.result === 'money')
}

/** True for a field whose value nobody writes. */
export function isComputed(field: Field): boolean {
  if (field.type === 'lookup') return field.overridable !== true
  return field.type === 'formula' || field.type === 'rollup' || field.type === 'autonumber'
}

/** The entity a reference-like field leads to. */
export function referenceTarget(entity: string, field: Field): string | undefined {
  return field.type === 'table' ? undefined : targetOf(entity, field)
}

function isOfKind<K extends MetadataDocument['kind']>(
  document: MetadataDocument,
  kind: K,
): document is Extract<MetadataDocument, { kind: K }> {
  return document.kind === kind
}
