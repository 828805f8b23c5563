/**
 * Turns the errors of Ajv into problems a person can act on: one per mistake, named by its label, with the nearest right thing.
 * Knows no schema in particular; reads only what Ajv reports in its verbose mode.
 */
import type { ErrorObject } from 'ajv'
import { nearestName } from '../../metadata/nearest.ts'
import { partsOf, pointerOf, type Problem } from '../../metadata/problem.ts'
import { inReadersWords, spokenBy } from '../../metadata/said.ts'
import type { Locale } from './context.ts'
import { type SchemaFault, schemaWords, typeWords } from './schema-words.ts'

/** How problems are worded. */
export interface ProblemOptions {
  /** First word of the codes. */
  readonly prefix: 'VALIDATE' | 'MODEL'
  readonly locale: Locale
  /** Pointer of the validated value in what was sent. */
  readonly pointer: string
  /** What a value is called in sentences: the title its schema gives it, or the member's own name. */
  readonly naming: 'title' | 'member'
  /** Says a title of the schema in the reader's language, where titles are not in it already. */
  readonly titleIn: (title: string, locale: Locale) => string
  /** What `#/definitions/…` of the schema stands for. */
  readonly definitions: unknown
}

const DEFAULTS: ProblemOptions = {
  prefix: 'VALIDATE',
  locale: 'en',
  pointer: '',
  naming: 'title',
  titleIn: title => title,
  definitions: undefined,
}

// A hint that lists more names than this is read by nobody.
const LISTED_OPTIONS = 12

/** Problems for the errors of one validation, in the order of their pointers. */
export function toProblems(errors: readonly ErrorObject[], options: Partial<ProblemOptions> = {}): Problem[] {
  const settled = { ...DEFAULTS, ...options }
  // The rule that a name broke is told by its propertyNames error.
  const whole = errors.filter(error => error.propertyName === undefined)
  const problems = withoutMisspeltTwins(withoutUnionNoise(whole)).map(error =>
    spokenBy(problemOf(error, settled), locale => problemOf(error, { ...settled, locale })),
  )
  const seen = new Set<string>()
  return problems.filter(problem => {
    const mark = `${problem.pointer} ${problem.code} ${problem.message}`
    return !seen.has(mark) && seen.add(mark)
  })
}

const SHALLOW: ReadonlySet<string> = new Set(['type', 'enum', 'const'])

/** A union reports every branch; kept is the branch that was meant, or one error that names all that is possible. */
function withoutUnionNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept = [...errors]
  for (const union of errors.filter(error => error.keyword === 'anyOf')) {
    // Ajv reports a union's branches right before the union itself.
    const inside = kept.slice(0, kept.indexOf(union)).filter(error => isAtOrBelow(error.instancePath, union.instancePath))
    const meant = inside.filter(error => error.instancePath !== union.instancePath || !SHALLOW.has(error.keyword))
    const merged = meant.length > 0 ? [] : [{ ...union, params: { allowedValues: inside.flatMap(allowedValues) } }]
    kept = kept.flatMap(error => (error === union ? merged : inside.includes(error) && !meant.includes(error) ? [] : [error]))
  }
  return kept
}

function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`)
}

function allowedValues(error: ErrorObject): unknown[] {
  if (Array.isArray(error.params['allowedValues'])) return error.params['allowedValues']
  return error.keyword === 'const' ? [error.params['allowedValue']] : []
}

/** "requird" is one mistake: the unknown name is reported with its hint, the missing one not again. */
function withoutMisspeltTwins(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors.filter(error => {
    if (error.keyword !== 'required') return true
    const missing = String(error.params['missingProperty'])
    return !errors.some(
      other =>
        other.keyword === 'additionalProperties' &&
        other.instancePath === error.instancePath &&
        nearestName(String(other.params['additionalProperty']), knownNames(other)) === missing,
    )
  })
}

function knownNames(error: ErrorObject): string[] {
  const properties: unknown = error.parentSchema?.['properties']
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

interface Finding {
  readonly fault: SchemaFault
  /** Member below the error's place that the problem is about. */
  readonly member?: string
  readonly params?: Readonly<Record<string, string | number>>
  readonly candidates?: readonly string[]
  readonly value?: string
  /** The right thing, where it can be told from the wrong one. */
  readonly suggestion?: string
}

function problemOf(error: ErrorObject, options: ProblemOptions): Problem {
  const finding = (FINDINGS[error.keyword] ?? shape)(error, options)
  const pointer = options.pointer + error.instancePath + (finding.member === undefined ? '' : pointerOf(finding.member))
  const label = labelOf(error, finding, options, pointer)
  const params = finding.params ?? {}
  const words = finding.fault === 'UNKNOWN_NAME' && params['within'] !== undefined ? 'UNKNOWN_MEMBER' : finding.fault
  const message = schemaWords(words, options.locale, {
    ...params,
    label,
    ...(finding.value === undefined ? {} : { value: finding.value }),
  })
  const hint = hintOf(finding, options.locale)
  return {
    pointer,
    code: `${options.prefix}_${finding.fault}`,
    message: inReadersWords(message.charAt(0).toUpperCase() + message.slice(1)),
    ...(Object.keys(params).length > 0 ? { params } : {}),
    ...(hint === undefined ? {} : { hint: inReadersWords(hint) }),
  }
}

function labelOf(error: ErrorObject, finding: Finding, options: ProblemOptions, pointer: string): string {
  const schema = finding.member === undefined ? error.parentSchema : memberSchema(error.parentSchema, finding.member)
  const title: unknown = schema?.['title']
  if (options.naming === 'title' && typeof title === 'string') return options.titleIn(title, options.locale)
  const places = partsOf(pointer)
  const place = /^\d+$/.test(places.at(-1) ?? '') ? places.slice(-2).join('/') : places.at(-1)
  if (place === undefined) return schemaWords('DOCUMENT', options.locale, {})
  // The other languages put a label into quotation marks themselves.
  return options.locale === 'en' ? `“${place}”` : place
}

function memberSchema(parent: unknown, member: string): Record<string, unknown> | undefined {
  const properties = isRecord(parent) ? parent['properties'] : undefined
  const schema = isRecord(properties) ? properties[member] : undefined
  return isRecord(schema) ? schema : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function hintOf(finding: Finding, locale: Locale): string | undefined {
  if (finding.suggestion !== undefined) return schemaWords('NEAREST', locale, { nearest: finding.suggestion })
  const candidates = finding.candidates ?? []
  const wanted = finding.value ?? String(finding.params?.['name'] ?? '')
  const nearest = nearestName(wanted, candidates)
  if (nearest !== undefined) return schemaWords('NEAREST', locale, { nearest })
  if (candidates.length === 0 || candidates.length > LISTED_OPTIONS) return undefined
  return schemaWords('ALLOWED', locale, { allowed: candidates.join(', ') })
}

type Finder = (error: ErrorObject, options: ProblemOptions) => Finding

const limit =
  (fault: SchemaFault): Finder =>
  error => ({ fault, params: { limit: Number(error.params['limit']) } })

const bound =
  (fault: SchemaFault): Finder =>
  error => ({ fault, params: { limit: typeof error.schema === 'string' ? error.schema : Number(error.schema) } })

const shape: Finder = () => ({ fault: 'SHAPE' })

const option: Finder = error => ({ fault: 'OPTION', value: shown(error.data), candidates: allowedValues(error).map(String) })

/** "10" where 10 was meant, and the other way round: nothing is converted, but the right thing is named. */
function converted(data: unknown, expected: readonly string[]): { suggestion?: string } {
  const numeral = typeof data === 'string' && /^-?\d{1,15}$/.test(data)
  if (numeral && (expected.includes('integer') || expected.includes('number'))) return { suggestion: String(Number(data)) }
  return typeof data === 'number' && expected.includes('string') ? { suggestion: JSON.stringify(String(data)) } : {}
}

/** What each keyword of JSON Schema means when it is broken. */
const FINDINGS: Readonly<Record<string, Finder>> = {
  required: error => ({ fault: 'REQUIRED', member: String(error.params['missingProperty']) }),
  additionalProperties: (error, options) => {
    const name = String(error.params['additionalProperty'])
    const title: unknown = error.parentSchema?.['title']
    const inside = options.naming === 'member' && typeof title === 'string' ? { within: title } : {}
    return { fault: 'UNKNOWN_NAME', member: name, params: { name: shown(name), ...inside }, candidates: knownNames(error) }
  },
  type: (error, { locale }) => {
    const types: unknown = error.params['type']
    // A predicate nests under any name that is no operator: a plain value there was meant for an operator.
    if (error.parentSchema?.['title'] === 'Predicate' && !isRecord(error.data)) {
      const name = partsOf(error.instancePath).at(-1) ?? ''
      return { fault: 'UNKNOWN_OPERATOR', params: { name: shown(name) }, candidates: knownNames(error) }
    }
    const expected = Array.isArray(types) ? types.map(String) : String(types).split(',')
    return { fault: 'TYPE', params: { type: typeWords(expected, locale) }, ...converted(error.data, expected) }
  },
  enum: option,
  const: option,
  discriminator: (error, { definitions }) => ({
    fault: error.params['tagValue'] === undefined ? 'REQUIRED' : 'OPTION',
    member: String(error.params['tag']),
    value: shown(error.params['tagValue']),
    candidates: tagsOf(error, definitions),
  }),
  anyOf: (error, options) => (allowedValues(error).length > 0 && !isRecord(error.data) ? option(error, options) : { fault: 'SHAPE' }),
  minimum: limit('MINIMUM'),
  maximum: limit('MAXIMUM'),
  minLength: (error, options) => (error.params['limit'] === 1 ? { fault: 'EMPTY' } : limit('MIN_LENGTH')(error, options)),
  maxLength: limit('MAX_LENGTH'),
  minItems: (error, options) => (error.params['limit'] === 1 ? { fault: 'EMPTY' } : limit('MIN_ITEMS')(error, options)),
  maxItems: limit('MAX_ITEMS'),
  minProperties: () => ({ fault: 'EMPTY' }),
  maxProperties: limit('MAX_PROPERTIES'),
  uniqueItems: () => ({ fault: 'UNIQUE_ITEMS' }),
  pattern: error => {
    const key = error.parentSchema?.['title'] === 'Key' ? keyLike(shown(error.data)) : ''
    return { fault: 'PATTERN', ...(key === '' ? {} : { suggestion: key }) }
  },
  format: error => ({ fault: 'FORMAT', params: { format: String(error.params['format']) } }),
  propertyNames: error => ({
    fault: 'NAME',
    member: String(error.params['propertyName']),
    params: { name: shown(error.params['propertyName']) },
  }),
  not: error => ({ fault: 'RESERVED_WORD', value: shown(error.data) }),
  'x-minimum': bound('MINIMUM'),
  'x-maximum': bound('MAXIMUM'),
  'x-scale': bound('SCALE'),
}

// Longer values of strangers are not repeated in full.
const SHOWN_LENGTH = 60

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}

// Cyrillic letters that are taken for Latin ones.
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  і: 'i',
  ј: 'j',
  ѕ: 's',
}

/** What a key would be that is written like this label; empty where its letters have no Latin twins. */
function keyLike(text: string): string {
  const latin = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\u0400-\u04ff]/g, letter => LOOKALIKES[letter] ?? letter)
  if (/[^\P{L}a-z]/u.test(latin)) return ''
  const plain = latin.replaceAll(/[^a-z0-9]+/g, '_')
  return plain
    .replace(/^[^a-z]+/, '')
    .replace(/_+$/, '')
    .slice(0, 48)
}

function tagsOf(error: ErrorObject, definitions: unknown): string[] {
  const branches: unknown = error.parentSchema?.['oneOf']
  return Array.isArray(branches) ? branches.flatMap(branch => tagOf(branch, String(error.params['tag']), definitions)) : []
}

function tagOf(branch: unknown, tag: string, definitions: unknown): string[] {
  const reference: unknown = isRecord(branch) ? branch['$ref'] : undefined
  const name = typeof reference === 'string' ? reference.replace('#/definitions/', '') : ''
  const schema = name !== '' && isRecord(definitions) ? definitions[name] : branch
  const value = memberSchema(schema, tag)?.['const']
  return typeof value === 'string' ? [value] : []
}
