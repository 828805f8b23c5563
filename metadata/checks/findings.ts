// Answers for: collecting what the checks find, each with the layer's own document and pointer and the nearest right name.
// It must not decide what is wrong.

import type { Predicate } from '../generated/types.ts'
import type { EffectiveDocument } from '../layers.ts'
import { nearestHint } from '../nearest.ts'
import { originAt } from '../part.ts'
import { parsePredicate } from '../predicate.ts'
import type { Problem } from '../problem.ts'
import { hintOf, movedTo, said, type Said, words, wordsOf } from '../said.ts'
import { USER } from '../relations.ts'
import type { Facts } from './facts.ts'

/** What a check may say besides code, place and message. */
export interface More extends Pick<Problem, 'params'> {
  readonly hint?: Said
}

/** What a predicate may use besides the fields of its entity. */
export interface PredicateUse {
  /** `changed` and `changed_to`: only where there is a state before. */
  readonly changes?: boolean
  /** The entity that `$record` is of. */
  readonly record?: string
}

// A hint that lists more names than this is read by nobody.
const LISTED_NAMES = 10

/** A problem of a predicate, told of a document: the author may know every name. */
function retold(problem: Problem): readonly [code: string, message: Said] {
  const { code, params } = problem
  const name = String(params?.['name'] ?? '')
  if (code === 'VALIDATE_UNKNOWN_NAME') return ['MODEL_UNKNOWN_FIELD', words('There is no field or relation “{name}”.', { name })]
  if (code === 'VALIDATE_OPERATOR')
    return ['MODEL_OPERATOR', words('“{operator}” can not be asked of “{name}” here.', { operator: String(params?.['operator']), name })]
  const told = wordsOf(problem)
  return [
    code.replace(/^VALIDATE_/, 'MODEL_'),
    name === '' && typeof told !== 'string' ? told : words('“{name}”: {problem}', { name, problem: told }),
  ]
}

/** Everything found in one run. */
export interface Findings {
  readonly problems: Problem[]
  /** What is permitted but should be seen, such as a rollup that discloses hidden rows. */
  readonly notes: Problem[]
}

type Unknown = 'entity' | 'field' | 'relation' | 'profile' | 'view' | 'state' | 'pack' | 'step'

/** Reports about one document. */
export class Reporter {
  readonly facts: Facts
  private readonly findings: Findings
  private readonly document: EffectiveDocument

  constructor(facts: Facts, findings: Findings, document: EffectiveDocument) {
    this.facts = facts
    this.findings = findings
    this.document = document
  }

  problem(code: string, pointer: string, message: Said, more: More = {}): void {
    this.findings.problems.push(this.placed(code, pointer, message, more))
  }

  /** Reports what a part of the document says of itself, at its place in the document. */
  adopt(problem: Problem, pointer: string): void {
    this.findings.problems.push(movedTo(problem, { code: `MODEL_${problem.code}`, ...this.placeOf(pointer) }))
  }

  note(code: string, pointer: string, message: Said, more: More = {}): void {
    this.findings.notes.push(this.placed(code, pointer, message, more))
  }

  /** An unknown name, with the one that was probably meant. */
  unknown(what: Unknown, name: string, pointer: string, candidates: Iterable<string>): void {
    const known = [...candidates]
    const listed =
      known.length > 0 && known.length <= LISTED_NAMES ? { hint: words('Possible: {names}.', { names: known.join(', ') }) } : {}
    this.problem(
      `MODEL_UNKNOWN_${what.toUpperCase()}`,
      pointer,
      { sentence: `There is no ${what} “{name}”.`, values: { name } },
      {
        params: { name },
        ...listed,
        ...nearestHint(name, known),
      },
    )
  }

  /** True when the entity exists; otherwise reports it. */
  hasEntity(key: string, pointer: string): boolean {
    if (this.facts.entities.has(key)) return true
    this.unknown('entity', key, pointer, this.facts.entities.keys())
    return false
  }

  /** True when the entity has the field; otherwise reports it. */
  hasField(entity: string, key: string, pointer: string): boolean {
    if (this.facts.hasField(entity, key)) return true
    this.unknown('field', key, pointer, this.facts.fieldNames(entity))
    return false
  }

  /** True when a dotted path leads to a field; otherwise reports the step that fails. */
  hasPath(entity: string, path: string, pointer: string): boolean {
    const resolved = this.facts.resolvePath(entity, path)
    if (!resolved.ok) this.unknown('field', resolved.step, pointer, resolved.candidates)
    return resolved.ok
  }

  /** Reports everything wrong with a predicate over records of an entity. */
  predicate(predicate: Predicate | undefined, entity: string, pointer: string, use: PredicateUse = {}): void {
    if (predicate === undefined || !this.facts.entities.has(entity)) return
    const { facts } = this
    const parsed = parsePredicate(predicate, facts.scope(entity), {
      pointer,
      maxFilters: 200,
      changes: use.changes === true,
      ...(facts.entities.has(USER) ? { user: facts.scope(USER) } : {}),
      ...(use.record === undefined ? {} : { record: facts.scope(use.record) }),
    })
    for (const problem of parsed.ok ? [] : parsed.problems) {
      const [code, message] = retold(problem)
      const hint = hintOf(problem)
      const { params } = problem
      this.problem(code, problem.pointer, message, { ...(params === undefined ? {} : { params }), ...(hint === undefined ? {} : { hint }) })
    }
  }

  private placed(code: string, pointer: string, message: Said, { params, hint }: More): Problem {
    const place = { code, ...this.placeOf(pointer) }
    return said(params === undefined ? place : { ...place, params }, message, hint)
  }

  private placeOf(pointer: string): Pick<Problem, 'pointer' | 'document'> {
    const origin = originAt(this.document.part, pointer)
    const { kind, key } = this.document
    return { pointer: origin.pointer, document: { kind, key, layer: origin.layer } }
  }
}
