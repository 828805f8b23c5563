/** Above a list: its views, the search, the panels for filter, order and columns, and the filter in words. A view. */
import { CloseButton, TextInput } from '@mantine/core'
import { IconArrowsSort, IconColumns, IconFilter, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { Predicate } from '../../../metadata/generated/types.ts'
import { useModel } from '../api/context.ts'
import { NamedIcon } from '../display/icons.tsx'
import { Panel } from '../shell/panel.tsx'
import { Strip } from '../shell/strip.tsx'
import { countConditions, fromPredicate, toPredicate } from './filter.ts'
import { focusRows } from './focus-rows.ts'
import classes from './list.module.css'
import type { ToolbarState } from './use-list.ts'

const loadFilter = () => import('./filter-builder.tsx')
const loadSort = () => import('./sort-panel.tsx')
const FilterChips = lazy(async () => ({ default: (await import('./filter-chips.tsx')).FilterChips }))
const FilterBuilder = lazy(async () => ({ default: (await loadFilter()).FilterBuilder }))
const SortPanel = lazy(async () => ({ default: (await loadSort()).SortPanel }))
const ColumnsPanel = lazy(async () => ({ default: (await loadSort()).ColumnsPanel }))

const VIEW_ICONS = { list: 'list', board: 'kanban', calendar: 'calendar' } as const

/** The toolbar. */
export function ListToolbar(props: ToolbarState & { readonly sortable?: boolean }) {
  const { t } = useWords()
  const model = useModel()
  const { entity, view, views, columns, change } = props
  const said = JSON.stringify(props.where)
  const filter = useMemo(
    () => fromPredicate(model, entity, said === undefined ? undefined : (JSON.parse(said) as Predicate)),
    [model, entity, said],
  )
  const conditions = countConditions(filter)
  return (
    <>
      {views.length > 1 && (
        <Strip label={t('list.views')} current={view?.key ?? ''} className={classes.views}>
          {views.map(other => (
            <Link
              key={other.key}
              to="/records/$entity"
              params={{ entity: entity.key }}
              search={{ view: other.key }}
              className={classes.view}
              aria-current={other.key === view?.key ? 'page' : undefined}
            >
              <NamedIcon name={other.icon ?? VIEW_ICONS[other.type]} size={16} />
              {other.label}
            </Link>
          ))}
        </Strip>
      )}
      <div className={classes.toolbar}>
        {entity.searchable !== false && <SearchBox text={props.q ?? ''} onSearch={q => change({ q: q === '' ? undefined : q }, true)} />}
        <Panel
          label={conditions > 0 ? t('list.filter_count', { count: conditions }) : t('list.filter')}
          icon={<IconFilter size={17} stroke={1.7} />}
          text={conditions > 0 ? `${t('list.filter')} · ${conditions}` : t('list.filter')}
          active={conditions > 0}
          width={720}
          className={classes.tool}
          onNear={() => void loadFilter()}
        >
          {close => (
            <FilterBuilder
              model={model}
              entity={entity}
              filter={filter}
              onApply={next => {
                change({ where: toPredicate(next) })
                close()
              }}
            />
          )}
        </Panel>
        {props.sortable !== false && (
          <Panel
            label={t('list.sort')}
            icon={<IconArrowsSort size={17} stroke={1.7} />}
            text={t('list.sort')}
            active={props.sortChosen}
            className={classes.tool}
            onNear={() => void loadSort()}
          >
            {() => <SortPanel {...props} />}
          </Panel>
        )}
        {columns !== null && (
          <Panel
            label={t('list.columns')}
            icon={<IconColumns size={17} stroke={1.7} />}
            text={t('list.columns')}
            className={classes.tool}
            onNear={() => void loadSort()}
          >
            {() => <ColumnsPanel {...props} columns={columns} />}
          </Panel>
        )}
      </div>
      {conditions > 0 && (
        // Their place is there at once, so that the list below does not jump.
        <Suspense fallback={<div className={classes.chipsWaiting} />}>
          <FilterChips
            filter={filter}
            entity={entity}
            onChange={next => change({ where: toPredicate(next) })}
            onClear={() => change({ where: undefined })}
          />
        </Suspense>
      )}
    </>
  )
}

const PAUSE_MS = 250

function SearchBox({ text, onSearch }: { readonly text: string; readonly onSearch: (text: string) => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState(text)
  const [asked, setAsked] = useState(text)
  // The address changed from elsewhere, such as by going back: the box follows.
  if (asked !== text) {
    setAsked(text)
    if (typed.trim() !== text) setTyped(text)
  }
  const search = useEffectEvent(onSearch)
  useEffect(() => {
    if (typed.trim() === text) return
    const timer = setTimeout(() => search(typed.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, text])
  return (
    <TextInput
      type="search"
      className={classes.search ?? ''}
      data-list-search
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<IconSearch size={16} stroke={1.7} />}
      rightSection={typed === '' ? null : <CloseButton size="sm" aria-label={t('app.clear')} onClick={() => setTyped('')} />}
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'ArrowDown') focusRows()
        // The first Escape clears the box, the second leaves it.
        else if (event.key === 'Escape' && typed === '') event.currentTarget.blur()
        else if (event.key === 'Escape') setTyped('')
        else return
        event.preventDefault()
      }}
    />
  )
}
