/** Records of a to-many relation under the record: the first of them, and the way to all. */
import { Button } from '@mantine/core'
import { IconInbox, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useClient, useModel } from '../api/context.ts'
import { entityOf, type FormUi, type ModelEntity, type ModelField, type ModelRelation, type RecordData } from '../api/model.ts'
import { useWords } from '../i18n/use-words.ts'
import { columnsFor, selectionOf } from '../list/columns.ts'
import { viewsOf } from '../list/use-list.ts'
import { Failure, Notice } from '../shell/failure.tsx'
import { Waiting } from '../shell/waiting.tsx'
import classes from './related-list.module.css'
import { RelatedTable } from './related-table.tsx'

const SHOWN = 25
const COLUMNS = 6

interface ListProps {
  readonly entity: ModelEntity
  readonly relation: ModelRelation
  readonly record: RecordData
  /** What the form's layout says of its related lists. */
  readonly ui: FormUi
}

/** The related records. */
export function RelatedList(props: ListProps) {
  const target = entityOf(useModel(), props.relation.target)
  return target ? <List {...props} target={target} /> : null
}

function List({ entity, relation, record, ui, target }: ListProps & { readonly target: ModelEntity }) {
  const { t } = useWords()
  const client = useClient()
  const model = useModel()
  const back = referenceBack(target, entity, relation)
  const layout = useMemo(() => layoutOf(ui, relation.key), [ui, relation.key])
  const columns = useMemo(() => {
    const view = viewsOf(model, target.key).find(candidate => candidate.type === 'list') ?? null
    // Every row belongs to this record: a column that says so again is left out.
    return columnsFor(model, target, view, layout.columns)
      .filter(column => layout.columns !== null || !back || column.path.split('.')[0] !== back.key)
      .slice(0, COLUMNS)
  }, [model, target, back, layout])
  const select = useMemo(() => selectionOf(model, target, columns).filter(part => typeof part === 'string'), [model, target, columns])
  const rows = useQuery({
    queryKey: ['records', entity.key, 'related', record.id, relation.key, select, layout.sort],
    queryFn: async ({ signal }) => {
      const page = await client.page(
        entity.key,
        {
          select: [{ [relation.key]: { select, limit: SHOWN, ...(layout.sort ? { sort: [...layout.sort] } : {}) } }],
          where: { id: { eq: record.id } },
          limit: 1,
        },
        { signal },
      )
      return (page.data[0]?.[relation.key] ?? []) as readonly RecordData[]
    },
  })
  if (rows.isError) return <Failure error={rows.error} onRetry={() => void rows.refetch()} />
  if (!rows.data) return <Waiting lines={5} />
  const canCreate = target.operations.includes('create') && back !== null
  return (
    <div>
      <div className={classes.head}>
        {back?.filter.includes('eq') && rows.data.length > 0 && (
          <Button
            variant="default"
            size="xs"
            renderRoot={root => (
              <Link to="/records/$entity" params={{ entity: target.key }} search={{ where: { [back.key]: { eq: record.id } } }} {...root} />
            )}
          >
            {t('record.show_all')}
          </Button>
        )}
        {canCreate && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={15} stroke={2} />}
            renderRoot={root => (
              <Link to="/records/$entity/new" params={{ entity: target.key }} search={{ preset: { [back.key]: record.id } }} {...root} />
            )}
          >
            {t('list.new_entity', { entity: target.label })}
          </Button>
        )}
      </div>
      {rows.data.length === 0 ? (
        <Notice icon={<IconInbox size={28} stroke={1.5} />} title={t('record.related_empty')} />
      ) : (
        <RelatedTable entity={target} columns={columns} rows={rows.data} label={relation.label} />
      )}
    </div>
  )
}

/** Columns and order of a related list as the layout declares them, null where it leaves them open. */
function layoutOf(ui: FormUi, relation: string): { columns: readonly string[] | null; sort: readonly string[] | null } {
  const declared = ui['ui:options']?.['related']
  const list = (Array.isArray(declared) ? declared : []).find((each: { relation?: unknown }) => each.relation === relation) as
    | { columns?: unknown; sort?: unknown }
    | undefined
  const texts = (value: unknown): readonly string[] | null => {
    const found = Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
    return found.length > 0 ? found : null
  }
  return { columns: texts(list?.columns), sort: texts(list?.sort) }
}

/** The one reference of the related records that leads back here, if there is exactly one. */
export function referenceBack(target: ModelEntity, entity: ModelEntity, relation: ModelRelation): ModelField | null {
  if (relation.kind !== 'inverse') return null
  const back = target.fields.filter(field => field.kind === 'id' && field.target === entity.key && !field.system)
  return back.length === 1 ? (back[0] ?? null) : null
}
