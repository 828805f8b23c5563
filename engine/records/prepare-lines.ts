/**
 * Prepares the lines of table fields: records of their own, under their own grant, written with their parent.
 * The lines of all parents of a batch are prepared together; what is wrong with a line is told of its parent.
 */
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { inReadersWords } from '../../metadata/said.ts'
import { accessErrors, decideAccess, grantOver } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { EngineError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { CompiledField } from '../model/types.ts'
import { fieldProblem, labelIn, type TableChange, unknownName, validateErrors } from '../validate/index.ts'
import { recordErrors } from './errors.ts'
import { actingTerms, loadStates, type Probed, requireVisible } from './load-states.ts'
import type { Intent, PreparedChange, PreparedLines } from './prepared.ts'
import { ItemFailures } from './prepared.ts'
import type { Started } from './start-change.ts'
import type { RecordContext, Values } from './types.ts'

/** How records are prepared; handed in, because a record's lines are records too. */
type Prepare = (
  ctx: RecordContext,
  grant: Grant,
  intents: readonly Intent[],
  known: ReadonlyMap<string, Values>,
) => Promise<PreparedChange[]>

/** Prepared lines by parent, and what is wrong with them by parent. */
export interface LinesOf {
  readonly lines: ReadonlyMap<string, readonly PreparedLines[]>
  readonly failures: ReadonlyMap<string, Error>
}

/** The lines of every table that the inputs of these parents name. Problems of lines carry pointers into the parents' inputs. */
export async function prepareLines(ctx: RecordContext, grant: Grant, parents: readonly Started[], prepare: Prepare): Promise<LinesOf> {
  const lines = new Map<string, PreparedLines[]>()
  const failures = new Map<string, Error>()
  if (parents.every(parent => parent.parsed.tables.size === 0)) return { lines, failures }
  for (const [key, field] of grant.entity.fields) {
    const sets = parents.flatMap(parent => {
      const change = parent.parsed.tables.get(key)
      return change === undefined ? [] : [new LineSet(ctx, parent, field, change)]
    })
    if (sets.length === 0) continue
    const relation = grant.entity.relations.get(key)
    const target = relation?.kind !== 'inverse' ? null : grantOver(ctx.model, ctx.caller.profiles, relation.target)
    if (relation?.kind !== 'inverse' || target === null) {
      for (const set of sets) note(failures, set.parent.intent.id, invalid([unknownName(key, set.at, [...grant.fields.keys()])]))
      continue
    }
    for (const [parentId, made] of await prepareTable(ctx, target, relation.reference, sets, failures, prepare)) {
      lines.set(parentId, [...(lines.get(parentId) ?? []), made])
    }
  }
  return { lines, failures }
}

async function prepareTable(
  ctx: RecordContext,
  grant: Grant,
  reference: string,
  sets: readonly LineSet[],
  failures: Map<string, Error>,
  prepare: Prepare,
): Promise<Map<string, PreparedLines>> {
  const found = await loadStates(
    ctx,
    grant,
    sets.flatMap(set => set.existing),
  )
  const gone = await loadStates(
    ctx,
    grant,
    sets.flatMap(set => set.change.delete),
    'delete',
  )
  const owners = new Map<string, string>()
  const intents = sets.flatMap(set =>
    set.intentsOf(grant, reference, found).map(intent => (owners.set(intent.id, set.parent.intent.id), intent)),
  )
  const deletes = new Map(sets.map(set => [set.parent.intent.id, set.deletesOf(grant, reference, gone)]))
  for (const set of sets) if (set.problems.length > 0) note(failures, set.parent.intent.id, invalid(set.problems))
  const known = new Map(sets.map(set => [set.parent.intent.id, set.parent.draft.values]))
  const changes = await prepareSome(ctx, grant, intents, known, prepare, (id, error) => note(failures, owners.get(id) ?? '', error))
  const ofParent = Map.groupBy(changes, change => owners.get(change.id) ?? '')
  return new Map(
    sets.map(set => {
      const { id } = set.parent.intent
      return [id, { field: set.field, reference, grant, changes: ofParent.get(id) ?? [], deletes: deletes.get(id) ?? [] }]
    }),
  )
}

/** A failing line spoils its parent, not the lines of others. */
async function prepareSome(
  ctx: RecordContext,
  grant: Grant,
  intents: readonly Intent[],
  known: ReadonlyMap<string, Values>,
  prepare: Prepare,
  failed: (id: string, error: Error) => void,
): Promise<PreparedChange[]> {
  if (intents.length === 0) return []
  try {
    for (const op of new Set(intents.map(intent => intent.op))) decideAccess(ctx, grant.entity.key, op)
    return await prepare(ctx, grant, intents, known)
  } catch (error) {
    if (error instanceof ItemFailures) for (const [id, failure] of error.failures) failed(id, failure)
    else if (error instanceof EngineError) for (const intent of intents) failed(intent.id, error)
    else throw error
    return []
  }
}

/** What one parent's input says of one table. */
class LineSet {
  readonly problems: Problem[] = []
  /** Lines that are there and change. */
  readonly existing: readonly string[]
  readonly at: string
  readonly parent: Started
  readonly field: CompiledField
  readonly change: TableChange
  private readonly ctx: RecordContext

  constructor(ctx: RecordContext, parent: Started, field: CompiledField, change: TableChange) {
    this.ctx = ctx
    this.parent = parent
    this.field = field
    this.change = change
    this.at = `${parent.intent.pointer}${pointerOf(field.key)}`
    this.existing = [...new Set([...change.update.map(line => line.id), ...(change.order ?? [])])]
  }

  intentsOf(grant: Grant, reference: string, found: ReadonlyMap<string, Probed>): Intent[] {
    const { ctx, change, parent } = this
    const { id } = parent.intent
    const places = placesOf(change.order ?? [], found)
    const isMine = (line: string): boolean => isLineOf(grant, reference, id, found.get(line))
    const first = parent.intent.op === 'create' ? 0 : afterAll(ctx)
    this.requireParent(grant, reference, id)
    const creates = change.create.map(
      (input, index): Intent => ({
        op: 'create',
        id: newId(ctx.now.getTime()),
        input,
        version: null,
        pointer: `${this.at}${change.plain ? '' : '/create'}/${index}`,
        fixed: { [reference]: id },
        position: first + index,
      }),
    )
    const updates = change.update.flatMap((line, index): Intent[] => {
      if (!isMine(line.id)) return this.refuse(`/update/${index}`)
      const place = places.get(line.id)
      return [
        {
          op: 'update',
          id: line.id,
          input: line.values,
          version: line.version,
          pointer: `${this.at}/update/${index}`,
          ...(place === undefined ? {} : { position: place }),
        },
      ]
    })
    const moves = (change.order ?? []).flatMap((line, index): Intent[] => {
      if (!isMine(line)) return this.refuse(`/order/${index}`)
      if (change.update.some(each => each.id === line)) return []
      return [
        {
          op: 'update',
          id: line,
          input: {},
          version: found.get(line)?.state.version ?? 0,
          pointer: `${this.at}/order/${index}`,
          position: places.get(line) ?? 0,
        },
      ]
    })
    return [...creates, ...updates, ...moves]
  }

  /** A line is its parent's; what it says of another parent is told, not passed over. Where the field is hidden, its name is unknown like any. */
  private requireParent(grant: Grant, reference: string, id: string): void {
    const { change, parent } = this
    const field = grant.fields.get(reference)?.field
    if (field === undefined) return
    const refuse = (line: unknown, at: string): void => {
      const named = new Map(Object.entries(line ?? {})).get(reference)
      if (named === undefined || named === null || (named === id && parent.intent.op === 'update')) return
      this.problems.push(fieldProblem(field, 'NOT_WRITABLE', `${this.at}${at}${pointerOf(reference)}`, this.ctx.caller.locale))
    }
    for (const [index, line] of change.create.entries()) refuse(line, `${change.plain ? '' : '/create'}/${index}`)
    for (const [index, line] of change.update.entries()) refuse(line.values, `/update/${index}`)
  }

  deletesOf(grant: Grant, reference: string, found: ReadonlyMap<string, Probed>): { id: string; version: number }[] {
    return this.change.delete.flatMap((line, index) => {
      const state = found.get(line)
      if (state === undefined || !isLineOf(grant, reference, this.parent.intent.id, state)) return this.refuse(`/delete/${index}`)
      if (actingTerms(grant, 'delete', state).length > 0) return [{ id: line, version: state.state.version }]
      const { locale } = this.ctx.caller
      const { code, speak } = accessErrors.ROW_FORBIDDEN({
        operation: 'delete',
        label: labelIn(grant.entity.labels, locale, grant.entity.key),
      })
      this.problems.push({ pointer: `${this.at}/delete/${index}`, code, message: inReadersWords(speak(locale).detail) })
      return []
    })
  }

  private refuse(at: string): never[] {
    this.problems.push(fieldProblem(this.field, 'TABLE_LINE', `${this.at}${at}`, this.ctx.caller.locale))
    return []
  }
}

/** Lines of others, lines that are gone and lines that the caller can not see are no lines of this parent. */
function isLineOf(grant: Grant, reference: string, parentId: string, found: Probed | undefined): boolean {
  try {
    requireVisible(grant, found ?? null)
  } catch {
    return false
  }
  return found?.state.values[reference] === parentId
}

/** The listed lines share out among themselves the places they have; lines that are not listed keep theirs. */
function placesOf(order: readonly string[], found: ReadonlyMap<string, Probed>): Map<string, number> {
  const places = order.map(id => Number(found.get(id)?.state.rest['position'] ?? 0)).sort((a, b) => a - b)
  const first = places[0] ?? 0
  const distinct = new Set(places).size === places.length
  return new Map(order.map((id, index) => [id, distinct ? (places[index] ?? first) : first + index]))
}

/** Seconds since 2020: a line added later stands after all lines that were given a place. */
export function afterAll(ctx: RecordContext): number {
  return Math.floor((ctx.now.getTime() - Date.UTC(2020, 0)) / 1000)
}

function invalid(problems: readonly Problem[]): EngineError {
  return validateErrors.FAILED({ count: problems.length }, { errors: problems })
}

function note(failures: Map<string, Error>, id: string, error: Error): void {
  const known = failures.get(id)
  failures.set(id, known === undefined ? error : together([known, error]))
}

/** One error for several lines or items: all their field problems at once, or the first other refusal. */
export function together(errors: readonly Error[]): Error {
  const problems = errors.flatMap(error => (isInvalid(error) ? error.errors : []))
  const other = errors.find(error => !isInvalid(error))
  return other ?? (problems.length > 0 ? invalid(problems) : recordErrors.CHANGED_MEANWHILE({}))
}

/** One error for a batch of which nothing is done. */
export function merged(failures: ItemFailures): Error {
  return together([...failures.failures.values()])
}

function isInvalid(error: Error): error is EngineError {
  return error instanceof EngineError && error.code === 'VALIDATE_FAILED'
}
