/**
 * Computes checked expressions behind the fence: a few processes, a queue before them, batches for many records.
 * Knows no record beyond the inputs an expression names; nothing an expression does reaches this process.
 */
import type { JsonValue } from '../../metadata/generated/types.ts'
import { pickInputs } from '../../metadata/formula.ts'
import type { EngineError } from '../kernel/errors.ts'
import type { CompiledExpression } from './compile.ts'
import { expressionErrors } from './errors.ts'
import { Fence, type FenceOutcome } from './fence.ts'
import type { FenceAnswer, FenceRequest } from './fence-process.ts'
import { BATCH, DEFAULT_TIMEOUT_MS, FENCES, MAX_HEAP_MB, MAX_INPUT_BYTES, MAX_OUTPUT_BYTES, MAX_TIMEOUT_MS, MAX_WAITING } from './limits.ts'

/** What a caller may choose. */
export interface EvaluateOptions {
  /** Wall clock per evaluation, in milliseconds; a second when left out, ten at most. */
  readonly timeoutMs?: number
}

/** The outcome for one input: a JSON value (nothing is null), or a typed error. */
export type Evaluated = { readonly value: JsonValue } | { readonly error: EngineError }

type Input = Readonly<Record<string, unknown>>

/** Computes an expression for one input; throws EXPRESSION_* when it fails, loops or explodes. */
export async function evaluateExpression(expression: CompiledExpression, input: Input, options: EvaluateOptions = {}): Promise<JsonValue> {
  const [outcome] = await evaluateMany(expression, [input], options)
  if (outcome === undefined || 'error' in outcome) throw outcome?.error ?? expressionErrors.BUSY({})
  return outcome.value
}

/** Computes an expression for many inputs; each has its own outcome, in order. Throws only when too many are waiting. */
export async function evaluateMany(
  expression: CompiledExpression,
  inputs: readonly Input[],
  options: EvaluateOptions = {},
): Promise<Evaluated[]> {
  const timeoutMs = Math.min(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS)
  const texts = inputs.map(input => JSON.stringify(pickInputs(expression.inputs, input)))
  const small = texts.filter(text => text.length <= MAX_INPUT_BYTES)
  const batches = Array.from({ length: Math.ceil(small.length / BATCH) }, (_, at) => small.slice(at * BATCH, (at + 1) * BATCH))
  const outcomes = await inLanes(batches, batch => runBatch({ expression: expression.text, inputs: batch, timeoutMs }))
  const given = outcomes.flat().values()
  return texts.map(text => (text.length > MAX_INPUT_BYTES ? TOO_LARGE_INPUT : (given.next().value ?? TOO_LARGE_INPUT)))
}

// As many batches under way as there are fences: a long list must not crowd out everybody else's single evaluation.
async function inLanes<T, R>(jobs: readonly T[], run: (job: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const left = jobs.entries()
  const lane = async (): Promise<void> => {
    for (const [at, job] of left) results[at] = await run(job)
  }
  await Promise.all(Array.from({ length: FENCES }, lane))
  return results
}

const TOO_LARGE_INPUT: Evaluated = { error: expressionErrors.TOO_LARGE({ side: 'input', limit: MAX_INPUT_BYTES }) }

// More of one batch dying one by one is no accident of a record but the expression itself.
const MAX_DEATHS = 3

async function runBatch(request: FenceRequest): Promise<Evaluated[]> {
  const together = await take(request)
  if ('answers' in together) return together.answers.map(answer => evaluated(answer, request.timeoutMs))
  const { inputs, timeoutMs } = request
  const death: Evaluated = { error: causeOfDeath(together.died, timeoutMs) }
  if (inputs.length === 1) return [death]
  const outcomes: Evaluated[] = []
  let deaths = 0
  for (const input of inputs) {
    const [outcome = death] = deaths < MAX_DEATHS ? await runBatch({ ...request, inputs: [input] }) : [death]
    if ('error' in outcome && DEADLY.has(outcome.error.code)) deaths += 1
    outcomes.push(outcome)
  }
  return outcomes
}

function causeOfDeath(died: 'timeout' | 'exhausted' | 'broken', timeoutMs: number): EngineError {
  if (died === 'timeout') return expressionErrors.TIMEOUT({ timeout_ms: timeoutMs })
  return died === 'exhausted' ? expressionErrors.EXHAUSTED({ heap_mb: MAX_HEAP_MB }) : expressionErrors.UNAVAILABLE({})
}

const DEADLY: ReadonlySet<string> = new Set(['EXPRESSION_TIMEOUT', 'EXPRESSION_EXHAUSTED', 'EXPRESSION_UNAVAILABLE'])

function evaluated(answer: FenceAnswer, timeoutMs: number): Evaluated {
  if ('value' in answer) return { value: JSON.parse(answer.value) as JsonValue }
  if (answer.failure === 'output') return { error: expressionErrors.TOO_LARGE({ side: 'output', limit: MAX_OUTPUT_BYTES }) }
  if (answer.code === 'D1012') return { error: expressionErrors.TIMEOUT({ timeout_ms: timeoutMs }) }
  return { error: expressionErrors.FAILED({ reason: answer.code, message: answer.message }) }
}

const fences = Array.from({ length: FENCES }, () => new Fence())
const idle = [...fences]
const waiting: ((fence: Fence) => void)[] = []

async function take(request: FenceRequest): Promise<FenceOutcome> {
  if (idle.length === 0 && waiting.length >= MAX_WAITING) throw expressionErrors.BUSY({})
  const fence = idle.pop() ?? (await new Promise<Fence>(resolve => waiting.push(resolve)))
  try {
    return await fence.run(request)
  } finally {
    const next = waiting.shift()
    if (next === undefined) idle.push(fence)
    else next(fence)
  }
}

/** Ends the fenced processes; the next expression starts them again. */
export function stopExpressions(): void {
  for (const fence of fences) fence.stop()
}
