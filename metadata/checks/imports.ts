// Answers for: import maps put columns into fields that take them, and recognise records by what can be searched.
// It must not read a file.

import type { Field, ImportColumn, ImportMap } from '../generated/types.ts'
import { nearestHint } from '../nearest.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import { isComputed, referenceTarget } from './facts.ts'
import type { Reporter } from './findings.ts'

const PARTS: Readonly<Partial<Record<Field['type'], readonly string[]>>> = {
  address: ['line1', 'line2', 'postal_code', 'city', 'region', 'country'],
  person_name: ['prefix', 'given', 'middle', 'family', 'suffix'],
}

/** Checks one import map. */
export function checkImportMap(map: ImportMap, report: Reporter): void {
  if (!report.hasEntity(map.entity, '/entity')) return
  const filled = new Map<string, string>()
  for (const [name, column] of Object.entries(map.columns)) {
    const pointer = pointerOf('columns', name)
    checkColumn(map.entity, column, pointer, report)
    const other = filled.get(column.field)
    if (other !== undefined)
      report.problem(
        'MODEL_FIELD_TWICE',
        `${pointer}/field`,
        words('“{field}” is already filled by the column “{other}”.', { field: column.field, other }),
      )
    filled.set(column.field, name)
  }
  for (const key of Object.keys(map.defaults ?? {})) {
    const place = pointerOf('defaults', key)
    if (report.hasField(map.entity, key, place)) checkWritable(map.entity, key, place, report)
  }
  const given = new Set([...[...filled.keys()].map(path => path.split('.')[0] ?? ''), ...Object.keys(map.defaults ?? {})])
  checkMatch(map, given, report)
  const mode = map.mode ?? (map.match === undefined ? 'create' : 'upsert')
  for (const field of mode === 'update' ? [] : (report.facts.entities.get(map.entity)?.fields ?? []))
    if (field.required === true && !('default' in field) && !isComputed(field) && !given.has(field.key))
      report.problem(
        'MODEL_REQUIRED_UNMAPPED',
        '/columns',
        words('“{entity}” requires “{field}”, which gets no value here.', { entity: map.entity, field: field.key }),
        {
          params: { field: field.key },
        },
      )
}

function checkMatch(map: ImportMap, given: ReadonlySet<string>, report: Reporter): void {
  if (map.match === undefined && (map.mode === 'update' || map.mode === 'upsert'))
    report.problem('MODEL_MATCH', '/mode', words('“{mode}” must know which records are there already.', { mode: map.mode }), {
      hint: words('Name the fields that recognise them: "match": ["…"].'),
    })
  for (const [index, key] of (map.match ?? []).entries()) {
    const place = pointerOf('match', index)
    if (!report.hasField(map.entity, key, place)) continue
    if (!given.has(key))
      report.problem(
        'MODEL_MATCH',
        place,
        words('No column fills “{key}”, so no record can be recognised by it.', { key }),
        nearestHint(key, given),
      )
    else if (report.facts.field(map.entity, key)?.filterable !== true && key !== 'id')
      report.problem('MODEL_NOT_FILTERABLE', place, words('“{key}” is not filterable, so records can not be found by it.', { key }), {
        hint: words('Give the field "{what}": true first.', { what: 'filterable' }),
      })
  }
}

function checkWritable(entity: string, key: string, pointer: string, report: Reporter): void {
  const field = report.facts.field(entity, key)
  if (field !== undefined && isComputed(field))
    report.problem('MODEL_NOT_WRITABLE', pointer, words('“{key}” is computed and takes no value.', { key }))
  if (field === undefined && (key === 'version' || key === 'deleted_at'))
    report.problem('MODEL_NOT_WRITABLE', pointer, words('“{key}” takes no value.', { key }))
}

function checkColumn(entity: string, column: ImportColumn, pointer: string, report: Reporter): void {
  const [key = '', part, ...rest] = column.field.split('.')
  const place = `${pointer}/field`
  if (!report.hasField(entity, key, place)) return
  const field = report.facts.field(entity, key)
  const parts = field === undefined ? undefined : PARTS[field.type]
  if (part !== undefined && (parts === undefined || rest.length > 0))
    return report.problem('MODEL_UNKNOWN_FIELD', place, words('“{key}” has no parts.', { key }), {
      hint: words('Use "{key}"; another record is found by "lookup".', { key }),
    })
  if (part !== undefined && parts?.includes(part) === false)
    return report.problem('MODEL_UNKNOWN_FIELD', place, words('“{key}” has no part “{part}”.', { key, part }), nearestHint(part, parts))
  checkWritable(entity, key, place, report)
  checkLookup(entity, key, column, pointer, report)
  const options = report.facts.optionsOf(entity, key)
  for (const [text, value] of Object.entries(column.values ?? {}))
    if (options !== undefined && typeof value === 'string' && !options.includes(value))
      report.problem(
        'MODEL_OPTION',
        pointer + pointerOf('values', text),
        words('“{value}” is not an option of “{key}”.', { value, key }),
        nearestHint(value, options),
      )
  const comparison = report.facts.comparison(entity, key)
  if (column.format !== undefined && comparison?.kind !== 'date' && comparison?.kind !== 'datetime')
    report.problem('MODEL_IMPORT_COLUMN', `${pointer}/format`, words('“{key}” is not a date, so it has no format.', { key }))
  if (column.separator !== undefined && comparison?.kind !== 'list')
    report.problem('MODEL_IMPORT_COLUMN', `${pointer}/separator`, words('“{key}” holds one value, so nothing separates them.', { key }))
}

function checkLookup(entity: string, key: string, column: ImportColumn, pointer: string, report: Reporter): void {
  if (column.lookup === undefined) return
  const { facts } = report
  const field = facts.field(entity, key)
  const target = field === undefined ? facts.relation(entity, key)?.target : referenceTarget(entity, field)
  if (target === undefined)
    return report.problem('MODEL_NOT_A_REFERENCE', `${pointer}/lookup`, words('“{key}” leads to no other record.', { key }))
  const place = `${pointer}/lookup/by`
  if (!facts.entities.has(target) || !report.hasField(target, column.lookup.by, place)) return
  if (facts.field(target, column.lookup.by)?.filterable !== true && column.lookup.by !== 'id')
    report.problem(
      'MODEL_NOT_FILTERABLE',
      place,
      words('“{by}” of “{target}” is not filterable, so records can not be found by it.', { by: column.lookup.by, target }),
      { hint: words('Give the field "{what}": true first.', { what: 'filterable' }) },
    )
}
