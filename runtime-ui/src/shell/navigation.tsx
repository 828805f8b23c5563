/** The navigation out of the model: groups, icons, names. A view; knows nothing of how it is shown (rail or drawer). */
import { Link } from '@tanstack/react-router'
import { useWords } from '../i18n/use-words.ts'
import type { Model, ModelNavigationItem } from '../api/model.ts'
import { entityOf } from '../api/model.ts'
import { NamedIcon } from '../display/icons.tsx'
import classes from './navigation.module.css'

const EXACT = { exact: true }

interface NavigationProps {
  readonly model: Model
  /** Where the person is: the entity, and its view if one was chosen. */
  readonly entity: string | undefined
  readonly view: string | undefined
  readonly onFollow?: () => void
}

/** Lines that lead somewhere the caller may go. */
export function Navigation({ model, entity, view, onFollow }: NavigationProps) {
  const { t } = useWords()
  const groups = navigationGroups(model)
  const followed = onFollow ? { onClick: onFollow } : {}
  const current = currentItem(groups, entity, view)
  return (
    <nav aria-label={t('shell.navigation')} className={classes.nav}>
      {groups.map(group => (
        <div key={group.key} role="group" className={classes.group} aria-labelledby={group.label ? `nav-${group.key}` : undefined}>
          {group.label && (
            <h2 id={`nav-${group.key}`} className={classes.heading}>
              {group.label}
            </h2>
          )}
          <ul className={classes.list}>
            {group.items.map(item => (
              <li key={`${item.entity ?? ''}/${item.view ?? ''}`}>
                <Link
                  to="/records/$entity"
                  params={{ entity: item.entity ?? '' }}
                  search={item.view ? { view: item.view } : {}}
                  className={classes.item}
                  // Which line is current is decided here, not by what the address begins with.
                  activeOptions={EXACT}
                  aria-current={item === current ? 'page' : undefined}
                  {...followed}
                >
                  <NamedIcon name={item.icon ?? entityOf(model, item.entity)?.icon} className={classes.icon} />
                  <span className={classes.label}>{item.label}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

interface Group {
  readonly key: string
  readonly label: string | null
  readonly items: readonly ModelNavigationItem[]
}

/** The groups to show; a tenant without navigation gets every entity he may read. */
export function navigationGroups(model: Model): Group[] {
  const groups = model.navigation
    .flatMap(navigation => navigation.groups)
    .map(group => ({ ...group, items: group.items.flatMap(item => withEntity(model, item)) }))
    .filter(group => group.items.length > 0)
  if (groups.length > 0) return groups
  const items = model.entities
    .filter(entity => entity.operations.includes('read'))
    .map(entity => ({ label: entity.plural_label, icon: entity.icon ?? null, entity: entity.key }))
  return items.length > 0 ? [{ key: 'all', label: null, items }] : []
}

function withEntity(model: Model, item: ModelNavigationItem): ModelNavigationItem[] {
  const key = item.entity ?? model.views.find(view => view.key === item.view)?.entity
  const entity = entityOf(model, key)
  return entity ? [{ ...item, entity: entity.key, label: item.label || entity.plural_label }] : []
}

function currentItem(groups: readonly Group[], entity: string | undefined, view: string | undefined): ModelNavigationItem | undefined {
  const items = groups.flatMap(group => group.items).filter(item => item.entity === entity)
  return items.find(item => item.view === view) ?? items.find(item => !item.view) ?? items[0]
}
