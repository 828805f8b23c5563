/**
 * Links rows of a file to each other once all are written: references to records of the same file, whichever came first.
 * What can not be linked stays written, and its row says so.
 */
import type { TenantConnection } from '../platform/index.ts'
import { type BulkOperation, bulkRecords, type BulkResult, type RecordContext } from '../records/index.ts'
import { equal, lookupProblem, referenceValue, requireLookup } from './decide-rows.ts'
import { createNameBook, nameValue } from './look-up-names.ts'
import type { ColumnPlan, ImportPlan } from './plan-import.ts'
import { findClaims, type LinkedRow, readRowsAt } from './row-store.ts'
import { labelOf, rowProblem, type RowProblem } from './row-words.ts'
import { asTrial } from './trial.ts'
import type { Counts, StoredLink, StoredRow } from './types.ts'
import { nameKey, problemsOf } from './write-rows.ts'

/** What linking a chunk did, ready to be kept. */
export interface LinkOutcome {
  readonly rows: readonly LinkedRow[]
  readonly counts: Counts
}

/** Where names of the chunk lead: ids by text, none or several. */
type NameFinder = (column: ColumnPlan, text: string) => readonly string[]

interface Wish {
  readonly row: StoredRow
  readonly values: Record<string, unknown>
  readonly problems: RowProblem[]
  readonly changes: NonNullable<StoredRow['changes']>[number][]
}

/** Links a chunk of rows; `keep` is called in the transaction of the records, of a dry run in one of its own. */
export async function linkRows(
  ctx: RecordContext,
  plan: ImportPlan,
  jobId: string,
  rows: readonly StoredRow[],
  dryRun: boolean,
  keep: (connection: TenantConnection, outcome: LinkOutcome) => Promise<void>,
): Promise<void> {
  const found = await findNames(ctx, plan, jobId, rows, dryRun)
  const wishes = rows.map(row => wishOf(ctx, plan, row, found.ids))
  const operations = wishes.flatMap(wish => operationsOf(wish))
  if (dryRun) {
    const results = await asTrial(ctx.db, ctx.caller.tenant.id, async db => {
      const trial = { ...ctx, db, trial: true as const, committed: ctx.db }
      const base = [...new Map([...rows, ...found.targets].map(row => [row.row_no, row])).values()].flatMap(writeOf)
      await bulkRecords(trial, plan.entity.key, base, false)
      return bulkRecords(trial, plan.entity.key, operations, false)
    })
    return ctx.db.writeAs(ctx.caller.tenant.id, connection => keep(connection, outcomeOf(ctx, plan, wishes, results)))
  }
  await bulkRecords(ctx, plan.entity.key, operations, false, {
    around: async (connection, act) => {
      const results = await act()
      await keep(connection, outcomeOf(ctx, plan, wishes, results))
      return results
    },
  })
}

/** Names lead to records that are there; in a dry run also to those that its rows would have written. */
async function findNames(
  ctx: RecordContext,
  plan: ImportPlan,
  jobId: string,
  rows: readonly StoredRow[],
  dryRun: boolean,
): Promise<{ ids: NameFinder; targets: readonly StoredRow[] }> {
  const wanted = rows.flatMap(row =>
    linksOf(plan, row).flatMap(({ column, texts }) => texts.map(text => ({ column, lookup: requireLookup(column), text }))),
  )
  const resolve = await createNameBook().resolve(ctx, wanted)
  const written: NameFinder = (column, text) => {
    const named = resolve(requireLookup(column), text)
    return named.kind === 'several' ? ['', ''] : named.kind === 'one' ? [named.id] : []
  }
  if (!dryRun) return { ids: written, targets: [] }
  const claimed = new Map<string, readonly StoredRow[]>()
  for (const { lookup, text } of wanted) {
    const kind = `name/${lookup.by.key}`
    const key = nameKey(nameValue(ctx, lookup, text))
    if (claimed.has(`${kind}/${key}`)) continue
    const claims = await ctx.db.readAs(ctx.caller.tenant.id, connection => findClaims(connection, jobId, kind, [key]))
    const targets = await ctx.db.readAs(ctx.caller.tenant.id, connection => readRowsAt(connection, jobId, claims.get(key) ?? []))
    claimed.set(`${kind}/${key}`, targets)
  }
  const ids: NameFinder = (column, text) => {
    const lookup = requireLookup(column)
    const rowsNamed = claimed.get(`name/${lookup.by.key}/${nameKey(nameValue(ctx, lookup, text))}`) ?? []
    return [...new Set([...written(column, text), ...rowsNamed.map(row => row.record_id ?? '')])]
  }
  return { ids, targets: [...claimed.values()].flat() }
}

function wishOf(ctx: RecordContext, plan: ImportPlan, row: StoredRow, ids: NameFinder): Wish {
  const wish: Wish = { row, values: {}, problems: [], changes: [] }
  for (const { column, texts, old, shown } of linksOf(plan, row)) {
    const leads = texts.map(text => ({ text, ids: ids(column, text) }))
    const missing = leads.filter(each => each.ids.length !== 1)
    if (missing.length > 0 && !(column.lookup?.optional === true && missing.every(each => each.ids.length === 0))) {
      for (const each of missing)
        wish.problems.push(lookupProblem(ctx, each.ids.length === 0 ? 'LOOKUP_MISSING' : 'LOOKUP_AMBIGUOUS', column, each.text))
      continue
    }
    const value = referenceValue(
      column,
      leads.flatMap(each => each.ids),
    )
    if (equal(value, old)) continue
    wish.values[column.field.key] = value
    if (row.before_version !== null)
      wish.changes.push({ field: column.field.key, old: shown, new: texts.length === 1 ? (texts[0] ?? null) : texts })
  }
  return wish
}

function linksOf(plan: ImportPlan, row: StoredRow): (Omit<StoredLink, 'column'> & { column: ColumnPlan })[] {
  return (row.links ?? []).flatMap(link => {
    const column = plan.columns.find(each => each.name === link.column)
    return column === undefined ? [] : [{ ...link, column }]
  })
}

function operationsOf({ row, values }: Wish): BulkOperation[] {
  if (row.record_id === null || row.version === null || Object.keys(values).length === 0) return []
  return [{ op: 'update', id: row.record_id, version: row.version, values }]
}

/** What a dry run had written of a row. */
function writeOf(row: StoredRow): BulkOperation[] {
  if (row.record_id === null || row.input === null) return []
  if (row.op === 'create') return [{ op: 'create', id: row.record_id, values: row.input }]
  return row.op === 'update' && row.before_version !== null
    ? [{ op: 'update', id: row.record_id, version: row.before_version, values: row.input }]
    : []
}

function outcomeOf(ctx: RecordContext, plan: ImportPlan, wishes: readonly Wish[], results: readonly BulkResult[]): LinkOutcome {
  const byId = new Map(results.map(result => [result.id, result]))
  const counts = { created: 0, updated: 0, unchanged: 0, failed: 0, incomplete: 0 }
  const rows = wishes.map(({ row, values, problems, changes }): LinkedRow => {
    const result = row.record_id === null ? undefined : byId.get(row.record_id)
    const refused = result?.error == null ? [] : problemsOf(ctx, plan, result.error)
    const all = [...problems, ...refused]
    if (all.length > 0) {
      counts.incomplete += 1
      const label = linksOf(plan, row)
        .map(({ column }) => labelOf(ctx, column.field))
        .join(', ')
      all.push(rowProblem('WITHOUT_REFERENCE', ctx.caller.locale, null, { label }))
    }
    const isWritten = result !== undefined && result.error === null && Object.keys(values).length > 0
    if (isWritten && row.op === 'keep') {
      counts.updated += 1
      counts.unchanged -= 1
    }
    return {
      row_no: row.row_no,
      op: isWritten && row.op === 'keep' ? 'update' : row.op,
      version: isWritten ? result.version : row.version,
      problems: all.length > 0 ? all : null,
      changes: isWritten && changes.length > 0 ? [...(row.changes ?? []), ...changes] : row.changes,
    }
  })
  return { rows, counts }
}
