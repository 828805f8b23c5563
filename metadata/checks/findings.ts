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
    this.problem(`MODEL_UNKNOWN_${what.toUpperCase()}`, pointer, `There is no ${what} “${name}”.`, {
      params: { name },
      ...nearestHint(name, candidates),
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
    for (const problem of parsed.ok ? [] : parsed.problems)
      this.problem(problem.code.replace(/^VALIDATE_/, 'MODEL_'), problem.pointer, problem.message, problem)
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
