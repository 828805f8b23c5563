/** Records of a to-many relation under the record: the first of them, and the way to all. */
import { Button } from '@mantine/core'
import { IconInbox, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useClient, useModel } from '../api/context.ts'
import { entityOf, type ModelEntity, type ModelField, type ModelRelation, type RecordData } from '../api/model.ts'
import { useWords } from '../i18n/use-words.ts'
import { columnsFor, selectionOf } from '../list/columns.ts'
import { viewsOf } from '../list/use-list.ts'
import { Failure, Notice } from '../shell/failure.tsx'
import { Waiting } from '../shell/waiting.tsx'
import classes from './related-list.module.css'
import { RelatedTable } from './related-table.tsx'

const SHOWN = 25
const COLUMNS = 6

/** The related records. */
export function RelatedList({
  entity,
  relation,
  record,
}: {
  readonly entity: ModelEntity
  readonly relation: ModelRelation
  readonly record: RecordData
}) {
  const target = entityOf(useModel(), relation.target)
  return target ? <List entity={entity} relation={relation} record={record} target={target} /> : null
}

interface ListProps {
  readonly entity: ModelEntity
  readonly relation: ModelRelation
  readonly record: RecordData
  readonly target: ModelEntity
}

function List({ entity, relation, record, target }: ListProps) {
  const { t } = useWords()
  const client = useClient()
  const model = useModel()
  const back = referenceBack(target, entity, relation)
  const columns = useMemo(() => {
    const view = viewsOf(model, target.key).find(candidate => candidate.type === 'list') ?? null
    // Every row belongs to this record: a column that says so again is left out.
    return columnsFor(model, target, view, null)
      .filter(column => !back || column.path.split('.')[0] !== back.key)
      .slice(0, COLUMNS)
  }, [model, target, back])
  const select = useMemo(() => selectionOf(model, target, columns).filter(part => typeof part === 'string'), [model, target, columns])
  const rows = useQuery({
    queryKey: ['records', entity.key, 'related', record.id, relation.key, select],
    queryFn: async ({ signal }) => {
      const page = await client.query(
        entity.key,
        { select: [{ [relation.key]: { select, limit: SHOWN } }], where: { id: { eq: record.id } }, limit: 1 },
        signal,
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

/** The one reference of the related records that leads back here, if there is exactly one. */
export function referenceBack(target: ModelEntity, entity: ModelEntity, relation: ModelRelation): ModelField | null {
  if (relation.kind !== 'inverse') return null
  const back = target.fields.filter(field => field.kind === 'id' && field.target === entity.key && !field.system)
  return back.length === 1 ? (back[0] ?? null) : null
}
