/**
 * Makes of the schemas of one caller's records and queries what a writer of TypeScript needs: one definition per type, its name a name of
 * TypeScript, its words a comment, nothing in it that a compiler can not use. Pure; knows schemas, no grants and no compiler.
 */
import type { JsonSchema } from '../kernel/schema.ts'

/** Schemas by name, such as `deal`, `deal.create`, `deal.where`. */
export type NamedSchemas = Readonly<Record<string, JsonSchema>>

/** Definitions by the name of their type, and the names by what they were called before. */
export interface TypedSchemas {
  readonly definitions: Readonly<Record<string, JsonSchema>>
  readonly nameOf: (schema: string) => string
}

/** What is taken over as it is. */
const KEPT = ['type', 'required'] as const

/** The definitions of these schemas and of everything they lead to; `taken` are names that no type may have. */
export function typedSchemas(schemas: NamedSchemas, roots: readonly string[], taken: readonly string[]): TypedSchemas {
  const folded = mapValues(schemas, (schema, name) => twin(name, schemas) ?? joined(name, schemas) ?? schema)
  const needed = reached(folded, roots)
  const names = typeNames(needed, taken)
  const nameOf = (schema: string): string => names.get(schema) ?? 'never'
  const definitions = needed.map(name => [nameOf(name), plain(folded[name] ?? {}, folded, nameOf)] as const)
  return { definitions: Object.fromEntries(definitions), nameOf }
}

/** Operands that take the same alone and in lists are one type. */
function twin(name: string, schemas: NamedSchemas): JsonSchema | null {
  const one = name.replace(/\.listed$/, '.one')
  return one !== name && JSON.stringify(schemas[one]) === JSON.stringify(schemas[name]) ? { $ref: `#/${one}` } : null
}

/** `customer.where.Id` has the members of `customer.where` and those of `Id`, and is written down as just that. */
function joined(name: string, schemas: NamedSchemas): JsonSchema | null {
  const members = (of: string): string[] => Object.keys((schemas[of]?.['properties'] as object | undefined) ?? {})
  const all = JSON.stringify(members(name).sort())
  for (let at = name.indexOf('.'); at > 0; at = name.indexOf('.', at + 1)) {
    const parts = [name.slice(0, at), name.slice(at + 1)]
    const areThere = parts.every(part => members(part).length > 0)
    if (areThere && JSON.stringify([...new Set(parts.flatMap(members))].sort()) === all)
      return { allOf: parts.map(part => ({ $ref: `#/${part}` })) }
  }
  return null
}

/** The roots, each followed by what it leads to first, which is the order of reading. */
function reached(schemas: NamedSchemas, roots: readonly string[]): string[] {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name) || isTrivial(schemas[name])) return
    found.add(name)
    for (const ref of refsOf(schemas[name])) visit(seen(ref, schemas))
  }
  for (const root of roots) visit(root)
  return [...found]
}

/** A schema's own name, where it is only another name of one. */
function seen(name: string, schemas: NamedSchemas): string {
  const { $ref, ...rest } = schemas[name] ?? {}
  return typeof $ref === 'string' && Object.keys(rest).length === 0 ? seen(nameIn($ref), schemas) : name
}

function refsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsOf)
  if (typeof value !== 'object' || value === null || 'x-path' in value) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [nameIn(inner)] : key === 'propertyNames' ? [] : refsOf(inner),
  )
}

/** What needs no name of its own: a text, a number, nothing at all. */
function isTrivial(schema: JsonSchema | undefined): boolean {
  if (schema === undefined || schema['not'] !== undefined) return true
  const { type, enum: values, properties, items, anyOf, allOf } = schema
  const members = (anyOf ?? allOf) as JsonSchema[] | undefined
  if (members !== undefined) return members.every(isTrivial) || (members.every(isText) && members.some(isAnyText))
  return typeof type === 'string' && values === undefined && properties === undefined && items === undefined
}

/** The last part of a pointer. */
function nameIn(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

/** `deal_line.create` → `DealLineCreate`, `Decimal` → `DecimalCondition`; two that come out alike are numbered in their order. */
function typeNames(schemas: readonly string[], taken: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(taken)
  return new Map(
    schemas.map(schema => {
      const words = schema
        .replace(/\.value\.one$/, '.value')
        .replaceAll(/(?:^|[._-])([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      const wished = /^[A-Z]/.test(schema) ? `${words}Condition` : words
      let name = wished
      for (let count = 2; used.has(name); count += 1) name = `${wished}_${count}`
      used.add(name)
      return [schema, name]
    }),
  )
}

/** A schema as a compiler sees it. */
function plain(schema: JsonSchema, schemas: NamedSchemas, nameOf: (schema: string) => string): JsonSchema {
  const again = (inner: unknown): JsonSchema => plain(inner as JsonSchema, schemas, nameOf)
  const words = wordsOf(schema)
  const { $ref, allOf, anyOf, oneOf, items, properties, propertyNames, additionalProperties } = schema
  if (typeof $ref === 'string') {
    const name = seen(nameIn($ref), schemas)
    return isTrivial(schemas[name]) ? { ...again(schemas[name] ?? {}), ...words } : { ...words, tsType: nameOf(name) }
  }
  if (schema['not'] !== undefined) return { ...words, tsType: 'never' }
  if (Array.isArray(schema['enum'])) return { ...words, enum: schema['enum'] }
  if (schema['const'] !== undefined) return { ...words, enum: [schema['const']] }
  if (Array.isArray(anyOf) || Array.isArray(oneOf)) return { ...words, ...union(flat((anyOf ?? oneOf) as JsonSchema[]).map(again)) }
  if (Array.isArray(allOf)) return { ...words, ...narrowest(allOf.map(again)) }
  const kept = Object.fromEntries(KEPT.filter(key => schema[key] !== undefined).map(key => [key, schema[key]]))
  const named = namesOf(propertyNames as JsonSchema | undefined, schemas)
  return {
    ...words,
    ...kept,
    ...(items === undefined ? {} : { items: again(items) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties as NamedSchemas, each => again(each)) }),
    ...(named === null ? {} : { properties: Object.fromEntries(named.map(name => [name, again(additionalProperties)])) }),
    ...(typeof additionalProperties === 'object' && named === null
      ? { additionalProperties: again(additionalProperties) }
      : { additionalProperties: additionalProperties === true || (properties === undefined && named === null) }),
  }
}

/** The members of a union and of those inside it; ways that only a pattern tells have no type that says anything. */
function flat(members: readonly JsonSchema[]): JsonSchema[] {
  return members.flatMap(member => {
    if (member['x-path'] !== undefined) return []
    const inner = member['anyOf'] ?? member['oneOf']
    return Array.isArray(inner) ? flat(inner as JsonSchema[]) : [member]
  })
}

const isAnyText = (schema: JsonSchema): boolean => schema['type'] === 'string' && schema['enum'] === undefined
const isText = (schema: JsonSchema): boolean =>
  isAnyText(schema) || (Array.isArray(schema['enum']) && schema['enum'].every(each => typeof each === 'string'))

/** Each member once; a text that is any text swallows those that are written out. */
function union(members: readonly JsonSchema[]): JsonSchema {
  const swallowing = members.some(isAnyText)
  const kept = members.filter(each => each['tsType'] !== 'never' && !(swallowing && isText(each) && !isAnyText(each)))
  const distinct = [...new Map(kept.map(each => [JSON.stringify(each), each])).values()]
  const [only] = distinct
  if (only === undefined) return { tsType: 'never' }
  return distinct.length === 1 ? only : { anyOf: distinct }
}

/** What satisfies all of several: for texts the one that is written out, if there is one. */
function narrowest(members: readonly JsonSchema[]): JsonSchema {
  const [first = {}] = members
  return (
    members.find(each => isText(each) && !isAnyText(each)) ?? members.find(isAnyText) ?? (members.length === 1 ? first : { allOf: members })
  )
}

/** The names that an object with free names may have, where they are written out. */
function namesOf(schema: JsonSchema | undefined, schemas: NamedSchemas): string[] | null {
  if (schema === undefined) return null
  const { $ref, anyOf } = schema
  if (typeof $ref === 'string') return namesOf(schemas[nameIn($ref)], schemas)
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String)
  if (schema['not'] !== undefined) return []
  if (!Array.isArray(anyOf)) return null
  return flat(anyOf as JsonSchema[]).flatMap(each => namesOf(each, schemas) ?? [])
}

/** Title, help and the labels of options, as one comment that no label can end. */
function wordsOf(schema: JsonSchema): { readonly description?: string } {
  const { title, description } = schema
  const labels = schema['x-enum-labels']
  const options =
    typeof labels === 'object' && labels !== null ? Object.entries(labels).map(([value, label]) => `- \`${value}\` ${String(label)}`) : []
  const lines = [title, description, ...options].filter(each => typeof each === 'string' && each !== '')
  const text = [...new Set(lines)].join('\n').replaceAll('*/', '*\u200b/')
  return text === '' ? {} : { description: text }
}

function mapValues<T, U>(members: Readonly<Record<string, T>>, change: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value, name)]))
}
