/**
 * Describes a model as one caller has it: entities, fields, relations, views and menus that exist for him, in his language.
 * Pure; decides nothing itself, what exists is told by the caller's names.
 */
import type { Labels, LinkField, MeasureFunction, Navigation, QueryPolicy, View } from '../../metadata/generated/types.ts'
import { operatorsOf } from '../../metadata/operators.ts'
import type { Caps, FieldGrant, Grant } from '../access/types.ts'
import { fieldTypeOf } from '../field-types/index.ts'
import { LOCALES, type Tenant } from '../kernel/context.ts'
import type { CompiledField } from '../model/types.ts'
import { shapeConversions } from './conversions.ts'
import { speak, speakIfSaid } from './speak.ts'
import type { CallerNames } from './types.ts'

/** The answer of `GET /api/model`. */
export function shapeModel(names: CallerNames, tenant: Tenant, revision: number): Record<string, unknown> {
  const grants = [...names.model.entities.keys()].flatMap(key => names.grant(key) ?? [])
  const views = [...names.model.views.values()].flatMap(view => shapeView(names, view) ?? [])
  return {
    revision,
    tenant: { key: tenant.key, name: tenant.name, currency: tenant.currency, time_zone: tenant.timeZone, week_start: tenant.weekStart },
    locale: names.locale,
    locales: LOCALES,
    entities: grants.map(grant => shapeEntity(names, grant)),
    views,
    // What a tenant installed for its work stands before what every tenant has.
    navigation: names.model.navigation.toReversed().flatMap(navigation => shapeNavigation(names, navigation, views) ?? []),
  }
}

function shapeEntity(names: CallerNames, grant: Grant): Record<string, unknown> {
  const { entity } = grant
  const fields = [...grant.fields.values()].map(each => shapeField(names, grant, each))
  return {
    key: entity.key,
    label: speak(entity.labels, names.locale, entity.key),
    plural_label: speak(entity.pluralLabels, names.locale, entity.key),
    help: speakIfSaid(entity.definition.help, names.locale),
    icon: entity.definition.icon ?? null,
    title_field: titleFieldOf(grant),
    options: entity.definition.options ?? {},
    operations: [...grant.operations],
    fields,
    relations: [...entity.relations.keys()].flatMap(key => {
      const found = names.relation(grant, key)
      if (found === undefined) return []
      const { relation } = found
      const kind = relation.kind === 'links' ? 'links' : relation.table ? 'table' : 'inverse'
      return [{ key, label: speak(relation.labels, names.locale, key), target: relation.target, kind }]
    }),
    conversions: shapeConversions(names, grant),
    stages: shapeStages(names, grant),
    searchable: fields.some(field => field['searchable'] === true),
    caps: shapeCaps(grant.caps),
  }
}

/** The states of each process of a field he may read. Where he may not see what tells a process from others, it is left out. */
function shapeStages(names: CallerNames, grant: Grant): Record<string, unknown>[] {
  return (grant.entity.definition.stages ?? []).flatMap(({ key, label, field, when, states }) => {
    if (!isReadable(grant.fields.get(field)) || (when !== undefined && !names.understands(grant, when))) return []
    return [{ key, label: speak(label ?? {}, names.locale, key), field, when: when ?? null, states }]
  })
}

/** Whether the caller may read the plain value of a field, on some row at least. */
export function isReadable(granted: FieldGrant | undefined): boolean {
  return granted !== undefined && granted.read !== null
}

/** The field by which the caller knows records apart: the entity's title, else the first text he may read, else the id. */
export function titleFieldOf(grant: Grant): string {
  const { entity, fields } = grant
  if (isReadable(fields.get(entity.titleField))) return entity.titleField
  const text = [...fields.values()].find(each => isReadable(each) && !each.field.system && each.field.kind === 'text' && !each.field.heavy)
  return text?.field.key ?? 'id'
}

function shapeField(names: CallerNames, grant: Grant, granted: FieldGrant): Record<string, unknown> {
  const { field } = granted
  const { declared, definition, type, derivation } = field
  const policy = names.model.policies.get(grant.entity.key)
  // What is allowed of an amount is allowed of its converted amount.
  const key = derivation?.kind === 'base' ? derivation.of : field.key
  const readable = isReadable(granted)
  return {
    key: field.key,
    type: type.type,
    kind: field.kind,
    label: speak(field.labels, names.locale, field.key),
    help: speakIfSaid(declared.help, names.locale),
    right: granted.strongest,
    system: field.system,
    computed: isComputed(field),
    required: field.required,
    heavy: field.heavy || derivation?.kind === 'base',
    filter: readable ? names.operators(grant, field) : [],
    sortable: readable && names.isSortable(grant, field.key),
    groupable: readable && type.groupable && policy?.group?.includes(key) === true,
    measures: readable ? measuresOf(policy, field, key) : [],
    searchable: names.isSearchable(grant, field),
    widget: type.widget,
    ...optionsOf(field, names.locale),
    ...targetOf(field, grant),
    ...amountOf(field, grant),
    ...(declared.type === 'multi_reference' && declared.link_fields !== undefined
      ? { link_fields: declared.link_fields.map(column => shapeColumn(column, names.locale)) }
      : {}),
    ...(readable || granted.mask === null ? {} : { mask: granted.mask.mask }),
    ...(definition.type === 'text' && definition.max_length !== undefined ? { max_length: definition.max_length } : {}),
  }
}

function isComputed(field: CompiledField): boolean {
  const { derivation, type } = field
  return derivation?.kind === 'lookup' ? !derivation.overridable : derivation !== null || type.computed === true
}

function measuresOf(policy: QueryPolicy | undefined, field: CompiledField, key: string): MeasureFunction[] {
  const possible: readonly MeasureFunction[] = ['count', 'count_distinct', ...field.type.measures]
  return (policy?.measure?.[key] ?? []).filter(each => possible.includes(each))
}

/** Options of a choice in their order, retired ones marked. */
export function optionsOf(field: CompiledField, locale: string): { readonly options?: readonly Record<string, unknown>[] } {
  const { definition } = field
  if (!('options' in definition) || !Array.isArray(definition.options)) return {}
  return {
    options: definition.options.map(option => ({
      value: option.value,
      label: speak(option.label, locale, option.value),
      color: option.color ?? null,
      ...(option.retired === true ? { retired: true } : {}),
    })),
  }
}

/** The target of a field, where it exists for the caller. */
export function targetOf(field: CompiledField, grant: Grant): { readonly target?: string } {
  const leads = field.target !== null && field.derivation?.kind !== 'rollup'
  return leads && field.target !== null && grant.over(field.target) !== null ? { target: field.target } : {}
}

/** Scale and currency of an amount; the currency field where the caller may read it. */
export function amountOf(field: CompiledField, grant: Grant): Record<string, unknown> {
  const scale = field.type.recordSchema(field.definition, { label: (_labels, fallback) => fallback })['x-scale']
  const { definition } = field
  const currencyField = 'currency_field' in definition ? definition.currency_field : undefined
  return {
    ...(scale === undefined ? {} : { scale }),
    ...(currencyField !== undefined && isReadable(grant.fields.get(currencyField)) ? { currency_field: currencyField } : {}),
    ...('currency' in definition && definition.currency !== undefined ? { currency: definition.currency } : {}),
  }
}

function shapeColumn(column: LinkField, locale: string): Record<string, unknown> {
  const type = fieldTypeOf(column.type)
  const kind = type.kindOf(column)
  return {
    key: column.key,
    type: column.type,
    kind,
    label: speak(column.label, locale, column.key),
    right: 'write',
    required: column.required === true,
    filter: [],
    operators: operatorsOf({ kind }, false),
    widget: type.widget,
    ...('options' in column
      ? {
          options: column.options.map(option => ({
            value: option.value,
            label: speak(option.label, locale, option.value),
            color: option.color ?? null,
          })),
        }
      : {}),
    ...('scale' in column && column.scale !== undefined ? { scale: column.scale } : {}),
  }
}

function shapeCaps(caps: Caps): Record<string, number> {
  return {
    max_page_size: caps.maxPageSize,
    max_filters: caps.maxFilters,
    max_depth: caps.maxDepth,
    max_includes: caps.maxIncludes,
    max_rows: caps.maxRows,
    max_groups: caps.maxGroups,
    bulk_operations: caps.bulkOperations,
    export_rows: caps.exportRows,
  }
}

interface ShownView {
  readonly key: string
  readonly entity: string
  readonly label: string
  readonly icon: string | null
}

/** A view with the columns the caller may read; null where what makes it is hidden from him. */
function shapeView(names: CallerNames, view: View): (ShownView & Record<string, unknown>) | null {
  const grant = names.grant(view.entity)
  if (grant === null || (view.where !== undefined && !names.accepts(grant, view.where))) return null
  const readable = (key: string | undefined): string | null => (key !== undefined && isReadable(grant.fields.get(key)) ? key : null)
  const columns = (view.columns ?? []).filter(path => leadsToValue(grant, path.split('.')))
  const groupBy = 'group_by' in view ? readable(view.group_by) : null
  const dateField = 'date_field' in view ? readable(view.date_field) : null
  if ((view.type === 'board' && groupBy === null) || (view.type === 'calendar' && dateField === null)) return null
  if (view.type === 'list' && columns.length === 0) return null
  return {
    key: view.key,
    entity: view.entity,
    type: view.type,
    label: speak(view.label, names.locale, view.key),
    icon: view.icon ?? null,
    help: speakIfSaid(view.help, names.locale),
    columns,
    where: view.where ?? null,
    sort: (view.sort ?? []).filter(key => names.isSortable(grant, key.replace(/^-/, ''))),
    default: view.default === true,
    group_by: groupBy,
    date_field: dateField,
    ...('sum_field' in view ? { sum_field: readable(view.sum_field) } : {}),
    ...('end_field' in view ? { end_field: readable(view.end_field) } : {}),
    ...('color_field' in view ? { color_field: readable(view.color_field) } : {}),
    ...('page_size' in view && view.page_size !== undefined ? { page_size: Math.min(view.page_size, grant.caps.maxPageSize) } : {}),
  }
}

/** Whether a dotted path leads the caller to something he may see, masked or plain. */
export function leadsToValue(grant: Grant, [step = '', ...rest]: readonly string[]): boolean {
  const granted = grant.fields.get(step)
  if (granted === undefined) return false
  if (rest.length === 0) return true
  const { field } = granted
  const behind = isReadable(granted) && field.kind === 'id' && field.target !== null ? grant.over(field.target) : null
  return behind !== null && leadsToValue(behind, rest)
}

/** A menu without what opens nothing for the caller; null where nothing is left. */
function shapeNavigation(names: CallerNames, navigation: Navigation, views: readonly ShownView[]): Record<string, unknown> | null {
  const groups = navigation.groups.flatMap(group => {
    const items = group.items.flatMap(item => {
      const view = item.view === undefined ? undefined : views.find(each => each.key === item.view)
      const entity = view?.entity ?? item.entity
      const grant = entity === undefined ? null : names.grant(entity)
      if (grant === null || entity === undefined || (item.view !== undefined && view === undefined)) return []
      const plural: Labels = grant.entity.pluralLabels
      return [
        {
          key: item.key,
          label: speakIfSaid(item.label, names.locale) ?? view?.label ?? speak(plural, names.locale, entity),
          icon: item.icon ?? view?.icon ?? grant.entity.definition.icon ?? null,
          entity,
          view: view?.key ?? null,
        },
      ]
    })
    return items.length === 0
      ? []
      : [{ key: group.key, label: speak(group.label, names.locale, group.key), icon: group.icon ?? null, items }]
  })
  return groups.length === 0 ? null : { key: navigation.key, label: speakIfSaid(navigation.label, names.locale), groups }
}
