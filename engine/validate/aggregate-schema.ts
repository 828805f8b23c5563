/**
 * The JSON Schema of the aggregates one caller may ask of an entity: what may be grouped by, and which measure may be taken of what.
 * `having` and `sort` name what the same body measures and groups, which no schema can follow: the parser does.
 */
import { OPERATORS_OF_KIND } from '../../metadata/operators.ts'
import type { Grant } from '../access/types.ts'
import type { JsonSchema } from '../kernel/schema.ts'
import { comparableField, type Lens } from './caller-scope.ts'
import { conditionMembers, conditionName } from './condition-schema.ts'
import { reachable } from './parse-reach.ts'
import { pathsOf, type PathUse, queryParts, type QueryParts, searchMember, trashMember, whereRef } from './query-schema.ts'
import { closed, eitherOf, type SchemaReader } from './schema-parts.ts'
import type { Bucket, MeasureFn } from './types.ts'

const MEASURES: readonly MeasureFn[] = ['count', 'count_distinct', 'sum', 'avg', 'min', 'max']
const BUCKETS: readonly Bucket[] = ['day', 'week', 'month', 'quarter', 'year']
const KEY = '^[a-z][a-z0-9_]{0,47}$'
const COLUMN = '^-?[a-z][a-z0-9_]{0,47}(\\.[a-z][a-z0-9_]{0,47})*$'

/** The schema of an aggregate of the caller's over an entity, whole, with a definition for all it can reach. */
export function aggregateSchema(lens: Lens, grant: Grant, reader: SchemaReader = {}): JsonSchema {
  const query = queryParts(lens, grant, reader)
  const root = aggregateRef(query, grant)
  return { ...root, definitions: query.parts.all() }
}

/** Points to the body of `POST /api/records/{entity}/aggregate`. */
export function aggregateRef(query: QueryParts, grant: Grant): JsonSchema {
  const { entity, caps } = grant
  return query.parts.ref(`${entity.key}.aggregate`, () => ({
    ...query.parts.title(entity.pluralLabels, entity.key),
    ...closed({
      group_by: { type: 'array', maxItems: 4, uniqueItems: true, items: groupItems(query, grant) },
      measures: {
        type: 'object',
        minProperties: 1,
        maxProperties: 20,
        propertyNames: { type: 'string', pattern: KEY },
        additionalProperties: query.parts.ref(`${entity.key}.measure`, () => measureSchema(query, grant)),
      },
      where: whereRef(query, grant),
      ...searchMember(query, grant),
      having: {
        type: 'object',
        propertyNames: { type: 'string', pattern: KEY },
        additionalProperties: query.parts.ref('Having', () => havingSchema(query)),
      },
      sort: { type: 'array', maxItems: 3, uniqueItems: true, items: { type: 'string', maxLength: 500, pattern: COLUMN } },
      limit: { type: 'integer', minimum: 1, maximum: caps.maxGroups },
      trash: trashMember(grant),
    }),
    required: ['measures'],
  }))
}

function groupItems(query: QueryParts, grant: Grant): JsonSchema {
  const { maxDepth } = grant.caps
  const period: JsonSchema = {
    type: 'object',
    minProperties: 1,
    maxProperties: 1,
    propertyNames: { type: 'string', ...eitherOf(pathsOf(query, grant, PERIODS, maxDepth)) },
    additionalProperties: { type: 'string', enum: BUCKETS },
  }
  return eitherOf([...pathsOf(query, grant, GROUPS, maxDepth), period])
}

function measureSchema(query: QueryParts, grant: Grant): JsonSchema {
  const members = MEASURES.map(fn => {
    const paths = pathsOf(query, grant, measured(fn), grant.caps.maxDepth)
    return [fn, eitherOf(fn === 'count' ? [{ type: 'string', enum: ['*'] }, ...paths] : paths)] as const
  })
  return { ...closed(Object.fromEntries(members)), minProperties: 1, maxProperties: 1 }
}

/** Measures are numbers, days or times. */
function havingSchema({ parts, user }: QueryParts): JsonSchema {
  const kinds = (['integer', 'decimal', 'float', 'date', 'datetime'] as const).map(kind => {
    const field = { kind, operators: OPERATORS_OF_KIND[kind] }
    const name = conditionName(field, '')
    return parts.ref(name, () => closed(conditionMembers(parts, field, name, user)))
  })
  return { type: 'object', minProperties: 1, anyOf: kinds }
}

/** A record is grouped and measured by what its references lead to, where the policy lets them be followed. */
function follows({ lens }: QueryParts, grant: Grant): string[] {
  return (lens.model.policies.get(grant.entity.key)?.include ?? []).filter(key => comparableField(grant, key) !== undefined)
}

const GROUPS: PathUse = { name: 'group', follows, ends: ({ lens }, grant) => reachable(lens, grant, 'group') }

const PERIODS: PathUse = {
  name: 'period',
  follows,
  ends: ({ lens }, grant) =>
    reachable(lens, grant, 'group').filter(key => ['date', 'datetime'].includes(comparableField(grant, key)?.kind ?? '')),
}

function measured(fn: MeasureFn): PathUse {
  return { name: fn, follows, ends: ({ lens }, grant) => reachable(lens, grant, fn) }
}
