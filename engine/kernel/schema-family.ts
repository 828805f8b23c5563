/**
 * Definitions that point at one another, each compiled by Ajv when a value first reaches it: a schema that reaches the whole model costs
 * only the parts a request touches. Says yes or no, and where; what is said about a refusal is up to whoever knows the words.
 */
import { Ajv, type FuncKeywordDefinition, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { pointerOf } from '../../metadata/problem.ts'
import type { JsonSchema } from './schema.ts'

/** Before the name of a definition in `$ref` and `x-path`. */
export const DEFINITIONS = '#/definitions/'

type Check = ReturnType<NonNullable<FuncKeywordDefinition['compile']>>
type Members = Readonly<Record<string, JsonSchema>>

// Where a member stands, for checks that look at nothing but the member.
const NOWHERE = { parentData: {}, parentDataProperty: '', rootData: {}, dynamicAnchors: {} }

/** A definition by its name. */
export type DefinitionSource = (name: string) => JsonSchema

/** Compiled as they are needed. */
export interface SchemaFamily {
  /** Where a value departs from a definition, as a JSON pointer; null where it is as defined. */
  refusal(name: string, value: unknown): string | null
}

// The patterns of these schemas are the product's own, and all of them linear: nothing of a tenant's document becomes one.
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, meta: false, validateSchema: false })
addFormats.default(ajv, { mode: 'full', formats: ['date', 'date-time', 'uuid'], keywords: false })

/** The family whose definition is being compiled: Ajv tells keywords of the schema, not of who compiles it. */
let compiling: Family | null = null

// What a family's schemas are rewritten to before Ajv sees them: a reference, and the members of a closed object, are compiled when reached.
ajv.addKeyword({ keyword: 'x-definition', schemaType: 'string', errors: true, compile: (name: string) => current().reach(name) })
ajv.addKeyword({
  keyword: 'x-members',
  type: 'object',
  schemaType: 'object',
  errors: true,
  compile: (all: Members) => current().members(all),
})
// A dotted path: every step but the last is one of `x-references`, the last one of `enum`, of the definition the step before leads to.
ajv.addKeyword({ keyword: 'x-path', type: 'string', schemaType: 'string', errors: false, compile: (at: string) => current().follow(at) })
ajv.addKeyword({ keyword: 'x-references', schemaType: 'object' })

function current(): Family {
  if (compiling === null) throw new Error('This schema belongs to no family.')
  return compiling
}

/** Makes a family of definitions; nothing is compiled yet. */
export function schemaFamily(source: DefinitionSource): SchemaFamily {
  const family = new Family(source)
  return { refusal: (name, value) => family.refusal(name, value) }
}

interface Step {
  readonly ends: ReadonlySet<string>
  readonly references: ReadonlyMap<string, string>
}

class Family {
  private readonly source: DefinitionSource
  private readonly compiled = new Map<string, ValidateFunction>()
  private readonly steps = new Map<string, Step>()

  constructor(source: DefinitionSource) {
    this.source = source
  }

  refusal(name: string, value: unknown): string | null {
    const check = this.checkOf(name)
    return check(value) ? null : (check.errors?.[0]?.instancePath ?? '')
  }

  reach(name: string): Check {
    const through: Check = (value: unknown, place) => {
      const check = this.checkOf(name)
      const accepted = check(value, place)
      through.errors = check.errors ?? []
      return accepted
    }
    return through
  }

  members(all: Members): Check {
    const checks = new Map(Object.entries(all).map(([name, schema]) => [name, this.whenReached(schema)] as const))
    const each: Check = (object: Readonly<Record<string, unknown>>, place) => {
      for (const name of Object.keys(object)) {
        const instancePath = `${place?.instancePath ?? ''}${pointerOf(name)}`
        const check = checks.get(name)?.()
        if (check !== undefined && check(object[name], { ...NOWHERE, instancePath })) continue
        each.errors = check?.errors ?? [{ keyword: 'x-members', instancePath }]
        return false
      }
      return true
    }
    return each
  }

  follow(start: string): (path: string) => boolean {
    return path => {
      const names = path.split('.')
      const last = names.pop() ?? ''
      let at: string | undefined = start
      for (const name of names) {
        at = this.stepOf(at).references.get(name)
        if (at === undefined) return false
      }
      return this.stepOf(at).ends.has(last)
    }
  }

  private checkOf(name: string): ValidateFunction {
    const known = this.compiled.get(name)
    if (known !== undefined) return known
    const check = this.compile(this.source(name))
    this.compiled.set(name, check)
    return check
  }

  private whenReached(schema: JsonSchema): () => ValidateFunction {
    const { $ref: at } = schema
    if (typeof at === 'string') return () => this.checkOf(at.slice(DEFINITIONS.length))
    let check: ValidateFunction | null = null
    return () => (check ??= this.compile(schema))
  }

  private compile(schema: JsonSchema): ValidateFunction {
    return compileFor(this, whenReached(schema) as JsonSchema)
  }

  private stepOf(at: string): Step {
    const known = this.steps.get(at)
    if (known !== undefined) return known
    const { enum: ends, 'x-references': references } = this.source(at.slice(DEFINITIONS.length)) as PathDefinition
    const step = { ends: new Set(ends), references: new Map(Object.entries(references ?? {})) }
    this.steps.set(at, step)
    return step
  }
}

function compileFor(family: Family, schema: JsonSchema): ValidateFunction {
  const outer = compiling
  compiling = family
  try {
    return ajv.compile(schema)
  } finally {
    compiling = outer
    // Ajv remembers every schema object for ever; what is worth keeping is kept by the family.
    ajv.removeSchema(schema)
  }
}

interface PathDefinition {
  readonly enum?: readonly string[]
  readonly 'x-references'?: Readonly<Record<string, string>>
}

/** The same schema with what it leads to as keywords that are followed at run time: Ajv would compile all of it at once. */
function whenReached(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(whenReached)
  if (typeof part !== 'object' || part === null) return part
  const { properties, additionalProperties, $ref: at, ...rest } = part as JsonSchema
  const inside = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, whenReached(value)]))
  return {
    ...inside,
    ...(typeof at === 'string' ? { 'x-definition': at.slice(DEFINITIONS.length) } : {}),
    ...(additionalProperties === false ? { 'x-members': properties ?? {} } : {}),
    ...(additionalProperties === undefined || additionalProperties === false
      ? {}
      : { additionalProperties: whenReached(additionalProperties) }),
  }
}
