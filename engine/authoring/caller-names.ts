/**
 * The names that exist for a caller, gathered from the rooms that decide about them: grants from access, operators and sort keys from validate.
 * What a description says is thereby what a request may use. Decides nothing itself.
 */
import type { Predicate } from '../../metadata/generated/types.ts'
import { parsePredicate, type PredicateScope } from '../../metadata/predicate.ts'
import type { Problem } from '../../metadata/problem.ts'
import { type Grant, grantOver } from '../access/index.ts'
import type { Locale } from '../kernel/context.ts'
import { type CompiledModel, scopeField, USER_ENTITY } from '../model/index.ts'
import type { CallerNames } from '../shape/index.ts'
import { allowedOperators, comparableField, isSortable, type Lens, parseWhere, visibleRelation, visibleTarget } from '../validate/index.ts'

/** Names over a model, for holders of these profiles. */
export function callerNames(lens: Lens, profiles: readonly string[], locale: Locale): CallerNames {
  const { model } = lens
  const isBuilding = (grant: Grant, key: string): boolean => lens.building.has(`${grant.entity.key}.${key}`)
  return {
    model,
    locale,
    grant: key => grantOver(model, profiles, key),
    operators: (grant, field) => (isBuilding(grant, field.key) ? [] : allowedOperators(model.policies.get(grant.entity.key), field)),
    isSortable: (grant, key) => isSortable(lens, grant, key),
    isSearchable: (grant, field) =>
      field.searchable &&
      comparableField(grant, field.key) !== undefined &&
      !isBuilding(grant, field.key) &&
      model.policies.get(grant.entity.key)?.search?.includes(field.key) === true,
    relation: visibleRelation,
    accepts: (grant, where) => {
      const problems: Problem[] = []
      parseWhere(lens, grant, where, '', problems)
      // What is still being prepared will be there in a while.
      return problems.every(problem => problem.code === 'VALIDATE_FIELD_BUILDING')
    },
    understands: (grant, condition) => isReadThrough(model, grant, condition),
  }
}

/** Whether every name of a condition is readable, whatever queries may do with it. */
function isReadThrough(model: CompiledModel, grant: Grant, condition: Predicate): boolean {
  const scope = readableScope(model, grant)
  const user = grant.over(USER_ENTITY)
  const options = { changes: true, maxFilters: 200, record: scope, ...(user === null ? {} : { user: readableScope(model, user) }) }
  return parsePredicate(condition, scope, options).ok
}

function readableScope(model: CompiledModel, grant: Grant): PredicateScope {
  return {
    lookup: name => {
      const field = comparableField(grant, name)
      const relation = visibleRelation(grant, name)
      const target = field === undefined ? null : visibleTarget(grant, field)
      if (field === undefined && relation === undefined) return undefined
      return {
        ...(field === undefined ? {} : { field: scopeField(field, model.entities) }),
        ...(target === null ? {} : { one: () => readableScope(model, target) }),
        ...(relation === undefined ? {} : { many: () => readableScope(model, relation.target) }),
      }
    },
  }
}
