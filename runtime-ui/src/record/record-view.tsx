/** A record to read: its fields in the sections of the layout, who made and changed it, its related records. A view. */
import { ActionIcon, Skeleton } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import {
  entityOf,
  fieldOf,
  type FormUi,
  type Model,
  type ModelConversion,
  type ModelEntity,
  type ModelRelation,
  type RecordData,
} from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { formatAgo, formatDateTime } from '../display/time.ts'
import { useNow } from '../display/use-now.ts'
import { ChoiceBadge, useDisplayScope } from '../display/value.tsx'
import { type Section, sectionsOf, tabsOf } from '../form/prepare.ts'
import { useWords } from '../i18n/use-words.ts'
import { lastPlace } from '../list/last-place.ts'
import { Strip } from '../shell/strip.tsx'
import { useLanding } from '../shell/use-landing.ts'
import { RecordValue } from '../lookup/record-value.tsx'
import { RecordActions } from './record-actions.tsx'
import classes from './record.module.css'

interface RecordViewProps {
  readonly model: Model
  readonly entity: ModelEntity
  readonly ui: FormUi
  /** Fields the person may see, those of the form. */
  readonly keys: readonly string[]
  readonly record: RecordData
  readonly tab: string | undefined
  /** What other records can be made of this one. */
  readonly conversions: readonly ModelConversion[]
  readonly renderRelated: (relation: ModelRelation) => ReactNode
  readonly onDelete: () => Promise<void>
  readonly onCopyLink: () => Promise<void>
}

/** Values that need the whole width. */
const WIDE = new Set(['long_text', 'table', 'json'])
/** Only what leads exactly here is the current page: the way back to the list is not. */
const EXACT = { exact: true }
/** System fields have a place of their own at the side. */
const ASIDE = new Set(['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by', 'owner_id', 'org_unit_id', 'deleted_at'])

/** The page of a record. */
export function RecordView(props: RecordViewProps) {
  const { t } = useWords()
  const { model, entity, record } = props
  const relations = relationsOf(model, entity, props.ui)
  const sections = sectionsOf(
    props.ui,
    props.keys.filter(key => !ASIDE.has(key)),
  )
  const layoutTabs = tabsOf(props.ui, sections)
  // A tab of the layout comes first where a relation bears the same name.
  const addressOf = (key: string): string => (layoutTabs.some(tab => tab.key === key) ? `related.${key}` : key)
  const relation = relations.find(candidate => addressOf(candidate.key) === props.tab)
  const layoutTab = layoutTabs.find(tab => tab.key === props.tab) ?? layoutTabs[0]
  const title = titleText(record[entity.title_field]) || t('record.untitled')
  const landing = useLanding()
  return (
    <div className={classes.page}>
      <div ref={landing} tabIndex={-1} className={classes.scroll}>
        <header className={classes.viewHeader}>
          <div className={classes.header}>
            <ActionIcon
              aria-label={t('app.back')}
              renderRoot={root => (
                <Link
                  to="/records/$entity"
                  params={{ entity: entity.key }}
                  search={lastPlace(entity.key).address}
                  activeOptions={EXACT}
                  {...root}
                />
              )}
            >
              <IconArrowLeft size={20} stroke={1.7} />
            </ActionIcon>
            <div className={classes.titles}>
              <span className={classes.kind}>{entity.label}</span>
              <h1 className={classes.title}>{title}</h1>
              <Stage entity={entity} record={record} />
            </div>
            <RecordActions {...props} title={title} />
          </div>
          {relations.length + layoutTabs.length > 0 && (
            <Strip className={classes.tabs} label={t('record.parts')} current={props.tab ?? ''}>
              {layoutTabs.length === 0 && (
                <Tab entity={entity.key} id={record.id} tab={undefined} current={!relation}>
                  {t('record.details')}
                </Tab>
              )}
              {layoutTabs.map((tab, place) => (
                <Tab
                  key={tab.key}
                  entity={entity.key}
                  id={record.id}
                  tab={place === 0 ? undefined : tab.key}
                  current={!relation && tab === layoutTab}
                >
                  {tab.label}
                </Tab>
              ))}
              {relations.map(other => (
                <Tab key={other.key} entity={entity.key} id={record.id} tab={addressOf(other.key)} current={other === relation}>
                  {other.label}
                </Tab>
              ))}
            </Strip>
          )}
        </header>
        {relation ? (
          <div className={classes.related}>{props.renderRelated(relation)}</div>
        ) : (
          <Details {...props} sections={layoutTab?.sections ?? sections} />
        )}
      </div>
    </div>
  )
}

/** The related lists of the layout in its order; without them every relation that leads to something and is no field. */
function relationsOf(model: Model, entity: ModelEntity, ui: FormUi): ModelRelation[] {
  const declared = ui['ui:options']?.['related']
  const keys = Array.isArray(declared) ? declared.map((list: { relation?: unknown }) => list.relation) : null
  const relations = entity.relations.filter(relation => relation.kind !== 'table' && entityOf(model, relation.target))
  if (keys) return keys.flatMap(key => relations.find(relation => relation.key === key) ?? [])
  return relations.filter(relation => !fieldOf(entity, relation.key))
}

function Tab(props: {
  readonly entity: string
  readonly id: string
  readonly tab: string | undefined
  readonly current: boolean
  readonly children: ReactNode
}) {
  return (
    <Link
      to="/records/$entity/$id"
      params={{ entity: props.entity, id: props.id }}
      search={props.tab === undefined ? {} : { tab: props.tab }}
      replace
      className={classes.tab}
      // Without it the address of the details counts as a part of every tab's.
      activeOptions={EXACT}
      aria-current={props.current ? 'page' : undefined}
    >
      {props.children}
    </Link>
  )
}

/** The state of the record, if it has a field that works like one. */
function Stage({ entity, record }: { readonly entity: ModelEntity; readonly record: RecordData }) {
  const field = fieldOf(entity, 'stage') ?? fieldOf(entity, 'status')
  const value = field ? record[field.key] : null
  return field?.options && typeof value === 'string' ? <ChoiceBadge value={value} field={field} /> : null
}

function Details({ entity, record, sections }: RecordViewProps & { readonly sections: readonly Section[] }) {
  return (
    <div className={classes.body}>
      <div className={classes.main}>
        {sections.map((section, place) => (
          <SectionView key={section.label ?? place} section={section} entity={entity} record={record} id={`view-section-${place}`} />
        ))}
      </div>
      <Aside entity={entity} record={record} />
    </div>
  )
}

function SectionView({
  section,
  entity,
  record,
  id,
}: {
  readonly section: Section
  readonly entity: ModelEntity
  readonly record: RecordData
  readonly id: string
}) {
  const fields = section.fields.flatMap(place => fieldOf(entity, place.key) ?? [])
  if (fields.length === 0) return null
  return (
    <section className={classes.section} aria-labelledby={section.label === null ? undefined : id}>
      {section.label !== null && (
        <h2 id={id} className={classes.sectionTitle}>
          {section.label}
        </h2>
      )}
      <dl className={classes.fields} style={{ '--columns': section.columns } as React.CSSProperties}>
        {fields.map(field => (
          <div key={field.key} className={classes.field} data-wide={WIDE.has(field.type) || undefined}>
            <dt className={fields.length === 1 && field.label === section.label ? classes.unseen : classes.label}>{field.label}</dt>
            <dd className={classes.value}>
              <RecordValue entity={entity} field={field.key} value={record[field.key]} record={record} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Aside({ entity, record }: { readonly entity: ModelEntity; readonly record: RecordData }) {
  const { t } = useWords()
  const scope = useDisplayScope()
  const now = useNow()
  const moments = [
    { at: 'created_at', by: 'created_by', label: t('record.created_at') },
    { at: 'updated_at', by: 'updated_by', label: t('record.updated_at') },
  ].filter(moment => typeof record[moment.at] === 'string')
  const people = [
    { key: 'owner_id', label: t('record.owner') },
    { key: 'org_unit_id', label: t('record.org_unit') },
  ].filter(person => record[person.key] !== undefined && record[person.key] !== null && fieldOf(entity, person.key))
  if (moments.length + people.length === 0) return null
  return (
    <aside className={classes.aside} aria-label={t('record.details')}>
      <dl className={classes.asideList}>
        {people.map(person => (
          <div key={person.key} className={classes.field}>
            <dt className={classes.label}>{person.label}</dt>
            <dd className={classes.value}>
              <RecordValue entity={entity} field={person.key} value={record[person.key]} record={record} />
            </dd>
          </div>
        ))}
        {moments.map(moment => (
          <div key={moment.at} className={classes.field}>
            <dt className={classes.label}>{moment.label}</dt>
            <dd className={classes.value}>
              <time dateTime={String(record[moment.at])} title={formatDateTime(record[moment.at], scope.locale, scope.timeZone)}>
                {formatAgo(record[moment.at], scope.locale, scope.timeZone, now)}
              </time>
              {typeof record[moment.by] === 'string' && fieldOf(entity, moment.by) && (
                <div className={classes.by}>
                  <RecordValue entity={entity} field={moment.by} value={record[moment.by]} record={record} plain />
                </div>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  )
}

/** A record on its way. */
export function RecordWaiting() {
  const { t } = useWords()
  return (
    <div className={classes.page} role="status" aria-label={t('app.loading')}>
      <header className={classes.viewHeader}>
        <div className={classes.header}>
          <h1 className={classes.unseen}>{t('app.loading')}</h1>
          <Skeleton height={24} width={260} />
        </div>
      </header>
      <div className={classes.body}>
        <div className={classes.main}>
          <div className={classes.fields} style={{ '--columns': 2 } as React.CSSProperties}>
            {Array.from({ length: 10 }, (_, index) => (
              <div key={index} className={classes.field}>
                <Skeleton height={10} width={90} />
                <Skeleton height={12} width={`${40 + ((index * 37) % 45)}%`} mt={10} />
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  )
}
