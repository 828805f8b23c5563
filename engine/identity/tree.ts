/**
 * The tenant's tree of org units (company, branch, store, warehouse, department): which units lie within which.
 * Kept per tenant under an epoch (`tenant.tree_epoch`) that every move of an org unit raises; deleted units stay in it, for records still stand in them.
 */
import type { Database, Statement } from '../platform/types.ts'
import type { LiveModel, ModelSource } from './types.ts'

/** Ids of a unit and of all below it; a unit that is not there is only itself. Frozen, the same array for the same question. */
export type Within = (orgUnitId: string) => readonly string[]

export interface Trees {
  /** The tree as of the latest epoch that this process has seen. */
  of(tenantId: string): Promise<Within>
  /** Tells the epoch that a look at the database has seen. */
  note(tenantId: string, treeEpoch: number): void
}

interface KeptTree {
  readonly epoch: number
  readonly within: Within
}

/** Trees kept per process; a tree of 1,000 units takes 0.2 MB. */
const KEPT = 1_000

/** Makes the trees of one process. */
export function createTrees(database: Database, models: ModelSource): Trees {
  const kept = new Map<string, KeptTree>()
  const seen = new Map<string, number>()
  const loading = new Map<string, Promise<KeptTree>>()

  async function load(tenantId: string): Promise<KeptTree> {
    const live = await models.current(tenantId)
    const tree = await database.readAs(
      tenantId,
      async connection => {
        // The epoch first: units written after it was read only make the tree newer than its number.
        const [tenant] = await connection.run<{ tree_epoch: number }>({
          text: 'select tree_epoch from nexus.tenant where id = $1',
          values: [tenantId],
        })
        const units = await connection.run<{ id: string; parent: string | null }>(unitsStatement(tenantId, live))
        return { epoch: tenant?.tree_epoch ?? 0, within: withinOf(new Map(units.map(unit => [unit.id, unit.parent]))) }
      },
      'first',
    )
    kept.delete(tenantId)
    kept.set(tenantId, tree)
    seen.set(tenantId, Math.max(seen.get(tenantId) ?? 0, tree.epoch))
    const oldest = kept.keys().next().value
    if (kept.size > KEPT && oldest !== undefined) {
      kept.delete(oldest)
      seen.delete(oldest)
    }
    return tree
  }

  return {
    of: async tenantId => {
      const isCurrent = (tree: KeptTree | undefined): tree is KeptTree => tree !== undefined && tree.epoch >= (seen.get(tenantId) ?? 0)
      const before = kept.get(tenantId)
      if (isCurrent(before)) return before.within
      const started = await loading.get(tenantId)
      // A load that had begun before the newer epoch was heard of does not count.
      if (isCurrent(started)) return started.within
      const mine = loading.get(tenantId) ?? load(tenantId).finally(() => loading.delete(tenantId))
      loading.set(tenantId, mine)
      return (await mine).within
    },
    note: (tenantId, treeEpoch) => {
      if (kept.has(tenantId)) seen.set(tenantId, treeEpoch)
    },
  }
}

/** Answers `within` over a map of unit to parent; a circle of parents is a set of units that lie within each other. */
export function withinOf(parents: ReadonlyMap<string, string | null>): Within {
  const children = new Map<string, string[]>()
  for (const [id, parent] of parents) {
    if (parent === null) continue
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [id])
    else siblings.push(id)
  }
  const answers = new Map<string, readonly string[]>()
  return id => {
    const known = answers.get(id)
    if (known !== undefined) return known
    const found = new Set([id])
    // A set gives what is added while it is walked, and takes nothing twice.
    for (const unit of found) for (const child of children.get(unit) ?? []) found.add(child)
    const answer = Object.freeze([...found])
    if (parents.has(id)) answers.set(id, answer)
    return answer
  }
}

function unitsStatement(tenantId: string, live: LiveModel): Statement {
  const entity = live.model.entities.get('org_unit')
  const parent = entity?.fields.get(entity.parentField ?? '')
  if (entity === undefined || parent?.no == null) throw new Error('The model has no tree of org units; every tenant carries the core pack.')
  return {
    text: 'select id, data->>$3::text as parent from nexus.record where tenant_id = $1 and entity_no = $2',
    values: [tenantId, entity.no, parent.no],
  }
}
