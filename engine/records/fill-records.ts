/**
 * Makes anew what the engine keeps of records for fields that a publish has changed: converted and computed values, slots, single values,
 * searched text. Derived work: neither version nor time of change nor history move. Runs inside its caller's transaction, in which no other
 * model is written by.
 */
import { convertValue, periodOf, renderNumber, type TypedField } from '../field-types/index.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderDerivedUpdate, renderProbe, renderReserveNumbers, renderSlotFill, satellites } from '../sql/index.ts'
import { isEmpty, same } from '../validate/index.ts'
import { computeDrafts, type Draft, emptyRollup, INSIDE, type Spending } from './compute-record.ts'
import { loadRates, NO_RATES } from './exchange-rates.ts'
import { momentOf } from './moment.ts'
import { linkFields, stateOf, storedRowOf } from './record-state.ts'
import { countRollup } from './count-rollups.ts'
import { plainSources } from './sources.ts'
import { searchRows, valueRows } from './satellite-rows.ts'
import type { RecordContext, RecordState, Values } from './types.ts'

/** What is made anew of one field. */
export interface FieldWork {
  readonly field: CompiledField
  /** The field whose values are converted, with the number they stand under. */
  readonly from: (TypedField & { readonly no: string }) | null
  readonly compute: boolean
  readonly default: boolean
  readonly slot: boolean
  readonly values: boolean
  readonly search: boolean
}

/** A step of work in the background. What there was no time for is an error, so that it is tried again with fewer records. */
const IN_STEPS: Spending = {
  ...INSIDE,
  timeoutMs: 1_000,
  allowance: 3_500,
  onStopped: (_field, stopped) => {
    if (stopped.code === 'EXPRESSION_OVERSPENT' || stopped.code === 'EXPRESSION_UNAVAILABLE') throw stopped
  },
}

/** Does the work on these records, live or in the trash. A formula's value that can not be made is empty. */
export async function fillRecords(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  ids: readonly string[],
  work: readonly FieldWork[],
  spending = IN_STEPS,
): Promise<void> {
  if (ids.length === 0) return
  const tenantId = ctx.caller.tenant.id
  const slots = work.filter(each => each.slot).map(each => each.field)
  if (work.every(each => each.from === null && !each.compute && !each.default && !each.values && !each.search)) {
    await connection.execute(renderSlotFill(tenantId, entity, slots, ids))
    return
  }
  const relationNos = linkFields(entity).map(each => each.relationNo)
  const rows = await connection.run<ProbeRow>(renderProbe(tenantId, entity, ids, [], relationNos, 'update'))
  const before = rows.map(row => stateOf(entity, row))
  const after = await valuesOf(connection, ctx, entity, before, work, spending)
  const moved = before.filter(state => [...entity.fields.keys()].some(key => !same(state.values[key], after.get(state.id)?.[key])))
  if (moved.length > 0)
    await connection.execute(
      renderDerivedUpdate(
        tenantId,
        entity,
        moved.map(state => storedRowOf(entity, state, after.get(state.id) ?? state.values)),
      ),
    )
  const rest = ids.filter(id => !moved.some(state => state.id === id))
  if (rest.length > 0 && slots.length > 0) await connection.execute(renderSlotFill(tenantId, entity, slots, rest))
  await fillSatellites(connection, tenantId, entity, rows, after, work)
}

async function fillSatellites(
  connection: TenantConnection,
  tenantId: string,
  entity: CompiledEntity,
  rows: readonly ProbeRow[],
  after: ReadonlyMap<string, Values>,
  work: readonly FieldWork[],
): Promise<void> {
  const ids = rows.map(row => row.id)
  const of = (member: 'values' | 'search'): CompiledField[] => work.filter(each => each[member]).map(each => each.field)
  const numbers = (fields: readonly CompiledField[]): number[] => fields.map(field => Number(field.no))
  const [single, searched] = [of('values'), of('search')]
  if (single.length > 0) {
    await connection.execute(satellites.renderForgetValues(tenantId, entity.no, ids, numbers(single)))
    await connection.execute(
      satellites.renderAddValues(
        tenantId,
        ids.flatMap(id => valueRows(entity, single, id, after.get(id) ?? {})),
      ),
    )
  }
  if (searched.length > 0) {
    const live = rows.filter(row => row.deleted_at === null).map(row => row.id)
    await connection.execute(satellites.renderForgetSearch(tenantId, entity.no, ids, numbers(searched)))
    await connection.execute(
      satellites.renderAddSearch(
        tenantId,
        live.flatMap(id => searchRows(tenantId, entity, searched, id, after.get(id) ?? {})),
      ),
    )
  }
}

/** The records' values as the new model wants them. */
async function valuesOf(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  states: readonly RecordState[],
  work: readonly FieldWork[],
  spending: Spending,
): Promise<Map<string, Values>> {
  const drafts = states.map(state => ({ state, values: { ...state.values } as Record<string, unknown> }))
  for (const each of work) {
    if (each.from !== null) for (const { state, values } of drafts) values[each.field.key] = convertedValue(ctx, each, state)
    else if (each.default)
      for (const { values } of drafts) values[each.field.key] ??= 'default' in each.field.declared ? each.field.declared.default : null
  }
  const computed = work.filter(each => each.compute).map(each => each.field)
  for (const field of computed) {
    if (field.derivation?.kind === 'lookup') await copyLookups(connection, ctx, entity, field, drafts)
    else if (field.derivation?.kind === 'rollup') await countRollups(connection, ctx, entity, field, drafts)
    else if (field.derivation?.kind === 'autonumber') await giveNumbers(connection, ctx, entity, field, drafts)
  }
  await computeFormulas(connection, ctx, entity, computed, drafts, spending)
  return new Map(drafts.map(({ state, values }) => [state.id, values]))
}

type Filling = readonly { readonly state: RecordState; readonly values: Record<string, unknown> }[]

/** The value of a field whose type has changed: what has been given under the new type, else the former value converted; null where that is lost. */
export function convertedValue(
  ctx: RecordContext,
  { field, from }: Pick<FieldWork, 'field' | 'from'>,
  state: Pick<RecordState, 'values' | 'rest'>,
): unknown {
  const given = state.values[field.key]
  const former = from === null ? undefined : state.rest[from.no]
  if (from === null || isEmpty(former) || !isEmpty(given)) return given ?? null
  const { locale, timeZone } = ctx.caller.tenant
  const converted = convertValue(former, from, { type: field.type, definition: field.definition }, { locale, timeZone, at: momentOf(ctx) })
  return converted.ok ? converted.value : null
}

async function copyLookups(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  field: CompiledField,
  drafts: Filling,
): Promise<void> {
  const copies = await copiesNow(
    connection,
    ctx,
    entity,
    field,
    drafts.map(({ values }) => values),
  )
  // Nobody can tell what was copied from what somebody wrote over it, and copies of other values may not stand under the rights of these.
  if (copies !== null) for (const [index, { values }] of drafts.entries()) values[field.key] = copies[index] ?? null
}

/** What a field would copy into these records as things stand, in their order; null for one that copies nothing. */
export async function copiesNow(
  connection: TenantConnection,
  ctx: Pick<RecordContext, 'model'>,
  entity: CompiledEntity,
  { derivation }: CompiledField,
  records: readonly Values[],
): Promise<unknown[] | null> {
  const reference = derivation?.kind === 'lookup' ? entity.fields.get(derivation.reference) : undefined
  const target = reference?.target == null ? undefined : ctx.model.entities.get(reference.target)
  if (derivation?.kind !== 'lookup' || reference === undefined || target === undefined) return null
  const idOf = (values: Values): string => String(values[reference.key] ?? '')
  const ids = [...new Set(records.map(idOf).filter(id => id !== ''))]
  const rows = ids.length === 0 ? [] : await connection.run<ProbeRow>(renderProbe(connection.tenantId, target, ids, [], []))
  const sources = new Map(rows.map(row => [row.id, stateOf(target, row).values]))
  return records.map(values => sources.get(idOf(values))?.[derivation.field] ?? null)
}

async function countRollups(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  field: CompiledField,
  drafts: Filling,
): Promise<void> {
  const counted = await countRollup(
    connection,
    ctx,
    entity,
    field.key,
    drafts.map(({ state }) => state.id),
  )
  for (const { state, values } of drafts) values[field.key] = counted.get(state.id) ?? emptyRollup(field)
}

/** Records that are there already are numbered in the series of the day they were made on. */
async function giveNumbers(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  field: CompiledField,
  drafts: Filling,
): Promise<void> {
  const { declared } = field
  if (declared.type !== 'autonumber') return
  const open = drafts.filter(({ values }) => isEmpty(values[field.key]))
  const dayOf = (values: Values): string => String(values['created_at']).slice(0, 10)
  const series = Map.groupBy(open, ({ values }) => periodOf(declared.template, dayOf(values)))
  for (const [period, records] of series) {
    const statement = renderReserveNumbers(ctx.caller.tenant.id, entity.no, Number(field.no), period, declared.start ?? 1, records.length)
    const [row] = await connection.run<{ first: string }>(statement)
    const first = BigInt(row?.first ?? '1')
    for (const [n, { values }] of records.entries()) values[field.key] = renderNumber(declared.template, dayOf(values), first + BigInt(n))
  }
}

/** Formulas and converted amounts, in the order in which they depend on each other; only those that are asked for are taken over. */
async function computeFormulas(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  computed: readonly CompiledField[],
  drafts: Filling,
  spending: Spending,
): Promise<void> {
  const wanted = computed
    .flatMap(field => [field.key, `${field.key}_base`])
    .filter(key => entity.computeOrder.includes(key) && entity.fields.get(key)?.derivation?.kind !== 'lookup')
  if (wanted.length === 0) return
  const converts = wanted.some(key => entity.fields.get(key)?.derivation?.kind === 'base')
  const rates = converts ? await loadRates(connection, ctx.model) : NO_RATES
  const trial = drafts.map(({ values }): Draft => ({ values: { ...values }, before: values, given: new Set(), pointer: '', problems: [] }))
  await computeDrafts(entity, trial, { ...plainSources(ctx), rates }, { spending })
  for (const [n, { values }] of drafts.entries()) for (const key of wanted) values[key] = trial[n]?.values[key] ?? null
}
