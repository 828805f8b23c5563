/**
 * What the types of one caller are made of: the schemas of all that he can send and be sent, and how his entities hang together. Takes every
 * name from the rooms that decide about them; knows no TypeScript.
 */
import { type Grant, grantOver } from '../access/index.ts'
import type { JsonSchema } from '../kernel/schema.ts'
import type { ModelContext } from '../model/index.ts'
import { type ComponentSchemas, speak } from '../shape/index.ts'
import { aggregateRef, queryParts, queryRef, visibleRelation, visibleTarget } from '../validate/index.ts'
import { describeComponents } from './describe-model.ts'

/** An entity among the others. */
export interface TypedEntity {
  readonly key: string
  readonly label: string
  /** Fields that come only where they are selected. */
  readonly unusual: readonly string[]
  /** References to the entities they lead to. */
  readonly one: Readonly<Record<string, string>>
  /** To-many relations to the entities they lead to. */
  readonly many: Readonly<Record<string, string>>
  /** Through how many references a path may lead. */
  readonly depth: number
}

/** Everything that types are written of: plain data, so that it can be handed to another thread. */
export interface TypesMaterial {
  readonly tenant: string
  readonly revision: number
  readonly entities: readonly TypedEntity[]
  /** `deal`, `deal.create`, `deal.patch`, `deal.query`, `deal.aggregate`, and whatever they refer to. */
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

/** Gathers what exists for the caller. */
export function typesMaterial(ctx: ModelContext): TypesMaterial {
  const { caller, model, revision } = ctx
  const { profiles, locale } = caller
  const components = describeComponents(ctx)
  const grants = [...model.entities.keys()].flatMap(key => grantOver(model, profiles, key) ?? [])
  return {
    tenant: caller.tenant.key,
    revision,
    entities: grants.map(grant => typedEntity(grant, components, locale)),
    schemas: {
      ...components,
      ...Object.fromEntries(grants.map(grant => [grant.entity.key, recordOf(grant, components)])),
      ...queriesOf(ctx, grants),
    },
  }
}

function queriesOf(ctx: ModelContext, grants: readonly Grant[]): Readonly<Record<string, JsonSchema>> {
  const [first] = grants
  if (first === undefined) return {}
  const query = queryParts(ctx, first, { label: (labels, fallback) => speak(labels, ctx.caller.locale, fallback) })
  for (const grant of grants) {
    queryRef(query, grant)
    aggregateRef(query, grant)
  }
  return query.parts.all()
}

function typedEntity(grant: Grant, components: ComponentSchemas, locale: string): TypedEntity {
  const { key, labels, relations } = grant.entity
  const usual = new Set(Object.keys(propertiesOf(components[key])))
  const references = [...grant.fields.values()].flatMap(({ field }) => {
    const target = visibleTarget(grant, field)
    return target === null ? [] : [[field.key, target.entity.key] as const]
  })
  const related = [...relations.keys()].flatMap(name => {
    const found = visibleRelation(grant, name)
    return found === undefined ? [] : [[name, found.target.entity.key] as const]
  })
  return {
    key,
    label: speak(labels, locale, key),
    unusual: Object.keys(plainFields(key, components)).filter(name => !usual.has(name)),
    one: Object.fromEntries(references),
    many: Object.fromEntries(related),
    depth: grant.caps.maxDepth,
  }
}

/** Every field that can be selected, a reference as its id; required where every record has it. */
function recordOf(grant: Grant, components: ComponentSchemas): JsonSchema {
  const { key } = grant.entity
  const usual = propertiesOf(components[key])
  const always = new Set((components[key]?.['required'] ?? []) as string[])
  const properties = plainFields(key, components)
  return {
    ...components[key],
    properties,
    required: Object.keys(properties).filter(name => always.has(name) || (!(name in usual) && grant.fields.get(name)?.everywhere === true)),
  }
}

/** What can be selected, as it is where the selection does not go on behind it. */
function plainFields(key: string, components: ComponentSchemas): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(propertiesOf(components[`${key}.selected`])).flatMap(([name, schema]) => {
      const plain = withoutRecords(schema)
      return plain === null ? [] : [[name, plain]]
    }),
  )
}

/** A value without the records that may stand in its place; null where nothing else may. */
function withoutRecords(schema: JsonSchema): JsonSchema | null {
  const { $ref, anyOf, items } = schema
  if (typeof $ref === 'string') return $ref.endsWith('.selected') ? null : schema
  if (Array.isArray(anyOf)) {
    const left = (anyOf as JsonSchema[]).map(withoutRecords).filter(each => each !== null)
    return left.some(each => each['type'] !== 'null') ? { ...schema, anyOf: left } : null
  }
  if (typeof items !== 'object' || items === null) return schema
  const plain = withoutRecords(items as JsonSchema)
  return plain === null ? null : { ...schema, items: plain }
}

function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  return (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
}
