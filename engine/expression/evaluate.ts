/**
 * Computes checked expressions behind the fence: a few processes, turns of tenants before them, batches for many records.
 * Knows no record beyond the inputs an expression names; nothing an expression does reaches this process.
 */
import type { JsonValue } from '../../metadata/generated/types.ts'
import { pickInputs } from '../../metadata/formula.ts'
import type { EngineError } from '../kernel/errors.ts'
import { Turns } from '../kernel/turns.ts'
import type { CompiledExpression } from './compile.ts'
import { expressionErrors } from './errors.ts'
import { Fence, type FenceOutcome } from './fence.ts'
import type { FenceAnswer, FenceRequest } from './fence-process.ts'
import * as limits from './limits.ts'
import { Slowness } from './slowness.ts'

/** Whose expression it is, and what he may choose. */
export interface EvaluateOptions {
  /** Tenants take turns behind the fence, and a slow one waits with the slow. */
  readonly tenantId: string
  /** Wall clock per evaluation, in milliseconds; a second when left out, ten at most. */
  readonly timeoutMs?: number
  /** How long to wait for a fence; what waits longer throws BUSY. */
  readonly patienceMs?: number
  /** What several calls may spend together; one of its own when left out. */
  readonly allowance?: Allowance
}

/** The time that all values of one request may take; what it does not suffice for is not computed. */
export class Allowance {
  readonly wholeMs: number
  #leftMs: number

  constructor(ms: number = limits.DEFAULT_ALLOWANCE_MS) {
    this.wholeMs = ms
    this.#leftMs = ms
  }

  get isSpent(): boolean {
    return this.#leftMs <= 0
  }

  spend(ms: number): void {
    this.#leftMs -= ms
  }
}

/** The outcome for one input: a JSON value (nothing is null), or a typed error. */
export type Evaluated = { readonly value: JsonValue } | { readonly error: EngineError }

type Input = Readonly<Record<string, unknown>>

/** Computes an expression for one input; throws EXPRESSION_* when it fails, loops or explodes. */
export async function evaluateExpression(expression: CompiledExpression, input: Input, options: EvaluateOptions): Promise<JsonValue> {
  const [outcome] = await evaluateMany(expression, [input], options)
  if (outcome === undefined || 'error' in outcome) throw outcome?.error ?? expressionErrors.UNAVAILABLE({})
  return outcome.value
}

/** Computes an expression for many inputs; each has its own outcome, in order. Throws BUSY when too many of the tenant's are waiting. */
export async function evaluateMany(
  expression: CompiledExpression,
  inputs: readonly Input[],
  options: EvaluateOptions,
): Promise<Evaluated[]> {
  const timeoutMs = Math.min(options.timeoutMs ?? limits.DEFAULT_TIMEOUT_MS, limits.MAX_TIMEOUT_MS)
  const texts = inputs.map(input => JSON.stringify(pickInputs(expression.inputs, input)))
  const small = texts.filter(text => text.length <= limits.MAX_INPUT_BYTES)
  const { BATCH } = limits
  const batches = Array.from({ length: Math.ceil(small.length / BATCH) }, (_, at) => small.slice(at * BATCH, (at + 1) * BATCH))
  const call = new Call(options, { expression: expression.text, timeoutMs, turnMs: limits.TURN_MS })
  const outcomes = await inLanes(batches, batch => call.run(batch))
  const given = outcomes.flat().values()
  return texts.map(text => (text.length > limits.MAX_INPUT_BYTES ? TOO_LARGE_INPUT : (given.next().value ?? TOO_LARGE_INPUT)))
}

// As many batches under way as a tenant may hold fences: a long list must not crowd out his own single evaluations.
async function inLanes<T, R>(jobs: readonly T[], run: (job: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const left = jobs.entries()
  const lane = async (): Promise<void> => {
    for (const [at, job] of left) results[at] = await run(job)
  }
  await Promise.all(Array.from({ length: limits.FENCES_EACH }, lane))
  return results
}

const TOO_LARGE_INPUT: Evaluated = { error: expressionErrors.TOO_LARGE({ side: 'input', limit: limits.MAX_INPUT_BYTES }) }

/** The batches of one call: they share what they may spend, and end together when the expression itself turns out to be what is wrong. */
class Call {
  readonly #options: EvaluateOptions
  readonly #request: Omit<FenceRequest, 'inputs'>
  readonly #allowance: Allowance
  #stopped = 0
  #verdict: Evaluated | null = null

  constructor(options: EvaluateOptions, request: Omit<FenceRequest, 'inputs'>) {
    this.#options = options
    this.#request = request
    this.#allowance = options.allowance ?? new Allowance()
  }

  async run(inputs: readonly string[]): Promise<Evaluated[]> {
    const outcomes: Evaluated[] = []
    while (outcomes.length < inputs.length) {
      const verdict = this.#verdict ?? (this.#allowance.isSpent ? overspent(this.#allowance) : null)
      if (verdict !== null) return [...outcomes, ...inputs.slice(outcomes.length).map(() => verdict)]
      const began = outcomes.length
      const { answers, died } = await take(this.#options, this.#allowance, { ...this.#request, inputs: inputs.slice(began) })
      const { timeoutMs } = this.#request
      outcomes.push(...answers.map(answer => evaluated(answer, timeoutMs)))
      if (died !== null) this.#note({ error: causeOfDeath(died, timeoutMs) }, outcomes, inputs.length)
      else this.#count(outcomes.at(-1))
    }
    return outcomes
  }

  /** A process that could not be used says nothing of the input it was given. */
  #note(death: { error: EngineError }, outcomes: Evaluated[], most: number): void {
    if (death.error.code !== 'EXPRESSION_UNAVAILABLE' && outcomes.length < most) outcomes.push(death)
    this.#count(death)
  }

  /** More of one call stopped one by one is no accident of a record but the expression itself. */
  #count(outcome: Evaluated | undefined): void {
    if (outcome === undefined || !('error' in outcome) || !STOPPED.has(outcome.error.code)) return
    this.#stopped += 1
    if (this.#stopped >= limits.MAX_STOPPED) this.#verdict = outcome
  }
}

function causeOfDeath(died: 'timeout' | 'exhausted' | 'broken', timeoutMs: number): EngineError {
  if (died === 'timeout') return expressionErrors.TIMEOUT({ timeout_ms: timeoutMs })
  return died === 'exhausted' ? expressionErrors.EXHAUSTED({ heap_mb: limits.MAX_HEAP_MB }) : expressionErrors.UNAVAILABLE({})
}

const STOPPED: ReadonlySet<string> = new Set(['EXPRESSION_TIMEOUT', 'EXPRESSION_EXHAUSTED', 'EXPRESSION_UNAVAILABLE'])

function overspent({ wholeMs }: Allowance): Evaluated {
  return { error: expressionErrors.OVERSPENT({ allowance_ms: wholeMs }) }
}

function evaluated(answer: FenceAnswer, timeoutMs: number): Evaluated {
  if ('value' in answer) return { value: JSON.parse(answer.value) as JsonValue }
  if (answer.failure === 'output') return { error: expressionErrors.TOO_LARGE({ side: 'output', limit: limits.MAX_OUTPUT_BYTES }) }
  if (answer.code === limits.TIMED_OUT) return { error: expressionErrors.TIMEOUT({ timeout_ms: timeoutMs }) }
  return { error: expressionErrors.FAILED({ reason: answer.code, message: answer.message }) }
}

const fences = Array.from({ length: limits.FENCES }, () => new Fence())
const idle = [...fences]
const slowness = new Slowness()

const turns: Turns = new Turns({
  places: limits.FENCES,
  each: limits.FENCES_EACH,
  waiting: tenantId => (slowness.isSlow(tenantId) ? limits.MAX_WAITING_SLOW : limits.MAX_WAITING),
  refusal: () => expressionErrors.BUSY({}, { headers: { 'retry-after': '2' } }),
  // Tenants that have proved slow share one fence between them.
  mayEnter: tenantId => !slowness.isSlow(tenantId) || !turns.holders().some(each => slowness.isSlow(each)),
})

function take({ tenantId, patienceMs }: EvaluateOptions, allowance: Allowance, request: FenceRequest): Promise<FenceOutcome> {
  const run = async (): Promise<FenceOutcome> => {
    const fence = idle.pop()
    if (fence === undefined) throw expressionErrors.UNAVAILABLE({})
    idle.at(-1)?.warm()
    try {
      const outcome = await fence.run(request)
      allowance.spend(outcome.ms)
      slowness.note(tenantId, outcome.processorMs, outcome.answers.length)
      return outcome
    } finally {
      idle.push(fence)
    }
  }
  return turns.run(tenantId, run, patienceMs)
}

/** Ends the fenced processes; the next expression starts them again. */
export function stopExpressions(): void {
  for (const fence of fences) fence.stop()
}
