// Answers for: layouts, views and menus show what is there, and views ask only what the query policy permits.
// It must not look at rights.

import type {
  BoardView,
  CalendarView,
  Layout,
  LayoutSection,
  ListView,
  Navigation,
  Predicate,
  QueryPolicy,
  View,
} from '../generated/types.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import type { Reporter } from './findings.ts'
import { checkUniqueKeys } from './names.ts'

/** Checks one form layout. */
export function checkLayout(layout: Layout, report: Reporter): void {
  if (!report.hasEntity(layout.entity, '/entity')) return
  if ((layout.tabs === undefined) === (layout.sections === undefined))
    report.problem('MODEL_LAYOUT', '', words('A layout has either tabs or sections.'))
  checkUniqueKeys(layout.tabs, '/tabs', report)
  const placed = new Map<string, string>()
  for (const [index, tab] of (layout.tabs ?? []).entries()) {
    const pointer = pointerOf('tabs', index)
    report.predicate(tab.visible_when, layout.entity, `${pointer}/visible_when`)
    checkSections(layout.entity, tab.sections, `${pointer}/sections`, placed, report)
  }
  checkSections(layout.entity, layout.sections ?? [], '/sections', placed, report)
  for (const [index, related] of (layout.related ?? []).entries()) {
    const pointer = pointerOf('related', index)
    const relation = report.facts.relation(layout.entity, related.relation)
    if (relation?.cardinality !== 'many')
      report.unknown('relation', related.relation, `${pointer}/relation`, report.facts.relationNames(layout.entity, 'many'))
    else {
      checkPaths(relation.target, related.columns ?? [], `${pointer}/columns`, report)
      checkPaths(relation.target, (related.sort ?? []).map(withoutSign), `${pointer}/sort`, report)
    }
  }
}

function checkSections(
  entity: string,
  sections: readonly LayoutSection[],
  pointer: string,
  placed: Map<string, string>,
  report: Reporter,
): void {
  checkUniqueKeys(sections, pointer, report)
  for (const [index, section] of sections.entries()) {
    const place = pointer + pointerOf(index)
    report.predicate(section.visible_when, entity, `${place}/visible_when`)
    for (const [position, entry] of section.fields.entries()) {
      const at = place + pointerOf('fields', position)
      const key = typeof entry === 'string' ? entry : entry.field
      const columns = section.columns ?? 1
      if (!report.hasField(entity, key, typeof entry === 'string' ? at : `${at}/field`)) continue
      if (placed.has(key))
        report.problem(
          'MODEL_FIELD_TWICE',
          at,
          words('“{key}” already stands in the section “{section}”.', { key, section: placed.get(key) ?? '' }),
        )
      placed.set(key, section.key)
      if (typeof entry === 'object' && (entry.width ?? 1) > columns)
        report.problem(
          'MODEL_LAYOUT',
          `${at}/width`,
          words('“{key}” is wider than its section, whose width is {columns}.', { key, columns }),
        )
    }
  }
}

function checkPaths(entity: string, paths: readonly string[], pointer: string, report: Reporter): void {
  for (const [index, path] of paths.entries()) report.hasPath(entity, path, pointer + pointerOf(index))
}

function withoutSign(sort: string): string {
  return sort.replace(/^-/, '')
}

/** Checks one view. */
export function checkView(view: View, report: Reporter): void {
  if (!report.hasEntity(view.entity, '/entity')) return
  const { facts } = report
  checkPaths(view.entity, view.columns ?? [], '/columns', report)
  report.predicate(view.where, view.entity, '/where')
  const policy = facts.policies.get(view.entity)
  if (policy === undefined)
    report.problem(
      'MODEL_NO_POLICY',
      '/entity',
      words('“{entity}” has no query policy, so nothing may be asked of it.', { entity: view.entity }),
      {
        hint: words('Add a query_policy for “{entity}”.', { entity: view.entity }),
      },
    )
  else checkPermitted(view, policy, report)
  if (view.type === 'list') checkList(view, policy, report)
  else if (view.type === 'board') checkBoard(view, report)
  else checkCalendar(view, report)
  if (view.default === true && facts.all('view').find(other => other.entity === view.entity && other.default === true) !== view)
    report.problem('MODEL_DUPLICATE_DEFAULT', '/default', words('“{entity}” already has a view that opens first.', { entity: view.entity }))
}

/** What a view asks must be permitted to clients: views have no way of their own. */
function checkPermitted(view: View, policy: QueryPolicy, report: Reporter): void {
  for (const [index, sort] of (view.sort ?? []).entries()) {
    const key = withoutSign(sort)
    const place = pointerOf('sort', index)
    if (report.hasPath(view.entity, key, place) && !(policy.sort ?? []).includes(key))
      report.problem(
        'MODEL_NOT_PERMITTED',
        place,
        words('The query policy of “{entity}” does not permit sorting by “{key}”.', { entity: view.entity, key }),
        {
          hint: words('Add "{key}" to "sort" of “{policy}”.', { key, policy: policy.key }),
        },
      )
  }
  for (const { key, pointer } of fieldsIn(view.where, '/where')) {
    const permitted = Object.hasOwn(policy.filter ?? {}, key) || (policy.include ?? []).includes(key)
    if (report.facts.scope(view.entity).lookup(key) !== undefined && !permitted)
      report.problem(
        'MODEL_NOT_PERMITTED',
        pointer,
        words('The query policy of “{entity}” does not permit filtering by “{key}”.', { entity: view.entity, key }),
        {
          hint: words('Add "{key}" to "filter" of “{policy}”.', { key, policy: policy.key }),
        },
      )
  }
}

function fieldsIn(predicate: Predicate | undefined, pointer: string): { key: string; pointer: string }[] {
  return Object.entries(predicate ?? {}).flatMap(([key, value]) => {
    const place = pointer + pointerOf(key)
    if (key === 'and' || key === 'or')
      return Array.isArray(value) ? value.flatMap((each, index) => (isPredicate(each) ? fieldsIn(each, place + pointerOf(index)) : [])) : []
    if (key === 'not') return isPredicate(value) ? fieldsIn(value, place) : []
    return [{ key, pointer: place }]
  })
}

function isPredicate(value: unknown): value is Predicate {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkList(view: ListView, policy: QueryPolicy | undefined, report: Reporter): void {
  const cap = policy?.caps?.max_page_size
  if (view.page_size !== undefined && cap !== undefined && view.page_size > cap)
    report.problem('MODEL_NOT_PERMITTED', '/page_size', words('The query policy permits pages of at most {cap}.', { cap }), {
      params: { max_page_size: cap },
    })
  if (view.group_by !== undefined) report.hasField(view.entity, view.group_by, '/group_by')
}

function checkBoard(view: BoardView, report: Reporter): void {
  checkKind(view.entity, view.group_by, '/group_by', ['choice'], 'a choice', report)
  if (view.sum_field !== undefined)
    checkKind(view.entity, view.sum_field, '/sum_field', ['integer', 'decimal', 'float'], 'a number', report)
}

function checkCalendar(view: CalendarView, report: Reporter): void {
  checkKind(view.entity, view.date_field, '/date_field', ['date', 'datetime'], 'a date', report)
  if (view.end_field !== undefined) checkKind(view.entity, view.end_field, '/end_field', ['date', 'datetime'], 'a date', report)
  if (view.color_field !== undefined) checkKind(view.entity, view.color_field, '/color_field', ['choice'], 'a choice', report)
}

function checkKind(
  entity: string,
  key: string,
  pointer: string,
  kinds: readonly string[],
  what: 'a choice' | 'a date' | 'a number',
  report: Reporter,
): void {
  if (!report.hasField(entity, key, pointer) || kinds.includes(report.facts.comparison(entity, key)?.kind ?? '')) return
  const possible = report.facts.fieldNames(entity).filter(name => kinds.includes(report.facts.comparison(entity, name)?.kind ?? ''))
  report.problem(
    'MODEL_VIEW_FIELD',
    pointer,
    { sentence: `“{key}” is not ${what}.`, values: { key } },
    possible.length > 0 ? { hint: words('Possible: {names}.', { names: possible.slice(0, 8).join(', ') }) } : {},
  )
}

/** Checks one menu. */
export function checkNavigation(navigation: Navigation, report: Reporter): void {
  const views = new Set(report.facts.all('view').map(view => view.key))
  checkUniqueKeys(navigation.groups, '/groups', report)
  for (const [index, group] of navigation.groups.entries()) {
    const pointer = pointerOf('groups', index, 'items')
    checkUniqueKeys(group.items, pointer, report)
    for (const [position, item] of group.items.entries()) {
      const place = pointer + pointerOf(position)
      if ((item.entity === undefined) === (item.view === undefined))
        report.problem('MODEL_NAVIGATION', place, words('“{item}” opens either an entity or a view.', { item: item.key }))
      if (item.entity !== undefined) report.hasEntity(item.entity, `${place}/entity`)
      if (item.view !== undefined && !views.has(item.view)) report.unknown('view', item.view, `${place}/view`, views)
    }
  }
}
