/** The rows that stand beside a record, made from its values: unique values, links, single values, search text. Pure. */
import { createHash } from 'node:crypto'
import { foldText } from '../../metadata/fold.ts'
import { evaluate, type EvaluateEnv } from '../../metadata/predicate.ts'
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity, CompiledField, CompiledUnique } from '../model/types.ts'
import { type LinkRow, type SearchRow, trigramHashes, type UniqueRow, type ValueRow } from '../sql/index.ts'
import { isEmpty } from '../validate/index.ts'
import type { Values } from './types.ts'

/** Longer unique values are kept as their digest. */
const LONGEST_UNIQUE = 200

/** The value a record holds under a unique rule; null where the rule does not apply or a member is empty. */
export function uniqueValue(entity: CompiledEntity, rule: CompiledUnique, values: Values, env: EvaluateEnv): string | null {
  if (rule.when !== null && !evaluate(rule.when, values, env)) return null
  const parts: string[] = []
  for (const key of rule.fields) {
    const field = entity.fields.get(key)
    const value = values[key]
    if (field === undefined || isEmpty(value)) return null
    parts.push(field.type.uniqueKey?.(value, field.definition) ?? String(value))
  }
  const joined = parts.map(part => `${part.length}:${part}`).join('')
  return joined.length > LONGEST_UNIQUE ? createHash('sha256').update(joined).digest('hex') : joined
}

/** Unique rows of a record. */
export function uniqueRows(entity: CompiledEntity, id: string, values: Values, env: EvaluateEnv): UniqueRow[] {
  return entity.uniques.flatMap(rule => {
    const value = uniqueValue(entity, rule, values, env)
    return value === null ? [] : [{ entity_no: entity.no, rule_no: rule.no, value, record_id: id }]
  })
}

/** Links of a multi reference. */
export function linkRows(field: CompiledField, relationNo: number, id: string, values: Values): LinkRow[] {
  const value = values[field.key]
  if (!Array.isArray(value)) return []
  return value.map((each: unknown, position): LinkRow => {
    if (typeof each === 'string') return { relation_no: relationNo, from_id: id, to_id: each, position, data: {} }
    const { id: to, ...data } = each as { id: string } & Record<string, unknown>
    return { relation_no: relationNo, from_id: id, to_id: to, position, data }
  })
}

/** Single values of many-valued fields that can be filtered. */
export function valueRows(entity: CompiledEntity, fields: readonly CompiledField[], id: string, values: Values): ValueRow[] {
  return fields.flatMap(field => {
    const value = values[field.key]
    if (isEmpty(value)) return []
    return (field.type.elements?.(value, field.definition) ?? []).map(element => ({
      entity_no: entity.no,
      field_no: Number(field.no),
      value: element,
      id,
    }))
  })
}

/** Search rows of searchable fields. */
export function searchRows(
  tenantId: string,
  entity: CompiledEntity,
  fields: readonly CompiledField[],
  id: string,
  values: Values,
): SearchRow[] {
  return fields.flatMap(field => {
    const value = values[field.key]
    const text = isEmpty(value) ? null : (field.type.searchText?.(value) ?? null)
    if (text === null || text === '' || field.no === null) return []
    const folded = foldText(text)
    return [{ entity_no: entity.no, field_no: Number(field.no), id, s: folded, g: trigramHashes(tenantId, entity.no, field.no, folded) }]
  })
}

/** Fields whose single values stand in `record_value`. */
export const valueFields = perObject((entity: CompiledEntity): readonly CompiledField[] =>
  [...entity.fields.values()].filter(field => field.storage.kind === 'values'),
)

/** Fields that search looks into. */
export const searchFields = perObject((entity: CompiledEntity): readonly CompiledField[] =>
  [...entity.fields.values()].filter(field => field.searchable && field.type.searchText !== undefined && field.no !== null),
)
