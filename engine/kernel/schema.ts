/**
 * The one Ajv of the engine: compiles JSON Schemas, remembers what it compiled, and answers with problems instead of Ajv errors.
 * Knows no entity and no route; the only home of ajv and re2js.
 */
import { createHash } from 'node:crypto'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { RE2JS } from 're2js'
import { compareDecimals, isDecimal } from '../../metadata/decimal.ts'
import type { LanguageTools } from '../../metadata/check-layers.ts'
import { metadataSchema } from '../../metadata/generated/schemas.ts'
import type { Problem } from '../../metadata/problem.ts'
import { type ProblemOptions, toProblems } from './schema-problems.ts'

export { type ProblemOptions, toProblems } from './schema-problems.ts'

/** A JSON Schema, draft-07. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Everything that is wrong with a value; empty when it is valid. */
export type Validate = (value: unknown, options?: Partial<ProblemOptions>) => Problem[]

// Compiled validators kept: 500 of 60 fields each take some 40 MB; the least recently used go first.
const KEPT_VALIDATORS = 500
const KEPT_PATTERNS = 500

const FULL_MATCH_FORMATS = ['date', 'date-time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6'] as const

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  discriminator: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  // Problems have words of their own, and a function per definition instead of a copy per use halves the time and the code of the meta-schemas.
  messages: false,
  inlineRefs: false,
  code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
})
addFormats.default(ajv, { mode: 'full', formats: [...FULL_MATCH_FORMATS], keywords: false })
for (const keyword of ['x-minimum', 'x-maximum'] as const)
  ajv.addKeyword({ keyword, type: 'string', schemaType: 'string', compile: decimalBound(keyword), errors: false })
ajv.addKeyword({ keyword: 'x-scale', type: 'string', schemaType: 'number', validate: withinScale, errors: false })
ajv.addSchema(metadataSchema, 'metadata')

function linearRegExp(pattern: string): { test: (text: string) => boolean; toString: () => string } {
  const compiled = compilePattern(pattern)
  // Ajv keeps one expression per text form: without toString every pattern of a schema would become the first one.
  return { test: text => compiled.matcher(text).find(), toString: () => pattern }
}

/** Schemas name the same few patterns over and over: those of keys and ids alone a hundred times. */
const compiledPatterns = new Map<string, RE2JS>()

function compilePattern(pattern: string): RE2JS {
  const compiled = compiledPatterns.get(pattern) ?? RE2JS.compile(pattern)
  compiledPatterns.delete(pattern)
  compiledPatterns.set(pattern, compiled)
  const oldest = compiledPatterns.keys().next()
  if (compiledPatterns.size > KEPT_PATTERNS && !oldest.done) compiledPatterns.delete(oldest.value)
  return compiled
}

/** True for a regular expression that runs in linear time: no look-around, no back references. */
export function isLinearPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}

function decimalBound(keyword: 'x-minimum' | 'x-maximum') {
  return (bound: string) => (text: string) => {
    if (!isDecimal(text)) return true
    const order = compareDecimals(text, bound)
    return keyword === 'x-minimum' ? order >= 0 : order <= 0
  }
}

function withinScale(scale: number, text: string): boolean {
  const fraction = text.split('.')[1] ?? ''
  return fraction.replace(/0+$/, '').length <= scale
}

const byIdentity = new WeakMap<JsonSchema, Validate>()
const byHash = new Map<string, Validate>()

/** The validator of a schema; equal schemas share one, whichever tenant they come from. */
export function validatorOf(schema: JsonSchema): Validate {
  const known = byIdentity.get(schema)
  if (known !== undefined) return known
  const hash = createHash('sha256').update(JSON.stringify(schema)).digest('base64')
  const validate = byHash.get(hash) ?? compile(schema)
  byHash.delete(hash)
  byHash.set(hash, validate)
  const oldest = byHash.keys().next()
  if (byHash.size > KEPT_VALIDATORS && !oldest.done) byHash.delete(oldest.value)
  byIdentity.set(schema, validate)
  return validate
}

function compile(schema: JsonSchema): Validate {
  const check = ajv.compile(schema)
  // Ajv remembers every schema object for ever; what is worth keeping is kept above.
  ajv.removeSchema(schema)
  const { definitions } = schema
  return (value, options = {}) => (check(value) ? [] : toProblems(check.errors ?? [], { definitions, ...options }))
}

const documentOptions = { prefix: 'MODEL', naming: 'member', definitions: metadataSchema.definitions } as const
const documentValidators = new Map<string, Validate>()

/** The validator of one definition of the meta-schemas, such as `Entity` or `Query`; compiled when it is first asked, not when a process starts. */
export function definitionValidator(definition: string): Validate {
  const known = documentValidators.get(definition)
  if (known !== undefined) return known
  let check: ReturnType<typeof ajv.compile> | undefined
  const validate: Validate = (value, options = {}) => {
    check ??= ajv.compile({ $ref: `metadata#/definitions/${definition}` })
    return check(value) ? [] : toProblems(check.errors ?? [], { ...documentOptions, ...options })
  }
  documentValidators.set(definition, validate)
  return validate
}

/** What the language's checks take from here. */
export const languageTools: LanguageTools = {
  validate: (definition, value) => definitionValidator(definition)(value),
  isLinearPattern,
}
