/**
 * Validates a form by interpreting its schema: no code is generated, so the page's policy can forbid it (ADR 0002).
 * Finds what is wrong and says it in the person's language; the server has the last word.
 */
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'
import { type RJSFSchema, type RJSFValidationError, toErrorSchema, type ValidationData, type ValidatorType } from '@rjsf/utils'
import { compareDecimals, isDecimal } from '../../../metadata/decimal.ts'
import { partsOf, pointerOf } from '../../../metadata/problem.ts'
import type { MessageKey } from '../i18n/en.ts'
import type { Finding } from './problems.ts'

/** Says a message; `limit` is a bound as on the wire, `count` a number of things. */
export type Say = (key: MessageKey, params?: { readonly limit?: string; readonly count?: number }) => string

const compiled = new WeakMap<object, Validator>()

function validatorOf(schema: object): Validator {
  let validator = compiled.get(schema)
  if (!validator) {
    validator = new Validator(withReadablePatterns(schema) as Schema, '7', false)
    compiled.set(schema, validator)
  }
  return validator
}

/** The schema without patterns that only the server's kind of regular expression understands; it checks them anyway. */
function withReadablePatterns(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withReadablePatterns)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => key !== 'pattern' || typeof value !== 'string' || isReadable(value))
      .map(([key, value]) => [key, withReadablePatterns(value)]),
  )
}

function isReadable(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

/** Everything that is wrong with values, one finding per place. */
export function findProblems(schema: object, values: unknown, say: Say): Finding[] {
  const { errors } = validatorOf(schema).validate(withoutUndefined(values))
  const findings = new Map<string, Finding>()
  for (const unit of [...errors.filter(isLeaf), ...boundErrors(schema, values)]) {
    const finding = toFinding(unit, schema, say)
    if (!findings.has(finding.pointer)) findings.set(finding.pointer, finding)
  }
  return [...findings.values()]
}

/** The validator in the form library's shape. */
export function createValidator(say: Say): ValidatorType<Record<string, unknown>, RJSFSchema> {
  return {
    validateFormData(formData, schema): ValidationData<Record<string, unknown>> {
      const errors = findProblems(schema, formData ?? {}, say).map(toLibraryError)
      return { errors, errorSchema: toErrorSchema(errors) }
    },
    isValid: (schema, formData, rootSchema) =>
      validatorOf(rootSchema === schema || !rootSchema.definitions ? schema : { definitions: rootSchema.definitions, ...schema }).validate(
        withoutUndefined(formData),
      ).valid,
    rawValidation: <Result>(schema: RJSFSchema, formData?: Record<string, unknown>) => ({
      errors: validatorOf(schema).validate(withoutUndefined(formData)).errors as Result[],
    }),
  }
}

function toLibraryError(finding: Finding): RJSFValidationError {
  const property = partsOf(finding.pointer)
    .map(part => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
  return { property: property === '' ? '.' : property, message: finding.message, stack: finding.message }
}

/** Keywords that only say that something below them failed. */
const STRUCTURAL = new Set([
  'properties',
  'items',
  'additionalItems',
  '$ref',
  'allOf',
  'if',
  'then',
  'else',
  'dependentSchemas',
  'prefixItems',
])

function isLeaf(unit: OutputUnit): boolean {
  if (STRUCTURAL.has(unit.keyword)) return false
  // What failed inside the branches of a union is said once, by the union.
  return !/\/(anyOf|oneOf)\/\d+\//.test(unit.keywordLocation)
}

function toFinding(unit: OutputUnit, schema: object, say: Say): Finding {
  const place = partsOf(unit.instanceLocation.slice(1))
  const parent = at(schema, partsOf(unit.keywordLocation.slice(1)).slice(0, -1))
  const bound = asRecord(parent)[unit.keyword]
  const limit = String(bound)
  const count = Number(bound)
  if (unit.keyword === 'required') {
    const missing = /"((?:[^"\\]|\\.)*)"/.exec(unit.error)?.[1] ?? ''
    return { pointer: pointerOf(...place, missing), message: say('form.required') }
  }
  const message = (): string => {
    switch (unit.keyword) {
      case 'minLength':
        return count === 1 ? say('form.required') : say('form.too_short', { count })
      case 'maxLength':
        return say('form.too_long', { count })
      case 'minimum':
      case 'x-minimum':
        return say('form.minimum', { limit })
      case 'maximum':
      case 'x-maximum':
        return say('form.maximum', { limit })
      case 'exclusiveMinimum':
        return say('form.exclusive_minimum', { limit })
      case 'exclusiveMaximum':
        return say('form.exclusive_maximum', { limit })
      case 'minItems':
        return say('form.min_items', { count })
      case 'maxItems':
        return say('form.max_items', { count })
      case 'uniqueItems':
        return say('form.unique_items')
      case 'enum':
      case 'const':
      case 'oneOf':
        return say('form.choice')
      default:
        return say(
          FORMATS[String(asRecord(parent)['format'])] ??
            (isNumeric(parent) ? 'form.number' : unit.keyword === 'pattern' ? 'form.pattern' : 'form.not_valid'),
        )
    }
  }
  return { pointer: pointerOf(...place), message: message() }
}

const FORMATS: Readonly<Record<string, MessageKey>> = {
  email: 'form.email',
  uri: 'form.url',
  date: 'form.date',
  'date-time': 'form.date',
}

function isNumeric(schema: unknown): boolean {
  const { type, 'x-scale': scale } = asRecord(schema)
  return type === 'integer' || type === 'number' || scale !== undefined
}

/** Bounds of exact decimals and of days, which plain JSON Schema has no keyword for: of the record's fields and of its rows'. */
function boundErrors(schema: unknown, values: unknown, place = '', location = ''): OutputUnit[] {
  const { properties, items } = asRecord(schema)
  if (Array.isArray(values)) {
    return values.flatMap((value, index) => boundErrors(items, value, `${place}/${index}`, `${location}/items`))
  }
  return Object.entries(asRecord(properties)).flatMap(([key, property]) => {
    const value = asRecord(values)[key]
    const [at, from] = [`${place}${pointerOf(key)}`, `${location}${pointerOf('properties', key)}`]
    if (typeof value !== 'string') return boundErrors(property, value, at, from)
    return (['x-minimum', 'x-maximum'] as const).flatMap(keyword => {
      const bound = asRecord(property)[keyword]
      if (typeof bound !== 'string' || !isBeyond(value, bound, keyword === 'x-minimum' ? -1 : 1)) return []
      return [{ keyword, keywordLocation: `#${from}/${keyword}`, instanceLocation: `#${at}`, error: '' }]
    })
  })
}

function isBeyond(value: string, bound: string, side: -1 | 1): boolean {
  if (isDecimal(value) && isDecimal(bound)) return compareDecimals(value, bound) === side
  const days = /^\d{4}-\d{2}-\d{2}/
  if (!days.test(value) || !days.test(bound)) return false
  return side === -1 ? value < bound : value > bound
}

/** The interpreter refuses `undefined`, which a form holds for an input without a value. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key, withoutUndefined(part)]),
  )
}

function at(schema: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, part) => (Array.isArray(node) ? node[Number(part)] : asRecord(node)[part]), schema)
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
