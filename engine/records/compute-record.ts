/**
 * Computes what the engine itself puts into a record: presets, defaults, copied lookups, formulas, converted amounts.
 * Runs before the transaction, on values read at a version that the transaction then insists on.
 */
import { addDecimals, multiplyDecimals, roundDecimal } from '../../metadata/decimal.ts'
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import type { Problem } from '../../metadata/problem.ts'
import { pointerOf } from '../../metadata/problem.ts'
import { evaluateMany } from '../expression/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { fieldProblem, wordsOf } from '../validate/index.ts'
import type { RateTable } from './exchange-rates.ts'
import type { Values } from './types.ts'

/** What computing stands on: looked-up records by id, rates, the moment. */
export interface Sources {
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

/** Defaults of the entity for what was left out of a create. */
export function applyDefaults(entity: CompiledEntity, draft: Draft, presets: Readonly<Record<string, unknown>>, env: EvaluateEnv, today: string): void {
  for (const [key, value] of Object.entries(presets)) if (!draft.given.has(key)) draft.values[key] = presetValue(value, env, today)
  for (const field of entity.fields.values()) {
    if (draft.values[field.key] !== undefined || field.system) continue
    const declared = field.declared
    if ('default' in declared && declared.default !== undefined) draft.values[field.key] = presetValue(declared.default, env, today)
    if (field.derivation?.kind === 'rollup') draft.values[field.key] = emptyRollup(field)
  }
}

/** What a rollup over nothing says: nought of something, nothing of the rest. */
export function emptyRollup(field: CompiledField): unknown {
  if (field.derivation?.kind !== 'rollup') return null
  if (field.derivation.fn === 'count') return 0
  if (field.derivation.fn !== 'sum') return null
  if (field.kind === 'integer') return 0
  const nought = field.type.canonical('0', field.definition, { today: '', now: '' })
  return nought.ok ? nought.value : '0'
}

/** Fills copied lookups, formulas and converted amounts of every draft, in the order in which they depend on each other. */
export async function computeDrafts(entity: CompiledEntity, drafts: readonly Draft[], sources: Sources): Promise<void> {
  for (const key of entity.computeOrder) {
    const field = entity.fields.get(key)
    if (field?.derivation?.kind === 'lookup') for (const draft of drafts) copyLookup(entity, field, draft, sources)
    else if (field?.derivation?.kind === 'base') for (const draft of drafts) convert(entity, field, field.derivation.of, draft, sources)
    else if (field?.derivation?.kind === 'formula') await computeFormula(field, drafts, sources)
  }
}

/** Recomputes exact formulas and converted amounts: what may follow from a rollup inside a transaction. */
export function recompute(entity: CompiledEntity, draft: Draft, sources: Sources): void {
  for (const key of entity.computeOrder) {
    const field = entity.fields.get(key)
    if (field?.derivation?.kind === 'formula' && field.derivation.exact !== null) setResult(field, draft, field.derivation.exact.evaluate(draft.values), sources)
    else if (field?.derivation?.kind === 'base') convert(entity, field, field.derivation.of, draft, sources)
  }
}

function copyLookup(entity: CompiledEntity, field: CompiledField, draft: Draft, sources: Sources): void {
  if (field.derivation?.kind !== 'lookup' || draft.given.has(field.key)) return
  const reference = entity.fields.get(field.derivation.reference)
  if (reference === undefined) return
  const id = draft.values[reference.key]
  if (draft.before !== null && draft.before[reference.key] === id) return
  draft.values[field.key] = typeof id === 'string' ? (sources.lookups.get(id)?.[field.derivation.field] ?? null) : null
}

async function computeFormula(field: CompiledField, drafts: readonly Draft[], sources: Sources): Promise<void> {
  if (field.derivation?.kind !== 'formula') return
  const { exact, fenced } = field.derivation
  if (exact !== null) {
    for (const draft of drafts) setResult(field, draft, exact.evaluate(draft.values), sources)
    return
  }
  const inputs = drafts.map(draft => Object.fromEntries(field.inputs.map(key => [key, draft.values[key] ?? null])))
  if (fenced === null) return
  const results = await evaluateMany(fenced, inputs)
  for (const [index, draft] of drafts.entries()) {
    const result = results[index]
    if (result !== undefined && 'value' in result) setResult(field, draft, result.value, sources)
    else draft.problems.push(fieldProblem(field, 'FORMULA', `${draft.pointer}${pointerOf(field.key)}`, sources.locale))
  }
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
  const date = rateDate(money, draft, sources.today)
  const rate = sources.rates.rate(currency, date)
  const scale = 'scale' in base.definition ? (base.definition.scale ?? 2) : 2
  if (rate === null) draft.problems.push({ pointer: `${draft.pointer}${pointerOf(moneyKey)}`, code: 'VALIDATE_RATE', message: wordsOf('RATE', sources.locale, { from: currency, to: sources.currency, date }), params: { from: currency, to: sources.currency, date } })
  else draft.values[base.key] = roundDecimal(multiplyDecimals(amount, rate), scale)
}

/** The currency an amount is in: its sibling field's value, the one it is declared in, or the tenant's. */
export function currencyOf(money: CompiledField, values: Values, tenantCurrency: string): string {
  const declared = money.declared
  const sibling = 'currency_field' in declared && declared.currency_field !== undefined ? values[declared.currency_field] : undefined
  if (typeof sibling === 'string') return sibling.toUpperCase()
  return 'currency' in declared && declared.currency !== undefined ? declared.currency : tenantCurrency
}

function rateDate(money: CompiledField, draft: Draft, today: string): string {
  const key = 'rate_date_field' in money.declared ? money.declared.rate_date_field : undefined
  const value = key === undefined ? draft.values['created_at'] : draft.values[key]
  return typeof value === 'string' && value.length >= 10 ? value.slice(0, 10) : today
}

function presetValue(value: unknown, env: EvaluateEnv, today: string): unknown {
  if (typeof value !== 'string' || !value.startsWith('$')) return value
  if (value.startsWith('$$')) return value.slice(1)
  if (value === '$now') return env.now
  if (value === '$today') return today
  return value.startsWith('$user.') ? (env.user?.[value.slice('$user.'.length)] ?? null) : null
}

/** Sums decimals exactly; used where a measure is put together from parts. */
export function sumDecimals(values: readonly string[]): string {
  return values.reduce((sum, value) => addDecimals(sum, value), '0')
}
