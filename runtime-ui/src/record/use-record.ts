/** The controller of one record: reads it with its line items, removes it with a way back. Draws nothing. */
import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Selection } from '../../../metadata/generated/types.ts'
import { useClient, useModel } from '../api/context.ts'
import type { Client } from '../api/client.ts'
import { entityOf, type Model, type ModelEntity, type RecordData } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { useWords } from '../i18n/use-words.ts'
import { toast } from '../shell/toasts.ts'

/** A record in the cache, its line items included. */
export function recordOptions(client: Client, model: Model, entity: ModelEntity, id: string) {
  return queryOptions({
    queryKey: ['record', entity.key, id],
    queryFn: ({ signal }) => readWhole(client, model, entity, id, signal),
    staleTime: 5_000,
  })
}

/** The record as the engine has it now, its line items included. */
export async function readWhole(client: Client, model: Model, entity: ModelEntity, id: string, signal?: AbortSignal): Promise<RecordData> {
  const includes = tableIncludes(model, entity)
  const given = signal === undefined ? {} : { signal }
  const record = await client.read(entity.key, id, given)
  if (includes.length === 0) return record
  const page = await client.page(entity.key, { select: includes, where: { id: { eq: id } }, limit: 1 }, given)
  return { ...record, ...page.data[0], id: record.id, version: record.version }
}

/** More lines than this are not edited in a form. */
const MAX_LINES = 500

function tableIncludes(model: Model, entity: ModelEntity): Selection {
  return entity.fields
    .filter(field => field.type === 'table')
    .flatMap(field => {
      const child = entityOf(model, field.target)
      if (!child) return []
      const select = child.fields.filter(part => !part.heavy && part.type !== 'table' && !part.system).map(part => part.key)
      const limit = Math.min(MAX_LINES, child.caps?.max_page_size ?? MAX_LINES)
      return [{ [field.key]: { select: select.length > 0 ? select : [child.title_field], limit } }]
    })
}

/** The record and where its reading stands. */
export function useRecord(entity: ModelEntity, id: string) {
  const client = useClient()
  const model = useModel()
  return useQuery(recordOptions(client, model, entity, id))
}

/** Puts a saved record into the cache and lets everything that may show it ask again. */
export function noteSaved(queries: QueryClient, entity: string, id: string): void {
  void queries.invalidateQueries({ queryKey: ['record', entity, id] })
  void queries.invalidateQueries({ queryKey: ['records'] })
  void queries.invalidateQueries({ queryKey: ['label', entity, id] })
}

/** Deletes a record and offers the way back in a message. */
export function useRemove(entity: ModelEntity): (record: RecordData) => Promise<void> {
  const client = useClient()
  const queries = useQueryClient()
  const { t } = useWords()
  return async record => {
    const title = titleText(record[entity.title_field]) || t('record.untitled')
    const restore = async (): Promise<void> => {
      try {
        await client.restore(entity.key, record.id)
        noteSaved(queries, entity.key, record.id)
        toast(t('record.restored', { title }))
      } catch (error) {
        toast(error instanceof Error ? error.message : t('error.title'), { kind: 'failed' })
      }
    }
    await client.remove(entity.key, record)
    queries.removeQueries({ queryKey: ['record', entity.key, record.id] })
    void queries.invalidateQueries({ queryKey: ['records'] })
    toast(t('record.deleted', { title }), {
      action: entity.operations.includes('restore') ? { label: t('app.undo'), run: () => void restore() } : null,
    })
  }
}
