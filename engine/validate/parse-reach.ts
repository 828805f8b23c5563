/**
 * Follows a dotted path through to-one references to a field that may be grouped by or measured, under the caller's readable set and
 * the query policy of every entity on the way. A masked or hidden name is an unknown one.
 */
import type { Problem } from '../../metadata/problem.ts'
import { said } from '../../metadata/said.ts'
import type { Grant } from '../access/types.ts'
import type { CompiledField } from '../model/types.ts'
import { comparableField, type Lens, visibleTarget } from './caller-scope.ts'
import { capExceeded, listing, nameProblem, unknownName } from './name-problems.ts'
import type { MeasureFn, Reach } from './types.ts'

type Use = 'group' | MeasureFn

/** The field a path leads to, or null with the problem noted. */
export function parseReach(lens: Lens, grant: Grant, path: string, pointer: string, use: Use, problems: Problem[]): Reach | null {
  const steps = path.split('.')
  const references: CompiledField[] = []
  let here = grant
  for (const [depth, name] of steps.entries()) {
    const field = comparableField(here, name)
    if (field === undefined) return refuse(problems, unknownName(name, pointer, reachable(lens, here, use)))
    if (depth === steps.length - 1) {
      if (!isAllowed(lens, here, field, use)) return refuse(problems, notAllowed(lens, here, name, pointer, use))
      return { path: references, field }
    }
    const target = visibleTarget(here, field)
    if (target === null) return refuse(problems, unknownName(steps[depth + 1] ?? '', pointer, []))
    if (depth >= grant.caps.maxDepth) return refuse(problems, capExceeded('max_depth', grant.caps.maxDepth, pointer))
    if (lens.model.policies.get(here.entity.key)?.include?.includes(name) !== true)
      return refuse(problems, nameProblem(name, pointer, 'VALIDATE_NOT_INCLUDABLE', '"{name}" can not be followed here.'))
    references.push(field)
    here = target
  }
  return null
}

function refuse(problems: Problem[], problem: Problem): null {
  problems.push(problem)
  return null
}

/** Whether policy and type let a readable field be grouped by, or measured with a function. A converted amount follows its amount. */
function isAllowed(lens: Lens, grant: Grant, field: CompiledField, use: Use): boolean {
  const policy = lens.model.policies.get(grant.entity.key)
  const key = field.derivation?.kind === 'base' ? field.derivation.of : field.key
  if (use === 'group') return field.type.groupable && policy?.group?.includes(key) === true
  // A table has no value of its own.
  if (field.storage.kind === 'elsewhere' && field.derivation === null) return false
  const possible: readonly string[] = ['count', 'count_distinct', ...field.type.measures]
  return possible.includes(use) && policy?.measure?.[key]?.includes(use) === true
}

/** Names the caller may use so. */
export function reachable(lens: Lens, grant: Grant, use: Use): string[] {
  return [...grant.fields.keys()].filter(key => {
    const field = comparableField(grant, key)
    return field !== undefined && isAllowed(lens, grant, field, use)
  })
}

function notAllowed(lens: Lens, grant: Grant, name: string, pointer: string, use: Use): Problem {
  const names = reachable(lens, grant, use).slice(0, 8)
  if (use === 'group')
    return nameProblem(
      name,
      pointer,
      'VALIDATE_NOT_GROUPABLE',
      'Records can not be grouped by "{name}".',
      listing('Group by {names}.', names),
    )
  return said(
    { pointer, code: 'VALIDATE_NOT_MEASURABLE', params: { name } },
    { sentence: '"{use}" can not be taken of "{name}".', values: { use, name } },
    listing('It can be taken of {names}.', names),
  )
}
