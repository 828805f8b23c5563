/** What a new record begins with where its creator said nothing: presets of his profiles, defaults of the entity, empty rollups. */
import { evaluate, type EvaluateEnv } from '../../metadata/predicate.ts'
import { pointerOf } from '../../metadata/problem.ts'
import type { Moment } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { fieldProblem } from '../validate/index.ts'
import { type Draft, emptyRollup } from './compute-record.ts'

/** Who creates, and when. */
export interface Beginning {
  readonly env: EvaluateEnv
  readonly moment: Moment
  readonly locale: Locale
}

/** Fills what was left out; a null that was sent stays. */
export function applyDefaults(entity: CompiledEntity, draft: Draft, presets: ReadonlyMap<string, unknown>, beginning: Beginning): void {
  const { env, moment } = beginning
  for (const [key, value] of presets) {
    const field = entity.fields.get(key)
    if (field !== undefined && !draft.given.has(key)) put(field, valueOf(value, env, moment.today), draft, beginning)
  }
  const made: CompiledField[] = []
  for (const field of entity.fields.values()) {
    if (draft.values[field.key] !== undefined || field.system) continue
    const { declared } = field
    if (field.derivation?.kind === 'rollup') draft.values[field.key] = emptyRollup(field)
    else if ('default' in declared && declared.default !== undefined) {
      put(field, valueOf(declared.default, env, moment.today), draft, beginning)
      made.push(field)
    }
  }
  // A field that does not apply has no default either.
  for (const field of made) {
    const { visible } = field.rules
    if (visible !== null && !evaluate(visible, draft.values, { ...env, before: null, record: draft.values })) delete draft.values[field.key]
  }
}

function put(field: CompiledField, value: unknown, draft: Draft, { moment, locale }: Beginning): void {
  const canonical = value === null ? { ok: true as const, value } : field.type.canonical(value, field.definition, moment)
  if (canonical.ok) draft.values[field.key] = canonical.value
  else draft.problems.push(fieldProblem(field, canonical, `${draft.pointer}${pointerOf(field.key)}`, locale))
}

function valueOf(value: unknown, env: EvaluateEnv, today: string): unknown {
  if (typeof value !== 'string' || !value.startsWith('$')) return value
  if (value.startsWith('$$')) return value.slice(1)
  if (value === '$now') return env.now
  if (value === '$today') return today
  return value.startsWith('$user.') ? (env.user?.[value.slice('$user.'.length)] ?? null) : null
}
