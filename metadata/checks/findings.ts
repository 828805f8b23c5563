// Answers for: collecting what the checks find, each with the layer's own document and pointer and the nearest right name.
// It must not decide what is wrong.

import type { Predicate } from '../generated/types.ts'
import type { EffectiveDocument } from '../layers.ts'
import { nearestHint } from '../nearest.ts'
import { originAt } from '../part.ts'
import { parsePredicate } from '../predicate.ts'
import type { Problem } from '../problem.ts'
import { USER } from '../relations.ts'
import type { Facts } from './facts.ts'

/** What a check may say besides code, place and message. */
export type More = Pick<Problem, 'hint' | 'params'>

/** What a predicate may use besides the fields of its entity. */
export interface PredicateUse {
  /** `changed` and `changed_to`: only where there is a state before. */
  readonly changes?: boolean
  /** The entity that `$record` is of. */
  readonly record?: string
}

// A hint that lists more names than this is read by nobody.
const LISTED_NAMES = 10

/** Code and message of a problem of a predicate, told of a document: the author may know every name. */
function wordsOf({ code, message, params }: Problem): readonly [code: string, message: string] {
  const name = String(params?.['name'] ?? '')
  if (code === 'VALIDATE_UNKNOWN_NAME') return ['MODEL_UNKNOWN_FIELD', `There is no field or relation “${name}”.`]
  if (code === 'VALIDATE_OPERATOR') return ['MODEL_OPERATOR', `“${String(params?.['operator'])}” can not be asked of “${name}” here.`]
  return [code.replace(/^VALIDATE_/, 'MODEL_'), name === '' ? message : `“${name}”: ${message.charAt(0).toLowerCase()}${message.slice(1)}`]
}

/** Everything found in one run. */
export interface Findings {
  readonly problems: Problem[]
  /** What is permitted but should be seen, such as a rollup that discloses hidden rows. */
  readonly notes: Problem[]
}

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

  problem(code: string, pointer: string, message: string, more: More = {}): void {
    this.findings.problems.push(this.placed(code, pointer, message, more))
  }

  note(code: string, pointer: string, message: string, more: More = {}): void {
    this.findings.notes.push(this.placed(code, pointer, message, more))
  }

  /** An unknown name, with the one that was probably meant. */
  unknown(
    what: 'entity' | 'field' | 'relation' | 'profile' | 'view' | 'state' | 'pack' | 'step',
    name: string,
    pointer: string,
    candidates: Iterable<string>,
  ): void {
    const known = [...candidates]
    const listed = known.length > 0 && known.length <= LISTED_NAMES ? { hint: `Possible: ${known.join(', ')}.` } : {}
    this.problem(`MODEL_UNKNOWN_${what.toUpperCase()}`, pointer, `There is no ${what} “${name}”.`, {
      params: { name },
      ...listed,
      ...nearestHint(name, known),
    })
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
      const [code, message] = wordsOf(problem)
      this.problem(code, problem.pointer, message, problem)
    }
  }

  private placed(code: string, pointer: string, message: string, more: More): Problem {
    const origin = originAt(this.document.part, pointer)
    const { kind, key } = this.document
    return {
      pointer: origin.pointer,
      code,
      message,
      ...(more.params === undefined ? {} : { params: more.params }),
      ...(more.hint === undefined ? {} : { hint: more.hint }),
      document: { kind, key, layer: origin.layer },
    }
  }
}
