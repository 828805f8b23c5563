/** Prepares the lines of table fields: records of their own, under their own grant, written with their parent. */
import { pointerOf } from '../../metadata/problem.ts'
import { accessErrors, decideAccess } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { newId } from '../kernel/ids.ts'
import { type TableChange, validateErrors } from '../validate/index.ts'
import { actingTerms, loadStates, requireVisible } from './load-states.ts'
import type { Intent, PreparedChange, PreparedLines } from './prepared.ts'
import { ItemFailures } from './prepared.ts'
import { commonErrors, EngineError } from '../kernel/errors.ts'
import { recordErrors } from './errors.ts'
import type { RecordContext } from './types.ts'

/** How records are prepared; handed in, because a record's lines are records too. */
type Prepare = (ctx: RecordContext, grant: Grant, intents: readonly Intent[]) => Promise<PreparedChange[]>

/** The lines of every table a parent's input names. Problems of lines carry pointers into the parent's input. */
export async function prepareLines(ctx: RecordContext, grant: Grant, parent: Intent, tables: ReadonlyMap<string, TableChange>, prepare: Prepare): Promise<PreparedLines[]> {
  const prepared: PreparedLines[] = []
  for (const [key, change] of tables) {
    const relation = grant.entity.relations.get(key)
    if (relation?.kind !== 'inverse') continue
    const at = `${parent.pointer}${pointerOf(key)}`
    const lines = await linesOf(ctx, parent, relation.target, relation.reference, change, at, prepare)
    prepared.push(lines)
  }
  return prepared
}

async function linesOf(ctx: RecordContext, parent: Intent, target: string, reference: string, change: TableChange, at: string, prepare: Prepare): Promise<PreparedLines> {
  const operation = change.create.length > 0 ? 'create' : change.delete.length > 0 && change.update.length === 0 ? 'delete' : change.update.length > 0 || change.order !== null ? 'update' : 'read'
  const grant = decideAccess(ctx, target, operation)
  if (change.delete.length > 0) decideAccess(ctx, target, 'delete')
  const order = new Map((change.order ?? []).map((id, index) => [id, index]))
  const positionOf = (index: number): number => (change.order === null ? (parent.op === 'create' ? index : afterAll(ctx) + index) : change.order.length + index)
  const onlyOrdered = [...order.keys()].filter(id => !change.update.some(line => line.id === id))
  const existing = await loadStates(ctx, grant, [...change.update.map(line => line.id), ...onlyOrdered], 'update')
  for (const id of [...change.update.map(line => line.id), ...onlyOrdered]) {
    if (existing.get(id)?.state.values[reference] !== parent.id) throw commonErrors.NOT_FOUND({})
  }
  const intents: Intent[] = [
    ...change.create.map((input, index): Intent => ({ op: 'create', id: newId(ctx.now.getTime()), input, version: null, pointer: parent.op === 'create' && change.update.length === 0 ? `${at}/${index}` : `${at}/create/${index}`, fixed: { [reference]: parent.id, position: positionOf(index) } })),
    ...change.update.map((line, index): Intent => ({ op: 'update', id: line.id, input: line.values, version: line.version, pointer: `${at}/update/${index}`, ...(order.has(line.id) ? { fixed: { position: order.get(line.id) } } : {}) })),
    ...onlyOrdered.map((id): Intent => ({ op: 'update', id, input: {}, version: existing.get(id)?.state.version ?? 0, pointer: `${at}/order`, fixed: { position: order.get(id) } })),
  ]
  const changes = await prepare(ctx, grant, intents).catch((error: unknown) => {
    throw error instanceof ItemFailures ? merged(error) : error
  })
  return { changes, deletes: await deletable(ctx, grant, change.delete, reference, parent.id), grant }
}

async function deletable(ctx: RecordContext, grant: Grant, ids: readonly string[], reference: string, parentId: string): Promise<{ id: string; version: number }[]> {
  const found = await loadStates(ctx, grant, ids, 'delete')
  return ids.map(id => {
    const line = found.get(id) ?? null
    requireVisible(grant, line)
    if (line.state.values[reference] !== parentId) throw commonErrors.NOT_FOUND({})
    if (actingTerms(grant, 'delete', line).length === 0) throw accessErrors.ROW_FORBIDDEN({ operation: 'delete', label: grant.entity.labels['en'] ?? grant.entity.key })
    return { id, version: line.state.version }
  })
}

/** Seconds since 2020: a line added later stands after all lines that were given a place. */
function afterAll(ctx: RecordContext): number {
  return Math.floor((ctx.now.getTime() - Date.UTC(2020, 0)) / 1000)
}

/** One error for several lines: all their field problems together, or the first other refusal. */
export function merged(failures: ItemFailures): Error {
  const errors = [...failures.failures.values()]
  const problems = errors.flatMap(error => (error instanceof EngineError && error.code === 'VALIDATE_FAILED' ? error.errors : []))
  const other = errors.find(error => !(error instanceof EngineError && error.code === 'VALIDATE_FAILED'))
  return other ?? (problems.length > 0 ? validateErrors.FAILED({ count: problems.length }, { errors: problems }) : recordErrors.CHANGED_MEANWHILE({}))
}
