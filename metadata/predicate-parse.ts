/**
 * Predicate JSON in, test in negation normal form out, or everything that is wrong with it, with pointers.
 * Which names exist is the scope's to say; it knows no entity and reads no record.
 */
import { isOperator, type Operator } from './operators.ts'
import { negate } from './predicate-negate.ts'
import { elementOf, EXPECTED, type Expectation, parseTerm } from './predicate-terms.ts'
import type { Operand, ParsedPredicate, ParseOptions, PredicateScope, ScopeEntry, ScopeField, Term, Test } from './predicate-types.ts'
import { nearestName } from './nearest.ts'
import { type Problem, pointerOf } from './problem.ts'
import { said, type Said, type Sentence } from './said.ts'
import { isPeriodWord, parseDuration } from './time-period.ts'

const MAX_FILTERS = 100
const MAX_DEPTH = 8
/** Values of one list operand. */
export const MAX_LIST_LENGTH = 500
// Enough to mend what is wrong; a hostile body does not get a million answers.
const MAX_PROBLEMS = 50

const TRUE: Test = { kind: 'true' }
const FALSE: Test = { kind: 'false' }

/** Parses a predicate. All problems come at once; a name the scope does not answer is VALIDATE_UNKNOWN_NAME, whatever the reason. */
export function parsePredicate(input: unknown, scope: PredicateScope, options: ParseOptions = {}): ParsedPredicate {
  const parser = new Parser(options)
  const test = parser.level(input, scope, { pointer: options.pointer ?? '', depth: 1, path: [] })
  return parser.problems.length === 0 ? { ok: true, test } : { ok: false, problems: parser.problems }
}

function combine(kind: 'all' | 'any', tests: readonly Test[]): Test {
  const neutral = kind === 'all' ? 'true' : 'false'
  const absorbing = kind === 'all' ? 'false' : 'true'
  const flat = tests.flatMap(test => (test.kind === kind ? test.of : [test])).filter(test => test.kind !== neutral)
  if (flat.some(test => test.kind === absorbing)) return { kind: absorbing }
  const [only] = flat
  if (only === undefined) return { kind: neutral }
  return flat.length === 1 ? only : { kind, of: flat }
}

interface Place {
  readonly pointer: string
  readonly depth: number
  readonly path: readonly string[]
}

class Parser {
  readonly problems: Problem[] = []
  private readonly options: ParseOptions
  private filters = 0

  constructor(options: ParseOptions) {
    this.options = options
  }

  level(input: unknown, scope: PredicateScope, place: Place): Test {
    if (!isObject(input)) {
      return this.refuse(place.pointer, 'VALIDATE_PREDICATE', 'A predicate is an object: fields, and, or, not.')
    }
    const maxDepth = this.options.maxDepth ?? MAX_DEPTH
    if (place.depth > maxDepth) {
      return this.refuse(place.pointer, 'VALIDATE_MAX_DEPTH', 'Conditions may be nested {limit} levels deep.', {
        cap: 'max_depth',
        limit: maxDepth,
      })
    }
    return combine(
      'all',
      Object.keys(input).map(name => this.member(name, input[name], scope, at(place, name))),
    )
  }

  private member(name: string, value: unknown, scope: PredicateScope, place: Place): Test {
    if (name === 'and') return this.group('all', value, scope, place)
    if (name === 'or') return this.group('any', value, scope, place)
    if (name === 'not') return negate(this.level(value, scope, deeper(place)))
    const entry = scope.lookup(name)
    return entry === undefined ? this.unknownName(name, scope, place) : this.named(name, value, entry, place)
  }

  private group(kind: 'all' | 'any', value: unknown, scope: PredicateScope, place: Place): Test {
    if (!Array.isArray(value)) {
      return this.refuse(place.pointer, 'VALIDATE_PREDICATE', '"and" and "or" take a list of predicates.')
    }
    const maxFilters = this.options.maxFilters ?? MAX_FILTERS
    if (value.length > maxFilters) return this.tooMany(place)
    return combine(
      kind,
      value.map((part, index) => this.level(part, scope, deeper(at(place, index)))),
    )
  }

  private named(name: string, value: unknown, entry: ScopeEntry, place: Place): Test {
    if (!isObject(value)) {
      return this.refuse(place.pointer, 'VALIDATE_PREDICATE', 'A name takes an object of operators, such as {"eq": …}.', { name })
    }
    // Where nothing can be asked, asking nothing is refused as well: a name that must not be compared can not stand in a query.
    if (Object.keys(value).length === 0 && !canBeAsked(entry)) return this.noOperator(name, '', entry, place)
    const tests: Test[] = []
    const nested: Record<string, unknown> = Object.create(null)
    for (const key of Object.keys(value)) {
      const inner = at(place, key)
      if (isOperator(key)) tests.push(this.atom(name, entry.field, key, value[key], inner))
      else if (entry.many && isQuantifier(key)) tests.push(this.many(name, entry.many(), key, value[key], inner))
      else if (entry.one) nested[key] = value[key]
      else tests.push(this.noOperator(name, key, entry, inner))
    }
    if (entry.one && Object.keys(nested).length > 0) {
      const test = this.level(nested, entry.one(), { ...deeper(place), path: [...place.path, name] })
      tests.push(isConstant(test) ? test : { kind: 'one', relation: name, test })
    }
    return combine('all', tests)
  }

  private many(relation: string, scope: PredicateScope, quantifier: 'some' | 'every' | 'none', value: unknown, place: Place): Test {
    const test = this.level(value, scope, { ...deeper(place), path: [...place.path, relation] })
    if (test.kind === 'false')
      return quantifier === 'some' ? FALSE : quantifier === 'none' ? TRUE : { kind: 'many', relation, quantifier, test }
    return quantifier === 'every' && test.kind === 'true' ? TRUE : { kind: 'many', relation, quantifier, test }
  }

  private atom(name: string, field: ScopeField | undefined, operator: Operator, raw: unknown, place: Place): Test {
    const change = operator === 'changed' || operator === 'changed_to'
    const asked = !change || (this.options.changes === true && place.path.length === 0)
    if (field === undefined || !asked || !field.operators.includes(operator)) {
      return this.noOperator(name, operator, field ? { field } : {}, place)
    }
    if (field.unready === true) {
      return this.refuse(
        place.pointer,
        'VALIDATE_FIELD_BUILDING',
        'This field is still being prepared for filters.',
        { name },
        { sentence: 'Try again in a while.' },
      )
    }
    this.filters += 1
    if (this.filters > (this.options.maxFilters ?? MAX_FILTERS)) return this.tooMany(place)
    const operand = this.operand(operator, raw, field, name, place)
    if (operand === null) return TRUE
    if (operand.shape === 'many' && operand.terms.length === 0 && operator !== 'has_all') {
      return operator === 'in' || operator === 'has_any' ? FALSE : TRUE
    }
    return { kind: 'atom', path: place.path, field: name, of: field, operator, operand }
  }

  private operand(operator: Operator, raw: unknown, field: ScopeField, name: string, place: Place): Operand | null {
    switch (operator) {
      case 'is_null':
      case 'changed':
        return typeof raw === 'boolean' ? { shape: 'flag', flag: raw } : this.badOperand(place, name, 'flag')
      case 'between':
        return this.range(raw, field, name, place)
      case 'in':
      case 'not_in':
      case 'has_any':
      case 'has_all':
      case 'has_none':
        return this.list(raw, field, name, place)
      case 'in_period':
        return isPeriodWord(raw) ? { shape: 'period', word: raw } : this.badOperand(place, name, 'period')
      case 'in_last':
      case 'in_next':
        return this.duration(raw, field, name, place)
      default:
        return this.single(operator, raw, field, name, place)
    }
  }

  private single(operator: Operator, raw: unknown, field: ScopeField, name: string, place: Place): Operand | null {
    if (raw === '' && /contains|_with$/.test(operator)) return this.badOperand(place, name, 'letters')
    const term = this.term(raw, field, name, place, operator === 'within')
    return term === null ? null : { shape: 'one', term }
  }

  private range(raw: unknown, field: ScopeField, name: string, place: Place): Operand | null {
    if (!Array.isArray(raw) || raw.length !== 2) return this.badOperand(place, name, 'range')
    const low = this.term(raw[0], field, name, at(place, 0))
    const high = this.term(raw[1], field, name, at(place, 1))
    return low === null || high === null ? null : { shape: 'range', low, high }
  }

  private list(raw: unknown, field: ScopeField, name: string, place: Place): Operand | null {
    if (!Array.isArray(raw)) return this.badOperand(place, name, 'values')
    const limit = this.options.maxListLength ?? MAX_LIST_LENGTH
    if (raw.length > limit) {
      this.refuse(place.pointer, 'VALIDATE_MAX_LIST', 'A list may hold {limit} values.', { cap: 'max_list_length', limit })
      return null
    }
    const terms = raw.map((part, index) => this.term(part, elementOf(field), name, at(place, index), true))
    return terms.includes(null) ? null : { shape: 'many', terms: terms.filter(term => term !== null) }
  }

  private duration(raw: unknown, field: ScopeField, name: string, place: Place): Operand | null {
    const duration = parseDuration(raw)
    if (duration === null) return this.badOperand(place, name, 'duration')
    if (field.kind === 'date' && duration.milliseconds > 0) return this.badOperand(place, name, 'days')
    return { shape: 'duration', duration: raw as string }
  }

  private term(raw: unknown, field: ScopeField, name: string, place: Place, inList = false): Term | null {
    const parsed = parseTerm(raw, field, this.options, inList)
    if ('term' in parsed) return parsed.term
    const options = parsed.expects === 'choice' && field.options ? useOneOf(field.options.slice(0, 20)) : undefined
    return this.badOperand(place, name, parsed.expects, options)
  }

  private badOperand(place: Place, name: string, expects: Expectation, hint?: Said): null {
    const code = expects === 'variable' ? 'VALIDATE_VARIABLE' : 'VALIDATE_OPERAND'
    this.refuse(place.pointer, code, `Expected ${EXPECTED[expects]}.`, { name, expects }, hint)
    return null
  }

  private noOperator(name: string, operator: string, entry: ScopeEntry, place: Place): Test {
    const offered = [
      ...(entry.field?.operators ?? []).filter(each => this.options.changes === true || !each.startsWith('changed')),
      ...(entry.many ? ['some', 'every', 'none'] : []),
    ]
    const hint = offered.length > 0 ? useOneOf(offered) : undefined
    return this.refuse(place.pointer, 'VALIDATE_OPERATOR', 'This can not be asked of this field.', { name, operator: clip(operator) }, hint)
  }

  private unknownName(name: string, scope: PredicateScope, place: Place): Test {
    const nearest = this.problems.length < MAX_PROBLEMS ? nearestName(name, scope.names?.() ?? []) : undefined
    const hint: Said | undefined = nearest === undefined ? undefined : { sentence: 'Did you mean “{nearest}”?', values: { nearest } }
    return this.refuse(place.pointer, 'VALIDATE_UNKNOWN_NAME', 'There is no such name here.', { name: clip(name) }, hint)
  }

  private tooMany(place: Place): Test {
    const limit = this.options.maxFilters ?? MAX_FILTERS
    if (this.problems.some(problem => problem.code === 'VALIDATE_MAX_FILTERS')) return TRUE
    return this.refuse(place.pointer, 'VALIDATE_MAX_FILTERS', 'At most {limit} conditions may be asked at once.', {
      cap: 'max_filters',
      limit,
    })
  }

  private refuse(pointer: string, code: string, sentence: Sentence, params?: Readonly<Record<string, string | number>>, hint?: Said): Test {
    if (this.problems.length < MAX_PROBLEMS) {
      this.problems.push(said({ pointer, code, ...(params ? { params } : {}) }, { sentence, ...(params ? { values: params } : {}) }, hint))
    }
    return TRUE
  }
}

function useOneOf(names: readonly string[]): Said {
  return { sentence: 'Use one of: {names}.', values: { names: names.join(', ') } }
}

function at(place: Place, part: string | number): Place {
  return { ...place, pointer: place.pointer + pointerOf(typeof part === 'string' ? clip(part) : part) }
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 }
}

// Names come from outside and go back in answers: a name of 10,000 characters does not.
function clip(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isQuantifier(key: string): key is 'some' | 'every' | 'none' {
  return key === 'some' || key === 'every' || key === 'none'
}

function canBeAsked({ field, one, many }: ScopeEntry): boolean {
  return one !== undefined || many !== undefined || (field !== undefined && field.operators.length > 0)
}

function isConstant(test: Test): boolean {
  return test.kind === 'true' || test.kind === 'false'
}
