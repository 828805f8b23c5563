/**
 * Names of referenced records. Whatever asks within one tick is answered by one query per entity; answers are cached.
 */
import { useQueries } from '@tanstack/react-query'
import { useClient, useModel } from '../api/context.ts'
import type { Client } from '../api/client.ts'
import { entityOf, type Model } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'

/** A record by its name; null where the caller may not see it. */
export interface RecordLabel {
  readonly id: string
  readonly label: string | null
}

interface Batch {
  readonly ids: Set<string>
  readonly answer: Promise<ReadonlyMap<string, string>>
}

const waiting = new WeakMap<Client, Map<string, Batch>>()
const MAX_IDS = 100
const FRESH_MS = 60_000

/** The names of records of one entity, in the order of the ids; undefined while they are on their way. */
export function useRecordLabels(target: string | null | undefined, ids: readonly string[]): readonly (RecordLabel | undefined)[] {
  const client = useClient()
  const model = useModel()
  return useQueries({
    queries: ids.map(id => ({
      queryKey: ['label', target, id],
      queryFn: async (): Promise<RecordLabel> => ({ id, label: (await labelOf(client, model, target ?? '', id)) ?? null }),
      staleTime: FRESH_MS,
    })),
    combine: results => results.map(result => result.data),
  })
}

async function labelOf(client: Client, model: Model, target: string, id: string): Promise<string | undefined> {
  const entity = entityOf(model, target)
  if (!entity) return undefined
  let batches = waiting.get(client)
  if (!batches) {
    batches = new Map()
    waiting.set(client, batches)
  }
  const open = batches.get(target)
  if (open && open.ids.size < MAX_IDS) {
    open.ids.add(id)
    return (await open.answer).get(id)
  }
  const ids = new Set([id])
  const answer = (async () => {
    await new Promise(resolve => setTimeout(resolve, 0))
    batches.delete(target)
    const page = await client.page(target, { select: [entity.title_field], where: { id: { in: [...ids] } }, limit: ids.size })
    return new Map(page.data.map(record => [record.id, titleText(record[entity.title_field])]))
  })()
  batches.set(target, { ids, answer })
  return (await answer).get(id)
}
