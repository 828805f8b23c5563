/**
 * The parsed form of a predicate and what parsing and evaluating need to know from outside.
 * Types only; it knows no entity, no caller and no SQL.
 */
import type { ComparisonKind, Operator } from './operators.ts'
import type { Problem } from './problem.ts'

/** A field as a predicate sees it. */
export interface ScopeField {
  readonly kind: ComparisonKind
  readonly operators: readonly Operator[]
  /** What the elements of a list are; text when left out. */
  readonly elements?: 'text' | 'choice' | 'id'
  /** The values of a choice, or of a list of choices, in their order. */
  readonly options?: readonly string[]
  /** The entity whose tree `within` walks from this field's value. */
  readonly tree?: string
  /** It will be comparable in a while: its storage is still being filled. */
  readonly unready?: true
}

/** What a name stands for: a reference is both a field (its id) and a to-one relation; a multi-reference both a list and a to-many. */
export interface ScopeEntry {
  readonly field?: ScopeField
  readonly one?: () => PredicateScope
  readonly many?: () => PredicateScope
}

/** The names that exist for whom the predicate is parsed; whatever it does not answer does not exist. */
export interface PredicateScope {
  lookup(name: string): ScopeEntry | undefined
  /** Names that may be suggested for a mistyped one. */
  names?(): Iterable<string>
}

/** What parsing may allow besides the scope. */
export interface ParseOptions {
  /** Comparisons in all, over every level. 100 when left out. */
  readonly maxFilters?: number
  /** Levels of `and or not` and relations. 8 when left out. */
  readonly maxDepth?: number
  /** Members of one list operand. 500 when left out. */
  readonly maxListLength?: number
  /** Fields that `$user.…` may name; `$user.id` always exists. */
  readonly user?: PredicateScope
  /** Fields that `$record.…` may name; left out, there is no `$record`. */
  readonly record?: PredicateScope
  /** Whether `changed` and `changed_to` may be asked: only where there is a state before. */
  readonly changes?: boolean
  /** JSON pointer of the predicate in what was sent. */
  readonly pointer?: string
}

/** Outcome of parsing: a test, or everything that is wrong. */
export type ParsedPredicate = { readonly ok: true; readonly test: Test } | { readonly ok: false; readonly problems: readonly Problem[] }

/** A value a field can be compared with, in wire form: decimals, dates and instants as strings. */
export type Scalar = string | number | boolean

/** One operand: written out, or read from the environment when the test runs. */
export type Term =
  | { readonly source: 'literal'; readonly value: Scalar }
  | { readonly source: 'user' | 'record'; readonly field: string }
  | { readonly source: 'today' | 'now' }

/** The operand of an atom, by the shape its operator asks for. */
export type Operand =
  | { readonly shape: 'one'; readonly term: Term }
  | { readonly shape: 'range'; readonly low: Term; readonly high: Term }
  | { readonly shape: 'many'; readonly terms: readonly Term[] }
  | { readonly shape: 'flag'; readonly flag: boolean }
  | { readonly shape: 'duration'; readonly duration: string }
  | { readonly shape: 'period'; readonly word: PeriodWord }

/** Calendar words of `in_period`. */
export type PeriodWord = 'yesterday' | 'today' | 'tomorrow' | `${'last' | 'this' | 'next'}_${'week' | 'month' | 'quarter' | 'year'}`

/** One comparison of one field. */
export interface Atom {
  readonly kind: 'atom'
  /** Relations from the record the predicate is about to the one this field is on; empty at the root. */
  readonly path: readonly string[]
  readonly field: string
  readonly of: ScopeField
  readonly operator: Operator
  readonly operand: Operand
  /** The opposite of the comparison, hence true on null. Never with an operator that has a complement of its own. */
  readonly negated?: true
}

/**
 * A predicate in negation normal form: `not` is pushed to the leaves, constants are folded away.
 * `one` tests the record behind a to-one relation; where there is none every field reads as null and no related rows exist.
 */
export type Test =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Test[] }
  | { readonly kind: 'one'; readonly relation: string; readonly test: Test }
  | {
      readonly kind: 'many'
      readonly relation: string
      readonly quantifier: 'some' | 'every' | 'none'
      readonly test: Test
    }
  | Atom

/** Values of one record by field key, in wire form. Absent and null are the same. */
export type RecordValues = { readonly [field: string]: unknown }

/** What a test may look at besides the record. Instants are RFC 3339 in UTC. */
export interface EvaluateEnv {
  /** Values of the caller's own user record, `id` among them. */
  readonly user: RecordValues | null
  readonly now: string
  /** IANA zone that days, weeks and months are counted in. */
  readonly timeZone: string
  /** First day of the week, 1 = Monday … 7 = Sunday. */
  readonly weekStart: number
  /** What `$record.…` reads. */
  readonly record?: RecordValues | null
  /** The record before the change; null where it is being created, left out where there is no change. */
  readonly before?: RecordValues | null
  /** Ids of a node of a tree and of all below it. */
  within?(entity: string, id: string): readonly string[]
  /** The record behind a to-one relation; left out, an object embedded under the relation's name. */
  one?(record: RecordValues, relation: string, path: readonly string[]): RecordValues | null
  /** The records behind a to-many relation; left out, an array embedded under the relation's name. */
  many?(record: RecordValues, relation: string, path: readonly string[]): readonly RecordValues[]
  /** False where the field may not be read on that very record: its atoms are false in both polarities. */
  readable?(path: readonly string[], field: string, record: RecordValues): boolean
}

/** An operand with its variables read and its calendar worked out, in the terms of the field. */
export type ResolvedOperand =
  | { readonly shape: 'one'; readonly value: Scalar | null }
  | { readonly shape: 'range'; readonly low: Scalar | null; readonly high: Scalar | null }
  /** `complete` is false where a variable had no value: nothing can have all of them. */
  | { readonly shape: 'many'; readonly values: readonly Scalar[]; readonly complete: boolean }
  | { readonly shape: 'flag'; readonly flag: boolean }
  /** From `from` up to, not including, `to`: dates for a date field, instants for a datetime. */
  | { readonly shape: 'interval'; readonly from: string; readonly to: string }
