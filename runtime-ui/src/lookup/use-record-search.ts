/** Finds records of an entity by their title while a person types: the controller behind every reference picker. */
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Query } from '../../../metadata/generated/types.ts'
import { useClient, useModel } from '../api/context.ts'
import { entityOf, fieldOf, type ModelEntity } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'

/** A record that can be chosen. */
export interface Found {
  readonly id: string
  readonly label: string
}

/** What a search has found so far. */
export interface RecordSearch {
  readonly found: readonly Found[]
  readonly searching: boolean
  readonly failed: boolean
}

const RESULTS = 20
const PAUSE_MS = 200

/** The query that finds records of an entity whose title holds the text. */
export function searchQuery(entity: ModelEntity, text: string): Query {
  const title = fieldOf(entity, entity.title_field)
  const narrowed: Query =
    text === ''
      ? {}
      : title?.filter.includes('contains')
        ? { where: { [entity.title_field]: { contains: text.startsWith('$') ? `$${text}` : text } } }
        : entity.searchable
          ? { search: text }
          : {}
  return { select: [entity.title_field], ...narrowed, ...(title?.sortable ? { sort: [entity.title_field] } : {}), limit: RESULTS }
}

/** Searches once the person pauses; idle while `open` is false. */
export function useRecordSearch(target: string | null | undefined, text: string, open: boolean): RecordSearch {
  const client = useClient()
  const entity = entityOf(useModel(), target)
  const [settled] = useDebouncedValue(text.trim(), PAUSE_MS)
  const search = useQuery({
    queryKey: ['records', target, 'pick', settled],
    queryFn: async ({ signal }) => {
      if (!entity) return []
      const page = await client.page(entity.key, searchQuery(entity, settled), { signal })
      return page.data.map(record => ({ id: record.id, label: titleText(record[entity.title_field]) }))
    },
    enabled: open && entity !== undefined,
    staleTime: 30_000,
    placeholderData: previous => previous,
  })
  return { found: search.data ?? [], searching: search.isFetching, failed: search.isError }
}
