/**
 * The JSON Schema of the queries one caller may send to an entity, derived from what exists for him and what the query policy permits
 * (contracts §4). Takes every name from the same places as the parser. Parts are per entity and point at one another, so that one set of
 * them serves every entity; what only counting can tell is left to the parser (docs/protocols/QUERY-DSL.md lists it).
 */
import type { PredicateScope } from '../../metadata/predicate.ts'
import type { Grant } from '../access/types.ts'
import type { JsonSchema } from '../kernel/schema.ts'
import { callerScope, type Lens, visibleField, visibleRelation, visibleTarget } from './caller-scope.ts'
import { conditionMembers, conditionName, type UserFields } from './condition-schema.ts'
import { MOST_LINES, tableWithoutLines, userOf } from './parse-select.ts'
import { searchableFields } from './parse-search.ts'
import { MOST_KEYS, sortable } from './parse-sort.ts'
import { closed, eitherOf, oneOf, SchemaParts, type SchemaReader } from './schema-parts.ts'

/** Members of one selection, and of one `and` or `or`. */
const MOST_MEMBERS = 200
const MOST_PARTS = 100

/** What the parts of a caller's queries are made of. */
export interface QueryParts {
  readonly lens: Lens
  readonly user: UserFields
  readonly parts: SchemaParts
}

/** Begins the parts of one caller's queries; any of his grants will do. */
export function queryParts(lens: Lens, grant: Grant, reader: SchemaReader = {}): QueryParts {
  const { user: scope } = userOf(lens, grant)
  const user = [...(scope === undefined ? [] : (grant.over('user')?.fields.keys() ?? []))].flatMap(key => {
    const field = scope?.lookup(key)?.field
    return field === undefined ? [] : [[key, field] as const]
  })
  return { lens, user: new Map(user), parts: new SchemaParts(reader) }
}

/** The schema of a query of the caller's to an entity, whole, with a definition for all it can reach. */
export function querySchema(lens: Lens, grant: Grant, reader: SchemaReader = {}): JsonSchema {
  const query = queryParts(lens, grant, reader)
  const root = queryRef(query, grant)
  return { ...root, definitions: query.parts.all() }
}

/** Points to the body of `POST /api/records/{entity}/query`. */
export function queryRef(query: QueryParts, grant: Grant): JsonSchema {
  const { entity, caps } = grant
  return query.parts.ref(`${entity.key}.query`, () => ({
    ...query.parts.title(entity.pluralLabels, entity.key),
    ...closed({
      select: selectRef(query, grant),
      where: whereRef(query, grant),
      sort: sortRef(query, grant),
      ...searchMember(query, grant),
      limit: { type: 'integer', minimum: 1, maximum: caps.maxPageSize },
      after: { type: 'string', minLength: 1, maxLength: 4000 },
      count: { type: 'string', enum: ['none', 'estimated', 'exact'] },
      trash: trashMember(grant),
    }),
  }))
}

/** `search`, where the caller has something to search. */
export function searchMember({ lens }: QueryParts, grant: Grant): Record<string, JsonSchema> {
  return searchableFields(lens, grant).length === 0 ? {} : { search: { type: 'string', minLength: 1, maxLength: 200 } }
}

/** `trash`: true only for who may restore. */
export function trashMember(grant: Grant): JsonSchema {
  return grant.operations.has('restore') ? { type: 'boolean' } : { type: 'boolean', enum: [false] }
}

/** Points to the predicates over an entity. */
export function whereRef(query: QueryParts, grant: Grant): JsonSchema {
  return query.parts.ref(`${grant.entity.key}.where`, () => ({
    ...query.parts.title(grant.entity.labels, grant.entity.key),
    ...closed(whereMembers(query, grant)),
  }))
}

function whereMembers(query: QueryParts, grant: Grant): Record<string, JsonSchema> {
  const { entity } = grant
  const scope = callerScope(query.lens, grant)
  const whole = whereRef(query, grant)
  const list: JsonSchema = { type: 'array', maxItems: MOST_PARTS, items: whole }
  const names = new Set([...grant.fields.keys(), ...entity.relations.keys()])
  const members = [...names].flatMap(name => {
    const member = nameRef(query, grant, scope, name)
    const labels = grant.fields.get(name)?.field.labels ?? entity.relations.get(name)?.labels ?? {}
    return member === null ? [] : [[name, { ...query.parts.title(labels, name), ...member }] as const]
  })
  return { and: list, or: list, not: whole, ...Object.fromEntries(members) }
}

/** What may be said of one name: operators of the field, a predicate on what it points to, quantifiers over what it relates to. */
function nameRef(query: QueryParts, grant: Grant, scope: PredicateScope, name: string): JsonSchema | null {
  const entry = scope.lookup(name)
  const { field } = entry ?? {}
  const own = `${grant.entity.key}.where.${name}`
  const target = entry?.one === undefined ? null : targetOf(grant, name)
  const related = entry?.many === undefined ? null : (visibleRelation(grant, name)?.target ?? null)
  if ((field === undefined || field.operators.length === 0) && target === null && related === null) return null
  const operators = (): Record<string, JsonSchema> => (field === undefined ? {} : conditionMembers(query.parts, field, own, query.user))
  const plain = field === undefined || field.operators.length === 0 ? null : conditionName(field, own)
  const through = target === null ? [] : [`${target.entity.key}.where`]
  const over = related === null ? [] : [`${related.entity.key}.many`]
  // Fields of one kind share a part, references to one entity too; only options and lists of references are a field's own.
  const called = plain === own ? own : [...through, ...over, ...(plain === null ? [] : [plain])].join('.')
  if (called === through[0] && target !== null) return whereRef(query, target)
  return query.parts.ref(called, () =>
    closed({
      ...operators(),
      ...(target === null ? {} : whereMembers(query, target)),
      ...(related === null ? {} : { some: whereRef(query, related), every: whereRef(query, related), none: whereRef(query, related) }),
    }),
  )
}

function targetOf(grant: Grant, name: string): Grant | null {
  const field = visibleField(grant, name)
  return field === undefined ? null : visibleTarget(grant, field)
}

/** Points to the selections of an entity. */
function selectRef(query: QueryParts, grant: Grant): JsonSchema {
  const { entity, caps } = grant
  return query.parts.ref(`${entity.key}.select`, () => {
    const includes = includeMembers(query, grant)
    const paths = pathsOf(query, grant, SELECTED, caps.maxDepth)
    const include = Object.keys(includes).length === 0 ? [] : [{ ...closed(includes), minProperties: 1 }]
    return { type: 'array', maxItems: MOST_MEMBERS, items: eitherOf([...paths, ...include]) }
  })
}

function includeMembers(query: QueryParts, grant: Grant): Record<string, JsonSchema> {
  const { entity } = grant
  const included = query.lens.model.policies.get(entity.key)?.include ?? []
  return Object.fromEntries(
    [...entity.relations.keys()].flatMap(key => {
      const found = visibleRelation(grant, key)
      if (found === undefined) return []
      const { relation, target } = found
      const isTable = relation.kind === 'inverse' && relation.table
      if (!isTable && !included.includes(key)) return []
      return [[key, { ...query.parts.title(relation.labels, key), ...includeRef(query, target, isTable) }] as const]
    }),
  )
}

function includeRef(query: QueryParts, target: Grant, isTable: boolean): JsonSchema {
  const { entity, caps } = target
  const most = isTable ? Math.max(MOST_LINES, caps.maxPageSize) : caps.maxPageSize
  return query.parts.ref(`${entity.key}.${isTable ? 'lines' : 'include'}`, () =>
    closed({
      select: selectRef(query, target),
      where: whereRef(query, target),
      sort: sortRef(query, target),
      limit: { type: 'integer', minimum: 1, maximum: most },
    }),
  )
}

function sortRef(query: QueryParts, grant: Grant): JsonSchema {
  return query.parts.ref(`${grant.entity.key}.sort`, () => {
    const keys = sortable(query.lens, grant).flatMap(key => [key, `-${key}`])
    return { type: 'array', maxItems: MOST_KEYS, uniqueItems: true, items: oneOf(keys) }
  })
}

/** What a path may end on, and which references it may take, at one use of paths. */
export interface PathUse {
  /** Last part of the names of its definitions. */
  readonly name: string
  readonly ends: (query: QueryParts, grant: Grant) => string[]
  readonly follows: (query: QueryParts, grant: Grant) => string[]
}

const SELECTED: PathUse = {
  name: 'path',
  ends: (_, grant) => [...grant.fields.values()].flatMap(({ field }) => (tableWithoutLines(grant, field) ? [] : [field.key])),
  follows: (_, grant) => [...grant.fields.keys()],
}

/**
 * Dotted paths: names of the entity and those one reference away written out; longer ones by `x-path`, which follows `x-references` from
 * one definition to the next, step by step.
 */
export function pathsOf(query: QueryParts, grant: Grant, use: PathUse, depth: number): readonly JsonSchema[] {
  const references = referencesOf(query, grant, use)
  const near = [...references].flatMap(([key, target]) => use.ends(query, target).map(end => `${key}.${end}`))
  const goesFarther = depth > 1 && [...references.values()].some(target => referencesOf(query, target, use).size > 0)
  const farther: JsonSchema = {
    type: 'string',
    maxLength: 500,
    pattern: `^(${[...references.keys()].join('|')})(\\.[a-z][a-z0-9_]*){2,${depth}}$`,
    'x-path': pathAt(query, grant, use),
  }
  return [pathRef(query, grant, use), ...(near.length === 0 || depth < 1 ? [] : [oneOf(near)]), ...(goesFarther ? [farther] : [])]
}

function referencesOf(query: QueryParts, grant: Grant, use: PathUse): Map<string, Grant> {
  return new Map(
    use.follows(query, grant).flatMap(key => {
      const target = targetOf(grant, key)
      return target === null ? [] : [[key, target] as const]
    }),
  )
}

function pathRef(query: QueryParts, grant: Grant, use: PathUse): JsonSchema {
  return { $ref: pathAt(query, grant, use) }
}

function pathAt(query: QueryParts, grant: Grant, use: PathUse): string {
  return query.parts.at(`${grant.entity.key}.${use.name}`, () => {
    const references = [...referencesOf(query, grant, use)].map(([key, target]) => [key, pathAt(query, target, use)] as const)
    return { ...oneOf(use.ends(query, grant)), ...(references.length === 0 ? {} : { 'x-references': Object.fromEntries(references) }) }
  })
}
