/** Looks at the records of one entity with the eyes of the next model: only for what has changed there, and only while something has. */
import { isDeepStrictEqual } from 'node:util'
import type { CompiledEntity, CompiledField, CompiledModel } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import {
  convertedValue,
  copiesNow,
  environmentOf,
  type FieldWork,
  momentOf,
  type RecordContext,
  scanRecords,
  type ScannedRecord,
  type Values,
} from '../records/index.ts'
import { speak } from '../shape/index.ts'
import { checkRecord, fieldProblem, isEmpty, same, wordsOf } from '../validate/index.ts'
import { workOf } from './fill.ts'
import type { Findings } from './record-findings.ts'
import type { StorageChanges } from './storage-changes.ts'
import { keysOf, type RuleWork } from './unique-rules.ts'

const AT_ONCE = 2_000

/** What of an entity has to be looked at. */
export interface Watch {
  readonly entity: CompiledEntity
  /** Fields whose definition has changed: their values are looked at. */
  readonly fields: readonly CompiledField[]
  /** Fields that may have become necessary. */
  readonly needed: ReadonlySet<string>
  readonly rules: ReadonlySet<string>
  readonly conversions: readonly FieldWork[]
  /** Copying fields whose values somebody may have written over, as the live model has them, and that are made anew. */
  readonly copies: readonly CompiledField[]
  readonly old: CompiledEntity
  readonly unique: RuleWork
}

/** Scans the records of an entity with the eyes of the next model; false where it has more of them than were looked at. */
export async function scanEntity(
  connection: TenantConnection,
  ctx: RecordContext,
  before: CompiledModel,
  watch: Watch,
  findings: Findings,
  most: number,
): Promise<boolean> {
  const { entity } = watch
  const keys = new Map<string, string>()
  let scanned = 0
  for await (const records of scanRecords(connection, entity, AT_ONCE)) {
    const live = records.filter(record => !record.deleted)
    for (const record of live) lookAt(ctx, watch, record, findings)
    lookForTwins(ctx, watch, live, keys, findings)
    for (const field of watch.copies) await lookForWritten(connection, before, watch.old, field, live, findings)
    scanned += records.length
    if (scanned >= most) return false
  }
  return true
}

/** What a new model asks to look at in an entity, null where nothing has changed for its records. */
export function watchOf(ctx: RecordContext, old: CompiledEntity, entity: CompiledEntity, storage: StorageChanges): Watch | null {
  const passes = storage.passes.filter(pass => pass.entityNo === entity.no)
  const filled = passes.flatMap(pass => workOf(ctx.model, pass)?.work ?? [])
  const changed = [...entity.fields.values()].filter(
    field => !field.system && field.derivation === null && !isDeepStrictEqual(old.fields.get(field.key)?.declared, field.declared),
  )
  const conditions = ({ declared }: CompiledField): unknown[] => [declared.required, declared.required_when, declared.visible_when]
  const stricter = changed.filter(field => {
    const was = old.fields.get(field.key)
    const asks = field.required || field.rules.required !== null
    return (
      asks &&
      !isDeepStrictEqual(was === undefined ? [] : conditions(was), conditions(field)) &&
      !filled.some(each => each.default && each.field.key === field.key)
    )
  })
  const rules = entity.rules.filter(
    rule =>
      rule.severity === 'error' &&
      !isDeepStrictEqual(
        old.rules.find(each => each.key === rule.key),
        rule,
      ),
  )
  const watch: Watch = {
    entity,
    fields: changed.filter(field => old.fields.get(field.key)?.no === field.no),
    needed: new Set(stricter.map(field => field.key)),
    rules: new Set(rules.map(rule => rule.key)),
    conversions: filled.filter(each => each.from !== null),
    copies: filled.flatMap(({ field, compute }) => {
      const was = compute && field.no !== null ? old.fieldsByNo.get(field.no) : undefined
      return was?.derivation?.kind === 'lookup' && was.derivation.overridable ? [was] : []
    }),
    old,
    unique: {
      entity,
      rules: entity.uniques.filter(rule => storage.uniques.some(each => each.entityNo === entity.no && each.ruleNo === rule.no)),
      passes,
    },
  }
  const { fields, needed, conversions, copies, unique } = watch
  const isQuiet = fields.length + needed.size + watch.rules.size + conversions.length + copies.length + unique.rules.length === 0
  return isQuiet ? null : watch
}

/** Nothing says of a value whether it was copied or written; but one that would not be copied today is lost when it is made anew. */
async function lookForWritten(
  connection: TenantConnection,
  model: CompiledModel,
  entity: CompiledEntity,
  field: CompiledField,
  records: readonly ScannedRecord[],
  findings: Findings,
): Promise<void> {
  const given = records.filter(({ values }) => !isEmpty(values[field.key]))
  const copies = await copiesNow(
    connection,
    { model },
    entity,
    field,
    given.map(({ values }) => values),
  )
  for (const [index, { id, values }] of given.entries())
    findings.noteCopy({ entity: entity.key, field: field.key }, id, !same(values[field.key], copies?.[index] ?? null))
}

function lookAt(ctx: RecordContext, watch: Watch, record: ScannedRecord, findings: Findings): void {
  const { entity } = watch
  const { locale } = ctx.caller
  const values: Record<string, unknown> = { ...record.values }
  for (const work of watch.conversions) {
    values[work.field.key] = convertedValue(ctx, work, record)
    const former = work.from === null ? undefined : record.rest[work.from.no]
    const types = { entity: entity.key, field: work.field.key, from: work.from?.definition.type ?? '', to: work.field.declared.type }
    if (!isEmpty(former)) findings.noteConversion(types, record.id, isEmpty(values[work.field.key]))
  }
  for (const field of watch.fields) {
    const value = values[field.key]
    const read = isEmpty(value) ? null : field.type.canonical(value, field.definition, momentOf(ctx))
    if (read === null || read.ok) continue
    const { code, message } = fieldProblem(field, read, '', locale)
    findings.note({ entity: entity.key, field: field.key, rule: null, code, message }, record.id)
  }
  if (watch.needed.size + watch.rules.size > 0) lookAtRules(ctx, watch, record.id, values, findings)
}

/** The same check that a change of the record would have to pass. */
function lookAtRules(ctx: RecordContext, { entity, needed, rules }: Watch, id: string, values: Values, findings: Findings): void {
  const unchanged = { before: values, after: values, given: new Set<string>(), tables: new Map<string, number>() }
  const all = (): boolean => true
  const judgement = { env: environmentOf(ctx), locale: ctx.caller.locale, pointer: '', sees: all, knows: all, decides: all }
  const { problems } = checkRecord(entity, unchanged, judgement)
  for (const { code, message, pointer, params } of problems) {
    const field = pointer.slice(1)
    const rule = typeof params?.['rule'] === 'string' ? params['rule'] : null
    if (rule === null ? needed.has(field) : rules.has(rule))
      findings.note({ entity: entity.key, field: field === '' ? null : field, rule, code, message }, id)
  }
}

function lookForTwins(
  ctx: RecordContext,
  { entity, unique }: Watch,
  records: readonly ScannedRecord[],
  keys: Map<string, string>,
  findings: Findings,
): void {
  if (unique.rules.length === 0) return
  for (const row of keysOf(ctx, unique, records)) {
    const name = `${row.rule_no}/${row.value}`
    const holder = keys.get(name)
    if (holder === undefined) keys.set(name, row.record_id)
    else noteTwin(ctx, entity, unique, row.rule_no, row.record_id, findings)
  }
}

function noteTwin(ctx: RecordContext, entity: CompiledEntity, { rules }: RuleWork, ruleNo: number, id: string, findings: Findings): void {
  const rule = rules.find(each => each.no === ruleNo)
  const labels = (rule?.fields ?? []).map(key => speak(entity.fields.get(key)?.labels, ctx.caller.locale, key))
  const message = speak(rule?.message ?? undefined, ctx.caller.locale, wordsOf('UNIQUE', ctx.caller.locale, { labels: labels.join(', ') }))
  findings.note({ entity: entity.key, field: null, rule: rule?.fields.join('+') ?? null, code: 'MODEL_UNIQUE_CONFLICT', message }, id)
}
