/**
 * Computes what the engine itself puts into a record: copied lookups, formulas, converted amounts.
 * Runs before the transaction, on values read at a version that the transaction then insists on; inside it only where other records of
 * the same transaction decide the result.
 */
import { formatDecimal, multiplyDecimals } from '../../metadata/decimal.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { Allowance, type Evaluated, evaluateMany } from '../expression/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { EngineError } from '../kernel/errors.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { fieldProblem, same, wordsOf } from '../validate/index.ts'
import type { RateTable } from './exchange-rates.ts'
import type { Values } from './types.ts'

/** What computing stands on: whose records they are, looked-up records by id, rates, the moment. */
export interface Sources {
  readonly tenantId: string
  readonly lookups: ReadonlyMap<string, Values>
  readonly rates: RateTable
  readonly currency: string
  readonly today: string
  readonly now: string
  readonly locale: Locale
}

/** One record being computed, in place. */
export interface Draft {
  readonly values: Record<string, unknown>
  readonly before: Values | null
  readonly given: ReadonlySet<string>
  readonly pointer: string
  readonly problems: Problem[]
}

/** What the fenced formulas of some records may take. */
export interface Spending {
  /** One value. */
  readonly timeoutMs: number
  /** All values together, in milliseconds; or what several calls share. */
  readonly allowance: number | Allowance
  /** Waiting for other formulas of the tenant. */
  readonly patienceMs: number
  /** Told of a value that was stopped from outside, not refused by the formula itself. Says nothing of the record: it may be fine. */
  readonly onStopped?: (field: CompiledField, stopped: EngineError) => void
}

/** Before a transaction: nothing waits but the caller himself. */
const IN_THE_OPEN: Spending = { timeoutMs: 1_000, allowance: 3_000, patienceMs: 5_000 }
/** Inside a transaction, which holds a connection and its records: less than it may live. */
export const INSIDE: Spending = { timeoutMs: 500, allowance: 1_500, patienceMs: 1_500 }

/**
 * Fills copied lookups, formulas and converted amounts of every draft, in the order in which they depend on each other. With `touched`,
 * only what is made of something that has changed: what else stands in a record is neither computed again nor judged again.
 */
export async function computeDrafts(
  entity: CompiledEntity,
  drafts: readonly Draft[],
  sources: Sources,
  { touched = false, spending = IN_THE_OPEN }: { readonly touched?: boolean; readonly spending?: Spending } = {},
): Promise<void> {
  if (drafts.length === 0) return
  const allowance = allowanceOf(spending)
  for (const key of entity.computeOrder) {
    const field = entity.fields.get(key)
    if (field?.derivation?.kind === 'lookup') for (const draft of drafts) copyLookup(entity, field, draft, sources)
    else if (field?.derivation?.kind === 'base') {
      const { of } = field.derivation
      const inputs = inputsOfAmount(entity, of)
      for (const draft of drafts) if (!touched || isTouched(inputs, draft)) convert(entity, field, of, draft, sources)
    } else if (field?.derivation?.kind === 'formula') {
      const open = touched ? drafts.filter(draft => isTouched(field.inputs, draft)) : drafts
      await computeFormula(field, open, sources, inputs => evaluate(field, inputs, sources.tenantId, spending, allowance))
    }
  }
}

/** Computes one fenced formula of records as they stand and keeps nothing of it: whether it can be done in the time it has. */
export async function computeAlone(tenantId: string, field: CompiledField, records: readonly Values[], spending: Spending): Promise<void> {
  const inputs = records.map(values => Object.fromEntries(field.inputs.map(key => [key, values[key] ?? null])))
  await evaluate(field, inputs, tenantId, spending, allowanceOf(spending))
}

/** What a rollup over nothing says: nought of something, nothing of the rest. */
export function emptyRollup(field: CompiledField): unknown {
  if (field.derivation?.kind !== 'rollup') return null
  if (field.derivation.fn === 'count') return 0
  if (field.derivation.fn !== 'sum') return null
  if (field.kind === 'integer' || field.kind === 'float') return 0
  const nought = field.type.canonical('0', field.definition, { today: '', now: '' })
  return nought.ok ? nought.value : '0'
}

function copyLookup(entity: CompiledEntity, field: CompiledField, draft: Draft, sources: Sources): void {
  if (field.derivation?.kind !== 'lookup' || draft.given.has(field.key)) return
  const reference = entity.fields.get(field.derivation.reference)
  if (reference === undefined) return
  const id = draft.values[reference.key]
  if (draft.before !== null && same(draft.before[reference.key], id)) return
  draft.values[field.key] = typeof id === 'string' ? (sources.lookups.get(id)?.[field.derivation.field] ?? null) : null
}

function allowanceOf({ allowance }: Spending): Allowance {
  return typeof allowance === 'number' ? new Allowance(allowance) : allowance
}

async function evaluate(
  field: CompiledField,
  inputs: readonly Values[],
  tenantId: string,
  { timeoutMs, patienceMs, onStopped }: Spending,
  allowance: Allowance,
): Promise<Evaluated[]> {
  const fenced = field.derivation?.kind === 'formula' ? field.derivation.fenced : null
  if (fenced === null) return []
  const results = await evaluateMany(fenced, inputs, { tenantId, timeoutMs, patienceMs, allowance })
  const stopped = results.find(each => 'error' in each && STOPPED.has(each.error.code))
  if (stopped !== undefined && 'error' in stopped) onStopped?.(field, stopped.error)
  return results
}

/** Not the formula's own refusal of a value. */
const STOPPED: ReadonlySet<string> = new Set([
  'EXPRESSION_TIMEOUT',
  'EXPRESSION_EXHAUSTED',
  'EXPRESSION_OVERSPENT',
  'EXPRESSION_UNAVAILABLE',
])

async function computeFormula(
  field: CompiledField,
  drafts: readonly Draft[],
  sources: Sources,
  evaluateAll: (inputs: readonly Values[]) => Promise<readonly Evaluated[]>,
): Promise<void> {
  if (field.derivation?.kind !== 'formula') return
  const { exact, fenced } = field.derivation
  if (exact !== null) {
    for (const draft of drafts) setResult(field, draft, exact.evaluate(draft.values), sources)
    return
  }
  if (fenced === null || drafts.length === 0) return
  const inputs = drafts.map(draft => Object.fromEntries(field.inputs.map(key => [key, draft.values[key] ?? null])))
  const results = await evaluateAll(inputs)
  for (const [index, draft] of drafts.entries()) {
    const result = results[index]
    if (result !== undefined && 'value' in result) setResult(field, draft, result.value, sources)
    else draft.problems.push(fieldProblem(field, 'FORMULA', `${draft.pointer}${pointerOf(field.key)}`, sources.locale))
  }
}

function isTouched(inputs: readonly string[], { before, values }: Draft): boolean {
  return before === null || inputs.some(key => !same(before[key], values[key]))
}

/** What a converted amount is made of: the amount, its currency, the day of its rate. */
function inputsOfAmount(entity: CompiledEntity, moneyKey: string): string[] {
  const declared = entity.fields.get(moneyKey)?.declared
  const currency = declared !== undefined && 'currency_field' in declared ? declared.currency_field : undefined
  const day = declared !== undefined && 'rate_date_field' in declared ? declared.rate_date_field : undefined
  return [moneyKey, ...(currency === undefined ? [] : [currency]), ...(day === undefined ? [] : [day])]
}

function setResult(field: CompiledField, draft: Draft, result: unknown, sources: Sources): void {
  if (result === null) {
    draft.values[field.key] = null
    return
  }
  const canonical = field.type.canonical(result, field.definition, { today: sources.today, now: sources.now })
  if (canonical.ok) draft.values[field.key] = canonical.value
  else draft.problems.push(fieldProblem(field, 'RANGE', `${draft.pointer}${pointerOf(field.key)}`, sources.locale))
}

/** The amount in the tenant's currency, at the rate of its day, rounded half-even to the field's scale. */
function convert(entity: CompiledEntity, base: CompiledField, moneyKey: string, draft: Draft, sources: Sources): void {
  const money = entity.fields.get(moneyKey)
  const amount = draft.values[moneyKey]
  if (money === undefined || typeof amount !== 'string') {
    draft.values[base.key] = null
    return
  }
  const currency = currencyOf(money, draft.values, sources.currency)
  if (currency === sources.currency) {
    draft.values[base.key] = amount
    return
  }
  const at = `${draft.pointer}${pointerOf(moneyKey)}`
  const date = rateDate(money, draft.values, sources.today)
  const rate = sources.rates.rate(currency, date)
  if (rate === null) {
    const params = { from: currency, to: sources.currency, date }
    draft.problems.push({ pointer: at, code: 'VALIDATE_RATE', message: wordsOf('RATE', sources.locale, params), params })
    return
  }
  const scale = 'scale' in base.definition ? (base.definition.scale ?? 2) : 2
  const moment = { today: sources.today, now: sources.now }
  const converted = formatDecimal(multiplyDecimals(amount, rate), scale)
  if (base.type.canonical(converted, base.definition, moment).ok) draft.values[base.key] = converted
  else draft.problems.push(fieldProblem(money, 'RANGE', at, sources.locale))
}

/** The currency an amount is in: its sibling field's value, the one it is declared in, or the tenant's. */
export function currencyOf(money: CompiledField, values: Values, tenantCurrency: string): string {
  const declared = money.declared
  const sibling = 'currency_field' in declared && declared.currency_field !== undefined ? values[declared.currency_field] : undefined
  if (typeof sibling === 'string') return sibling.toUpperCase()
  return 'currency' in declared && declared.currency !== undefined ? declared.currency : tenantCurrency
}

function rateDate(money: CompiledField, values: Values, today: string): string {
  const key = 'rate_date_field' in money.declared ? money.declared.rate_date_field : undefined
  const value = values[key ?? 'created_at']
  return typeof value === 'string' && value.length >= 10 ? value.slice(0, 10) : today
}
